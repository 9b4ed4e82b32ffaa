"""Bootstrap intervals of quantiles: what they hold, what hides their ends, and by what they are drawn."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from harness.stats.bootstrap import expanded_tail, quantile_interval, resample_counts
from harness.stats.interval import Interval
from tests.stats.test_censored import drawn, exact, given_up, on_grid

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the oracle and what it imports
    from scipy import stats


class TestInterval:
    def test_it_stands_around_the_value(self):
        """And is the same for the same seed."""
        jobs = on_grid(drawn(50), 15.0)
        value, low, high = quantile_interval(jobs, 0.5, rng=1, resamples=200)
        assert value is not None
        assert low is not None
        assert high is not None
        assert 130 < low < value < high < 175
        assert quantile_interval(jobs, 0.5, rng=1, resamples=200) == (value, low, high)
        assert quantile_interval(jobs, 0.5, rng=np.random.default_rng(1), resamples=200) == (value, low, high)

    def test_it_is_as_wide_as_order_statistics_have_it(self):
        """Of exact data, beside the distribution-free interval of the sign test."""
        times_s = sorted(drawn(100))
        _, low, high = quantile_interval(exact(*times_s), 0.5, rng=1, resamples=2000)
        assert low == pytest.approx(times_s[39], rel=0.02)
        assert high == pytest.approx(times_s[60], rel=0.02)

    def test_it_holds_the_median_as_often_as_it_says(self):
        """Of jobs that were polled every 15 s, in at least 90 of 100 runs."""
        held = 0
        for seed in range(100):
            jobs = on_grid(drawn(40, seed=seed), 15.0, seed * 3.7 % 15)
            _, low, high = quantile_interval(jobs, 0.5, rng=seed, resamples=200)
            assert low is not None
            assert high is not None
            held += low <= 150 <= high
        assert 90 <= held < 100

    def test_more_confidence_is_wider(self):
        """99 % holds 80 %."""
        jobs = exact(*drawn(50))
        _, wide_low, wide_high = quantile_interval(jobs, 0.5, rng=1, confidence=0.99)
        _, low, high = quantile_interval(jobs, 0.5, rng=1, confidence=0.8)
        assert None not in (wide_low, wide_high, low, high)
        assert (wide_low or 0) < (low or 0) < (high or 0) < (wide_high or 0)


class TestHidden:
    def test_an_end_beyond_the_cap_is_not_known(self):
        """Nor is the value, where it lies there itself."""
        times_s = np.quantile(drawn(20_000, 0.5), np.linspace(0.0025, 0.9975, 200))
        jobs = given_up(exact(*times_s.tolist()), 300.0)
        value, low, high = quantile_interval(jobs, 0.9, rng=1, resamples=300)
        assert value is not None
        assert low is not None
        assert low < value < 300
        assert high is None
        assert quantile_interval(jobs, 0.99, rng=1, resamples=300) == (None, None, None)

    def test_nothing_is_known_where_no_job_ended(self):
        """Three times nothing."""
        jobs = [Interval(low_s=300, high_s=None)] * 20
        assert quantile_interval(jobs, 0.5, rng=1, resamples=50) == (None, None, None)

    def test_jobs_that_had_ended_at_the_first_look_took_between_nothing_and_that(self):
        """The value is not known; that it is no later than the look is."""
        jobs = [Interval(low_s=0, high_s=high_s) for high_s in range(60, 80)]
        assert quantile_interval(jobs, 0.5, rng=1, resamples=50) == (None, 0.0, 60.0)

    @pytest.mark.parametrize(
        ("jobs", "p", "bounded"),
        [
            (5, 0.5, (False, False)),
            (6, 0.5, (True, True)),
            (35, 0.9, (True, False)),
            (36, 0.9, (True, True)),
            (36, 0.1, (True, True)),
            (35, 0.1, (False, True)),
        ],
    )
    def test_few_jobs_bound_no_quantile(self, jobs: int, p: float, bounded: tuple[bool, bool]):
        """The largest of n jobs is below a quantile p with probability p**n."""
        _, low, high = quantile_interval(exact(*drawn(jobs)), p, rng=1, resamples=50)
        assert (low is not None, high is not None) == bounded


class TestGroups:
    def test_days_that_differ_make_the_interval_wider(self):
        """Jobs of one day are not independent."""
        rng = np.random.default_rng(3)
        days = np.repeat(np.arange(20), 5)
        times_s = 150 * np.exp(0.05 * rng.standard_normal(100) + 0.3 * rng.standard_normal(20)[days])
        jobs = exact(*times_s.tolist())
        _, low, high = quantile_interval(jobs, 0.5, rng=1)
        _, day_low, day_high = quantile_interval(jobs, 0.5, groups=[f"day {day}" for day in days], rng=1)
        assert None not in (low, high, day_low, day_high)
        assert (day_high or 0) - (day_low or 0) > 1.5 * ((high or 0) - (low or 0))

    def test_a_group_of_each_job_is_as_no_group(self):
        """The same draws."""
        jobs = exact(*drawn(20))
        alone = quantile_interval(jobs, 0.5, groups=list(range(20)), rng=1)
        assert alone == quantile_interval(jobs, 0.5, rng=1)

    def test_one_day_says_nothing_of_other_days(self):
        """There is a value, and no interval."""
        value, low, high = quantile_interval(exact(*drawn(30)), 0.5, groups=["monday"] * 30, rng=1)
        assert value is not None
        assert (low, high) == (None, None)

    def test_whole_groups_are_drawn(self):
        """Jobs of one group have the same count in every resample."""
        counts = resample_counts(6, ["a", "b", "a", "c", "b", "a"], 40, np.random.default_rng(1))
        assert counts.shape == (40, 6)
        assert (counts[:, 0] == counts[:, 2]).all()
        assert (counts[:, 0] == counts[:, 5]).all()
        assert (counts[:, 1] == counts[:, 4]).all()
        assert (counts[:, [0, 1, 3]].sum(axis=1) == 3).all()

    def test_each_job_has_its_group(self):
        """One too few is a program's fault."""
        with pytest.raises(ValueError, match="group") as caught:
            quantile_interval(exact(1, 2, 3), 0.5, groups=["a", "b"], rng=1)
        assert str(caught.value) == "expected a group for each of 3 jobs, got 2"


class TestExpandedTail:
    @pytest.mark.parametrize("units", [3, 4, 5, 6, 7, 25, 50, 200])
    @pytest.mark.parametrize("confidence", [0.8, 0.95])
    def test_it_is_students(self, units: int, confidence: float):
        """The formula, with the quantiles of another library."""
        t = stats.t.ppf((1 + confidence) / 2, units - 1)
        expected = stats.norm.cdf(-((units / (units - 1)) ** 0.5) * t)
        assert expanded_tail(units, confidence) == pytest.approx(expected, rel=1e-6)

    def test_one_unit_has_none(self):
        """Nothing can be said of a spread."""
        assert expanded_tail(1, 0.95) is None
        assert expanded_tail(2, 0.95) == pytest.approx(0.0, abs=1e-12)
