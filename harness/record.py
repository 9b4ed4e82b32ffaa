"""`RunRecord`: what one run saw. Reports are pure functions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.compare.matrix import Row
from harness.finding import Judgement
from harness.stats.estimate import EstimateVerdict, MedianInterval
from harness.stats.interval import Interval

__all__ = [
    "DocumentedFact",
    "EstimateLine",
    "JobLine",
    "ModelRecord",
    "RecordingLine",
    "RunRecord",
    "SourceLine",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A document that a spec rests on. `date` and `digest` are None where unknown."""

    id: str
    kind: str
    title: str
    date: str | None
    digest: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedFact:
    """One fact of a spec, for people: `subject` in words, `state`, `value` as JSON, where it stands."""

    subject: str
    facet: str
    state: str
    value: Any
    source: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """One endpoint: what its documents say, and how many recorded messages conform."""

    id: str
    title: str
    provider: str
    group: str
    revisions: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    facts: tuple[DocumentedFact, ...]
    fact_counts: Mapping[str, int]  # by state: documented, absent, undocumented
    messages: Mapping[str, int]  # recorded messages judged, by provenance
    violating: Mapping[str, int]  # those of them that violate, by provenance

    @property
    def messages_violating(self) -> int:
        """How many recorded messages violate, of any provenance."""
        return sum(self.violating.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLine:
    """One recording that was judged."""

    file: str
    model: str | None
    other_model: str | None
    provenance: str
    title: str | None
    source: str | None
    messages: int
    findings: int
    timeline: str | None
    substituted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """One job of a recording: how long it took, as an interval, and how it ended.

    `state` is the last state seen; `timeline` as in the recording (`recorded` or `derived`).
    """

    model: str
    file: str
    provenance: str
    job: str
    state: str | None
    polls: int
    interval: Interval | None
    timeline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateLine:
    """One documented estimate beside what was recorded, for one model, mode and provenance.

    `name` is None (and min_s, max_s too) where the provider documents no estimate. Jobs of different
    provenance are never pooled: there is one line for each.
    """

    model: str
    name: str | None
    kind: str | None
    mode: str
    min_s: float | None
    max_s: float | None
    open_ended: bool
    source: str | None
    provenance: str | None  # of the jobs; None when there are none
    jobs: tuple[Interval, ...]
    median: MedianInterval | None
    verdict: EstimateVerdict
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What one run saw.

    `messages` counts recorded messages by provenance (documented, simulated, live, unknown), each key
    always there. `meanings` says what a discrepancy means to a buyer, by (group, `parameter.facet`).
    """

    created_at: datetime
    version: str
    messages: Mapping[str, int]
    models: tuple[ModelRecord, ...]
    matrix: tuple[Row, ...]
    recordings: tuple[RecordingLine, ...]
    jobs: tuple[JobLine, ...]
    estimates: tuple[EstimateLine, ...]
    margin: float
    judgement: Judgement
    meanings: Mapping[tuple[str, str], str] = field(default_factory=dict)
