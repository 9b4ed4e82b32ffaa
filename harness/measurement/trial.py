"""What a trial saw: one job of each seller, and where the sellers differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.finding import Finding, Judgement
from harness.stats.interval import Interval
from harness.wire.video import VideoFacts, facts_json

__all__ = ["SCHEMA", "Difference", "Explanation", "TrialLine", "TrialRecord", "trial_json"]

SCHEMA = "harness.trial/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """One seller's job.

    `body` is the request as it was sent, without secrets; `cost_usd` its worst case (None: no price is
    known). `outcome` is that of the job, or `not_sent`; `status` the HTTP status of a refusal. `interval` is
    how long the job took, `estimates` what the documents say of that. `seen_by` is the kind of message that
    showed its end. `note` and `why` say in words what stood in the way of the job, and of the video.
    """

    model: str
    provider: str
    group: str
    mode: str
    body: Mapping[str, Any]
    outcome: str
    cost_usd: float | None = None
    status: int | None = None
    job: str | None = None
    seen_by: str | None = None
    polls: int = 0
    interval: Interval | None = None
    estimates: tuple[str, ...] = ()
    video: VideoFacts | None = None
    frame_png: bytes | None = field(default=None, repr=False)
    note: str | None = None
    why: str | None = None
    cassette: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A documented discrepancy that a difference can come from: its key, and what it means to a buyer."""

    key: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which the sellers of a model differed, with what each showed. `explained` may be empty."""

    group: str
    what: str
    values: Mapping[str, str]
    explained: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One trial. `canonical` is what was asked for, by group, in canonical words.

    `messages` counts what was recorded, by provenance.
    """

    created_at: datetime
    version: str
    canonical: Mapping[str, Mapping[str, Any]]
    messages: Mapping[str, int]
    lines: tuple[TrialLine, ...]
    differences: tuple[Difference, ...]
    judgement: Judgement


def trial_json(record: TrialRecord) -> dict[str, Any]:
    """The trial as JSON; findings are told apart, in the form that all commands have."""
    return {
        "schema": SCHEMA,
        "created_at": record.created_at.isoformat(),
        "version": record.version,
        "verdict": record.judgement.verdict.value,
        "messages": dict(record.messages),
        "canonical": {group: dict(words) for group, words in record.canonical.items()},
        "jobs": [_line(line) for line in record.lines],
        "differences": [
            {
                "group": difference.group,
                "what": difference.what,
                "values": dict(difference.values),
                "explained_by": [explanation.key for explanation in difference.explained],
            }
            for difference in record.differences
        ],
    }


def _line(line: TrialLine) -> dict[str, Any]:
    return {
        "model": line.model,
        "mode": line.mode,
        "request": dict(line.body),
        "worst_case_usd": line.cost_usd,
        "outcome": line.outcome,
        "status": line.status,
        "job": line.job,
        "seen_by": line.seen_by,
        "polls": line.polls,
        "low_s": None if line.interval is None else line.interval.low_s,
        "high_s": None if line.interval is None else line.interval.high_s,
        "video": None if line.video is None else facts_json(line.video),
        "note": line.note,
        "why_no_video": line.why,
        "cassette": line.cassette,
        "findings": [finding.rule.id for finding in line.findings],
    }
