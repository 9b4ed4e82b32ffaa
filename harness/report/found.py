"""The findings of a run as the page lists them: one row for each fault, the loudest first, the rest counted.

A fault that occurs a thousand times has one fingerprint and one row. What is not shown is counted by rule and
endpoint; all of it stands in report.json.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from harness.finding import Finding
from harness.report.visible import compact, visible
from harness.report.words import location_text, place_text

__all__ = ["BRIEF", "FEW_ROWS", "MOST_ROWS", "Found", "FoundRow", "Rest", "found"]

MOST_ROWS = 2500
FEW_ROWS = 300
BRIEF = 240
"""Characters of a text in a row where there are more than `FEW_ROWS`; report.json has more."""
_MOST_BYTES = 2_150_000
_ROW_BYTES = 450  # of a row without its texts
_PLACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """One fault. `index` is its first finding's place in the judgement, `places` where it first occurs."""

    finding: Finding
    fingerprint: str
    index: int
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """How many findings of one rule at one endpoint have no row."""

    severity: str
    rule: str
    model: str | None
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All findings: those with a row, and how many there are of the others."""

    findings: int
    rows: tuple[FoundRow, ...]
    rest: tuple[Rest, ...]

    @property
    def repeated(self) -> tuple[FoundRow, ...]:
        """The rows that stand for more than one finding."""
        return tuple(row for row in self.rows if row.count > 1)


def found(findings: Sequence[Finding], most: int = MOST_ROWS) -> Found:
    """The findings, grouped by fingerprint and ordered: waived ones last, loud ones first."""
    groups: dict[str, list[int]] = {}
    for index, finding in enumerate(findings):
        groups.setdefault(finding.fingerprint, []).append(index)
    rows = sorted((_row(findings, name, places) for name, places in groups.items()), key=_loudness)
    shown = min(most, len(rows), _fitting(rows[:most]))
    return Found(findings=len(findings), rows=tuple(rows[:shown]), rest=tuple(_rest(rows[shown:])))


def _fitting(rows: Sequence[FoundRow]) -> int:
    """How many of the rows make a page that one can send; all of them where they are few."""
    if len(rows) <= FEW_ROWS:
        return len(rows)
    total = 0
    for number, row in enumerate(rows):
        total += _size(row.finding)
        if total > _MOST_BYTES:
            return number
    return len(rows)


def _size(finding: Finding) -> int:
    texts = [visible(text, BRIEF) for text in (finding.message, finding.consequence or "")]
    values = [compact(value, BRIEF) for value in (finding.expected, finding.observed) if value is not None]
    places = [finding.pointer or "", location_text(finding.subject), location_text(finding.source)]
    return _ROW_BYTES + sum(len(escape(text).encode()) for text in (*texts, *values, *places))


def _row(findings: Sequence[Finding], fingerprint: str, indices: Sequence[int]) -> FoundRow:
    places = dict.fromkeys(place_text(findings[index]) for index in indices)
    return FoundRow(
        finding=findings[indices[0]],
        fingerprint=fingerprint,
        index=indices[0],
        count=len(indices),
        places=tuple(places)[:_PLACES],
    )


def _loudness(row: FoundRow) -> tuple[bool, int, str, str]:
    finding = row.finding
    return finding.waived, -finding.severity.rank, finding.model or "", finding.rule.id


def _rest(rows: Iterable[FoundRow]) -> list[Rest]:
    counts: Counter[tuple[str, str, str | None]] = Counter()
    for row in rows:
        finding = row.finding
        counts[(finding.severity.value, finding.rule.id, finding.model)] += row.count
    return [
        Rest(severity=severity, rule=rule, model=model, findings=number)
        for (severity, rule, model), number in counts.items()
    ]
