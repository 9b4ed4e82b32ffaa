"""Two samples of paired, censored durations: by which factor they differ, and whether they do.

The test takes generalised Wilcoxon scores (Peto and Peto, JRSS A 135, 1972; Fay, Biometrics 52, 1996): a
duration known as (L, R] scores S(L) + S(R) - 1, the mean of the scores of all times inside it, with S the
survival function that both samples share under the hypothesis. So a coarse interval is no advantage, and a
job that was given up counts. The signs of the differences are flipped unit by unit, a unit being a pair in
one sitting and a night where there are nights. The interval of the factor is what the same test does not
reject when the first sample is divided by the factor (Wei and Gail, JASA 78, 1983), so that it and the
p-value cannot contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from harness.stats.censored import Survival, fit
from harness.stats.interval import Interval

__all__ = ["MIN_UNITS", "Pair", "PairedRatio", "compare_pairs", "flip_test", "holm"]

Array = NDArray[np.float64]

BITS = 12  # 2^12 patterns of signs are tried
MIN_UNITS = 6  # below, no pattern of signs is rarer than 1 in 20
WIDEST = log(100.0)  # no factor beyond it is looked for
FINENESS = 1e-4  # of a logarithm: a hundredth of a percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One duration of each sample. Pairs of one `unit` share what is not the providers' own: their night."""

    first: Interval
    second: Interval
    unit: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRatio:
    """The factor between two samples, first over second, with the interval that the test does not reject.

    Where the two distributions have one shape, `ratio` is the ratio of their medians (and of every other
    quantile). `median_ratio` is the plain one, whatever the shapes. None is what censoring hides, or what
    no factor up to 100 answers.
    """

    ratio: float | None
    low: float | None
    high: float | None
    p_value: float
    median_ratio: float | None
    level: float
    pairs: int
    units: int


def compare_pairs(pairs: Sequence[Pair], *, level: float = 0.05) -> PairedRatio:
    """Two paired samples beside each other; `level` is the two-sided level of the interval.

    Raises `ValueError` without pairs.
    """
    if not pairs:
        raise ValueError("no pairs to compare")
    first, second = _sample([pair.first for pair in pairs]), _sample([pair.second for pair in pairs])
    members = _members([pair.unit for pair in pairs])
    units = int(members.max()) + 1
    signs = _signs(units)

    def differences(shift: float) -> Array:
        by_pair = _scores(first, second, shift)
        return np.bincount(members, weights=by_pair, minlength=units).astype(np.float64)

    def p_value(shift: float) -> float:
        return _share_as_far(differences(shift), signs)

    centre = _balance(lambda shift: float(differences(shift).sum()))
    ends = (None, None) if centre is None else _not_rejected(p_value, centre, level)
    return PairedRatio(
        ratio=None if centre is None else exp(centre),
        low=None if ends[0] is None else exp(ends[0]),
        high=None if ends[1] is None else exp(ends[1]),
        p_value=p_value(0.0),
        median_ratio=_plain(first.survival, second.survival),
        level=level,
        pairs=len(pairs),
        units=units,
    )


