"""Shares of successes, and rates of events, with their confidence intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, fsum, lgamma, log, sqrt
from statistics import NormalDist

from harness.stats.interval import CONFIDENCE, Interval

__all__ = ["Within", "design_effect", "poisson_rate", "share_within", "wilson"]

MIN_GROUPS = 6  # of fewer, how much they differ cannot be told


def wilson(successes: float, trials: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson, JASA 22, 1927); the whole of [0, 1] without trials.

    Neither number need be whole: trials that are alike count for less (see `design_effect`). Raises
    `ValueError` for more successes than trials, or fewer than none.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes:g} successes of {trials:g} trials")
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = successes / trials, z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high


def design_effect(groups: Sequence[tuple[float, int]]) -> float:
    """By how much groups that differ, given as (successes, trials), widen the variance of the whole share.

    The variance of the share by groups over the binomial one, at least 1 (Kish, Survey Sampling, 1965, 8.2);
    a proportion has then as much to say as trials / effect independent ones (Korn and Graubard, Survey
    Methodology 24, 1998). 1 for fewer than 6 groups.
    """
    trials = sum(number for _, number in groups)
    if len(groups) < MIN_GROUPS or trials == 0:
        return 1.0
    share = sum(successes for successes, _ in groups) / trials
    if not 0 < share < 1:
        return 1.0
    spread = sum((successes - share * number) ** 2 for successes, number in groups)
    between = len(groups) / (len(groups) - 1) * spread / trials**2
    return max(1.0, between / (share * (1 - share) / trials))


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """How many of `jobs` surely ended by a bound, and how many may have: their interval straddles it."""

    surely: int
    perhaps: int
    jobs: int

    def interval(self, effect: float = 1.0, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Wilson's interval, taken as wide as the straddling jobs make it; `effect` is a design effect.

        They count as late in its low end and as in time in its high end.
        """
        low, _ = wilson(self.surely / effect, self.jobs / effect, confidence)
        _, high = wilson((self.surely + self.perhaps) / effect, self.jobs / effect, confidence)
        return low, high


def share_within(intervals: Sequence[Interval], bound_s: float) -> Within:
    """How many durations ended by `bound_s`."""
    surely = sum(job.high_s is not None and job.high_s <= bound_s for job in intervals)
    beyond = sum(job.low_s >= bound_s and not _is_at(job, bound_s) for job in intervals)
    return Within(surely=surely, perhaps=len(intervals) - surely - beyond, jobs=len(intervals))


def _is_at(job: Interval, bound_s: float) -> bool:
    """Whether a duration is known exactly and is the bound itself: in time."""
    return job.low_s == job.high_s == bound_s


def poisson_rate(events: int, exposure: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact interval of a Poisson rate (Garwood, Biometrika 28, 1936), in events per unit of exposure.

    Raises `ValueError` for fewer events than none, or no exposure.
    """
    if events < 0 or exposure <= 0:
        raise ValueError(f"{events} events in {exposure:g}")
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _mean_where(lambda mean: _at_most(events - 1, mean) > 1 - tail, events)
    high = _mean_where(lambda mean: _at_most(events, mean) > tail, events)
    return low / exposure, high / exposure


def _at_most(events: int, mean: float) -> float:
    """P(X <= events) of a Poisson variable."""
    return fsum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(events + 1))


def _mean_where(still: Callable[[float], bool], events: int) -> float:
    """The mean up to which a condition holds that holds for small means and not for large ones."""
    low, high = 1e-12, 2.0 * events + 20.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if still(middle) else (low, middle)
    return low
