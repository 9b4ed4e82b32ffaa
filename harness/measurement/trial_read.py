"""A trial's own record, read back: what a report shows of its jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.measurement.json import located, strict_json
from harness.measurement.members import (
    MemberError,
    a_list,
    a_number,
    a_text,
    an_object,
    member,
    or_null,
)
from harness.measurement.trial import SCHEMA

__all__ = ["TrialJob", "read_trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialJob:
    """One job of a trial, as its record tells: the outcome in words, the interval, what the video is.

    `low_s` and `high_s` bound the job's time; `video` are the facts of the delivered file, as JSON; `file` is
    the record that it stands in.
    """

    model: str
    provenance: str
    made_at: str
    outcome: str
    low_s: float | None
    high_s: float | None
    video: Mapping[str, Any] | None
    findings: tuple[str, ...]
    note: str | None
    file: str


def read_trial(text: str, file: str) -> tuple[TrialJob, ...]:
    """The jobs of a `harness.trial/1` document. Raises SourceError with line and column."""
    document = strict_json(text, file)
    jobs: tuple[TrialJob, ...] = located(text, file)(lambda given: _jobs(given, file), document)
    return jobs


def _jobs(document: Any, file: str) -> tuple[TrialJob, ...]:
    given = an_object(document)
    if given.get("schema") != SCHEMA:
        raise MemberError(f"expected {SCHEMA}, got {given.get('schema')!r}", path=("schema",))
    messages = member(given, "messages", an_object)
    made_at = member(given, "created_at", a_text)
    provenance = "live" if messages.get("live") else "simulated"
    jobs: tuple[TrialJob, ...] = member(
        given, "jobs", a_list(lambda job: _job(an_object(job), provenance, made_at, file))
    )
    return jobs


def _job(given: Mapping[str, Any], provenance: str, made_at: str, file: str) -> TrialJob:
    return TrialJob(
        model=member(given, "model", a_text),
        provenance=provenance,
        made_at=made_at,
        outcome=member(given, "outcome", a_text),
        low_s=member(given, "low_s", or_null(a_number)),
        high_s=member(given, "high_s", or_null(a_number)),
        video=member(given, "video", or_null(an_object)),
        findings=member(given, "findings", a_list(a_text)),
        note=member(given, "note", or_null(a_text)),
        file=file,
    )
