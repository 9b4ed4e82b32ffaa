"""What commands that reach providers share, from options and environment: clock, keys, addresses, journal."""

from __future__ import annotations

import argparse
import os
import ssl
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.cli.clock import system_clock
from harness.errors import OperatorError
from harness.spec.store import SpecStore
from harness.use.names import CONFIG
from harness.wire.clock import Clock

if TYPE_CHECKING:
    from harness.client.billing import Prices
    from harness.client.budget import Budget
    from harness.client.calls import Endpoints
    from harness.client.journal import Journal
    from harness.client.keys import Keyring
    from harness.client.transport import Network
    from harness.use.model import Use

__all__ = [
    "budget_of",
    "clock_of",
    "endpoints_of",
    "journal_of",
    "keyring_of",
    "needs_live",
    "network_of",
    "prices_of",
    "use_of",
]


def needs_live(command: str) -> None:
    """Raises OperatorError, with the remedy, where the libraries of the client are not installed."""
    for library in ("aiolimiter", "httpx", "httpx_sse", "tenacity"):
        if find_spec(library) is None:
            raise OperatorError(f"{command} needs {library}: pip install 'video-api-harness[live]'")


def clock_of(arguments: argparse.Namespace) -> Clock:
    """The machine's clock, counting provider seconds."""
    return system_clock().scaled(arguments.time_scale)


def endpoints_of(arguments: argparse.Namespace) -> Endpoints:
    """Where providers are reached, by `--base-url`. Raises OperatorError."""
    from harness.client.calls import Endpoints

    overrides: dict[str, str] = {}
    for text in arguments.base_url:
        provider, equals, url = text.partition("=")
        if not equals or not provider or not url:
            raise OperatorError(f"--base-url: expected PROVIDER=URL, got {text!r}")
        overrides[provider] = url.rstrip("/")
    return Endpoints(overrides=overrides)


def use_of(arguments: argparse.Namespace) -> Use | None:
    """What the operator's harness.yaml says: that of `--config`, else the working directory's, if any."""
    named = getattr(arguments, "config", None)
    path = Path(named or CONFIG)
    if named is None and not path.is_file():
        return None
    from harness.use.read import read_use

    return read_use(path, SpecStore(tuple(Path(name) for name in arguments.specs)))


def keyring_of(endpoints: Endpoints, providers: Iterable[tuple[str, str]], use: Use | None = None) -> Keyring:
    """The keys in the environment, each bound to the shipped base URL's host.

    A credential slot in harness.yaml has the variable and the hosts that stand there instead. An operator
    who gives another base URL binds its host as well: `providers` are (provider id, credential slot) of the
    specs in use. No spec binds anything.
    """
    from harness.client.keys import Binding, Keyring, default_bindings, default_variable

    bindings = {binding.slot: binding for binding in default_bindings(SpecStore().all())}
    for own in use.credentials if use is not None else ():
        bindings[own.slot] = Binding(slot=own.slot, variable=own.variable, hosts=own.hosts)
    for provider, slot in sorted(set(providers)):
        override = endpoints.overrides.get(provider)
        if override is not None:
            known = bindings.get(slot) or Binding(slot=slot, variable=default_variable(slot), hosts=())
            bindings[slot] = known.also(urlsplit(override).netloc)
    return Keyring.from_environment(os.environ, bindings.values())


def network_of() -> Network:
    """Certificates and proxy as the environment has them: SSL_CERT_FILE, HTTPS_PROXY."""
    from harness.client.transport import Network

    bundle = os.environ.get("SSL_CERT_FILE")
    try:
        verify = ssl.create_default_context(cafile=bundle) if bundle else True
    except OSError as error:
        raise OperatorError(f"SSL_CERT_FILE: {bundle}: {error.strerror or error}") from None
    return Network(verify=verify, proxy=os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy"))


def journal_of(arguments: argparse.Namespace, *, must_exist: bool) -> Journal | None:
    """The journal of a command; None where it must exist and does not."""
    from harness.client.journal import Journal

    path = Path(arguments.journal)
    if must_exist and not path.exists():
        return None
    return Journal.open(path, utc_now=system_clock().utc_now)


def budget_of(arguments: argparse.Namespace, *, scope: str) -> Budget | None:
    """What may be spent under one name, by `--max-jobs` and `--max-cost-usd`, else by harness.yaml.

    None where nobody set a bound. A bound on the command line stands alone: harness.yaml then adds none.
    Where no document states a price, the ones of harness.yaml hold.
    """
    from harness.client.budget import Budget

    use = use_of(arguments)
    max_jobs, max_cost_usd = arguments.max_jobs, arguments.max_cost_usd
    if max_jobs is None and max_cost_usd is None and use is not None and use.budget is not None:
        max_jobs, max_cost_usd = use.budget.max_jobs, use.budget.max_cost_usd
    if max_jobs is None and max_cost_usd is None:
        return None
    return Budget(max_jobs=max_jobs, max_cost_usd=max_cost_usd, prices=prices_of(use), scope=scope)


def prices_of(use: Use | None) -> Prices:
    """The operator's prices at their worst: of several lines for a model, the dearest.

    A model whose lines are in another currency, or in seconds here and in videos there, has none: nothing is
    converted, and without a price the budget must be one of jobs.
    """
    from harness.client.billing import Prices, UserPrice

    found: dict[str, UserPrice] = {}
    for model, usage in (use.models if use is not None else {}).items():
        units = {(line.currency, line.unit) for line in usage.prices}
        dearest = max((line.amount for line in usage.prices), default=0.0)
        if units == {("USD", "second")}:
            found[model] = UserPrice(unit="second", amount_usd=dearest)
        elif units == {("USD", "video")}:
            found[model] = UserPrice(unit="video", amount_usd=dearest)
    return Prices(by_model=found)
