"""Two paired, censored samples: their ratio, its interval, and the test."""

from __future__ import annotations

from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.stats.compare import Pair, PairedRatio, _signs, compare_pairs, flip_test, holm
from harness.stats.interval import Interval

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def observed(times_s: np.ndarray, step_s: float, phases: np.ndarray) -> list[Interval]:
    """Between the last poll before and the first one after."""
    return [
        Interval(low_s=max(0.0, phase + k * step_s), high_s=phase + (k + 1) * step_s)
        for time_s, phase in zip(times_s.tolist(), phases.tolist(), strict=True)
        for k in [(time_s - phase) // step_s]
    ]


def drawn(  # a paired experiment
    seed: int,
    n: int,
    *,
    factor: float = 1.0,
    sigma: float = 0.2,
    steps: tuple[float, float] = (15.0, 5.0),
    cap_s: float | None = None,
) -> list[Pair]:
    rng = np.random.default_rng(seed)
    sides = []
    for scale, step_s in zip((factor, 1.0), steps, strict=True):
        times = 150 * scale * np.exp(rng.normal(0, sigma, n))
        jobs = observed(times, step_s, rng.random(n) * step_s)
        if cap_s is not None:
            jobs = [job if (job.high_s or 0) <= cap_s else Interval(low_s=cap_s, high_s=None) for job in jobs]
        sides.append(jobs)
    return [Pair(first=one, second=other, unit=k) for k, (one, other) in enumerate(zip(*sides, strict=True))]


def swapped(pairs: list[Pair]) -> list[Pair]:
    return [Pair(first=pair.second, second=pair.first, unit=pair.unit) for pair in pairs]


def scaled(job: Interval, by: float) -> Interval:
    return Interval(low_s=job.low_s * by, high_s=None if job.high_s is None else job.high_s * by)


def ends(found: PairedRatio) -> tuple[float, float, float]:
    assert found.low is not None
    assert found.ratio is not None
    assert found.high is not None
    return found.low, found.ratio, found.high


class TestFlips:
    def test_the_p_value_is_exact_for_few_units(self):
        """All 2^8 patterns of signs, counted by hand."""
        values = [0.4, -0.1, 0.7, 0.2, 0.9, -0.3, 0.5, 0.6]
        sums = [
            abs(sum(sign * value for sign, value in zip(signs, values, strict=True)))
            for signs in product((1, -1), repeat=8)
        ]
        assert flip_test(values) == sum(each >= abs(sum(values)) - 1e-12 for each in sums) / 256

    @pytest.mark.parametrize(("units", "p_value"), [(1, 1.0), (5, 1 / 16), (6, 1 / 32), (13, 2 / 2**13)])
    def test_the_smallest_p_value_is_that_of_the_number_of_units(self, units: int, p_value: float):
        """Fewer than 6 units can never be rarer than 1 in 20."""
        assert flip_test([1.0] * units) == p_value

    def test_of_many_units_some_patterns_are_tried(self):
        """Never 0: the one that was observed is among the 4,096."""
        assert flip_test([1.0] * 40) == 1 / 4096

    @pytest.mark.parametrize("units", [14, 25, 200])
    def test_the_patterns_make_a_group(self, units: int):
        """So one data set under each of them has the p-values of a fair lottery: no level is exceeded."""
        values = np.random.default_rng(units).normal(0.2, 1, units)
        signs = _signs(units)
        assert np.unique(signs, axis=0).shape == (4096, units)
        assert np.abs(signs.T @ signs - 4096 * np.eye(units)).max() == 0  # any two units flip independently
        found = np.array([flip_test(values * pattern) for pattern in signs[::16]])
        assert all(np.mean(found <= level) <= level + 0.02 for level in (0.01, 0.05, 0.2))
        assert (signs[3] * signs[77]).tolist() in signs.tolist()

    def test_a_sum_of_nothing_is_no_evidence(self):
        """Nor are ties that rounding breaks."""
        assert flip_test([0.0] * 20) == 1.0
        assert flip_test([0.1, 0.2, -0.3] * 5) == 1.0

    @given(st.lists(st.floats(-5, 5), min_size=1, max_size=13))
    def test_the_other_direction_is_as_likely(self, values: list[float]):
        """The test has two sides."""
        assert flip_test(values) == flip_test([-value for value in values])

    def test_it_is_close_to_scipys(self):
        """The permutation test of paired samples, where scipy is there."""
        stats = pytest.importorskip("scipy.stats", reason="scipy is an oracle of this test alone")
        values = np.random.default_rng(3).normal(0.3, 1, 12)
        found = stats.permutation_test((values,), np.sum, permutation_type="samples", n_resamples=np.inf)
        assert flip_test(values) == pytest.approx(found.pvalue, abs=1e-9)


class TestHolm:
    def test_an_example_by_hand(self):
        """0.01 x 4, 0.02 x 3, then never below what came before."""
        assert holm([0.02, 0.01, 0.03, 0.9]) == pytest.approx((0.06, 0.04, 0.06, 0.9))

    @given(p_values)
    def test_it_is_never_below_the_raw_value_nor_above_1(self, raw: list[float]):
        """Nor above Bonferroni's."""
        for before, after in zip(raw, holm(raw), strict=True):
            assert before <= after <= min(1.0, before * len(raw))

    @given(p_values)
    def test_it_keeps_the_order(self, raw: list[float]):
        """What was no larger stays no larger, wherever it stands."""
        adjusted = holm(raw)
        for a, b in product(range(len(raw)), repeat=2):
            if raw[a] <= raw[b]:
                assert adjusted[a] <= adjusted[b]

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
    def test_it_is_the_closure_of_bonferronis(self, raw: list[float]):
        """The largest Bonferroni value of any set of hypotheses that the pair is in."""
        places = range(len(raw))
        sets = [[k for k in places if chosen[k]] for chosen in product((False, True), repeat=len(raw))]
        for k, adjusted in enumerate(holm(raw)):
            closed = max(len(each) * min(raw[j] for j in each) for each in sets if k in each)
            assert adjusted == pytest.approx(min(1.0, closed))

    def test_nothing_stays_nothing(self):
        """A run of one provider has no pairs."""
        assert holm([]) == ()


class TestProperties:
    @settings(max_examples=15, deadline=None)
    @given(
        st.integers(0, 10**6), st.integers(8, 40), st.sampled_from([0.1, 0.3]), st.sampled_from([None, 160.0])
    )
    def test_exchanging_the_providers_inverts_the_ratio(
        self, seed: int, n: int, sigma: float, cap_s: float | None
    ):
        """And nothing else changes."""
        pairs = drawn(seed, n, factor=1.1, sigma=sigma, cap_s=cap_s)
        one, other = compare_pairs(pairs), compare_pairs(swapped(pairs))
        assert one.p_value == other.p_value
        for value, mirror in ((one.ratio, other.ratio), (one.low, other.high), (one.high, other.low)):
            assert (value is None) == (mirror is None)
            if value is not None and mirror is not None:
                assert value * mirror == pytest.approx(1, rel=1e-6)
        if one.median_ratio is not None and other.median_ratio is not None:
            assert one.median_ratio * other.median_ratio == pytest.approx(1, rel=1e-9)

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10**6), st.floats(0.01, 100), st.sampled_from([None, 160.0]))
    def test_another_unit_of_time_leaves_all_as_it_is(self, seed: int, by: float, cap_s: float | None):
        """Seconds, minutes, or a scaled clock."""
        pairs = drawn(seed, 20, cap_s=cap_s)
        other = [
            Pair(first=scaled(pair.first, by), second=scaled(pair.second, by), unit=pair.unit)
            for pair in pairs
        ]
        one, same = compare_pairs(pairs), compare_pairs(other)
        assert same.p_value == pytest.approx(one.p_value, abs=0.02)
        assert (one.ratio is None) == (same.ratio is None)
        if one.ratio is not None:
            assert same.ratio == pytest.approx(one.ratio, rel=5e-3)

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10**6), st.floats(0.5, 2))
    def test_slowing_one_provider_down_multiplies_the_ratio(self, seed: int, by: float):
        """Whatever it was before."""
        pairs = drawn(seed, 20)
        slower = [Pair(first=scaled(pair.first, by), second=pair.second, unit=pair.unit) for pair in pairs]
        assert ends(compare_pairs(slower)) == pytest.approx(
            [by * end for end in ends(compare_pairs(pairs))], rel=5e-3
        )

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10**6), st.sampled_from([0.8, 0.95, 1.0, 1.1, 1.3]), st.sampled_from([0.05, 0.003]))
    def test_the_interval_and_the_p_value_say_one_thing(self, seed: int, factor: float, level: float):
        """1 is outside of the interval just where the p-value is at most the level."""
        found = compare_pairs(drawn(seed, 25, factor=factor), level=level)
        low, ratio, high = ends(found)
        assert low <= ratio <= high
        assert (found.p_value <= level) == (not low < 1 < high)


