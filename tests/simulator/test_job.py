"""The course of a job."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from harness.simulator.job import Failure, JobPlan
from harness.spec.model import JobState

PLAN = JobPlan(submitted_s=0.0, started_s=10.0, ended_s=110.0, outcome=JobState.SUCCEEDED)


@pytest.mark.parametrize(
    ("now_s", "state", "fraction"),
    [
        (0.0, JobState.QUEUED, 0.0),
        (9.9, JobState.QUEUED, 0.0),
        (10.0, JobState.RUNNING, 0.0),
        (60.0, JobState.RUNNING, 0.5),
        (110.0, JobState.SUCCEEDED, 1.0),
        (999.0, JobState.SUCCEEDED, 1.0),
    ],
)
def test_state_and_fraction(now_s: float, state: JobState, fraction: float):
    """Queued, running, ended; the fraction is that of the run."""
    assert (PLAN.state_at(now_s), PLAN.fraction_at(now_s)) == (state, fraction)


def test_a_job_without_an_end():
    """It runs, and gets nowhere."""
    stuck = replace(PLAN, ended_s=math.inf)
    assert (stuck.state_at(1e9), stuck.fraction_at(1e9)) == (JobState.RUNNING, 0.0)


@pytest.mark.parametrize(("now_s", "started_s"), [(5.0, 5.0), (50.0, 10.0)])
def test_cancelling(now_s: float, started_s: float):
    """The end is now; a job that never started did not start later; the reason of a failure is gone."""
    failing = replace(PLAN, outcome=JobState.FAILED, failure=Failure(code="c", message="m"))
    cancelled = failing.cancelled(now_s)
    assert (cancelled.started_s, cancelled.ended_s) == (started_s, now_s)
    assert (cancelled.outcome, cancelled.failure) == (JobState.CANCELLED, None)
    assert cancelled.state_at(now_s) is JobState.CANCELLED
