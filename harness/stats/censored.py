"""The distribution of durations that are known as intervals, some of them open at the end.

EMS (Silverman, Jones, Wilson and Nychka, JRSS B 52, 1990): the non-parametric maximum likelihood estimate by
expectation and maximisation, with a smoothing step after each turn, on cells of equal ratio. The smoothing
follows the typical width of the intervals: data that are exact are not smoothed at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

import numpy as np
from numpy.typing import NDArray

from harness.stats.interval import Interval

__all__ = ["Array", "Cells", "Survival", "cells_of", "cumulated", "ems", "fit", "quantiles"]

Array = NDArray[np.float64]

STEP = 0.01  # of a cell, in log seconds: its ends differ by 1 %
MAX_CELLS = 800  # a range beyond exp(8) has wider cells
SMOOTHING = 0.25  # the kernel's standard deviation over the median width of the intervals, in log seconds
TURNS = 100
PRECISION = 1e-4  # of the distribution function: the turns end when none of it moves by more
PIECE = 200_000  # multiplications
NEGLIGIBLE = 1e-6  # a probability so small is one that the turns have not yet brought to 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The estimated distribution of a duration: P(T <= edges_s[k]) is cdf[k], linear in log time between.

    What the first edge has already was never seen more closely than "by then" (`from_s`), what the last one
    leaves is hidden by censoring (`cap_s`: the last time at which a job was given up). Both are None where
    nothing is hidden.
    """

    edges_s: tuple[float, ...]
    cdf: tuple[float, ...]
    jobs: int
    censored: int
    from_s: float | None
    cap_s: float | None

    def quantile(self, p: float) -> float | None:
        """The time by which a share `p` of the jobs has ended; None where censoring hides it."""
        value = float(quantiles(np.asarray([self.cdf]), np.asarray(self.edges_s), p)[0])
        return value if 0 < value < np.inf else None

    def survival(self, t_s: float) -> float:
        """P(T > t). Before `from_s` and beyond `cap_s` it is only known to be no more than this."""
        if not self.edges_s or t_s < self.edges_s[0]:
            return 1.0
        return 1.0 - float(np.interp(log(t_s), np.log(self.edges_s), self.cdf))

    def steps(self) -> tuple[tuple[float, float], ...]:
        """(t_s, P(T > t)) for drawing; straight lines between them are right to within a cell."""
        return tuple((edge, 1.0 - share) for edge, share in zip(self.edges_s, self.cdf, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The grid of an estimate, and which share of each cell each job may have ended in.

    `shares` has a row for each job and a column for each cell, between one for what came before the first
    edge and one for what is hidden behind the last. The look at the cap that finds a job ended has its answer
    a moment later: of what is hidden such a job may have next to nothing, one that was given up all.
    """

    edges_s: Array
    shares: Array
    smoothing_cells: float  # the kernel's standard deviation
    cap_s: float | None


def fit(intervals: Sequence[Interval]) -> Survival:
    """The distribution of durations out of interval-censored and right-censored observations.

    Raises `ValueError` without any.
    """
    cells = cells_of(intervals)
    masses = ems(cells, np.ones((1, len(intervals))))[0]
    edges_s = tuple(cells.edges_s.tolist())
    return Survival(
        edges_s=edges_s,
        cdf=tuple(cumulated(masses[None])[0].tolist()) if edges_s else (),
        jobs=len(intervals),
        censored=sum(interval.high_s is None for interval in intervals),
        from_s=edges_s[0] if edges_s and masses[0] > NEGLIGIBLE else None,
        cap_s=cells.cap_s if masses[-1] > NEGLIGIBLE else None,
    )


def cells_of(intervals: Sequence[Interval]) -> Cells:
    """The grid for these observations: from the first time at which any job was looked at to the last.

    Raises `ValueError` without any.
    """
    if not intervals:
        raise ValueError("no durations to estimate from")
    lows = np.array([interval.low_s for interval in intervals])
    highs = np.array([np.inf if interval.high_s is None else interval.high_s for interval in intervals])
    cap_s = _cap(lows, highs)
    if cap_s is not None:  # a job that ended wholly beyond it tells no more than one that was given up
        highs = np.where((lows >= cap_s) & (highs > cap_s), np.inf, highs)
    ends = np.concatenate([lows, highs[np.isfinite(highs)]])
    if not np.isfinite(highs).any() or not (ends > 0).any():
        shares = np.repeat([[0.0, 1.0]], len(lows), axis=0)
        return Cells(edges_s=np.empty(0), shares=shares, smoothing_cells=0.0, cap_s=cap_s)
    return _grid(lows, highs, float(ends[ends > 0].min()), cap_s)


def _cap(lows: Array, highs: Array) -> float | None:
    """The time beyond which censoring hides everything: the last at which a job was given up.

    None if at least as many jobs were seen to end wholly beyond it as were given up at all. With fewer, a
    handful of ends would carry the probability of all those that were not seen.
    """
    given_up = np.isinf(highs)
    if not given_up.any():
        return None
    last = float(lows[given_up].max())
    beyond = np.count_nonzero((lows >= last) & ~given_up)
    return None if beyond >= np.count_nonzero(given_up) else last


def _grid(lows: Array, highs: Array, start_s: float, cap_s: float | None) -> Cells:
    """Cells of equal ratio from `start_s` on, and each job's shares of them."""
    ended = np.isfinite(highs)
    before = lows < start_s
    if not before.any():  # jobs that ended at the very first edge stand in the middle of a cell
        start_s *= 1 - STEP / 2
    last_s = float(highs[ended].max()) if cap_s is None else cap_s
    top_s = max(last_s, start_s * (1 + STEP))
    count = min(ceil((log(top_s) - log(start_s)) / STEP), MAX_CELLS)
    edges = np.linspace(log(start_s), log(top_s), count + 1)
    width = edges[1] - edges[0]
    low, high = (np.log(np.clip(times_s, start_s, top_s)) for times_s in (lows, highs))
    overlaps = np.minimum(high[:, None], edges[1:]) - np.maximum(low[:, None], edges[:-1])
    overlaps = overlaps.clip(0.0) / width
    exact = np.flatnonzero(ended & (lows >= start_s) & (overlaps.sum(axis=1) < NEGLIGIBLE))
    places = np.ceil((high[exact] - edges[0]) / width - NEGLIGIBLE).astype(int) - 1
    overlaps[exact, places.clip(0)] = 1.0
    hidden = np.log2(highs / top_s).clip(0.0, 1.0)  # as if what is hidden spread over the next doubling
    return Cells(
        edges_s=np.concatenate([[start_s], np.exp(edges[1:-1]), [top_s]]),
        shares=np.column_stack([before, overlaps, hidden]),
        smoothing_cells=SMOOTHING * float(np.median((high - low)[ended])) / width,
        cap_s=cap_s,
    )


def ems(cells: Cells, weights: Array, start: Array | None = None, turns: int = TURNS) -> Array:
    """The probability of each column of `cells.shares`, a row for each row of `weights`.

    `weights` has a column for each job: ones for the estimate, multinomial counts for a resample. `start` is
    the row of probabilities to begin with; if None, all columns are equal in which a job may have been seen
    to end, and the hidden one.
    """
    shares = cells.shares
    parts = weights / weights.sum(axis=1, keepdims=True)
    if start is None:
        start = np.asarray(shares[shares[:, -1] < 1].any(axis=0), dtype=np.float64)
        start[-1] = shares[:, -1].any()
        start /= start.sum()
    masses = np.tile(start, (len(weights), 1))
    kernel = _kernel(cells.smoothing_cells)
    for _ in range(turns):
        likely = _product(masses, shares.T)
        ratios = np.divide(parts, likely, out=np.zeros_like(parts), where=likely > 0)
        turned = masses * _product(ratios, shares)
        turned[:, 1:-1] = _smooth(turned[:, 1:-1], kernel)
        moved = np.abs(np.cumsum(turned - masses, axis=1)).max()
        masses = turned
        if moved < PRECISION:
            break
    return masses


def _product(rows: Array, table: Array) -> Array:
    """The matrix product, in pieces so small that no library shares one out among threads.

    On a machine with other work to do, threads that wait for each other take ten times as long as one.
    """
    height = max(PIECE // table.size, 1)
    pieces = [rows[first : first + height] @ table for first in range(0, len(rows), height)]
    return np.concatenate(pieces)


def _kernel(deviation_cells: float) -> Array:
    """The right half of a normal kernel, its centre first; one number where there is nothing to smooth."""
    reach = ceil(3 * deviation_cells) if deviation_cells > 0.3 else 0
    half = np.exp(-0.5 * (np.arange(reach + 1) / max(deviation_cells, 0.3)) ** 2)
    return np.asarray(half / (2 * half.sum() - 1), dtype=np.float64)


def _smooth(masses: Array, half: Array) -> Array:
    """Each row spread by the kernel; what would leave at an end is reflected."""
    reach, columns = len(half) - 1, masses.shape[1]
    if reach == 0:
        return masses
    padded = np.pad(masses, ((0, 0), (reach, reach)), "symmetric")
    spread = masses * half[0]
    for distance in range(1, reach + 1):
        left, right = reach - distance, reach + distance
        spread += half[distance] * (padded[:, left : left + columns] + padded[:, right : right + columns])
    return np.asarray(spread, dtype=np.float64)


def cumulated(masses: Array) -> Array:
    """The distribution function at the edges, for each row of probabilities of `ems`."""
    return np.asarray(np.cumsum(masses[:, :-1], axis=1) / masses.sum(axis=1, keepdims=True)).clip(0.0, 1.0)


def quantiles(cdf: Array, edges_s: Array, p: float) -> Array:
    """For each row of distribution functions at the edges, the time at which it reaches `p`.

    0 where it had done so before the first edge, infinite where it does not do so by the last.
    Raises `ValueError` for a share that is none.
    """
    if not 0 < p < 1:
        raise ValueError(f"the share of a quantile lies between 0 and 1, not at {p}")
    if not len(edges_s):
        return np.full(len(cdf), np.inf)
    reached = cdf >= p - NEGLIGIBLE
    after = np.argmax(reached, axis=1).clip(1)
    rows = np.arange(len(cdf))
    low, high = cdf[rows, after - 1], cdf[rows, after]
    part = np.divide(p - low, high - low, out=np.ones_like(low), where=high > low).clip(0.0, 1.0)
    logs = np.log(edges_s)
    values = np.exp(logs[after - 1] + part * (logs[after] - logs[after - 1]))
    values = np.where(reached[:, -1], values, np.inf)
    return np.asarray(np.where(reached[:, 0], 0.0, values), dtype=np.float64)
