"""When pollers look: floor and ceiling, the law's steps, the phase, and how few looks suffice."""

from __future__ import annotations

import random
import warnings
from itertools import pairwise
from math import exp, inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.bench.poller import CEILING_S, FLOOR_S, LAG_S, PollerKind, Schedule, poller
from harness.bench.predict import Law, Predictor
from harness.stats.interval import Interval

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the oracle and what it imports
    from scipy import integrate, stats

FIXED, BACKOFF, ADAPTIVE = PollerKind.FIXED, PollerKind.BACKOFF, PollerKind.ADAPTIVE
ESTIMATES = st.none() | st.floats(1.0, 5000.0).map(lambda time_s: (time_s, None))


def learnt(time_s: float = 150.0, sigma: float = 0.25, jobs: int = 40) -> Predictor:
    """A predictor that has seen jobs."""
    rng = random.Random(2)
    predictor = Predictor((time_s, None))
    for _ in range(jobs):
        seen_s = time_s * exp(rng.gauss(0, sigma))
        predictor.observe(Interval(low_s=seen_s, high_s=seen_s))
    return predictor


def looks(kind: PollerKind, predictor: Predictor, seed: int, until_s: float, **options: float) -> list[float]:
    """The times at which a job of that length is looked at, the last one included."""
    next_poll = poller(kind, predictor, random.Random(seed), **options)
    times_s = [next_poll(0.0)]
    while times_s[-1] < until_s:
        times_s.append(times_s[-1] + next_poll(times_s[-1]))
    return times_s


class TestSchedule:
    @pytest.mark.parametrize("freedom", [3.0, 7.5, 63.0])
    @pytest.mark.parametrize("time_s", [60.0, 150.0, 200.0, 400.0])
    def test_it_is_the_integral_of_the_law(self, freedom: float, time_s: float):
        """With hazard and integral of another library."""
        law = Law(centre=log(150), scale=0.3, freedom=freedom)
        student = stats.t(freedom, loc=law.centre, scale=law.scale)

        def rate(t_s: float) -> float:
            return sqrt(student.pdf(log(t_s)) / t_s / student.sf(log(t_s)) / (2 * LAG_S))

        expected, _ = integrate.quad(rate, exp(law.centre - 12 * law.scale), time_s, limit=200)
        assert Schedule(law).polls(time_s) == pytest.approx(expected, rel=0.002)

    def test_times_and_polls_are_inverse(self):
        """Up to where the law asks for no more."""
        schedule = Schedule(learnt().law)
        for polls in (0.1, 1.0, 2.5, 4.0):
            assert schedule.polls(schedule.time_s(polls)) == pytest.approx(polls)
        assert schedule.time_s(1e6) == inf
        assert schedule.polls(0.0) == 0.0


class TestAdaptive:
    @given(ESTIMATES, st.integers(0, 1000), st.floats(1.0, 20.0))
    def test_gaps_lie_between_floor_and_ceiling(
        self, estimate_s: tuple[float, None] | None, seed: int, floor_s: float
    ):
        """From the first look on; that one comes no later than a ceiling after the expected time."""
        predictor = Predictor(estimate_s)
        times_s = looks(ADAPTIVE, predictor, seed, 10_000.0, floor_s=floor_s)
        assert floor_s <= times_s[0] <= predictor.law.median_s + CEILING_S + 1e-6
        gaps_s = [later - earlier for earlier, later in pairwise(times_s)]
        assert all(floor_s - 1e-6 <= gap_s <= CEILING_S + 1e-6 for gap_s in gaps_s)

    def test_polls_stand_a_step_of_the_integral_apart(self):
        """Wherever neither floor nor ceiling is met."""
        predictor = learnt()
        schedule = Schedule(predictor.law)
        times_s = looks(ADAPTIVE, predictor, 5, 220.0)
        inner = [pair for pair in pairwise(times_s) if FLOOR_S < pair[1] - pair[0] < CEILING_S - 1e-6]
        assert len(inner) >= 3
        for earlier_s, later_s in inner:
            assert schedule.polls(later_s) - schedule.polls(earlier_s) == pytest.approx(1.0, abs=1e-6)

    def test_far_in_the_tail_it_looks_as_often_as_the_ceiling_says(self):
        """A job of two hours where two minutes were expected."""
        times_s = looks(ADAPTIVE, learnt(120), 1, 7200.0)
        assert times_s[-1] - times_s[-2] == pytest.approx(CEILING_S)

    def test_the_same_generator_gives_the_same_polls(self):
        """And what the predictor learns later changes nothing for a poller that is there already."""
        predictor = learnt()
        first = looks(ADAPTIVE, predictor, 9, 400.0)
        assert looks(ADAPTIVE, predictor, 9, 400.0) == first
        next_poll = poller(ADAPTIVE, predictor, random.Random(9))
        predictor.observe(Interval(low_s=3000, high_s=3000))
        assert next_poll(0.0) == first[0]
        assert looks(ADAPTIVE, predictor, 9, 400.0) != first

    def test_each_job_has_its_phase(self):
        """The first looks at 100 jobs fill the first step of the integral evenly."""
        predictor = learnt()
        schedule = Schedule(predictor.law)
        rng = random.Random(4)
        firsts_s = [poller(ADAPTIVE, predictor, rng)(0.0) for _ in range(400)]
        phases = [schedule.polls(first_s) for first_s in firsts_s]
        assert stats.kstest(phases, "uniform").pvalue > 0.01

    def test_a_job_that_is_met_late_is_looked_at_from_then_on(self):
        """After a restart: within a ceiling, not after what was expected of a new job."""
        for elapsed_s in (140.0, 200.0, 5000.0):
            assert FLOOR_S <= poller(ADAPTIVE, learnt(), random.Random(1))(elapsed_s) <= CEILING_S + 20

    @pytest.mark.parametrize("factor", [0.5, 1.0, 2.0, None])
    def test_few_polls_suffice(self, factor: float | None):
        """At most 5.5 a job over 50 jobs of lognormal(ln 150, 0.25), whatever was documented."""
        rng = random.Random(6)
        polls, rounds = 0, 10
        for _ in range(rounds):
            predictor = Predictor(None if factor is None else (150 * factor, None))
            for _ in range(50):
                time_s = 150 * exp(rng.gauss(0, 0.25))
                times_s = [0.0, *looks(ADAPTIVE, predictor, rng.randrange(10**9), time_s)]
                predictor.observe(Interval(low_s=times_s[-2], high_s=times_s[-1]))
                polls += len(times_s) - 1
        assert 4.0 < polls / rounds / 50 <= 5.5


