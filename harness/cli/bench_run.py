"""The jobs of a benchmark: a run that begins, or goes on, to its end or to an interruption."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.cli.bench_watch import watching
from harness.cli.live import clock_of, network_of
from harness.cli.output import note
from harness.errors import BudgetError, HarnessError, OperatorError
from harness.measurement.job import BenchRecord, MeasuredJob, Provenance
from harness.spec.model import Spec

if TYPE_CHECKING:
    from harness.bench.compiled import Compiled
    from harness.bench.history.history import History
    from harness.bench.left import Left
    from harness.bench.plan import Plan
    from harness.bench.run import Watcher
    from harness.bench.schedule import Slot
    from harness.client.billing import Prices
    from harness.client.budget import Budget
    from harness.client.calls import Endpoints
    from harness.client.client import Client
    from harness.client.journal import Journal
    from harness.client.keys import Keyring

__all__ = ["Stage", "provenance_of", "run_jobs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One invocation: the plan, the run that it makes or goes on with, and what it is made with.

    `jobs` are those that the run has already.
    """

    arguments: argparse.Namespace
    plan: Plan
    compiled: Compiled
    specs: Mapping[str, Spec]
    record: BenchRecord
    jobs: tuple[MeasuredJob, ...]
    endpoints: Endpoints
    keyring: Keyring
    prices: Prices
    journal: Journal
    history: History
    slots: tuple[Slot, ...]

    def check_keys(self) -> None:
        """Raises OperatorError where a key is missing, before anything is sent to anybody."""
        from harness.bench.compiled import operation_of
        from harness.client.calls import build

        for ref, spec in self.specs.items():
            operation = operation_of(self.plan.modes[ref])
            build(spec, operation, endpoints=self.endpoints, keyring=self.keyring, body=b"{}")

    @property
    def scope(self) -> str:
        """The name under which the journal counts what this run spends."""
        return f"bench {self.record.id}"


def provenance_of(specs: tuple[Spec, ...], endpoints: Endpoints) -> Provenance:
    """Simulated on this machine, live elsewhere. Raises OperatorError for both at once."""
    from harness.client.keys import is_loopback, origin

    local = {spec.ref: is_loopback(origin(endpoints.server(spec))[1]) for spec in specs}
    if len(set(local.values())) > 1:
        there = ", ".join(ref for ref, is_local in local.items() if not is_local)
        raise OperatorError(
            f"bench: {there} would be measured live and the others here (--base-url): "
            "simulated and live jobs are never compared"
        )
    return Provenance.SIMULATED if all(local.values()) else Provenance.LIVE


def _budget_for(stage: Stage) -> Budget:
    """What this run may spend. On this machine nothing is: the plan itself is the bound there."""
    from harness.client.budget import Budget

    plan = stage.plan
    max_jobs, max_cost_usd = plan.max_jobs, plan.max_cost_usd
    if max_jobs is None and max_cost_usd is None:
        if stage.record.provenance is Provenance.LIVE:
            raise BudgetError("bench: live jobs cost money; give --max-jobs or --max-cost-usd")
        max_jobs = 4 * len(stage.slots)  # a request may make several jobs
    return Budget(max_jobs=max_jobs, max_cost_usd=max_cost_usd, prices=stage.prices, scope=stage.scope)


def run_jobs(stage: Stage) -> tuple[MeasuredJob, ...]:
    """Runs what is left of the run: all of it, where it begins. Gives all its measured jobs.

    Raises HarnessError, and KeyboardInterrupt, after saying what remains.
    """
    from harness.bench.left import left_of

    budget = _budget_for(stage)
    entries = [entry for entry in stage.journal.entries() if entry.scope == stage.scope]
    left = left_of(stage.slots, entries, stage.jobs)
    kept = list(stage.jobs)
    with _saying_what_remains(stage, kept):
        watcher, shown = watching(stage.plan.models, len(stage.slots), len(kept), note)
        with shown:
            asyncio.run(_run(stage, left, budget, kept, watcher))
    return tuple(kept)


async def _run(stage: Stage, left: Left, budget: Budget, kept: list[MeasuredJob], watcher: Watcher) -> None:
    from harness.bench.run import Runner

    def keep(job: MeasuredJob) -> None:
        stage.history.add(stage.record.id, job)
        kept.append(job)

    async with _client(stage, budget) as client:
        runner = Runner(
            plan=stage.plan,
            compiled=stage.compiled,
            specs=stage.specs,
            client=client,
            journal=stage.journal,
            keep=keep,
            watcher=watcher,
        )
        runner.learn(kept)
        for entry in left.never_sent:
            await client.resume(entry)
        await runner.run(left.unsent, dict(left.sent))


def _client(stage: Stage, budget: Budget) -> Client:
    from random import Random

    from harness.client.client import Client
    from harness.client.receiver import ReceiverOptions

    return Client(
        stage.specs.values(),
        keyring=stage.keyring,
        journal=stage.journal,
        clock=clock_of(stage.arguments),
        budget=budget,
        endpoints=stage.endpoints,
        network=network_of(),
        receiver=ReceiverOptions(public_url=stage.arguments.public_url),
        rng=Random(stage.plan.seed),  # noqa: S311 - it spreads retries and guards nothing
        live=stage.arguments.live,
        keeps_sightings=True,
        name=f"bench {stage.record.id}",
    )


@contextmanager
def _saying_what_remains(stage: Stage, kept: list[MeasuredJob]) -> Iterator[None]:
    """Whatever ends the run early: what is measured is kept, and how to go on is said."""
    from harness.client.entry import OPEN

    try:
        yield
    except (HarnessError, KeyboardInterrupt):
        ids = {job.id for job in kept}
        entries = [entry for entry in stage.journal.entries(OPEN) if entry.scope == stage.scope]
        open_jobs = sum(entry.id not in ids for entry in entries)
        unsent = len(stage.slots) - len(kept) - open_jobs
        note(
            f"harness: run {stage.record.id}: {len(kept)} of {len(stage.slots)} jobs are measured and kept, "
            f"{open_jobs} open in the journal, {max(unsent, 0)} not sent; "
            f"harness bench --resume {stage.record.id} goes on"
        )
        raise
