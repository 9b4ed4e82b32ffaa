"""What is expected of the next job: the documented estimate first, then what was seen."""

from __future__ import annotations

import random
import warnings
from math import exp, log, sqrt

import pytest

from harness.bench.predict import (
    DOCUMENTED_WEIGHT,
    MEMORY_JOBS,
    SPREAD,
    SPREAD_WEIGHT,
    UNDOCUMENTED_S,
    Predictor,
    _within,
)
from harness.stats.interval import Interval

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the oracle and what it imports
    from scipy import stats


def exact(time_s: float) -> Interval:
    """A job whose time is known to the moment."""
    return Interval(low_s=time_s, high_s=time_s)


class TestBeforeAnyJob:
    @pytest.mark.parametrize(
        ("estimate_s", "median_s"),
        [((150, 150), 150), ((150, None), 150), ((100, 400), 200), ((0, 90), 90), (None, UNDOCUMENTED_S)],
    )
    def test_the_documented_estimate_is_the_centre(
        self, estimate_s: tuple[float, float | None] | None, median_s: float
    ):
        """The geometric middle of a range, the beginning of an open one."""
        law = Predictor(estimate_s).law
        assert law.median_s == pytest.approx(median_s)
        assert law.freedom == SPREAD_WEIGHT

    def test_it_may_be_wrong_by_twice(self):
        """Such a job is nothing special; without an estimate much more is not."""
        law = Predictor((150, None)).law
        assert 0.5 < log(2) / law.scale < 1.2
        assert Predictor(None).law.scale > law.scale

    def test_a_wide_range_makes_a_wide_law(self):
        """5 to 15 minutes say less than 9 minutes do."""
        assert Predictor((300, 900)).law.scale > Predictor((540, 540)).law.scale

    @pytest.mark.parametrize("estimate_s", [(0, None), (0, 0), (-5, None), (900, 300)])
    def test_what_is_no_estimate_is_refused(self, estimate_s: tuple[float, float | None]):
        """A time of a job is above 0, and a range has its ends in order."""
        with pytest.raises(ValueError, match="not an estimate") as caught:
            Predictor(estimate_s)
        assert str(caught.value) == f"not an estimate of a job's time: {estimate_s}"


class TestLearning:
    def test_exact_times_give_the_posterior_of_the_textbook(self):
        """Normal-inverse-gamma, computed at once instead of job by job."""
        times_s = [120.0, 150.0, 180.0, 140.0, 260.0]
        predictor = Predictor((150, None))
        for time_s in times_s:
            predictor.observe(exact(time_s))
        logs, prior = [log(time_s) for time_s in times_s], log(150)
        mean, weight = sum(logs) / 5, DOCUMENTED_WEIGHT
        squares = SPREAD_WEIGHT * SPREAD**2 + sum((value - mean) ** 2 for value in logs)
        squares += weight * 5 / (weight + 5) * (mean - prior) ** 2
        law = predictor.law
        assert law.freedom == SPREAD_WEIGHT + 5
        assert law.centre == pytest.approx((weight * prior + 5 * mean) / (weight + 5))
        assert law.scale == pytest.approx(sqrt(squares / law.freedom * (1 + 1 / (weight + 5))))

    @pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
    def test_a_wrong_estimate_is_soon_forgotten(self, factor: float):
        """After ten jobs of about 150 s that much is expected, with about their spread."""
        rng = random.Random(1)
        predictor = Predictor((150 * factor, None))
        for _ in range(10):
            time_s = 150 * exp(rng.gauss(0, 0.25))
            predictor.observe(Interval(low_s=time_s - 10, high_s=time_s + 10))
        assert predictor.law.median_s == pytest.approx(150, rel=0.15)
        assert 0.2 < predictor.law.scale < 0.4

    def test_older_jobs_fade(self):
        """A provider that became twice as slow is expected to stay so, after some hundred jobs."""
        predictor = Predictor((100, None))
        for time_s in [100.0] * 1000 + [200.0] * 200:
            predictor.observe(exact(time_s))
        assert predictor.law.median_s > 190
        assert predictor.law.freedom < SPREAD_WEIGHT + MEMORY_JOBS + 2

    def test_a_job_that_was_given_up_counts_as_longer(self):
        """The centre moves up, and beyond the time at which it was given up if that was far out."""
        for low_s in (100.0, 300.0, 5000.0):
            predictor = Predictor((150, None))
            predictor.observe(Interval(low_s=low_s, high_s=None))
            assert predictor.law.median_s > 150
        assert predictor.law.median_s > 2000

    def test_a_job_that_had_ended_at_the_first_look_counts_as_shorter(self):
        """How much shorter, the law has to say."""
        predictor = Predictor((150, None))
        predictor.observe(Interval(low_s=0, high_s=60))
        assert 20 < predictor.law.median_s < 60

    @pytest.mark.parametrize("high_s", [None, 0.0])
    def test_a_job_that_nobody_looked_at_teaches_nothing(self, high_s: float | None):
        """The law stays as it is."""
        predictor = Predictor((150, None))
        before = predictor.law
        predictor.observe(Interval(low_s=0, high_s=high_s))
        assert predictor.law == before


class TestWithin:
    @pytest.mark.parametrize(
        ("low", "high"), [(-1.0, 0.5), (0.3, 0.4), (None, -1.5), (1.0, None), (-3.0, 3.0), (3.0, None)]
    )
    def test_mean_and_variance_are_those_of_the_truncated_normal(self, low: float | None, high: float | None):
        """Beside another library's."""
        oracle = stats.truncnorm(-50 if low is None else low, 50 if high is None else high)
        assert _within(low, high) == pytest.approx((oracle.mean(), oracle.var()), abs=1e-6)

    def test_far_out_it_is_the_interval_that_counts(self):
        """The normal law says nothing there."""
        assert _within(9.0, 12.0) == (10.5, 0.75)
        assert _within(8.0, None) == (8.0, 0.0)
        assert _within(None, -8.0) == (-8.0, 0.0)
        assert _within(1.5, 1.5) == (1.5, 0.0)