class TestKnownCases:
    @pytest.mark.parametrize("factor", [0.5, 0.87, 1.0, 1.3, 3.0])
    def test_times_that_differ_by_a_factor_alone(self, factor: float):
        """Exact observation of the same jobs, some times slower: the factor, whatever the noise."""
        times = [100 * exp(0.3 * k / 10) for k in range(-10, 11)]
        pairs = [
            Pair(
                first=Interval(low_s=factor * t, high_s=factor * t),
                second=Interval(low_s=t, high_s=t),
                unit=k,
            )
            for k, t in enumerate(times)
        ]
        found = compare_pairs(pairs)
        assert found.ratio == pytest.approx(factor, rel=0.01)
        assert found.median_ratio == pytest.approx(factor, rel=0.01)

    def test_polling_less_often_makes_nobody_slower(self):
        """10 times 100 pairs of equal providers, 30 s against 1 s: naive times are 8 % apart or more."""
        naive, found = [], []
        for seed in range(10):
            pairs = drawn(seed, 100, sigma=0.25, steps=(30.0, 1.0))
            naive += [log((pair.first.high_s or 0) / (pair.second.high_s or 0)) for pair in pairs]
            found.append(log(ends(compare_pairs(pairs))[1]))
        assert np.mean(naive) > 0.08
        assert np.mean(found) == pytest.approx(0, abs=0.03)  # three standard errors

    def test_jobs_that_were_given_up_count_as_slow(self):
        """Were they dropped, the first provider would be the faster one."""
        rng = np.random.default_rng(8)
        quick = 140 * np.exp(rng.normal(0, 0.1, 60))
        second = 150 * np.exp(rng.normal(0, 0.1, 60))
        first = np.where(rng.random(60) < 0.6, 400.0, quick)
        sides = [
            [
                Interval(low_s=300.0, high_s=None) if t > 300 else Interval(low_s=t, high_s=t)
                for t in times.tolist()
            ]
            for times in (first, second)
        ]
        pairs = [Pair(first=a, second=b, unit=k) for k, (a, b) in enumerate(zip(*sides, strict=True))]
        found = compare_pairs(pairs)
        assert found.p_value < 0.05
        assert found.low is not None
        assert found.low > 1
        assert found.median_ratio is None  # more than half of the first are beyond what was seen

    def test_where_all_were_given_up_nothing_is_known(self):
        """No ratio, no interval, no evidence."""
        gone = Interval(low_s=300.0, high_s=None)
        found = compare_pairs([Pair(first=gone, second=gone, unit=k) for k in range(20)])
        assert (found.ratio, found.low, found.high, found.p_value, found.median_ratio) == (
            None,
            None,
            None,
            1.0,
            None,
        )

    def test_jobs_that_were_done_at_the_first_look_are_no_evidence_either(self):
        """Both ended within the first 60 s: which was faster, nobody saw."""
        done = Interval(low_s=0.0, high_s=60.0)
        pairs = [Pair(first=done, second=done, unit=k) for k in range(20)]
        assert compare_pairs(pairs).p_value == 1.0

    def test_the_night_is_the_unit(self):
        """One night of many pairs has one sign, however clear the difference is."""
        pairs = [
            Pair(first=pair.first, second=pair.second, unit="night") for pair in drawn(1, 50, factor=2.0)
        ]
        found = compare_pairs(pairs)
        assert (found.units, found.p_value, found.low, found.high) == (1, 1.0, None, None)
        assert found.ratio == pytest.approx(2, rel=0.1)

    def test_a_stricter_level_widens_the_interval(self):
        """That of an early look."""
        pairs = drawn(2, 40)
        usual, strict = ends(compare_pairs(pairs)), ends(compare_pairs(pairs, level=0.003))
        assert strict[0] < usual[0] < usual[1] < usual[2] < strict[2]

    def test_it_needs_pairs(self):
        """A fault of the program."""
        with pytest.raises(ValueError, match="no pairs to compare"):
            compare_pairs([])


def test_equal_providers_are_seldom_told_apart():
    """Polled at 15 s and 5 s: 5 % of 300 runs, give or take; perf/false_winners.py has the large table."""
    found = sum(compare_pairs(drawn(seed, 30, sigma=0.1)).p_value <= 0.05 for seed in range(300))
    assert found <= 27  # of a binomial of 5 %, 1 in 1,000 is beyond
