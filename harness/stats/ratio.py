"""The ratio of the medians of two samples that are not paired: those of a run and of an earlier one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from harness.stats.bootstrap import RESAMPLES, expanded_tail, quantile_draws
from harness.stats.censored import Array, cells_of
from harness.stats.interval import CONFIDENCE, Interval

__all__ = ["median_ratio"]


def median_ratio(
    first: Sequence[Interval],
    second: Sequence[Interval],
    *,
    first_groups: Sequence[Hashable] | None = None,
    second_groups: Sequence[Hashable] | None = None,
    seed: int,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> tuple[float | None, float | None, float | None]:
    """The median of the first over that of the second, with its expanded percentile bootstrap interval.

    The groups (days) of each sample are resampled whole where they are given. None is what censoring hides,
    or what so few jobs cannot bound: the interval needs 6 of each. Raises `ValueError` for an empty sample.
    """
    rng = np.random.default_rng(seed)
    above, above_draws, above_s = quantile_draws(
        first, 0.5, groups=first_groups, rng=rng, resamples=resamples
    )
    below, below_draws, below_s = quantile_draws(
        second, 0.5, groups=second_groups, rng=rng, resamples=resamples
    )
    ratio = above / below if 0 < above < np.inf and 0 < below < np.inf else None
    units = [
        len(set(groups)) if groups is not None else len(jobs)
        for jobs, groups in ((first, first_groups), (second, second_groups))
    ]
    tail = expanded_tail(min(units), confidence)
    if tail is None or 0.5 ** min(len(first), len(second)) > (1 - confidence) / 2:
        return ratio, None, None
    # 0 is a median before the first look at any job: as low as 0, as high as that look. Infinity is one
    # beyond the last job that was given up: as low as that, as high as anything.
    lows = _over(_at_least(above_draws, first), np.where(below_draws > 0, below_draws, below_s), unknown=0.0)
    highs = _over(
        np.where(above_draws > 0, above_draws, above_s), _at_least(below_draws, second), unknown=np.inf
    )
    low = float(np.quantile(lows, tail, method="inverted_cdf"))
    high = float(np.quantile(highs, 1 - tail, method="inverted_cdf"))
    return ratio, (low if np.isfinite(low) else None), (high if np.isfinite(high) else None)


def _at_least(draws: Array, jobs: Sequence[Interval]) -> Array:
    """The medians, those that censoring hides at the time behind which they are hidden."""
    return np.where(np.isfinite(draws), draws, cells_of(jobs).cap_s or 0.0)


def _over(above: Array, below: Array, unknown: float) -> Array:
    """Each ratio; `unknown` where both are beyond what was seen."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = above / below
    return np.where(np.isnan(found), unknown, found)
