"""How long a simulated job takes: drawn around what the provider's documents say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from harness.simulator.job import Failure, JobPlan
from harness.spec.model import JobState, Latency, Spec

__all__ = ["OWN_MEDIAN_S", "SIGMA", "Median", "draw_plan", "median_of"]

OWN_MEDIAN_S = 150.0
"""The median where no document gives an estimate: the simulator's own choice."""

SIGMA = 0.25
"""Of the logarithm of the job time; the simulator's own choice."""

_QUEUED_SHARE = (0.05, 0.15)
_FAILING_S = (1.0, 5.0)
_KINDS = ("estimate", "observed_once", "range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """The middle of the job times. `source` is the name of the documented latency, None: own choice."""

    seconds: float
    source: str | None


def median_of(spec: Spec, mode: str) -> Median:
    """What the documents say of a job in one mode (`poll` or `blocking`).

    A statement about this model goes before one about all, one about this mode before one about any, an
    estimate before a single observation before a range; a range stands for its geometric middle.
    """
    fitting = [latency for latency in spec.latency.value or () if latency.mode in (mode, "any")]
    if not fitting:
        return Median(seconds=OWN_MEDIAN_S, source=None)

    def weight(latency: Latency) -> tuple[bool, bool, int]:
        return latency.scope != "model", latency.mode != mode, _KINDS.index(latency.kind)

    best = min(fitting, key=weight)
    return Median(seconds=math.sqrt(best.min_s * best.max_s), source=best.name)


def draw_plan(random: Random, median_s: float, submitted_s: float, failure: Failure | None) -> JobPlan:
    """The course of one job: lognormal around the median; one that fails does so soon after it started."""
    total_s = median_s * math.exp(SIGMA * random.gauss(0.0, 1.0))
    queued_s = total_s * random.uniform(*_QUEUED_SHARE)
    if failure is not None:
        total_s = queued_s + random.uniform(*_FAILING_S)
    return JobPlan(
        submitted_s=submitted_s,
        started_s=submitted_s + queued_s,
        ended_s=submitted_s + total_s,
        outcome=JobState.SUCCEEDED if failure is None else JobState.FAILED,
        failure=failure,
    )
