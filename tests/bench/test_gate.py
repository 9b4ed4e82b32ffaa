"""The gate: a run beside an earlier one fails only where the interval says so."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from harness.bench.gate import gate
from harness.bench.rules import RULES
from harness.errors import OperatorError
from harness.finding import Finding, Judgement, Verdict
from harness.measurement.job import BenchRecord, Design, JobOutcome, Provenance
from tests.bench.runs import MODEL, OTHER, START, a_job, with_times

LIMIT = 1.10
LATER = START + timedelta(days=100)


def times(seed: int, jobs: int, median_s: float = 150.0, sigma: float = 0.1) -> list[float | None]:
    """Lognormal job times."""
    rng = random.Random(seed)
    return [median_s * rng.lognormvariate(0, sigma) for _ in range(jobs)]


OLD = with_times("old", times(1, 40))


def judged(new: Sequence[float | None], old: BenchRecord = OLD, limit: float = LIMIT) -> Judgement:
    """New times of one sitting beside a run."""
    return gate([with_times("new", new, start=LATER)], [old], limit)


def only(judgement: Judgement) -> Finding:
    """The one finding."""
    (finding,) = judgement.findings
    return finding


def test_as_fast_as_before():
    """Nothing to say: conforms."""
    found = judged(times(2, 40))
    assert (found.findings, found.verdict) == ((), Verdict.CONFORMS)
    assert found.model_verdicts == {MODEL: Verdict.CONFORMS}


def test_faster_than_before():
    """That is no fault."""
    assert judged(times(2, 40, 100)).findings == ()


def test_surely_slower():
    """The whole interval is above the limit."""
    found = judged(times(2, 40, 200))
    finding = only(found)
    assert finding.rule.id == "bench.slower-than-before"
    assert finding.message == (
        f"poll: the median job time is {finding.observed['ratio']:.2f} "
        f"({finding.observed['low']:.2f} to {finding.observed['high']:.2f} at 95 %) times that of before "
        "(40 jobs now, 40 jobs before): surely more than 1.10 times"
    )
    assert finding.observed["low"] > LIMIT
    assert (finding.model, finding.field, finding.facet) == (MODEL, "/poll/total/median", "median")
    assert finding.expected == {"max_median_ratio": LIMIT}
    assert found.verdict is Verdict.VIOLATES


def test_a_point_estimate_above_the_limit_is_not_enough():
    """Few jobs that vary much: the estimate is above, the lower bound is not."""
    found = judged(times(5, 10, 180, 0.4), with_times("old", times(5, 10, 150, 0.4)))
    finding = only(found)
    assert finding.rule.id == "bench.slower-not-ruled-out"
    assert finding.observed["ratio"] > LIMIT > finding.observed["low"]
    assert finding.message.endswith(": not surely more than 1.10 times, nor surely less")
    assert found.verdict is Verdict.CONFORMS


@pytest.mark.parametrize(("new", "old"), [(5, 40), (40, 5), (0, 40), (40, 0)])
def test_too_few_jobs(new: int, old: int):
    """Inconclusive, however far apart they are."""
    record = with_times("old", times(1, old))
    failed = a_job(99, id="failed", outcome=JobOutcome.FAILED, intervals={})
    latest = with_times("new", times(2, new, 900), start=LATER)
    found = gate(
        [replace(latest, jobs=(*latest.jobs, replace(failed, id="failed now")))],
        [replace(record, jobs=(*record.jobs, failed))],
        LIMIT,
    )
    assert only(found).rule.id == "bench.too-few-to-compare"
    assert found.verdict is Verdict.INCONCLUSIVE
    assert only(found).message == (
        f"poll: too few to bound the ratio of the medians ({new} jobs now, {old} jobs before)"
    )


def test_jobs_that_were_given_up_count():
    """Most new jobs did not end within the cap: slower for certain, by nobody knows how much."""
    finding = only(judged([*times(2, 10), *[None] * 30]))
    assert finding.rule.id == "bench.slower-than-before"
    assert "the median job time is at least 1." in finding.message
    assert (finding.observed["ratio"], finding.observed["high"]) == (None, None)


def test_both_hidden_by_the_cap():
    """Nothing can be said of a ratio of two medians that nobody saw: it may be large."""
    gone: list[float | None] = [150.0, *[None] * 30]
    finding = only(judged(gone, with_times("old", gone)))
    assert finding.rule.id in ("bench.slower-not-ruled-out", "bench.too-few-to-compare")


def test_a_model_that_was_not_measured_before():
    """There is nothing to compare with."""
    new = with_times("new", times(2, 10), start=LATER)
    other = replace(OLD, jobs=tuple(replace(job, model=OTHER) for job in OLD.jobs))
    found = gate([new], [other], LIMIT)
    assert only(found).rule.id == "bench.not-measured-before"
    assert found.verdict is Verdict.INCONCLUSIVE
    blocking = replace(OLD, jobs=tuple(replace(job, mode="blocking") for job in OLD.jobs))
    assert only(gate([new], [blocking], LIMIT)).rule.id == "bench.not-measured-before"


def test_a_model_that_was_not_measured_now():
    """It is named, and there is no job of it: never green."""
    new = with_times("new", [], start=LATER)
    found = gate([new], [OLD], LIMIT)
    assert only(found).rule.id == "bench.too-few-to-compare"
    assert only(found).message == "*: no jobs of it were measured now"
    assert found.verdict is Verdict.INCONCLUSIVE


def test_another_request():
    """Ten seconds here and five there are not compared silently."""
    other = replace(OLD, requests={MODEL: {"prompt": "another"}})
    finding = only(judged(times(2, 40, 200), other))
    assert finding.rule.id == "bench.other-request"
    assert finding.message == "poll: the earlier run sent another request"


def test_each_model_is_judged():
    """One became slower, the other did not, a third is new."""
    third = "third/video-1-text-to-video"

    def three(name: str, medians: dict[str, float]) -> BenchRecord:
        record = with_times(name, [])
        jobs = [
            replace(job, id=f"{name}-{model}-{number}", model=model)
            for model, median_s in medians.items()
            for number, job in enumerate(with_times(name, times(len(model), 30, median_s)).jobs)
        ]
        return replace(record, models=tuple(medians), requests={}, jobs=tuple(jobs))

    new = three("new", {MODEL: 200, OTHER: 150, third: 100})
    old = three("old", {MODEL: 150, OTHER: 150})
    found = gate([new], [old], LIMIT)
    assert [(finding.model, finding.rule.id) for finding in found.findings] == [
        (MODEL, "bench.slower-than-before"),
        (third, "bench.not-measured-before"),
    ]
    assert found.model_verdicts == {
        MODEL: Verdict.VIOLATES,
        OTHER: Verdict.CONFORMS,
        third: Verdict.INCONCLUSIVE,
    }


def test_nights_are_what_varies():
    """Of a nightly plan whole nights are resampled: days that swing make the same difference unsure."""

    def nightly(name: str, median_s: float, seed: int) -> BenchRecord:
        rng = random.Random(seed)
        swung: list[float | None] = []
        for _ in range(8):
            swing = rng.lognormvariate(0, 0.3)
            swung += [median_s * swing * rng.lognormvariate(0, 0.02) for _ in range(6)]
        return with_times(name, swung, jobs_a_day=6, design=Design.NIGHTLY)

    new, old = nightly("new", 190, 9), nightly("old", 150, 9)
    as_nights = only(gate([new], [old], LIMIT))
    assert as_nights.rule.id == "bench.slower-not-ruled-out"
    assert "(48 jobs of 8 nights now, 48 jobs of 8 nights before)" in as_nights.message
    sitting = {"design": Design.SITTING}
    as_jobs = gate([replace(new, **sitting)], [replace(old, **sitting)], LIMIT)
    width = as_nights.observed["high"] - as_nights.observed["low"]
    assert all(width > found.observed["high"] - found.observed["low"] for found in as_jobs.findings)
    few = with_times("few", times(1, 30), jobs_a_day=10, design=Design.NIGHTLY)
    assert only(gate([few], [few], LIMIT)).rule.id == "bench.too-few-to-compare"


def test_runs_are_joined():
    """Several runs of one plan are one sample."""
    parts = [
        with_times(f"new-{part}", times(part, 4, 200), start=LATER + timedelta(hours=part)) for part in (1, 2)
    ]
    assert only(gate(parts[:1], [OLD], LIMIT)).rule.id == "bench.too-few-to-compare"
    assert only(gate(parts, [OLD], LIMIT)).rule.id == "bench.slower-than-before"


def test_simulated_beside_live():
    """Refused."""
    with pytest.raises(OperatorError) as refused:
        gate([with_times("new", times(2, 40))], [replace(OLD, provenance=Provenance.LIVE)], LIMIT)
    assert str(refused.value) == (
        "run old is live and run new is simulated: simulated and live jobs are never compared"
    )


def test_equal_runs_do_not_fail():
    """Four pairs of runs that differ by chance alone; perf/regression_gate.py counts over many more."""
    for seed in range(4):
        found = judged(times(2 * seed, 20, 150, 0.25), with_times("old", times(2 * seed + 1, 20, 150, 0.25)))
        assert {finding.rule.id for finding in found.findings} <= {"bench.slower-not-ruled-out"}


def test_every_rule_is_fired_here():
    """By the tests above."""
    assert [rule.id for rule in RULES] == [
        "bench.slower-than-before",
        "bench.slower-not-ruled-out",
        "bench.too-few-to-compare",
        "bench.other-request",
        "bench.not-measured-before",
    ]
