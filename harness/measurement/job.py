"""One measured job, and one run of a benchmark, as values. Every duration is in provider seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from harness.stats.interval import Interval

__all__ = ["BenchRecord", "Design", "JobOutcome", "MeasuredJob", "Mismatch", "Phase", "Provenance"]


class Provenance(StrEnum):
    """Where jobs ran. Records of different provenance are never pooled."""

    SIMULATED = "simulated"
    LIVE = "live"


class Design(StrEnum):
    """How the jobs of a comparison are spread over time."""

    SITTING = "sitting"  # all of them now
    NIGHTLY = "nightly"  # a few blocks a night, accrued over many nights


class Phase(StrEnum):
    """A part of a job's time.

    `total` is from the submit being sent to the video being ready; `delivery` is what comes after that.
    """

    SUBMIT = "submit"  # request sent -> answer received
    QUEUE = "queue"  # accepted -> running
    GENERATION = "generation"  # running -> ready
    TOTAL = "total"  # request sent -> ready
    DELIVERY = "delivery"  # ready -> video downloaded


class JobOutcome(StrEnum):
    """What became of a measured job."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNFINISHED = "unfinished"  # not ended within the cap: right-censored
    REFUSED_PROMPT = "refused_prompt"  # the provider would not do this prompt; says nothing of its service
    REFUSED = "refused"
    POSSIBLY_BILLED = "possibly_billed"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredJob:
    """One job of a benchmark.

    `block` numbers the slot that holds one job per provider, `place` the job's turn in it. `intervals` has a
    phase only where it was observed; one whose end was not seen has `high_s` None. `asked_s` is the length
    of the video asked for. `cost_usd` is None where no price is known; `billed` where nobody knows.
    `evidence` names what, beside polls, narrowed an interval (`completed_at`, `predict_time`, `webhook`, …).
    """

    id: str  # unique over all runs: the journal's entry id
    model: str  # the spec's ref: ID or ID@DATE
    mode: str  # poll, blocking, events, webhook
    block: int
    place: int
    submitted_at: datetime  # aware, UTC
    outcome: JobOutcome
    intervals: Mapping[Phase, Interval] = field(default_factory=dict)
    polls: int = 0
    poll_errors: int = 0
    asked_s: float | None = None
    cost_usd: float | None = None
    billed: bool | None = None
    evidence: tuple[str, ...] = ()
    clock_offset_s: float | None = None  # provider's clock minus ours, where it was estimated
    job_id: str | None = None  # the provider's own
    note: str | None = None

    @property
    def day(self) -> str:
        """The UTC date of its submission."""
        return self.submitted_at.date().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Something of the canonical request that could not be made equal between two or more providers.

    `parameter` is canonical (`audio`, `guidance`, …); `values` holds what each model gets: a value as JSON,
    or None with the reason in `reasons` (`no parameter`, `default undocumented`, …).
    """

    parameter: str
    values: Mapping[str, Any]
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRecord:
    """One run of a benchmark, on one machine.

    `plan` is the plan as JSON, `plan_digest` what makes runs of one plan joinable (SHA-256 of its canonical
    JSON without budget and machine matters). `finished_at` is None for a run that was cut short.
    """

    id: str
    created_at: datetime
    finished_at: datetime | None
    version: str  # of this package
    provenance: Provenance
    design: Design
    machine: str
    region: str | None
    seed: int
    cap_s: float  # jobs were waited for no longer: beyond it they are right-censored
    plan: Mapping[str, Any]
    plan_digest: str
    models: tuple[str, ...]
    requests: Mapping[str, Any]  # model -> the native body that was sent
    mismatches: tuple[Mismatch, ...] = ()
    jobs: tuple[MeasuredJob, ...] = ()
