"""What is expected of the next job's time: a Student-t law on the log scale, learnt job by job."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, exp, log, pi, sqrt

from harness.stats.interval import Interval

__all__ = ["Law", "Predictor"]

DOCUMENTED_WEIGHT = 0.2  # a documented estimate counts as so many jobs: it may be wrong by twice
UNDOCUMENTED_S = 120.0  # where nothing is documented; the weight makes the law so wide that it hardly matters
UNDOCUMENTED_WEIGHT = 0.1
SPREAD = 0.3  # the expected standard deviation of log job times, before any job was seen
SPREAD_WEIGHT = 3.0  # in jobs
MEMORY_JOBS = 60.0  # older jobs fade: providers change
NEGLIGIBLE = 1e-6  # a probability at which the normal law says nothing of where in an interval a job ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The predictive distribution: (log T - centre) / scale is Student-t with `freedom` degrees."""

    centre: float
    scale: float
    freedom: float

    @property
    def median_s(self) -> float:
        """Half of the jobs are expected to take no longer."""
        return exp(self.centre)


class Predictor:
    """Learns one provider's job times in one mode.

    The model is the conjugate one of a normal distribution with unknown mean and variance (normal-inverse-
    gamma; Gelman et al., Bayesian Data Analysis, 3.3) on the log scale. A job that is known as an interval
    counts with its mean and variance given that interval, under the law of that moment.
    """

    def __init__(self, estimate_s: tuple[float, float | None] | None) -> None:
        """Starts at the documented estimate `(min_s, max_s)`, max_s None for an open end; or at None.

        Raises `ValueError` where the estimate has no positive end, or ends in the wrong order.
        """
        self._weight, self._centre = UNDOCUMENTED_WEIGHT, log(UNDOCUMENTED_S)
        self._squares = SPREAD_WEIGHT * SPREAD**2
        if estimate_s is not None:
            low_s, high_s = estimate_s
            ends = [end for end in (low_s, high_s) if end is not None and end > 0]
            if not ends or ends != sorted(ends):
                raise ValueError(f"not an estimate of a job's time: {estimate_s}")
            self._weight, self._centre = DOCUMENTED_WEIGHT, sum(map(log, ends)) / len(ends)
            self._squares += SPREAD_WEIGHT * (log(ends[-1]) - log(ends[0])) ** 2 / 12
        self._jobs = 0.0

    @property
    def law(self) -> Law:
        """What is expected of the next job."""
        freedom = SPREAD_WEIGHT + self._jobs
        variance = self._squares / freedom * (1 + 1 / self._weight)
        return Law(centre=self._centre, scale=sqrt(variance), freedom=freedom)

    def observe(self, interval: Interval) -> None:
        """Takes one job's time; one that was given up counts as longer than its lower end."""
        law = self.law
        low = (log(interval.low_s) - law.centre) / law.scale if interval.low_s > 0 else None
        high = (log(interval.high_s) - law.centre) / law.scale if interval.high_s else None
        if low is None and high is None:  # nobody looked at it
            return
        mean, variance = _within(low, high)
        mean, variance = law.centre + law.scale * mean, law.scale**2 * variance
        if self._jobs >= MEMORY_JOBS:
            fade = MEMORY_JOBS / (MEMORY_JOBS + 1)
            self._jobs, self._weight = self._jobs * fade, self._weight * fade
            self._squares = self._squares * fade
        weight = self._weight + 1
        self._squares += variance + self._weight / weight * (mean - self._centre) ** 2
        self._centre += (mean - self._centre) / weight
        self._weight, self._jobs = weight, self._jobs + 1


def _within(low: float | None, high: float | None) -> tuple[float, float]:
    """Mean and variance of a standard normal variable that lies between `low` and `high`; None is no bound.

    Where that is next to impossible, those of the uniform law between the two, or the one bound itself: a job
    far from all that was expected.
    """
    mass = (1.0 if high is None else _normal(high)) - (0.0 if low is None else _normal(low))
    if mass > NEGLIGIBLE:
        at_low, at_high = (0.0 if end is None else _density(end) for end in (low, high))
        mean = (at_low - at_high) / mass
        square = 1 + ((low or 0.0) * at_low - (high or 0.0) * at_high) / mass
        return mean, max(square - mean**2, 0.0)
    ends = [end for end in (low, high) if end is not None]
    return sum(ends) / len(ends), (ends[-1] - ends[0]) ** 2 / 12


def _normal(z: float) -> float:
    """The standard normal distribution function."""
    return (1 + erf(z / sqrt(2))) / 2


def _density(z: float) -> float:
    """The standard normal density."""
    return exp(-z * z / 2) / sqrt(2 * pi)
