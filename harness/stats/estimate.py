"""Raw intervals -> a distribution-free median, and how it stands to a documented estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb, inf

from harness.stats.interval import CONFIDENCE, Interval

__all__ = ["DEFAULT_MARGIN", "EstimateVerdict", "MedianInterval", "judge_estimate", "median_interval"]

DEFAULT_MARGIN = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianInterval:
    """A confidence interval of the median; `high_s` is None when censoring leaves it open.

    `coverage` is the exact probability of the order statistics used, at least the confidence asked for.
    """

    low_s: float
    high_s: float | None
    jobs: int
    coverage: float


class EstimateVerdict(StrEnum):
    """How measured job times stand to a documented estimate."""

    CONSISTENT = "consistent"
    FASTER = "faster"
    SLOWER = "slower"
    UNDOCUMENTED = "undocumented"
    INSUFFICIENT = "insufficient data"


def median_interval(jobs: Sequence[Interval], confidence: float = CONFIDENCE) -> MedianInterval | None:
    """A distribution-free interval of the median of interval-censored job times.

    Takes the order statistics k and n+1-k of the lower and of the upper ends, with the largest k whose
    binomial coverage 1 - 2 P(B(n, 1/2) < k) is at least `confidence` (the sign-test interval; Conover,
    Practical Nonparametric Statistics, 3.2). None when even the extremes do not cover: n < 6 at 95 %.
    """
    n = len(jobs)
    rank, coverage = _rank(n, confidence)
    if rank == 0:
        return None
    lows = sorted(job.low_s for job in jobs)
    highs = sorted(inf if job.high_s is None else job.high_s for job in jobs)
    high = highs[n - rank]
    return MedianInterval(
        low_s=lows[rank - 1], high_s=None if high == inf else high, jobs=n, coverage=coverage
    )


def _rank(n: int, confidence: float) -> tuple[int, float]:
    """The largest usable rank k and its coverage; (0, 0.0) when there is none."""
    best, covered, tail = 0, 0.0, 0
    for k in range(1, n // 2 + 1):
        tail += comb(n, k - 1)
        coverage = 1 - 2 * tail / 2**n
        if coverage < confidence:
            break
        best, covered = k, coverage
    return best, covered


def judge_estimate(
    median: MedianInterval | None, estimate: tuple[float, float | None] | None, margin: float = DEFAULT_MARGIN
) -> EstimateVerdict:
    """The verdict on a documented estimate `(min_s, max_s)`; max_s None for an open end.

    Consistent when the whole interval of the median lies within the estimate widened by `margin` on both
    sides; faster or slower when all of it lies outside; else the data do not suffice to say.
    """
    if estimate is None:
        return EstimateVerdict.UNDOCUMENTED
    if median is None:
        return EstimateVerdict.INSUFFICIENT
    low, high = estimate[0] * (1 - margin), (inf if estimate[1] is None else estimate[1] * (1 + margin))
    median_high = inf if median.high_s is None else median.high_s
    if low <= median.low_s and median_high <= high:
        return EstimateVerdict.CONSISTENT
    if median_high <= low:
        return EstimateVerdict.FASTER
    if median.low_s >= high:
        return EstimateVerdict.SLOWER
    return EstimateVerdict.INSUFFICIENT
