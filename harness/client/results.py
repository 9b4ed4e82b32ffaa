"""What the client gives back: a handle for a job, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from harness.client.sighting import Sighting
from harness.finding import Finding
from harness.spec.model import Spec

__all__ = ["CancelResult", "JobHandle", "JobResult", "Mode", "Outcome"]


class Mode(StrEnum):
    """How the end of a job is waited for."""

    POLL = "poll"
    BLOCKING = "blocking"  # the request that makes the job is answered when it is done
    EVENTS = "events"
    WEBHOOK = "webhook"


class Outcome(StrEnum):
    """What became of a job."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNFINISHED = "unfinished"  # not ended in time: open in the journal
    REFUSED = "refused"  # the provider would not do it
    POSSIBLY_BILLED = "possibly_billed"  # its id is not known; it may exist
    UNSENT = "unsent"  # the request did not reach the provider


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHandle:
    """One job that was submitted, or tried to be.

    `job_id` is None where the provider has named none (yet). `others` are further jobs of the same request.
    """

    entry_id: str
    spec: Spec = field(repr=False)
    mode: Mode
    job_id: str | None
    others: tuple[JobHandle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """What became of one job.

    `output` is the address of the video, `inline` the video itself (base64) where it came so; `value` is the
    JSON of the message that showed the end, and `seen_by` which kind of message that was. The job took longer
    than `low_s` and not longer than `high_s` provider seconds (None: not known). `note` says in words what
    stood in the way. `status` and `retry_after_s` are those of a refusal. `sightings` are the messages about
    it, where the client keeps them.
    """

    handle: JobHandle
    outcome: Outcome
    output: str | None = None
    inline: str | None = field(default=None, repr=False)
    value: Any = field(default=None, repr=False)
    error: str | None = None
    seen_by: str | None = None
    polls: int = 0
    low_s: float | None = None
    high_s: float | None = None
    note: str | None = None
    status: int | None = None
    retry_after_s: float | None = None
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    sightings: tuple[Sighting, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResult:
    """The answer to a wish to cancel. Whether the job is cancelled is seen when it is waited for."""

    accepted: bool
    status: int | None
    note: str | None
    findings: tuple[Finding, ...] = field(default=(), repr=False)
