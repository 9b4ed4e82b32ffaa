"""The ratio of the medians of two samples that are not paired."""

from __future__ import annotations

import numpy as np
import pytest

from harness.stats.interval import Interval
from harness.stats.ratio import median_ratio

GONE = Interval(low_s=300.0, high_s=None)


def sample(seed: int, n: int, median_s: float = 150.0, sigma: float = 0.2) -> list[Interval]:
    times = median_s * np.exp(np.random.default_rng(seed).normal(0, sigma, n))
    return [Interval(low_s=10 * (t // 10), high_s=10 * (t // 10) + 10) for t in times.tolist()]


def test_the_ratio_lies_in_its_interval_and_exchanging_the_samples_inverts_it():
    """Up to the chance of resampling."""
    first, second = sample(1, 60, 180), sample(2, 60)
    low, high = 0.0, 0.0
    ratio, low, high = (value or 0.0 for value in median_ratio(first, second, seed=1))
    back = [value or 0.0 for value in median_ratio(second, first, seed=1)]
    assert low < ratio < high
    assert ratio == pytest.approx(1.2, abs=0.12)
    assert ratio * back[0] == pytest.approx(1, rel=1e-9)
    assert [low * back[2], high * back[1]] == pytest.approx([1, 1], abs=0.03)


def test_it_covers_what_is_true():
    """In at least 34 of 40 runs; 38 are promised."""
    held = 0
    for seed in range(40):
        found = median_ratio(sample(seed, 20, 180), sample(seed + 1000, 20), seed=seed, resamples=200)
        held += (found[1] or 0) <= 1.2 <= (found[2] or 1e9)
    assert held >= 34


def test_whole_days_are_resampled():
    """Days that differ make the interval wider than jobs that do."""
    jobs, days = [], []
    for day in range(8):
        for job in sample(day, 10, 100 if day % 2 else 200, 0.05):
            jobs.append(job)
            days.append(day)
    by_job = median_ratio(jobs, sample(99, 80), seed=1)
    by_day = median_ratio(jobs, sample(99, 80), first_groups=days, seed=1)
    assert (by_day[2] or 0) - (by_day[1] or 0) > (by_job[2] or 0) - (by_job[1] or 0)


def test_what_censoring_hides_is_none():
    """More than half of the new jobs were given up: slower by nobody knows how much, and at least that."""
    first = [*sample(1, 10), *([GONE] * 30)]
    ratio, low, high = median_ratio(first, sample(2, 40), seed=1)
    assert (ratio, high) == (None, None)
    assert low is None or low > 1


def test_few_jobs_have_a_ratio_and_no_interval():
    """Five of each cannot bound a median."""
    ratio, low, high = median_ratio(sample(1, 5), sample(2, 50), seed=1)
    assert ratio is not None
    assert (low, high) == (None, None)


def test_it_needs_jobs():
    """A fault of the program."""
    with pytest.raises(ValueError, match="no durations to estimate from"):
        median_ratio([], sample(1, 5), seed=1)


def test_a_median_behind_the_cap_is_at_least_the_cap():
    """Hardly a new job ended within 300 s, the old ones took 150 s: twice as long at least, for certain."""
    gone = [*sample(1, 2), *([GONE] * 38)]
    ratio, low, high = median_ratio(gone, sample(2, 40), seed=1)
    assert (ratio, high) == (None, None)
    assert low == pytest.approx(2.0, abs=0.2)
    ratio, low, high = median_ratio(sample(2, 40), gone, seed=1)
    assert ratio is None
    assert low == 0.0
    assert high == pytest.approx(0.5, abs=0.05)
