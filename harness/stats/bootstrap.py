"""Intervals of quantiles by resampling jobs, or whole groups (days) of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

import numpy as np

from harness.stats.censored import Array, cells_of, cumulated, ems, quantiles
from harness.stats.interval import CONFIDENCE, Interval

__all__ = ["RESAMPLES", "expanded_tail", "quantile_draws", "quantile_interval", "resample_counts"]

RESAMPLES = 1000
TURNS = 8  # of a resample, which begins where the estimate of all jobs ended


def quantile_interval(
    intervals: Sequence[Interval],
    p: float,
    *,
    groups: Sequence[Hashable] | None = None,
    rng: np.random.Generator | int,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> tuple[float | None, float | None, float | None]:
    """The quantile at `p` with the ends of its expanded percentile bootstrap interval, in seconds.

    None for each of the three that censoring hides, for an end that so few jobs cannot bound (the 95 %
    interval of the median needs 6 jobs, the upper end of that of p90 needs 36), and for both ends where there
    is but one group. Where it is only known that jobs had ended by the first look at any, the value is None,
    a low end 0 and a high end the time of that look. `groups` names the group of each job (its day): whole
    groups are resampled then.
    Raises `ValueError` without jobs, or where groups and jobs differ in number.
    """
    value, draws, first_s = quantile_draws(intervals, p, groups=groups, rng=rng, resamples=resamples)
    tail, jobs = (1 - confidence) / 2, len(intervals)
    expanded = expanded_tail(jobs if groups is None else len(set(groups)), confidence)
    low = high = None
    if expanded is not None:
        ends = np.quantile(draws, [expanded, 1 - expanded], method="inverted_cdf")
        low = float(ends[0]) if np.isfinite(ends[0]) and (1 - p) ** jobs <= tail else None
        high = (float(ends[1]) or first_s) if np.isfinite(ends[1]) and p**jobs <= tail else None
    return (value if 0 < value < np.inf else None), low, high


def quantile_draws(
    intervals: Sequence[Interval],
    p: float,
    *,
    groups: Sequence[Hashable] | None,
    rng: np.random.Generator | int,
    resamples: int,
) -> tuple[float, Array, float]:
    """The quantile at `p`, its values in the resamples, and the first time at which any job was looked at.

    0 stands for "before that time", infinity for "beyond the last".
    Raises `ValueError` without jobs, or where groups and jobs differ in number.
    """
    cells = cells_of(intervals)
    counts = resample_counts(len(intervals), groups, resamples, np.random.default_rng(rng))
    full = ems(cells, np.ones((1, len(intervals))))
    masses = ems(cells, counts, start=full[0], turns=TURNS)
    value = float(quantiles(cumulated(full), cells.edges_s, p)[0])
    first_s = float(cells.edges_s[0]) if len(cells.edges_s) else 0.0
    return value, quantiles(cumulated(masses), cells.edges_s, p), first_s


def resample_counts(
    jobs: int, groups: Sequence[Hashable] | None, resamples: int, rng: np.random.Generator
) -> Array:
    """How often each resample takes each job: a row a resample, a column a job.

    Raises `ValueError` where groups and jobs differ in number.
    """
    named = range(jobs) if groups is None else groups
    if len(named) != jobs:
        raise ValueError(f"expected a group for each of {jobs} jobs, got {len(named)}")
    places = {name: place for place, name in enumerate(dict.fromkeys(named))}
    drawn = rng.multinomial(len(places), np.full(len(places), 1 / len(places)), size=resamples)
    return np.asarray(drawn[:, [places[name] for name in named]], dtype=np.float64)


@cache
def expanded_tail(units: int, confidence: float) -> float | None:
    """The share of resamples to leave out at each end, for `units` that were resampled; None below two.

    A percentile interval is too narrow by sqrt((n - 1) / n) and by Student's t beside the normal law; its
    level is raised by both (Hesterberg, The American Statistician 69:371, 2015, section 3.4).
    """
    if units < 2:
        return None
    low, high = 0.0, 1e9
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _central(middle, units - 1) < confidence else (low, middle)
    return NormalDist().cdf(-sqrt(units / (units - 1)) * high)


def _central(t: float, freedom: int) -> float:
    """P(|T| < t) of Student's t (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(freedom))
    odd = freedom % 2
    term = total = (cos(angle) if odd else 1.0) * (freedom > 1)
    for k in range(2 + odd, freedom - 1, 2):
        term *= (k - 1) / k * cos(angle) ** 2
        total += term
    return (angle + sin(angle) * total) * 2 / pi if odd else sin(angle) * total
