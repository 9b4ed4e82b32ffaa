"""Job times: their middle is what the documents say, their spread the simulator's own."""

from __future__ import annotations

import math
from statistics import median

import pytest

from harness.simulator.chance import drawn_for
from harness.simulator.job import Failure
from harness.simulator.timing import OWN_MEDIAN_S, SIGMA, draw_plan, median_of
from harness.spec.model import JobState
from tests.simulator.serving import STORE


@pytest.mark.parametrize(
    ("model", "mode", "seconds", "source"),
    [
        ("aimlapi", "poll", 152.0, "run"),
        ("eachlabs", "poll", 170.0, "page"),
        ("novita/kling-v1.6", "poll", OWN_MEDIAN_S, None),
        ("novita/kling-v2.6", "poll", OWN_MEDIAN_S, None),
        ("oxen", "poll", math.sqrt(60 * 300), "queue_page"),
        ("oxen", "blocking", math.sqrt(300 * 900), "model_page"),
    ],
)
def test_the_median(model: str, mode: str, seconds: float, source: str | None):
    """What is said of the model before what is said of all, of the mode before any; a range's middle."""
    found = median_of(STORE.get(model), mode)
    assert (found.seconds, found.source) == (pytest.approx(seconds), source)


def test_the_distribution():
    """Lognormal: the median as asked for, sigma of the logarithm, a small share queued."""
    plans = [draw_plan(drawn_for(0, n), 150.0, 10.0, None) for n in range(4000)]
    totals = [plan.ended_s - plan.submitted_s for plan in plans]
    assert median(totals) == pytest.approx(150.0, rel=0.02)
    logs = [math.log(total / 150.0) for total in totals]
    spread = math.sqrt(sum(value * value for value in logs) / len(logs))
    assert spread == pytest.approx(SIGMA, rel=0.05)
    shares = [(p.started_s - p.submitted_s) / (p.ended_s - p.submitted_s) for p in plans]
    assert 0.05 <= min(shares) < max(shares) <= 0.15
    assert {plan.outcome for plan in plans} == {JobState.SUCCEEDED}


def test_the_same_seed_gives_the_same_course():
    """And another seed another one."""
    first = draw_plan(drawn_for(1, "a", 1), 150.0, 0.0, None)
    assert draw_plan(drawn_for(1, "a", 1), 150.0, 0.0, None) == first
    assert draw_plan(drawn_for(2, "a", 1), 150.0, 0.0, None) != first


def test_a_job_that_fails_does_so_early():
    """Soon after it started, with its reason."""
    failure = Failure(code="c", message="m")
    plan = draw_plan(drawn_for(0), 150.0, 0.0, failure)
    assert 1 <= plan.ended_s - plan.started_s <= 5
    assert (plan.outcome, plan.failure) == (JobState.FAILED, failure)
