"""What every test runs under: no network beyond loopback, properties that repeat, and the plugin.

The plugin is used as any user would: `harness_specs` and `harness_traffic` in pyproject.toml name the
project's own specs and cassettes.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from harness.spec.model import Spec
from harness.spec.store import SpecStore

pytest.register_assert_rewrite("tests.minimal")

# An installed package brings its plugin along; a checkout that is not installed names it.
PLUGIN = "harness.pytest_plugin.plugin"
pytest_plugins = ["pytester", *([] if entry_points(group="pytest11", name="harness") else [PLUGIN])]

RESERVED = (".invalid", ".test", ".example", "example.com", "example.org", "example.net")
"""Names that are nobody's (RFC 6761): to the tests, hosts that cannot be found; nobody is asked."""

# The same examples on every run, and no clock that fails a test on a busy machine.
settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", deadline=None, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """A test that reaches for another machine fails, whatever it does with the exception's family."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """What the tests start can be interrupted, also where they themselves run in the background of a script.

    A shell has what it starts there ignore SIGINT, and a process hands that on to its children.
    """
    is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if is_ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    if is_ignored:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _guarded_lookup(real: Any) -> Any:
    def look_up(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not name or _is_loopback(name):
            return real(host, *args, **options)
        if name.endswith(RESERVED):
            raise socket.gaierror(socket.EAI_NONAME, f"{name} is a name of the tests")
        raise AssertionError(f"a test looked {name} up; only loopback is there")

    return look_up


def _guarded(real: Any) -> Any:
    def call(self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            raise AssertionError(f"a test reached for {address[0]}:{address[1]}; only loopback is there")
        return real(self, *args)

    return call


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def store() -> SpecStore:
    """The shipped specs."""
    return SpecStore()


@pytest.fixture(scope="session")
def specs(store: SpecStore) -> tuple[Spec, ...]:
    """Every shipped baseline, by id."""
    return store.all()
