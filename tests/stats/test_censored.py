"""Distributions out of intervals: exact data, censoring at either end, oracles, and what must not matter."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.stats.censored import STEP, cells_of, cumulated, ems, fit, quantiles
from harness.stats.interval import Interval

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the oracle and what it imports
    from lifelines import KaplanMeierFitter

TIMES = st.floats(min_value=1.0, max_value=2000.0)


def exact(*times_s: float) -> list[Interval]:
    """Jobs whose times are known to the moment."""
    return [Interval(low_s=time_s, high_s=time_s) for time_s in times_s]


def on_grid(times_s: Sequence[float], period_s: float, phase_s: float = 0.0) -> list[Interval]:
    """Jobs that were looked at periodically."""
    ends = [phase_s + period_s * ceil((time_s - phase_s) / period_s) for time_s in times_s]
    return [Interval(low_s=max(end - period_s, 0.0), high_s=end) for end in ends]


def given_up(intervals: Sequence[Interval], cap_s: float) -> list[Interval]:
    """The same jobs, waited for no longer than the cap."""
    return [
        Interval(low_s=cap_s, high_s=None) if job.high_s is None or job.high_s > cap_s else job
        for job in intervals
    ]


def drawn(count: int, sigma: float = 0.25, seed: int = 1) -> list[float]:
    """Job times of about 150 s."""
    return (150 * np.exp(sigma * np.random.default_rng(seed).standard_normal(count))).tolist()


@st.composite
def polled(draw: st.DrawFn) -> list[Interval]:
    """Jobs as a poller sees them, some of them given up."""
    pairs = draw(st.lists(st.tuples(TIMES, st.floats(1.0, 60.0), st.booleans()), min_size=1, max_size=30))
    return [Interval(low_s=low_s, high_s=None if lost else low_s + width_s) for low_s, width_s, lost in pairs]


class TestExactData:
    @given(st.lists(TIMES, min_size=1, max_size=60))
    def test_the_median_is_the_ordinary_one(self, times_s: list[float]):
        """To within a cell; of an even number of jobs, any value between the two in the middle."""
        ordered = sorted(times_s)
        low_s, high_s = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        found = fit(exact(*times_s)).quantile(0.5)
        assert found is not None
        assert low_s * (1 - STEP) <= found <= high_s * (1 + STEP)

    @pytest.mark.parametrize("time_s", [0.02, 1.0, 150.0, 86400.0])
    def test_jobs_of_one_time_have_that_median(self, time_s: float):
        """A cell stands around the earliest job, not beside it."""
        assert fit(exact(time_s, time_s, time_s)).quantile(0.5) == pytest.approx(time_s, rel=1e-3)

    def test_nothing_is_hidden(self):
        """All of the probability lies between the edges."""
        found = fit(exact(100, 120, 150))
        assert (found.jobs, found.censored, found.from_s, found.cap_s) == (3, 0, None, None)
        assert found.survival(99) == 1.0
        assert found.survival(110) == pytest.approx(2 / 3)
        assert found.survival(1000) == pytest.approx(0.0, abs=1e-12)


class TestProperties:
    @given(polled())
    def test_the_distribution_function_rises_from_0_to_at_most_1(self, jobs: list[Interval]):
        """The steps for drawing fall, and are what `survival` says at their times."""
        found = fit(jobs)
        shares = [share for _, share in found.steps()]
        assert shares == sorted(shares, reverse=True)
        assert all(0 <= share <= 1 for share in shares)
        assert [time_s for time_s, _ in found.steps()] == sorted(found.edges_s)
        for time_s, share in found.steps()[1:-1:7]:
            assert found.survival(time_s) == pytest.approx(share, abs=1e-9)

    @given(polled(), st.sampled_from([0.1, 0.5, 0.9]))
    def test_a_quantile_lies_within_what_was_seen(self, jobs: list[Interval], p: float):
        """Between the first look at any job and the last end."""
        value = fit(jobs).quantile(p)
        ends = [job.high_s for job in jobs if job.high_s is not None]
        if value is not None:
            assert min(job.low_s for job in jobs) * (1 - STEP) <= value
            assert value <= max([*ends, *(job.low_s for job in jobs)]) * (1 + STEP)

    @given(polled(), st.sampled_from([0.001, 60.0, 1000.0]))
    def test_the_unit_of_time_does_not_matter(self, jobs: list[Interval], factor: float):
        """Jobs `factor` times as long have quantiles `factor` times as long."""
        scaled = [
            Interval(low_s=job.low_s * factor, high_s=None if job.high_s is None else job.high_s * factor)
            for job in jobs
        ]
        value, other = fit(jobs).quantile(0.3), fit(scaled).quantile(0.3)
        if value is None or other is None:
            assert value == other
        else:
            assert other == pytest.approx(value * factor, rel=STEP)

    @given(polled())
    def test_order_does_not_matter(self, jobs: list[Interval]):
        """Nor does having seen each job twice."""
        first, second = fit(jobs), fit([*reversed(jobs), *jobs])
        assert np.allclose(first.cdf, second.cdf, atol=1e-6)

    @given(st.lists(TIMES, min_size=1, max_size=30))
    def test_nothing_is_said_where_no_job_was_seen_to_end(self, lows_s: list[float]):
        """All quantiles lie beyond the last time at which one was given up."""
        found = fit([Interval(low_s=low_s, high_s=None) for low_s in lows_s])
        assert [found.quantile(p) for p in (0.01, 0.5, 0.99)] == [None, None, None]
        assert (found.cap_s, found.censored, found.steps()) == (max(lows_s), len(lows_s), ())
        assert found.survival(max(lows_s) / 2) == 1.0


class TestIntervals:
    @pytest.mark.parametrize("phase_s", [0.0, 4.0, 7.5, 11.0])
    @pytest.mark.parametrize("sigma", [0.1, 0.25, 0.5])
    def test_a_fixed_grid_shifts_no_median(self, phase_s: float, sigma: float):
        """Neither to the ends of its cells nor to their middles."""
        quantile = np.linspace(0.0005, 0.9995, 1000)
        times_s = np.quantile(drawn(20_000, sigma), quantile).tolist()
        found = fit(on_grid(times_s, 15.0, phase_s)).quantile(0.5)
        assert found == pytest.approx(float(np.median(times_s)), rel=0.005)

    def test_the_end_of_jobs_that_nobody_looked_at_earlier_is_not_known(self):
        """All that ended by the first look at any of them have no time of their own."""
        found = fit([Interval(low_s=0, high_s=high_s) for high_s in (60, 70, 80)])
        assert (found.quantile(0.5), found.from_s, found.cap_s) == (None, 60.0, None)
        assert found.survival(30) == 1.0

    def test_what_is_hidden_at_the_beginning_leaves_the_rest(self):
        """A job that had ended at the first look does not hide a median beyond it."""
        jobs = [Interval(low_s=0, high_s=60), *exact(100, 110, 120)]
        found = fit(jobs)
        assert found.from_s == 60.0
        assert (found.quantile(0.2), found.quantile(0.6)) == (None, pytest.approx(110, rel=STEP))

    def test_a_wide_interval_takes_the_shape_of_the_others(self):
        """A job known to have ended before 300 s ended where jobs end."""
        found = fit([*exact(*drawn(50)), Interval(low_s=0, high_s=300)])
        assert found.from_s is None
        assert found.quantile(0.5) == pytest.approx(fit(exact(*drawn(50))).quantile(0.5), rel=STEP)


class TestTimeOuts:
    def test_the_median_does_not_move_when_the_slowest_are_given_up(self):
        """They count as slower, at whatever time they would have ended."""
        jobs = on_grid(drawn(200, 0.5), 10.0)
        all_of_them, capped = fit(jobs), fit(given_up(jobs, 300.0))
        assert capped.quantile(0.5) == pytest.approx(all_of_them.quantile(0.5), rel=0.002)
        assert capped.censored == sum(job.high_s is not None and job.high_s > 300 for job in jobs) > 0

    def test_what_lies_beyond_the_cap_is_said_to(self):
        """Of 30 jobs given up out of 100, the p90 is not known; the p60 is."""
        found = fit([*exact(*range(100, 170)), *[Interval(low_s=300, high_s=None)] * 30])
        assert (found.quantile(0.9), found.cap_s) == (None, 300.0)
        assert found.quantile(0.6) == pytest.approx(160, rel=0.02)
        assert found.survival(299) == pytest.approx(0.3)

    def test_an_end_just_beyond_the_cap_does_not_carry_all_that_were_given_up(self):
        """The last look at one job came a moment later than at others: it does not tell how they end."""
        jobs = [*exact(*range(100, 170)), *[Interval(low_s=299.9, high_s=None)] * 30]
        found = fit([*jobs, Interval(low_s=290, high_s=300.1), Interval(low_s=299.95, high_s=300.2)])
        assert (found.quantile(0.9), found.cap_s) == (None, 299.9)

    def test_the_answers_to_the_last_looks_come_after_the_cap(self):
        """A job that was found ended then has ended, and counts as that."""
        times_s = np.quantile(drawn(20_000, 0.5), np.linspace(0.0025, 0.9975, 200))
        looks_s = times_s // 20 * 20
        jobs = [
            Interval(low_s=min(look_s, 300.0), high_s=None if time_s > 300 else look_s + 20.2)
            for time_s, look_s in zip(times_s.tolist(), looks_s.tolist(), strict=True)
        ]
        assert any(job.low_s < 300 and job.high_s == 300.2 for job in jobs)
        found = fit(jobs)
        assert found.cap_s == 300.0
        assert found.survival(300) == pytest.approx(float(np.mean(times_s > 300)), abs=0.002)

    def test_one_job_given_up_early_hides_nothing(self):
        """It counts as one of those that were seen to end later."""
        found = fit([Interval(low_s=50, high_s=None), *exact(*range(100, 120))])
        assert found.cap_s is None
        assert found.quantile(0.95) == pytest.approx(118, rel=0.02)


class TestOracles:
    @pytest.mark.parametrize("seed", range(5))
    def test_right_censored_data_have_the_kaplan_meier_curve(self, seed: int):
        """Between the times of two jobs, up to the last time at which one was given up."""
        rng = np.random.default_rng(seed)
        ended = rng.random(60) < 0.8
        times_s = 100 * 1.06 ** (rng.integers(0, 40, 60) + np.where(ended, 0.0, 0.5))
        jobs = [
            Interval(low_s=time_s, high_s=time_s if seen else None)
            for time_s, seen in zip(times_s.tolist(), ended.tolist(), strict=True)
        ]
        oracle = KaplanMeierFitter().fit(times_s, ended)
        between_s = 100 * 1.06 ** (np.arange(0, 40) + 0.25)
        between_s = between_s[between_s < times_s[~ended].max()]
        found = fit(jobs)
        assert len(between_s) > 20
        expected = oracle.predict(between_s).tolist()
        assert [found.survival(time_s) for time_s in between_s] == pytest.approx(expected, abs=0.002)

    @pytest.mark.parametrize("seed", range(5))
    def test_interval_censored_data_have_turnbulls_curve(self, seed: int):
        """Without smoothing, at the ends of the cells in which the likelihood has its mass."""
        rng = np.random.default_rng(seed)
        times_s = np.array(drawn(80, seed=seed))
        lows_s = 10 * np.floor(times_s / 10 - rng.integers(0, 3, 80))
        highs_s = lows_s + 30
        jobs = [Interval(low_s=low, high_s=high) for low, high in zip(lows_s, highs_s, strict=True)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the oracle's intervals hold both of their ends, ours the upper
            oracle = KaplanMeierFitter().fit_interval_censoring(lows_s + 0.001, highs_s, tol=1e-7)
        cells = replace(cells_of(jobs), smoothing_cells=0.0)
        cdf = cumulated(ems(cells, np.ones((1, 80)), turns=3000))[0]
        ends_s = np.unique(highs_s)
        found = 1 - np.interp(np.log(ends_s), np.log(cells.edges_s), cdf)
        expected = oracle.survival_function_["NPMLE_estimate_lower"]
        assert found == pytest.approx(np.interp(ends_s, expected.index, expected), abs=0.01)

    def test_smoothing_keeps_near_turnbulls_median(self):
        """It fills in what the polls left open, and moves nothing else."""
        jobs = on_grid(drawn(200), 15.0, 4.0)
        plain = replace(cells_of(jobs), smoothing_cells=0.0)
        cdf = cumulated(ems(plain, np.ones((1, 200))))
        rough = float(quantiles(cdf, plain.edges_s, 0.5)[0])
        assert fit(jobs).quantile(0.5) == pytest.approx(rough, rel=0.01)


class TestInput:
    def test_there_must_be_a_job(self):
        """No data is no estimate, never 0."""
        with pytest.raises(ValueError, match="no durations") as caught:
            fit([])
        assert str(caught.value) == "no durations to estimate from"

    @pytest.mark.parametrize("p", [0, 1, -0.5, 95])
    def test_a_share_is_between_0_and_1(self, p: float):
        """95 is not 0.95."""
        with pytest.raises(ValueError, match="share") as caught:
            fit(exact(1, 2)).quantile(p)
        assert str(caught.value) == f"the share of a quantile lies between 0 and 1, not at {p}"

    def test_a_job_that_took_no_time_is_one(self):
        """It had ended before anything was looked at."""
        found = fit(exact(0, 0, 0, 100))
        assert (found.quantile(0.5), found.from_s) == (None, 100.0)
        assert fit(exact(0)).quantile(0.5) is None
