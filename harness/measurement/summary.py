"""What is concluded from measured jobs, as values: renderers, figures and gates read it. No data is None."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from harness.measurement.job import Design, Mismatch, Phase, Provenance
from harness.stats.estimate import EstimateVerdict

__all__ = [
    "BenchSummary",
    "Comparison",
    "ComparisonVerdict",
    "DayMedian",
    "EstimateJudgement",
    "Latency",
    "Proportion",
    "ProviderSummary",
    "Quantile",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A quantile of the job time with its confidence interval.

    Where censoring hides it, `value_s` (or an end of the interval) is None; it is said as "> `beyond_s` s".
    """

    p: float  # 0.5 is the median
    value_s: float | None
    low_s: float | None
    high_s: float | None
    beyond_s: float | None
    jobs: int
    days: int
    method: str  # how the interval was made: "bootstrap of jobs", "bootstrap of days", …


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """`successes` of `trials`, with a confidence interval; `value` and its ends are None without trials.

    `method` says how it was made, and as how many independent trials they count where days differ.
    """

    successes: float
    trials: int
    value: float | None
    low: float | None
    high: float | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMedian:
    """The median of one night, named by the UTC day of its first job (None where censoring hides it)."""

    day: str
    median_s: float | None
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """One phase of one provider's jobs.

    `survival` is the estimated P(T > t) as (t_s, probability) steps, `censored_s` the times at which jobs
    were given up.
    """

    phase: Phase
    jobs: int
    censored: int
    days: int
    quantiles: tuple[Quantile, ...]
    survival: tuple[tuple[float, float], ...]
    censored_s: tuple[float, ...] = ()
    by_day: tuple[DayMedian, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateJudgement:
    """One documented estimate of the job's mode beside what was measured.

    `within` is the probability that a job is done by the upper end of the estimate; None where that end is
    open. Its `successes` count a job whose interval straddles the end by the probability that it was in time;
    its interval counts such jobs as late at the low end and as in time at the high one.
    """

    name: str | None
    kind: str | None
    mode: str
    min_s: float | None
    max_s: float | None
    source: str | None
    margin: float
    verdict: EstimateVerdict
    within: Proportion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSummary:
    """One model in one mode: all that was measured of it."""

    model: str
    mode: str
    provenance: Provenance
    jobs: int
    latencies: tuple[Latency, ...]
    estimates: tuple[EstimateJudgement, ...]
    success: Proportion  # refusals of the prompt are apart
    refused_prompts: int
    possibly_billed: int
    polls_per_job: float | None
    poll_availability: Proportion  # polls that were answered
    cost_usd_per_delivered_s: float | None  # failed-but-billed jobs included; None where a price is unknown
    cost_note: str


class ComparisonVerdict(StrEnum):
    """The first provider beside the second."""

    FASTER = "faster"
    SLOWER = "slower"
    FASTER_IN_SITTING = "faster in this sitting"
    SLOWER_IN_SITTING = "slower in this sitting"
    NO_DIFFERENCE = "no meaningful difference"
    NO_DIFFERENCE_IN_SITTING = "no meaningful difference in this sitting"
    INSUFFICIENT = "insufficient data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two providers of one model: the ratio of their total times, first over second.

    `ratio` is the factor between the two distributions, with the interval that the paired test does not
    reject at `level`: where they have one shape, the ratio of their medians. `median_ratio` is the plain
    ratio of the two estimated medians, whatever the shapes. `p_adjusted` is Holm's over all pairs.
    `look` counts the looks of a declared group-sequential plan (1 of 1 where none was declared, 0 of n
    before the first). `pairs` are those that the test took, in `units` (`unit`: block, or night);
    `left_out` are blocks without a time of both. `mismatches` are those that touch this pair.
    """

    first: str
    second: str
    design: Design
    ratio: float | None
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None
    equivalence_margin: float
    pairs: int
    days: int
    look: int
    looks: int
    verdict: ComparisonVerdict
    reason: str
    mismatches: tuple[Mismatch, ...] = ()
    level: float = 0.05  # two-sided, of this look and of the interval
    median_ratio: float | None = None
    unit: str = "block"
    units: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSummary:
    """What was concluded from one or more runs of one plan and one provenance."""

    runs: tuple[str, ...]
    provenance: Provenance
    design: Design
    started_at: datetime
    ended_at: datetime | None
    cap_s: float
    providers: tuple[ProviderSummary, ...]
    comparisons: tuple[Comparison, ...]
    mismatches: tuple[Mismatch, ...]
    notes: tuple[str, ...] = field(default=())