def flip_test(differences: Sequence[float]) -> float:
    """The two-sided p-value of a sum of differences that are as likely to be positive as negative.

    Up to 13 of them, every pattern of signs is tried; else 4,096 of them.
    """
    values = np.asarray(differences, dtype=np.float64)
    return _share_as_far(values, _signs(len(values)))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values, in the order given (Holm, Scandinavian Journal of Statistics 6, 1979)."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return tuple(adjusted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """One sample in logarithms of seconds, with its distribution function at `edges`."""

    low: Array
    high: Array
    edges: Array
    cdf: Array
    known_from: float
    known_until: float
    survival: Survival


def _sample(intervals: Sequence[Interval]) -> _Sample:
    found = fit(intervals)
    with np.errstate(divide="ignore"):
        low = np.log([interval.low_s for interval in intervals])
        high = np.log([inf if interval.high_s is None else interval.high_s for interval in intervals])
        edges = np.log(found.edges_s)
    return _Sample(
        low=low,
        high=high,
        edges=edges,
        cdf=np.asarray(found.cdf),
        known_from=-inf if found.from_s is None else log(found.from_s),
        known_until=inf if found.cap_s is None else log(found.cap_s) if found.cap_s > 0 else -inf,
        survival=found,
    )


def _scores(first: _Sample, second: _Sample, shift: float) -> Array:
    """Score of the first less score of the second, pair by pair; the first is divided by exp(`shift`).

    Each half of the shift is given to one sample, so that exchanging them changes signs and no more. What is
    hidden in one sample, before the first look at a job or after the last, is not looked at in the other.
    """
    half = shift / 2
    since = max(first.known_from - half, second.known_from + half)
    until = min(first.known_until - half, second.known_until + half)

    def shared(moments: Array) -> Array:
        """The survival function at aligned moments: the mean of both."""
        return 1.0 - (_cdf(first, moments + half) + _cdf(second, moments - half)) / 2

    def scores(low: Array, high: Array) -> Array:
        low = np.where(low < since, -np.inf, np.minimum(low, until))
        high = np.maximum(high, since)
        ended = np.isfinite(high) & (high <= until)
        return shared(low) + np.where(ended, shared(np.where(ended, high, 0.0)), 0.0)

    return scores(first.low - half, first.high - half) - scores(second.low + half, second.high + half)


def _cdf(sample: _Sample, moments: Array) -> Array:
    if not len(sample.edges):
        return np.zeros_like(moments)
    return np.interp(moments, sample.edges, sample.cdf, left=0.0)


def _members(units: Sequence[Hashable]) -> NDArray[np.intp]:
    """The number of each pair's unit."""
    numbers = {unit: number for number, unit in enumerate(dict.fromkeys(units))}
    return np.array([numbers[unit] for unit in units], dtype=np.intp)


@lru_cache(maxsize=8)
def _signs(units: int) -> Array:
    """Patterns of signs, a row each; the first is the one that was observed.

    All of them up to 13 units (all but the mirrored half, which adds nothing). Beyond, 4,096 that make a
    group: a unit has a number of 12 bits, its own one, and its sign in row r is the parity of the bits that r
    and the number share. A test by a group of patterns keeps its level exactly, whichever group it is
    (Lehmann and Romano, Testing Statistical Hypotheses, 15.2); one by so many loose patterns does not.
    """
    bits = min(max(units - 1, 0), BITS)
    numbers = 1 << np.arange(units) & (1 << bits) - 1
    if units > BITS + 1:
        shuffled = np.random.default_rng(0).permutation((1 << BITS) - 1) + 1
        numbers = np.resize(shuffled, units)
    shared = np.arange(1 << bits)[:, None] & numbers
    for shift in (8, 4, 2, 1):
        shared ^= shared >> shift
    return np.asarray(1.0 - 2.0 * (shared & 1), dtype=np.float64)


def _share_as_far(differences: Array, signs: Array) -> float:
    """The share of the patterns of signs whose sum is at least as far from 0 as the observed one."""
    sums = np.abs(signs @ differences)
    slack = 1e-9 * float(np.abs(differences).sum())  # a tie is no less far for its rounding
    return float(np.mean(sums >= sums[0] - slack))


def _balance(total: Callable[[float], float]) -> float | None:
    """The shift at which the scores of both samples add up to the same; None where none does.

    Where a stretch of shifts does, its middle.
    """
    if not total(-WIDEST) < 0 < total(WIDEST):
        return None
    lowest = _edge(lambda shift: total(shift) < 0, -WIDEST, WIDEST)
    highest = _edge(lambda shift: total(shift) > 0, WIDEST, -WIDEST)
    return (lowest + highest) / 2


def _not_rejected(
    p_value: Callable[[float], float], centre: float, level: float
) -> tuple[float | None, float | None]:
    """The ends of the shifts around `centre` whose p-value is above the level; None for an end not found."""
    ends: list[float | None] = []
    for direction in (-1.0, 1.0):
        step, inside = 0.05, centre
        outside = centre + direction * step
        while p_value(outside) > level and abs(outside - centre) < WIDEST:
            inside, step = outside, 2 * step
            outside = centre + direction * step
        if p_value(outside) > level:
            ends.append(None)
            continue
        ends.append(_edge(lambda shift: p_value(shift) > level, inside, outside))
    return ends[0], ends[1]


def _edge(holds: Callable[[float], bool], inside: float, outside: float) -> float:
    """Where, between a shift at which something holds and one at which it does not, it ceases to."""
    while abs(outside - inside) > FINENESS:
        middle = (inside + outside) / 2
        if holds(middle):
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2


def _plain(first: Survival, second: Survival) -> float | None:
    """The ratio of the two medians."""
    above, below = first.quantile(0.5), second.quantile(0.5)
    return None if above is None or below is None or below == 0 else above / below
