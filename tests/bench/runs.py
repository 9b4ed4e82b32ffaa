"""Runs of a benchmark as tests need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.measurement.job import (
    BenchRecord,
    Design,
    JobOutcome,
    MeasuredJob,
    Mismatch,
    Phase,
    Provenance,
)
from harness.stats.interval import Interval

__all__ = ["MODEL", "OTHER", "START", "a_job", "a_run", "with_times"]

START = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)
MODEL = "example/video-1-text-to-video"
OTHER = "other/video-1-text-to-video"


def a_job(number: int, **changes: Any) -> MeasuredJob:
    """A job that took about 150 s."""
    job = MeasuredJob(
        id=f"{number:016x}",
        model=MODEL,
        mode="poll",
        block=number,
        place=0,
        submitted_at=START + timedelta(minutes=number),
        outcome=JobOutcome.SUCCEEDED,
        intervals={
            Phase.SUBMIT: Interval(low_s=0.1, high_s=0.30000000000000004),
            Phase.TOTAL: Interval(low_s=150.0 + number / 10, high_s=152.0 + number / 10),
        },
        polls=4,
        asked_s=10,
        cost_usd=0.7,
        billed=True,
        evidence=("completed_at",),
        clock_offset_s=-0.125,
        job_id=f"job-{number}",
    )
    return replace(job, **changes)


def a_run(name: str = "run-1", jobs: int | Sequence[MeasuredJob] = 0, **changes: Any) -> BenchRecord:
    """A finished run with these jobs, or so many."""
    record = BenchRecord(
        id=name,
        created_at=START,
        finished_at=START + timedelta(hours=1),
        version="0.1.0",
        provenance=Provenance.SIMULATED,
        design=Design.SITTING,
        machine="machine-1",
        region=None,
        seed=7,
        cap_s=300.0,
        plan={"request": {"prompt": "a 🦊, \u0000 and \ud800", "duration_s": 10}},
        plan_digest="d" * 64,
        models=(MODEL,),
        requests={MODEL: {"prompt": "a 🦊, \u0000 and \ud800", "duration": 10}},
        mismatches=(
            Mismatch(
                parameter="audio", values={MODEL: True, OTHER: None}, reasons={OTHER: "default undocumented"}
            ),
        ),
        jobs=tuple(map(a_job, range(jobs)) if isinstance(jobs, int) else jobs),
    )
    return replace(record, **changes)


def with_times(
    name: str,
    times_s: Sequence[float | None],
    *,
    width_s: float = 2.0,
    start: datetime = START,
    jobs_a_day: int | None = None,
    **changes: Any,
) -> BenchRecord:
    """A run whose jobs took these times, each known to `width_s`; None for one given up after 300 s."""
    jobs = []
    for number, time_s in enumerate(times_s):
        day = 0 if jobs_a_day is None else number // jobs_a_day
        total = (
            Interval(low_s=300.0, high_s=None)
            if time_s is None
            else Interval(low_s=max(time_s - width_s / 2, 0.0), high_s=time_s + width_s / 2)
        )
        jobs.append(
            a_job(
                number,
                id=f"{name}-{number}",
                submitted_at=start + timedelta(days=day, minutes=number),
                outcome=JobOutcome.UNFINISHED if time_s is None else JobOutcome.SUCCEEDED,
                intervals={Phase.TOTAL: total},
            )
        )
    record = a_run(name, created_at=start, finished_at=start + timedelta(days=40), **changes)
    return replace(record, jobs=tuple(jobs))
