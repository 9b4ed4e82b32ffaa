"""Blocks of a plan against a simulator in a process of its own, and the true times on the client's clock."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.bench.compiled import Compiled, compile_plan
from harness.bench.plan import Plan, plan_of, specs_of
from harness.bench.plan_values import Values
from harness.bench.run import Runner
from harness.bench.schedule import Slot, slots_of
from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client
from harness.client.journal import Journal
from harness.client.limits import Limits
from harness.measurement.job import MeasuredJob
from harness.spec.store import SpecStore
from harness.wire.message import Delivery, Event, Exchange
from tests.integration.world import clock, keyring_of, ledger_of

__all__ = ["STORE", "Bench", "Silent", "Truth", "run_plan", "running_plan", "truths"]

STORE = SpecStore()


class Silent:
    """A watcher that remembers the order of what was sent."""

    def __init__(self) -> None:
        self.order: list[Slot] = []

    def submitted(self, slot: Slot, job_id: str | None) -> None:
        self.order.append(slot)

    def measured(self, slot: Slot, job: MeasuredJob) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What came of the blocks: the jobs, what was sent and when, and the ledger."""

    plan: Plan
    compiled: Compiled
    jobs: tuple[MeasuredJob, ...]
    order: tuple[Slot, ...]
    seen: tuple[Exchange | Event | Delivery, ...]
    ledger: Mapping[str, Any]
    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The true time of one job from the moment its submit was sent, on the client's clock.

    Provider seconds pass equally fast in both processes: their clocks differ by a constant. Each job was made
    between the sending of its submit and the receipt of the answer, so that each bounds the constant; the
    time is `slack_s` wide at most on both sides.
    """

    model: str
    job_id: str
    total_s: float
    queue_s: float | None
    slack_s: float


def run_plan(
    base_urls: Mapping[str, str],
    values: Mapping[str, Any],
    path: Path,
    *,
    scale: float,
    limits: Limits | None = None,
) -> Bench:
    """Runs the blocks of a plan to their end."""
    return asyncio.run(running_plan(base_urls, values, path, scale, limits))


async def running_plan(
    base_urls: Mapping[str, str], values: Mapping[str, Any], path: Path, scale: float, limits: Limits | None
) -> Bench:
    """The same, in a loop that runs already."""
    plan = plan_of(Values(of=values), STORE)
    specs = specs_of(plan, STORE)
    compiled = compile_plan(plan, specs)
    journal = Journal.open(path / f"{secrets.token_hex(4)}.sqlite", utc_now=lambda: datetime.now(UTC))
    seen: list[Exchange | Event | Delivery] = []
    jobs: list[MeasuredJob] = []
    watcher = Silent()
    start = time.monotonic()
    client = Client(
        specs,
        keyring=keyring_of(specs, base_urls),
        journal=journal,
        clock=clock(scale),
        budget=Budget(max_jobs=10_000, scope="test"),
        observer=seen.append,
        endpoints=Endpoints(overrides=dict(base_urls)),
        limits=limits,
        rng=random.Random(1),
        keeps_sightings=True,
    )
    try:
        async with client:
            runner = Runner(
                plan=plan,
                compiled=compiled,
                specs={spec.ref: spec for spec in specs},
                client=client,
                journal=journal,
                keep=jobs.append,
                watcher=watcher,
            )
            slots = slots_of(plan.models, seed=plan.seed, blocks=plan.blocks)
            await runner.run(slots)
    finally:
        journal.close()
    ledger = await asyncio.to_thread(ledger_of, base_urls)
    return Bench(
        plan=plan,
        compiled=compiled,
        jobs=tuple(jobs),
        order=tuple(watcher.order),
        seen=tuple(seen),
        ledger=ledger,
        took_s=time.monotonic() - start,
    )


def truths(bench: Bench) -> dict[str, Truth]:
    """The true times of the jobs of a run, by the provider's job id."""
    sent: dict[str, tuple[float, float]] = {}
    by_id = {entry["id"]: entry for entry in bench.ledger["jobs"]}
    for one in bench.seen:
        if not isinstance(one, Exchange) or one.request.method != "POST" or one.response is None:
            continue
        text = one.response.body.decode("utf-8", "replace")
        for job_id in by_id:
            if job_id in text:
                sent[job_id] = (one.sent_s or 0.0, one.received_s or 0.0)
    if not sent:
        return {}
    low_s = max(begin - by_id[job]["submitted_s"] for job, (begin, _) in sent.items())
    high_s = min(end - by_id[job]["submitted_s"] for job, (_, end) in sent.items())
    assert low_s <= high_s, "the clocks of the two processes do not keep the same pace"
    offset_s, slack_s = (low_s + high_s) / 2, (high_s - low_s) / 2
    found: dict[str, Truth] = {}
    for job_id, (begin, _) in sent.items():
        entry = by_id[job_id]
        ended_s = entry["due_s"] if entry["due_s"] is not None else float("inf")
        started_s = entry["started_s"]
        found[job_id] = Truth(
            model=entry["model"],
            job_id=job_id,
            total_s=ended_s + offset_s - begin,
            queue_s=None if started_s is None else started_s - entry["submitted_s"],
            slack_s=slack_s,
        )
    return found
