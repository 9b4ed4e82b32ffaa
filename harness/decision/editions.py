"""The dated editions of a seller's documents, and how often they change what a client relies on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from harness.compare.changes import changes
from harness.decision.model import Edition, Evidence
from harness.finding import Finding, Severity
from harness.ranking.rank import Figure
from harness.spec.model import Spec
from harness.stats.rates import poisson_rate

__all__ = ["costs", "editions_of", "stability"]

_DAYS_A_YEAR = 365.25


def editions_of(baseline: Spec, revisions: Sequence[Spec]) -> tuple[Edition, ...]:
    """The baseline and each later revision with what changed in it, oldest first."""
    found = [Edition(model=baseline.id, ref=baseline.ref, date=_first_date(baseline), changes=())]
    before = baseline
    for revision in revisions:
        changed = changes(before, revision)
        found.append(Edition(model=baseline.id, ref=revision.ref, date=revision.revision, changes=changed))
        before = revision
    return tuple(found)


def _first_date(spec: Spec) -> str | None:
    """The date of the earliest of its documents that has one."""
    return min((source.date for source in spec.sources.values() if source.date), default=None)


def costs(change: Finding) -> bool:
    """Whether a change breaks something, or changes the bill or the video."""
    return bool(change.impact) and change.severity is not Severity.INFO


def stability(editions: Sequence[Edition], *, source: str, where: str) -> Evidence:
    """Changes a year that cost a client something, between the first and the last dated edition.

    Where only one edition is known nobody has looked for another: that is unknown, not "no changes". The
    interval is that of a Poisson rate. `source` and `where` are pointers into report.json.
    """
    last, first = editions[-1].date, editions[0].date
    days = None if first is None or last is None else _days(first, last)
    if len(editions) < 2 or not days:
        why = "only one dated edition of its documents is known, so nothing can be said of changes"
        return Evidence(criterion="stability", figure=None, counts={}, why=why, where=(where,))
    counted = sum(costs(change) for edition in editions for change in edition.changes)
    years = days / _DAYS_A_YEAR
    low, high = poisson_rate(counted, years)
    counts: dict[str, Any] = {
        "changes": counted,
        "editions": len(editions),
        "first": first,
        "last": last,
        "days": days,
    }
    return Evidence(
        criterion="stability",
        figure=Figure(value=counted / years, low=low, high=high, basis="documented", source=source),
        counts=counts,
        why="changes that break something, or change the bill or the video, between dated editions",
        where=(where,),
    )


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
