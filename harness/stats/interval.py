"""A duration that is known to lie in an interval.

A job's latency is never a point: it ended after the last non-terminal poll was sent and not later than the
first terminal answer was received. A job that was not seen to end is right-censored.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONFIDENCE", "Interval"]

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A duration known to lie in (low_s, high_s]; `high_s` is None when the end was not seen."""

    low_s: float
    high_s: float | None

    def __post_init__(self) -> None:
        if self.low_s < 0 or (self.high_s is not None and self.high_s < self.low_s):
            raise ValueError(f"not an interval: ({self.low_s}, {self.high_s}]")
