"""Under every fault of the simulator the true time of each job lies in its recorded interval."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest

from harness.bench.poller import CEILING_S, FLOOR_S
from harness.client.limits import Limits
from harness.measurement.job import Design, JobOutcome, MeasuredJob, Phase
from harness.simulator.faults.fault import EventFault, Fault, OutputFault, VideoFault, WebhookFault
from harness.simulator.faults.order import parse_order
from harness.simulator.faults.table import FAULTS
from harness.stats.interval import Interval
from tests.integration.bench_world import STORE, Bench, running_plan, truths
from tests.simulator.serving import Served, serving

SCALE = 200.0
CAP_S = 500.0
LIMITS = Limits(shortest_real_s=0.5)
MODES = {EventFault: "events", WebhookFault: "webhook"}
UNMADE = frozenset({"401", "402", "409", "422"})
"""Faults on which no job is made, so that there is no time."""

SPECS = STORE.all()


def shared_out() -> Iterator[list[tuple[Fault, str]]]:
    """Every fault with a model that can show it, as many together as there are models: each has one."""
    waiting = list(FAULTS)
    while waiting:
        free, chosen = [spec.id for spec in SPECS], []
        for fault in list(waiting):
            model = next((m for m in free if _shows(fault, m)), None)
            if model is not None:
                chosen.append((fault, model))
                free.remove(model)
                waiting.remove(fault)
        assert chosen, f"nobody can show {waiting[0].name}"
        yield chosen


def _shows(fault: Fault, model: str) -> bool:
    spec = STORE.get(model)
    if parse_order(fault.name, SPECS).impossible(spec) is not None:
        return False
    if isinstance(fault, EventFault):
        return "events" in spec.operations
    return not isinstance(fault, WebhookFault) or spec.webhook.value is not None


ROUNDS = tuple(shared_out())


async def play(served: Served, chosen: Sequence[tuple[Fault, str]], path: Path) -> list[Bench]:
    """Two jobs under each fault, all at once."""
    runs = (
        running_plan(
            served.base_urls,
            {
                "models": (model,),
                "modes": {model: MODES.get(type(fault), "poll")},
                "design": Design.SITTING,
                "blocks": 2,
                "at_once": 2,
                "cap_s": CAP_S,
                "fetch": isinstance(fault, (OutputFault, VideoFault)),
                "seed": 5,
            },
            path,
            SCALE,
            LIMITS,
        )
        for fault, model in chosen
    )
    return list(await asyncio.gather(*runs))


@pytest.mark.parametrize("chosen", ROUNDS, ids=lambda chosen: "+".join(fault.name for fault, _ in chosen))
def test_the_true_times_lie_in_the_intervals(chosen: list[tuple[Fault, str]], tmp_path: Path):
    """Whatever happens to polls, events, calls and videos."""
    orders = [f"{fault.name}:{model}" for fault, model in chosen]
    with serving(*orders, time_scale=SCALE, seed=11) as served:
        runs = asyncio.run(play(served, chosen, tmp_path))

    for (fault, model), bench in zip(chosen, runs, strict=True):
        assert len(bench.jobs) == 2, fault.name
        mine = [entry for entry in bench.ledger["jobs"] if entry["model"] == model]
        assert len(mine) == (0 if fault.name in UNMADE else 2), fault.name
        for job in bench.jobs:
            assert_true(job, bench, fault)


def assert_true(job: MeasuredJob, bench: Bench, fault: Fault) -> None:
    """The truth of one job is in what was recorded of it; where there was none, nothing was."""
    if fault.name in UNMADE:
        assert job.outcome is JobOutcome.REFUSED, job
        assert Phase.TOTAL not in job.intervals
        return
    truth = truths(bench)[job.job_id or ""]
    assert holds(job.intervals[Phase.TOTAL], truth.total_s, truth.slack_s), (fault.name, job, truth)
    if truth.queue_s is not None and Phase.QUEUE in job.intervals and fault.name != "status-backwards":
        took_s = job.intervals[Phase.SUBMIT].high_s or 0.0
        assert holds(job.intervals[Phase.QUEUE], truth.queue_s, took_s), (fault.name, job, truth)
    if fault.name == "job-stuck":
        assert job.outcome is JobOutcome.UNFINISHED
        # The poll at the cap has 5 s for its answer, 25 ms here; where it had none, the one before counts.
        assert job.intervals[Phase.TOTAL].low_s >= CAP_S - CEILING_S - FLOOR_S


def holds(interval: Interval, true_s: float, slack_s: float) -> bool:
    """Whether the truth, as well as it is known, can lie in an interval."""
    return interval.low_s - slack_s <= true_s <= (interval.high_s or float("inf")) + slack_s


def test_every_fault_is_played_once():
    """None is left out, and none strikes two."""
    played = [fault.name for chosen in ROUNDS for fault, _ in chosen]
    assert sorted(played) == sorted(fault.name for fault in FAULTS)
    assert len(list(islice(ROUNDS, 20))) == len(ROUNDS)
