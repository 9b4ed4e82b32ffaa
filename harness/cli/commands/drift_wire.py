"""`harness drift wire`."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.by_use import files_of, text_at
from harness.cli.clock import system_clock
from harness.cli.exit_codes import ExitCode
from harness.cli.live import (
    budget_of,
    clock_of,
    endpoints_of,
    journal_of,
    keyring_of,
    needs_live,
    network_of,
    use_of,
)
from harness.cli.output import deliver, note, store_of, write_file
from harness.cli.stdout import write_stdout
from harness.errors import BudgetError, OperatorError
from harness.spec.model import Spec

if TYPE_CHECKING:
    from harness.client.budget import Budget
    from harness.client.calls import Endpoints
    from harness.client.client import Client
    from harness.client.journal import Journal
    from harness.client.keys import Keyring
    from harness.probe.plan import Plan
    from harness.probe.result import Result

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Names the probes, sends them, and judges the answers."""
    needs_live("drift wire")
    specs = _specs(arguments)
    endpoints = endpoints_of(arguments)
    keyring = keyring_of(
        endpoints, [(spec.provider_id, spec.provider.credential) for spec in specs], use_of(arguments)
    )
    plans = _plans(arguments, specs, endpoints, keyring)
    if arguments.dry_run:
        _show(arguments, plans, endpoints)
        return ExitCode.DONE
    budget = _budget(arguments, plans)
    _announce(plans, endpoints)
    known = _known_prices(arguments, specs, endpoints)
    journal = journal_of(arguments, must_exist=False) if budget is not None else None
    try:
        results = asyncio.run(_send(arguments, plans, endpoints, keyring, (budget, journal), known))
    finally:
        if journal is not None:
            journal.close()
    return _finish(arguments, plans, results)


def _specs(arguments: argparse.Namespace) -> tuple[Spec, ...]:
    """The models named, else those of harness.yaml, else every baseline; each once."""
    store = store_of(arguments)
    named = list(arguments.models)
    files = files_of(arguments, store)
    if not named and files.use is not None:
        named = [usage.reference for usage in files.use.models.values()]
    specs = tuple(store.get(reference) for reference in named) or store.all()
    return tuple({spec.ref: spec for spec in specs}.values())


def _plans(
    arguments: argparse.Namespace, specs: Sequence[Spec], endpoints: Endpoints, keyring: Keyring
) -> tuple[Plan, ...]:
    from harness.client.keys import is_loopback, origin
    from harness.probe.plan import plan_of

    plans = []
    for spec in specs:
        server = endpoints.server(spec)
        keyring.check_host(spec, server)
        has_key = keyring.has_key(spec.provider.credential) or is_loopback(origin(server)[1])
        plans.append(plan_of(spec, has_key=has_key, allow_t2=arguments.allow_t2))
    return tuple(plans)


def _budget(arguments: argparse.Namespace, plans: Sequence[Plan]) -> Budget | None:
    """The budget of T2; None where nothing of T2 is asked for. Raises BudgetError before anything is sent."""
    costly = [probe for plan in plans for probe in plan.probes if probe.tier == "T2"]
    now = system_clock().utc_now().replace(microsecond=0)
    budget = budget_of(arguments, scope=f"drift wire {now.isoformat()}")
    if not arguments.allow_t2:
        if budget is not None:
            raise OperatorError("drift wire: a budget is for --allow-t2; without it nothing billable is sent")
        return None
    if not costly:
        return None
    if arguments.max_jobs is None or arguments.max_jobs < len(costly):
        raise BudgetError(
            f"drift wire: {len(costly)} probes of T2 may make a job each: --max-jobs {len(costly)}"
        )
    return budget


def _show(arguments: argparse.Namespace, plans: Sequence[Plan], endpoints: Endpoints) -> None:
    """What would be sent."""
    rows = [
        {
            "model": probe.spec.ref,
            "probe": probe.name,
            "tier": probe.tier,
            "cost": "free" if probe.tier == "T1" else "may be billed: one job at most",
            "method": probe.method,
            "url": endpoints.server(probe.spec) + probe.path,
            "key": "yours" if probe.with_key else "wrong" if probe.kind.value == "wrong-key" else "none",
            "body": None if probe.invalid is None else probe.invalid.body,
        }
        for plan in plans
        for probe in plan.probes
    ]
    skipped = [{"what": each.what, "why": each.why} for plan in plans for each in plan.skipped]
    if arguments.format == "json":
        document = {"schema": "harness.wire-plan/1", "probes": rows, "skipped": skipped}
        write_stdout(json.dumps(document, indent=2))
        return
    lines = [
        f"{r['tier']} {r['cost']}  {r['probe']}  {r['method']} {r['url']}  key: {r['key']}" for r in rows
    ]
    lines += [f"not asked: {each['what']}: {each['why']}" for each in skipped]
    write_stdout("\n".join([*lines, f"{len(rows)} probes; nothing was sent"]))


