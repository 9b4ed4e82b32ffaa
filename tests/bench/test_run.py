"""Running blocks: what is kept, in which order things are sent, and what an interruption leaves."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.bench.compiled import Compiled, compile_plan
from harness.bench.left import left_of
from harness.bench.plan import Plan
from harness.bench.run import Runner
from harness.bench.schedule import Slot, slots_of
from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client
from harness.client.entry import EntryState
from harness.client.journal import Journal
from harness.client.results import Mode
from harness.errors import BudgetError, OperatorError
from harness.measurement.job import Design, JobOutcome, MeasuredJob, Phase
from tests.client.server import Received, Server, answer, serving
from tests.client.specs import full
from tests.client.world import clock, done, run, utc_now, waiting
from tests.integration.world import keyring_of

SPEC = full()
SCALE = 50.0


@dataclass(slots=True)
class Bench:
    """A server, a plan for its one model, and what was kept."""

    server: Server
    plan: Plan
    compiled: Compiled
    path: Path
    kept: list[MeasuredJob] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return slots_of(self.plan.models, seed=1, blocks=self.plan.blocks)

    def submitted(self, slot: Slot, job_id: str | None) -> None:
        self.told.append(f"submitted {slot.block}")

    def measured(self, slot: Slot, job: MeasuredJob) -> None:
        self.told.append(f"measured {slot.block} {job.outcome}")

    @asynccontextmanager
    async def runner(self, *, max_jobs: int = 100) -> AsyncIterator[tuple[Runner, Journal]]:
        """A process of its own, as far as the journal can tell."""
        journal = Journal.open(self.path / "journal.sqlite", utc_now=utc_now)
        base_urls = {SPEC.provider_id: self.server.base_url}
        client = Client(
            (SPEC,),
            keyring=keyring_of((SPEC,), base_urls),
            journal=journal,
            clock=clock(SCALE),
            budget=Budget(max_jobs=max_jobs, scope="bench"),
            endpoints=Endpoints(overrides=base_urls),
            rng=random.Random(1),
            keeps_sightings=True,
        )
        try:
            async with client:
                yield (
                    Runner(
                        plan=self.plan,
                        compiled=self.compiled,
                        specs={SPEC.ref: SPEC},
                        client=client,
                        journal=journal,
                        keep=self.kept.append,
                        watcher=self,
                    ),
                    journal,
                )
        finally:
            journal.close()


@asynccontextmanager
async def bench(path: Path, **values: Any) -> AsyncIterator[Bench]:
    """A server that numbers its jobs, and ends each of them at its second poll."""
    plan = Plan(
        **{
            "models": (SPEC.ref,),
            "modes": {SPEC.ref: Mode.POLL},
            "request": {"prompt": "a fox"},
            "design": Design.SITTING,
            "blocks": 3,
            "fetch": False,
            "poller": "fixed",
            "interval_s": 5.0,
            **values,
        }
    )
    async with serving() as server:
        made = iter(range(1, 1000))
        polled: dict[str, int] = {}

        async def submit(request: Received) -> None:
            await answer({"id": f"job-{next(made)}"}, status=201)(request)

        async def poll(request: Received) -> None:
            polled[request.path] = polled.get(request.path, 0) + 1
            await answer(waiting if polled[request.path] < 2 else done)(request)

        server.on("POST", "/v1/videos", submit)
        server.on("GET", "/v1/videos/", poll)
        yield Bench(server=server, plan=plan, compiled=compile_plan(plan, (SPEC,)), path=path)


def test_every_job_is_kept(tmp_path: Path):
    """With its block, its times and its polls; block after block."""

    async def all_of_it() -> Bench:
        async with bench(tmp_path) as b, b.runner() as (runner, _):
            await runner.run(b.slots)
            return b

    found = run(all_of_it())
    assert found.told == [
        f"{what} {n}{end}" for n in range(3) for what, end in (("submitted", ""), ("measured", " succeeded"))
    ]
    assert [(job.block, job.job_id, job.outcome, job.polls) for job in found.kept] == [
        (n, f"job-{n + 1}", JobOutcome.SUCCEEDED, 2) for n in range(3)
    ]
    for job in found.kept:
        assert job.mode == "poll"
        assert job.billed is True
        assert job.asked_s == 5.0
        assert abs((datetime.now(UTC) - job.submitted_at).total_seconds()) < 30
        assert 0 < job.intervals[Phase.TOTAL].low_s < (job.intervals[Phase.TOTAL].high_s or 0)


def test_blocks_under_way_together(tmp_path: Path):
    """As many as the plan allows, and no more; a model's jobs are sent in their order all the same."""

    async def together(at_once: int) -> int:
        async with bench(tmp_path / str(at_once), blocks=6, at_once=at_once) as b, b.runner() as (runner, _):
            await runner.run(b.slots)
            sent = [line for line in b.told if line.startswith("submitted")]
            assert sent == [f"submitted {n}" for n in range(6)]
            most = under_way = 0
            for line in b.told:
                under_way += 1 if line.startswith("submitted") else -1
                most = max(most, under_way)
            return most

    for at_once in (1, 3):
        (tmp_path / str(at_once)).mkdir()
        assert run(together(at_once)) == at_once