class TestFixed:
    @given(st.integers(0, 1000), st.floats(1.0, 60.0))
    def test_it_is_a_grid_with_a_phase(self, seed: int, interval_s: float):
        """The first look comes within the floor and an interval more, the others an interval apart."""
        times_s = looks(FIXED, Predictor(None), seed, 500.0, interval_s=interval_s)
        assert FLOOR_S <= times_s[0] < interval_s + FLOOR_S
        assert all(b - a == pytest.approx(interval_s) for a, b in pairwise(times_s))

    def test_the_phase_is_even(self):
        """Over the interval, the floor notwithstanding."""
        rng = random.Random(4)
        firsts_s = [poller(FIXED, Predictor(None), rng, interval_s=5.0)(0.0) for _ in range(400)]
        assert stats.kstest([first_s % 5 / 5 for first_s in firsts_s], "uniform").pvalue > 0.01

    def test_the_providers_floor_wins(self):
        """No interval is shorter than what the provider allows."""
        times_s = looks(FIXED, Predictor(None), 1, 100.0, interval_s=2.0, floor_s=10.0)
        assert times_s[0] >= 10
        assert all(b - a == pytest.approx(10.0) for a, b in pairwise(times_s))


class TestBackoff:
    def test_each_wait_is_half_as_long_again(self):
        """From one second to thirty."""
        times_s = looks(BACKOFF, Predictor(None), 1, 200.0)
        gaps_s = [b - a for a, b in pairwise([0.0, *times_s])]
        expected = [min(1.5**k, 30.0) for k in range(len(gaps_s))]
        assert gaps_s == pytest.approx(expected)
        assert gaps_s[-1] == pytest.approx(30.0)

    def test_the_providers_floor_wins(self):
        """Over the first waits, and over the ceiling."""
        times_s = looks(BACKOFF, Predictor(None), 1, 200.0, floor_s=4.0)
        assert times_s[:3] == pytest.approx([4.0, 8.0, 12.0])
        slow_s = looks(BACKOFF, Predictor(None), 1, 200.0, floor_s=45.0)
        assert slow_s[:3] == pytest.approx([45.0, 90.0, 135.0])


@pytest.mark.parametrize("kind", list(PollerKind))
@pytest.mark.parametrize("time_s", [0.0, -1.0, inf, float("nan")])
@pytest.mark.parametrize("name", ["interval", "floor", "ceiling"])
def test_times_between_polls_are_above_0(kind: PollerKind, name: str, time_s: float):
    """Nothing polls without a pause, and nothing never."""
    with pytest.raises(ValueError, match="between polls") as caught:
        poller(kind, Predictor(None), random.Random(1), **{f"{name}_s": time_s})
    assert str(caught.value) == f"the {name} between polls: expected seconds above 0, got {time_s}"