def _announce(plans: Sequence[Plan], endpoints: Endpoints) -> None:
    """The tier and the probes, before anything is sent."""
    for plan in plans:
        server = endpoints.server(plan.spec)
        for tier, words in (("T1", "free"), ("T2", "may be billed")):
            names = [probe.name for probe in plan.probes if probe.tier == tier]
            if names:
                note(f"{tier}, {words}: {plan.spec.ref} at {server}: {', '.join(names)}")


async def _send(
    arguments: argparse.Namespace,
    plans: Sequence[Plan],
    endpoints: Endpoints,
    keyring: Keyring,
    spending: tuple[Budget | None, Journal | None],
    known: Mapping[str, Mapping[str, Any]],
) -> tuple[Result, ...]:
    from harness.client.transport import Transport
    from harness.probe.run import Prober
    from harness.probe.sending import LIMITS, Sender

    clock, network = clock_of(arguments), network_of()
    results: list[Result] = []
    async with AsyncExitStack() as stack:
        transport = Transport(
            clock=clock, limits=LIMITS, keyring=keyring, observer=_ignore, network=network, name="drift wire"
        )
        stack.push_async_callback(transport.close)
        rng = random.SystemRandom()
        sender = Sender(transport=transport, endpoints=endpoints, keyring=keyring, rng=rng)
        client = _client(arguments, plans, endpoints, keyring, spending)
        if client is not None:
            await stack.enter_async_context(client)
        prober = Prober(sender=sender, client=client, prices=known)
        for plan in plans:
            results += await prober.run(plan)
    return tuple(results)


def _ignore(_message: object) -> None:
    """Probes are judged by who sends them."""


def _client(
    arguments: argparse.Namespace,
    plans: Sequence[Plan],
    endpoints: Endpoints,
    keyring: Keyring,
    spending: tuple[Budget | None, Journal | None],
) -> Client | None:
    """What places the requests of T2; None where there are none."""
    from harness.client.client import Client

    budget, journal = spending
    if budget is None or journal is None:
        return None
    return Client(
        [plan.spec for plan in plans],
        keyring=keyring,
        journal=journal,
        clock=clock_of(arguments),
        budget=budget,
        endpoints=endpoints,
        network=network_of(),
        live=True,
        name="drift wire",
    )


def _known_prices(
    arguments: argparse.Namespace, specs: Sequence[Spec], endpoints: Endpoints
) -> Mapping[str, Mapping[str, Any]]:
    """The accepted price of each model at the server that is asked now."""
    from harness.probe.kept import read_prices

    path = Path(arguments.keep) / "prices.json"
    text = text_at(path)
    known = {} if text is None else read_prices(text, str(path))
    return {
        spec.ref: known[spec.ref]["price"]
        for spec in specs
        if known.get(spec.ref, {}).get("server") == endpoints.server(spec)
    }


def _finish(arguments: argparse.Namespace, plans: Sequence[Plan], results: Sequence[Result]) -> int:
    from harness.probe.result import availability_row
    from harness.probe.run import judgement_of

    _keep(arguments, results)
    rows = [
        {
            **availability_row(result),
            "findings": [f.fingerprint for f in result.findings],
            "note": result.note,
        }
        for result in results
    ]
    return deliver(judgement_of(plans, results), arguments, extra={"probes": rows})


def _keep(arguments: argparse.Namespace, results: Sequence[Result]) -> None:
    """Availability data is added to, prices are replaced. Raises OperatorError."""
    from harness.probe.kept import prices_after, prices_text, read_prices
    from harness.probe.result import availability_row

    directory = Path(arguments.keep)
    rows = [json.dumps(availability_row(result)) for result in results if result.was_sent]
    path = directory / "availability.jsonl"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{row}\n" for row in rows))
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or error}") from None
    prices = directory / "prices.json"
    text = text_at(prices)
    known = {} if text is None else read_prices(text, str(prices))
    after = prices_after(known, results, accept=arguments.accept_prices)
    if after != known:
        write_file(prices, prices_text(after))
