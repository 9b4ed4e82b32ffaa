"""The fixture `provider_client`: the harness's client for one provider, called without `await`."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import pytest

from harness.pytest_plugin.money import granted, is_live
from harness.pytest_plugin.options import options_of
from harness.spec.model import Spec
from harness.wire.curl import key_variable

if TYPE_CHECKING:
    from harness.client.calls import Endpoints
    from harness.client.client import Client
    from harness.client.fetch import Fetched
    from harness.client.keys import Keyring
    from harness.client.results import JobHandle, JobResult
    from harness.pytest_plugin.simulators import SimulatorProcess

__all__ = ["JOURNAL", "ProviderClient", "client_of"]

JOURNAL = Path(".harness/journal.sqlite")
"""Where a live test keeps its jobs: where the command line looks for them."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderClient:
    """One client of one model. `asynchronous` is the client below it, for what is not here."""

    spec: Spec
    asynchronous: Client
    is_live: bool
    _runner: asyncio.Runner = field(repr=False)

    def body(self, **members: Any) -> dict[str, Any]:
        """A request with what it must have, and more members by canonical words (`duration_s=10`).

        Raises OperatorError for a word that this provider has no parameter for.
        """
        from harness.client.results import Mode
        from harness.errors import OperatorError
        from harness.recorder.record import default_body
        from harness.simulator.shape import put

        body = default_body(self.spec, Mode.POLL)
        for word, value in members.items():
            if word not in self.spec.mapping:
                known = ", ".join(sorted(self.spec.mapping))
                raise OperatorError(f"{self.spec.ref} has no parameter for {word!r}; it has: {known}")
            put(body, self.spec.mapping[word], value)
        return body

    def submit(self, body: Mapping[str, Any] | None = None, **options: Any) -> JobHandle:
        """Makes a job; the options are those of `Client.submit`. Raises BudgetError where it may not."""
        wanted = self.body() if body is None else body
        return self._run(self.asynchronous.submit(self.spec, wanted, **options))

    def wait(self, handle: JobHandle, **options: Any) -> JobResult:
        """Waits for the end of a job; the options are those of `Client.wait`."""
        return self._run(self.asynchronous.wait(handle, **options))

    def run(self, body: Mapping[str, Any] | None = None, **options: Any) -> JobResult:
        """`submit`, then `wait`: what became of one job, with its findings."""
        wanted = self.body() if body is None else body
        return self._run(self.asynchronous.run(self.spec, wanted, **options))

    def fetch(self, url: str, **options: Any) -> Fetched:
        """Downloads what a job delivered; the options are those of `Client.fetch`."""
        return self._run(self.asynchronous.fetch(self.spec, url, **options))

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._runner.run(work)


@contextmanager
def client_of(request: pytest.FixtureRequest, spec: Spec, home: Path) -> Iterator[ProviderClient]:
    """The client that the markers of a test ask for; `home` takes the journal of a simulated one."""
    for library in ("aiolimiter", "httpx", "httpx_sse", "tenacity"):
        if find_spec(library) is None:
            pytest.skip(f"the client needs {library}: pip install 'video-api-harness[live]'")
    from harness.cli.clock import system_clock
    from harness.client.budget import Budget
    from harness.client.client import Client
    from harness.client.journal import Journal

    live = is_live(request.node)
    simulator = None if live else request.getfixturevalue("simulator")
    endpoints, keyring = _reach(request, spec, simulator)
    clock = system_clock().scaled(1.0 if simulator is None else simulator.time_scale)
    path = JOURNAL if live else home / "journal.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = Journal.open(path, utc_now=system_clock().utc_now)
    scope = f"{request.node.nodeid} {system_clock().utc_now().isoformat()}"
    budget = Budget(max_jobs=granted(request.node), scope=scope) if live else None
    try:
        with asyncio.Runner() as runner:

            async def opened() -> Client:
                return Client(
                    [spec],
                    keyring=keyring,
                    journal=journal,
                    clock=clock,
                    budget=budget,
                    endpoints=endpoints,
                    live=live,
                    name=request.node.name,
                )

            client = runner.run(opened())
            yield ProviderClient(spec=spec, asynchronous=client, is_live=live, _runner=runner)
            runner.run(client.close())
    finally:
        journal.close()


def _reach(
    request: pytest.FixtureRequest, spec: Spec, simulator: SimulatorProcess | None
) -> tuple[Endpoints, Keyring]:
    """Where the provider is, and its key: bound to the hosts of the shipped specs, and of the simulator.

    A provider of the user's own gets a key where their harness.yaml binds one, never by its spec.
    """
    from harness.cli.live import keyring_of, use_of
    from harness.client.calls import Endpoints
    from harness.client.keys import Binding, Keyring

    slot = spec.provider.credential
    if simulator is not None:
        host = urlsplit(simulator.base_url).netloc
        endpoints = Endpoints(overrides={spec.provider_id: simulator.base_url})
        return endpoints, Keyring([Binding(slot=slot, variable=key_variable(slot), hosts=(host,))], {})
    endpoints = Endpoints(overrides={})
    specs = [str(path) for path in options_of(request.config).specs]
    use = use_of(argparse.Namespace(config=None, specs=specs))
    return endpoints, keyring_of(endpoints, [(spec.provider_id, slot)], use)
