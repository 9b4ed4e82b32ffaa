"""Intervals of the median, and what they say of a documented estimate."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from math import ceil, comb, exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.stats.estimate import EstimateVerdict, MedianInterval, judge_estimate, median_interval
from harness.stats.interval import Interval

CONSISTENT, FASTER, SLOWER = EstimateVerdict.CONSISTENT, EstimateVerdict.FASTER, EstimateVerdict.SLOWER
INSUFFICIENT, UNDOCUMENTED = EstimateVerdict.INSUFFICIENT, EstimateVerdict.UNDOCUMENTED


def exact(*times_s: float) -> list[Interval]:
    """Jobs whose times are known to the moment."""
    return [Interval(low_s=time_s, high_s=time_s) for time_s in times_s]


def median(low_s: float, high_s: float | None) -> MedianInterval:
    return MedianInterval(low_s=low_s, high_s=high_s, jobs=10, coverage=0.97)


class TestInterval:
    @pytest.mark.parametrize(("low_s", "high_s"), [(0, 0), (0, None), (5, 5), (5, 6)])
    def test_it_has_two_ends_in_order(self, low_s: float, high_s: float | None):
        """They may meet, and the upper one may not be known."""
        assert Interval(low_s=low_s, high_s=high_s).low_s == low_s

    @pytest.mark.parametrize(
        ("low_s", "high_s", "message"),
        [
            (-1, 5, "not an interval: (-1, 5]"),
            (5, 4, "not an interval: (5, 4]"),
            (-1, None, "not an interval: (-1, None]"),
        ],
    )
    def test_what_cannot_be_is_refused(self, low_s: float, high_s: float | None, message: str):
        """A program that makes one is wrong."""
        with pytest.raises(ValueError, match="not an interval") as caught:
            Interval(low_s=low_s, high_s=high_s)
        assert str(caught.value) == message


class TestRank:
    # Ranks of the sign-test interval of the median at 95 %, as printed in tables of non-parametric
    # statistics, with the coverage to four places.
    TABLE = (
        (6, 1, 0.9688),
        (7, 1, 0.9844),
        (8, 1, 0.9922),
        (9, 2, 0.9609),
        (10, 2, 0.9785),
        (15, 4, 0.9648),
        (20, 6, 0.9586),
        (25, 8, 0.9567),
        (50, 18, 0.9672),
    )

    @pytest.mark.parametrize(("n", "rank", "coverage"), TABLE)
    def test_it_takes_the_order_statistics_of_the_tables(self, n: int, rank: int, coverage: float):
        """The k-th from below and the k-th from above."""
        found = median_interval(exact(*range(1, n + 1)))
        assert found is not None
        assert (found.low_s, found.high_s, found.jobs) == (rank, n + 1 - rank, n)
        assert found.coverage == pytest.approx(coverage, abs=5e-5)

    @pytest.mark.parametrize("n", range(6))
    def test_fewer_than_six_jobs_have_no_interval(self, n: int):
        """Even from the shortest to the longest they do not cover the median with 95 %."""
        assert median_interval(exact(*range(n))) is None

    def test_less_confidence_needs_fewer_jobs(self):
        """Five cover 93.75 %."""
        found = median_interval(exact(3, 1, 2, 5, 4), confidence=0.9)
        assert found == MedianInterval(low_s=1, high_s=5, jobs=5, coverage=0.9375)

    @pytest.mark.parametrize("n", range(1, 15))
    @pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
    def test_it_is_what_counting_every_outcome_gives(self, n: int, confidence: float):
        """Each job is as likely above the true median as below: 2 to the n outcomes, counted one by one."""
        below = [sum(outcome) for outcome in product((0, 1), repeat=n)]

        def coverage(k: int) -> float:
            """The share of outcomes in which the k-th from below and from above enclose the median."""
            return sum(k <= count <= n - k for count in below) / len(below)

        usable = [k for k in range(1, n // 2 + 1) if coverage(k) >= confidence]
        found = median_interval(exact(*range(1, n + 1)), confidence)
        if not usable:
            assert found is None
            return
        assert found is not None
        assert (found.low_s, found.high_s) == (max(usable), n + 1 - max(usable))
        assert found.coverage == pytest.approx(coverage(max(usable)), abs=1e-12)

    @given(st.integers(6, 400))
    def test_one_rank_further_in_would_not_cover(self, n: int):
        """The interval is as narrow as its confidence allows."""
        found = median_interval(exact(*range(1, n + 1)))
        assert found is not None
        rank = int(found.low_s)

        def coverage(k: int) -> float:
            return sum(comb(n, i) for i in range(k, n - k + 1)) / 2**n

        assert coverage(rank) >= 0.95
        assert coverage(rank) == pytest.approx(found.coverage, rel=1e-12)
        assert rank == n // 2 or coverage(rank + 1) < 0.95

    def test_thousands_of_jobs_are_no_trouble(self):
        """The coverage is a ratio of whole numbers of thousands of digits."""
        found = median_interval(exact(*range(5000)))
        assert found is not None
        assert 0.95 <= found.coverage < 0.955


class TestCensoring:
    def test_the_ends_are_taken_from_the_ends_of_the_jobs(self):
        """The lower one among the lower ends, the upper one among the upper ends."""
        jobs = [Interval(low_s=low, high_s=low + 15) for low in (60, 10, 50, 20, 40, 30)]
        assert median_interval(jobs) == MedianInterval(low_s=10, high_s=75, jobs=6, coverage=0.96875)

    def test_a_job_that_did_not_end_leaves_the_upper_end_open(self):
        """Where it is among those that bound it."""
        jobs = [*exact(1, 2, 3, 4, 5), Interval(low_s=600, high_s=None)]
        found = median_interval(jobs)
        assert found is not None
        assert (found.low_s, found.high_s) == (1, None)

    def test_a_few_jobs_that_did_not_end_do_not_if_there_are_enough_others(self):
        """They are counted as longest, not dropped."""
        jobs = [*exact(*range(1, 10)), Interval(low_s=600, high_s=None)]
        found = median_interval(jobs)
        assert found is not None
        assert (found.low_s, found.high_s, found.jobs) == (2, 9, 10)

    def test_jobs_none_of_which_ended_bound_it_from_below(self):
        """That is something."""
        found = median_interval([Interval(low_s=low, high_s=None) for low in range(100, 110)])
        assert found is not None
        assert (found.low_s, found.high_s) == (101, None)

    @given(
        st.lists(
            st.tuples(st.floats(0, 1000), st.one_of(st.none(), st.floats(0, 100))), min_size=6, max_size=30
        )
    )
    def test_it_encloses_what_exact_times_would_have_given(self, drawn: list[tuple[float, float | None]]):
        """Not knowing the moment makes the interval wider, never wrong."""
        jobs = [Interval(low_s=low, high_s=None if width is None else low + width) for low, width in drawn]
        times_s = [low + (width if width is not None else 5000) for low, width in drawn]
        wide, narrow = median_interval(jobs), median_interval(exact(*times_s))
        assert wide is not None
        assert narrow is not None
        assert narrow.high_s is not None
        assert wide.low_s <= narrow.low_s
        assert wide.high_s is None or narrow.high_s <= wide.high_s

    @given(st.permutations(list(range(12))))
    def test_the_order_of_the_jobs_makes_no_difference(self, order: list[int]):
        """They are sorted here."""
        jobs = [Interval(low_s=i, high_s=i + 1) for i in order]
        assert median_interval(jobs) == median_interval(sorted(jobs, key=lambda job: job.low_s))


def simulated(clock: random.Random, n: int, cadence_s: float) -> list[Interval]:
    """Jobs of about 150 s, lognormal with sigma 0.25, seen through polls at a fixed cadence."""
    jobs = []
    for _ in range(n):
        time_s = exp(clock.gauss(log(150), 0.25))
        phase_s = clock.uniform(0, cadence_s)
        polls = max(0, ceil((time_s - phase_s) / cadence_s))
        low_s = phase_s + (polls - 1) * cadence_s if polls else 0.0
        jobs.append(Interval(low_s=max(0.0, low_s), high_s=phase_s + polls * cadence_s))
    return jobs


@pytest.mark.parametrize(("n", "cadence_s"), [(6, 15.0), (10, 15.0), (20, 5.0), (50, 15.0)])
def test_it_covers_the_true_median_as_often_as_it_says(n: int, cadence_s: float):
    """2,000 simulated series: at least 95 % of the intervals hold the true median, 150 s."""
    clock = random.Random(f"{n} jobs every {cadence_s} s")
    held = 0
    for _ in range(2000):
        found = median_interval(simulated(clock, n, cadence_s))
        assert found is not None
        assert found.high_s is not None
        held += found.low_s < 150 <= found.high_s
    assert held / 2000 >= 0.95


# The estimate, what was measured (margin 20 %), and the verdict.
VERDICTS: Sequence[tuple[str, tuple[float, float | None] | None, MedianInterval | None, EstimateVerdict]] = (
    ("inside", (150, 150), median(140, 160), CONSISTENT),
    ("as wide as the margin", (150, 150), median(120, 180), CONSISTENT),
    ("a little wider than the margin below", (150, 150), median(119.9, 180), INSUFFICIENT),
    ("a little wider than the margin above", (150, 150), median(120, 180.1), INSUFFICIENT),
    ("all of it below", (150, 150), median(60, 110), FASTER),
    ("up to the margin and no further", (150, 150), median(60, 120), FASTER),
    ("below and inside", (150, 150), median(60, 130), INSUFFICIENT),
    ("all of it above", (150, 150), median(200, 300), SLOWER),
    ("from the margin on", (150, 150), median(180, 300), SLOWER),
    ("inside and above", (150, 150), median(170, 300), INSUFFICIENT),
    ("on both sides", (150, 150), median(10, 900), INSUFFICIENT),
    ("exactly at the lower margin", (150, 150), median(120, 120), CONSISTENT),
    ("exactly at the upper margin", (150, 150), median(180, 180), CONSISTENT),
    ("inside a range", (60, 300), median(100, 200), CONSISTENT),
    ("inside a widened range", (60, 300), median(48, 360), CONSISTENT),
    ("below a range", (60, 300), median(10, 40), FASTER),
    ("above a range", (60, 300), median(400, 500), SLOWER),
    ("inside an open range", (60, None), median(100, 5000), CONSISTENT),
    ("below an open range", (60, None), median(10, 40), FASTER),
    ("nothing is above an open range", (60, None), median(10_000, 20_000), CONSISTENT),
    ("across the start of an open range", (60, None), median(10, 100), INSUFFICIENT),
    ("censored, inside so far", (150, 150), median(140, None), INSUFFICIENT),
    ("censored, below so far", (150, 150), median(60, None), INSUFFICIENT),
    ("censored, above already", (150, 150), median(200, None), SLOWER),
    ("censored, in an open range", (60, None), median(100, None), CONSISTENT),
    ("censored, across the start of an open range", (60, None), median(10, None), INSUFFICIENT),
    ("too few jobs", (150, 150), None, INSUFFICIENT),
    ("no estimate", None, median(140, 160), UNDOCUMENTED),
    ("no estimate and too few jobs", None, None, UNDOCUMENTED),
)


@pytest.mark.parametrize(
    ("estimate", "measured", "verdict"), [pytest.param(*row[1:], id=row[0]) for row in VERDICTS]
)
def test_the_verdict_on_an_estimate(
    estimate: tuple[float, float | None] | None, measured: MedianInterval | None, verdict: EstimateVerdict
):
    """All of the interval on one side of the margin, or no verdict."""
    assert judge_estimate(measured, estimate) is verdict


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (median(150, 150), CONSISTENT),
        (median(149, 150), FASTER),
        (median(150, 151), SLOWER),
        (median(149, 151), INSUFFICIENT),
    ],
)
def test_a_margin_of_nothing_leaves_the_estimate_itself(measured: MedianInterval, verdict: EstimateVerdict):
    """Jobs that take exactly as long as documented are not called faster."""
    assert judge_estimate(measured, (150, 150), margin=0) is verdict


@given(
    time_s=st.floats(0, 10_000),
    width_s=st.floats(0, 1000),
    estimate=st.tuples(st.floats(0, 1000), st.floats(0, 1000)),
)
def test_one_observation_never_says_anything(time_s: float, width_s: float, estimate: tuple[float, float]):
    """However exact it is, and however well or badly it fits."""
    one = [Interval(low_s=time_s, high_s=time_s + width_s)]
    limits = (min(estimate), max(estimate))
    assert judge_estimate(median_interval(one), limits) is INSUFFICIENT


@given(
    low_s=st.floats(0, 1000),
    width_s=st.one_of(st.none(), st.floats(0, 1000)),
    start_s=st.floats(1, 1000),
    length_s=st.one_of(st.none(), st.floats(0, 1000)),
    margin=st.floats(0, 0.9),
)
def test_a_verdict_is_true_of_every_time_that_is_possible(
    low_s: float, width_s: float | None, start_s: float, length_s: float | None, margin: float
):
    """Whatever the true median is inside its interval, it stands to the estimate as the verdict says."""
    measured = median(low_s, None if width_s is None else low_s + width_s)
    estimate = (start_s, None if length_s is None else start_s + length_s)
    verdict = judge_estimate(measured, estimate, margin)
    lowest, highest = low_s, inf if measured.high_s is None else measured.high_s
    bottom, top = start_s * (1 - margin), inf if estimate[1] is None else estimate[1] * (1 + margin)
    assert (verdict is CONSISTENT) == (bottom <= lowest and highest <= top)
    if verdict is FASTER:
        assert highest <= bottom
    if verdict is SLOWER:
        assert lowest >= top
    if verdict is INSUFFICIENT:
        assert lowest < top
        assert highest > bottom
