"""Shares and rates with their intervals."""

from __future__ import annotations

import random
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.stats.interval import Interval
from harness.stats.rates import Within, design_effect, poisson_rate, share_within, wilson

counts = st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


class TestWilson:
    @pytest.mark.parametrize(
        ("successes", "trials", "low", "high"),
        [
            (81, 263, 0.2553, 0.3662),  # Newcombe, Statistics in Medicine 17, 1998, table I, method 3
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_the_published_examples(self, successes: int, trials: int, low: float, high: float):
        """To the four places that are printed."""
        assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)

    @given(counts)
    def test_it_lies_within_0_and_1_and_covers_the_share(self, count: tuple[int, int]):
        """For every count."""
        successes, trials = count
        low, high = wilson(successes, trials)
        assert 0 <= low <= successes / trials <= high <= 1

    @given(counts)
    def test_failures_mirror_successes(self, count: tuple[int, int]):
        """What holds of the one holds of the other."""
        successes, trials = count
        low, high = wilson(successes, trials)
        assert wilson(trials - successes, trials) == pytest.approx((1 - high, 1 - low), abs=1e-12)

    @given(counts)
    def test_its_ends_are_where_the_score_test_ceases_to_reject(self, count: tuple[int, int]):
        """That is what defines it: (share - p)^2 = z^2 p (1 - p) / n."""
        successes, trials = count
        for end in wilson(successes, trials):
            if 0 < end < 1:
                score = abs(successes / trials - end) / sqrt(end * (1 - end) / trials)
                assert score == pytest.approx(1.959964, rel=1e-4)

    def test_without_trials_nothing_is_known(self):
        """The share may be anything."""
        assert wilson(0, 0) == (0.0, 1.0)

    @pytest.mark.parametrize("successes", [-1, 4])
    def test_impossible_counts_are_refused(self, successes: int):
        """They are a fault of the program."""
        with pytest.raises(ValueError, match=f"{successes} successes of 3 trials"):
            wilson(successes, 3)


class TestDesignEffect:
    def test_groups_that_are_all_or_nothing_count_as_one_trial_each(self):
        """But for the one that the mean takes: 10 groups of 10 are 9 trials."""
        groups = [(10, 10)] * 5 + [(0, 10)] * 5
        assert 100 / design_effect(groups) == pytest.approx(9)

    def test_groups_that_are_alike_change_nothing(self):
        """Nor do those that are more alike than chance would have them."""
        assert design_effect([(9, 10)] * 10) == 1.0

    @pytest.mark.parametrize("groups", [[], [(10, 10), (0, 10)], [(5, 5)] * 9, [(0, 5)] * 9, [(0, 0)] * 9])
    def test_where_nothing_can_be_told_it_is_1(self, groups: list[tuple[float, int]]):
        """Few groups, or a share of 0 or 1."""
        assert design_effect(groups) == 1.0

    def test_of_independent_trials_it_is_about_1(self):
        """Its mean over many draws, never below."""
        rng = random.Random(3)
        found = [
            design_effect([(sum(rng.random() < 0.8 for _ in range(10)), 10) for _ in range(30)])
            for _ in range(200)
        ]
        assert 1 <= sum(found) / 200 < 1.2


class TestWithin:
    JOBS = (
        Interval(low_s=90, high_s=100),  # in time, just
        Interval(low_s=95, high_s=105),  # who knows
        Interval(low_s=100, high_s=110),  # later than 100
        Interval(low_s=100, high_s=100),  # exactly then: in time
        Interval(low_s=50, high_s=None),  # given up before
        Interval(low_s=300, high_s=None),
    )

    def test_a_job_that_straddles_the_bound_is_neither_in_time_nor_late(self):
        """It is counted apart."""
        assert share_within(self.JOBS, 100) == Within(surely=2, perhaps=2, jobs=6)

    def test_the_interval_holds_whichever_way_they_went(self):
        """From none of them in time to all of them."""
        assert share_within(self.JOBS, 100).interval() == (wilson(2, 6)[0], wilson(4, 6)[1])

    @given(st.lists(st.floats(1, 400), min_size=1), st.floats(1, 60), st.floats(1, 400))
    def test_the_true_count_is_always_between(self, times_s: list[float], step_s: float, bound_s: float):
        """Whatever the grid of the polls."""
        jobs = [Interval(low_s=(k := t // step_s) * step_s, high_s=(k + 1) * step_s) for t in times_s]
        jobs = [
            Interval(low_s=min(job.low_s, t), high_s=max(job.high_s or t, t))
            for job, t in zip(jobs, times_s, strict=True)
        ]
        found = share_within(jobs, bound_s)
        true = sum(time_s <= bound_s for time_s in times_s)
        assert found.surely <= true
        assert true <= found.surely + found.perhaps or any(
            job.low_s == bound_s == time_s for job, time_s in zip(jobs, times_s, strict=True)
        )


class TestPoissonRate:
    @given(st.integers(0, 400), st.floats(0.01, 100))
    def test_it_is_the_exact_interval(self, events: int, exposure: float):
        """As the quantiles of chi-squared give it."""
        from scipy.stats import chi2

        low, high = poisson_rate(events, exposure)
        expected = 0.0 if events == 0 else float(chi2.ppf(0.025, 2 * events)) / 2
        assert low * exposure == pytest.approx(expected, rel=1e-6)
        assert high * exposure == pytest.approx(float(chi2.ppf(0.975, 2 * events + 2)) / 2, rel=1e-6)

    @pytest.mark.parametrize(("events", "exposure"), [(-1, 1.0), (1, 0.0)])
    def test_what_has_no_rate(self, events: int, exposure: float):
        """Events that were never counted, or time that never passed."""
        with pytest.raises(ValueError, match=rf"\A{events} events in {exposure:g}\Z"):
            poisson_rate(events, exposure)