def test_given_up_at_the_cap(tmp_path: Path):
    """A last poll sees it unfinished there; it stays open in the journal."""

    async def stuck() -> tuple[Bench, tuple[EntryState, ...]]:
        async with bench(tmp_path, blocks=1, cap_s=22.0) as b, b.runner() as (runner, journal):
            b.server.on("GET", "/v1/videos/", answer(waiting))
            await runner.run(b.slots)
            return b, tuple(entry.state for entry in journal.entries())

    found, states = run(stuck())
    (job,) = found.kept
    assert job.outcome is JobOutcome.UNFINISHED
    assert job.intervals[Phase.TOTAL].high_s is None
    assert 22.0 <= job.intervals[Phase.TOTAL].low_s < 30.0
    assert states == (EntryState.SUBMITTED,)


@pytest.mark.parametrize(
    ("status", "outcome", "billed"),
    [
        (400, JobOutcome.REFUSED, None),
        (429, JobOutcome.REFUSED, False),
        (500, JobOutcome.POSSIBLY_BILLED, None),
    ],
)
def test_jobs_that_were_none(tmp_path: Path, status: int, outcome: JobOutcome, billed: bool | None):
    """Are kept as what they are, without a time."""

    async def refused() -> Bench:
        async with bench(tmp_path, blocks=1) as b, b.runner() as (runner, _):
            b.server.on("POST", "/v1/videos", answer({"message": "no"}, status=status))
            await runner.run(b.slots)
            return b

    (job,) = run(refused()).kept
    assert (job.outcome, job.billed, set(job.intervals)) == (outcome, billed, {Phase.SUBMIT})


def test_the_budget_ends_it(tmp_path: Path):
    """What was kept is kept; the job that may not be sent is not."""

    async def too_many() -> Bench:
        async with bench(tmp_path) as b, b.runner(max_jobs=2) as (runner, _):
            with pytest.raises(BudgetError):
                await runner.run(b.slots)
            return b

    found = run(too_many())
    assert len(found.kept) == 2
    assert len(found.server.seen("POST")) == 2


def test_a_request_that_cannot_be_sent(tmp_path: Path):
    """Ends it with the operator's error itself, not a group of them."""

    async def wrong() -> None:
        async with bench(tmp_path) as b, b.runner() as (runner, _):
            b.compiled.requests[SPEC.ref]["prompt"] = 5
            await runner.run(b.slots)

    with pytest.raises(OperatorError, match="not sent, the request breaks the documents"):
        run(wrong())


def test_interrupted_and_gone_on_with(tmp_path: Path):
    """The open job is waited for, those that were never sent are, and none is sent twice."""

    async def both() -> tuple[Bench, list[int]]:
        async with bench(tmp_path, blocks=4) as b:
            async with b.runner() as (runner, _):
                task = asyncio.create_task(runner.run(b.slots))
                while "submitted 2" not in b.told:
                    await asyncio.sleep(0.005)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            before = [job.block for job in b.kept]
            async with b.runner() as (runner, journal):
                left = left_of(b.slots, journal.entries(), b.kept)
                assert [slot.block for slot, _ in left.sent] == [2]
                await runner.run(left.unsent, dict(left.sent))
            return b, before

    found, before = run(both())
    assert before == [0, 1]
    assert sorted(job.block for job in found.kept) == [0, 1, 2, 3]
    assert sorted(job.job_id or "" for job in found.kept) == ["job-1", "job-2", "job-3", "job-4"]
    assert len(found.server.seen("POST")) == 4
    assert all(job.outcome is JobOutcome.SUCCEEDED for job in found.kept)


def test_an_end_that_was_not_kept(tmp_path: Path):
    """The process ended between the journal and the record: the job is recalled, timed by the journal."""

    async def lost() -> Bench:
        async with bench(tmp_path, blocks=1) as b:
            async with b.runner() as (runner, _):
                await runner.run(b.slots)
            b.kept.clear()
            async with b.runner() as (runner, journal):
                left = left_of(b.slots, journal.entries(), ())
                await runner.run(left.unsent, dict(left.sent))
            return b

    (job,) = run(lost()).kept
    assert (job.outcome, job.job_id, job.polls) == (JobOutcome.SUCCEEDED, "job-1", 0)
    assert job.intervals[Phase.TOTAL].low_s == 0.0
    assert job.note == "the process ended between the job's end and its record: timed by the journal alone"


def test_a_slow_store_holds_up_no_poll(tmp_path: Path):
    """Keeping a job is done beside the event loop."""

    async def slow() -> list[MeasuredJob]:
        async with bench(tmp_path, blocks=2, at_once=2) as b, b.runner() as (runner, _):
            kept: list[MeasuredJob] = []

            def keep(job: MeasuredJob) -> None:
                time.sleep(0.3)
                kept.append(job)

            runner.keep = keep
            start = time.monotonic()
            await runner.run(b.slots)
            assert time.monotonic() - start < 3.0
            return kept

    assert len(run(slow())) == 2
