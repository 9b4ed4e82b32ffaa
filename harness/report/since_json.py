"""What changed since an earlier report as JSON: the member `since` of `harness.run/1`."""

from __future__ import annotations

from typing import Any

from harness.report.since import (
    FactChange,
    FigureChange,
    FindingLine,
    Known,
    Made,
    Placed,
    RankingChange,
    Since,
    Stated,
)
from harness.report.since_words import criterion_name, since_notes, since_sentence
from harness.report.visible import plain

__all__ = ["since_json"]


def since_json(since: Since | None) -> dict[str, Any] | None:
    """All of it, every member always there; null for a report that was held against no other."""
    if since is None:
        return None
    return {
        "sentence": since_sentence(since),
        "notes": list(since_notes(since)),
        "then": _made(since.then),
        "now": _made(since.now),
        "unchanged": since.is_unchanged,
        "decided": since.decided,
        "other_wishes": since.other_wishes,
        "came": list(since.came),
        "went": list(since.went),
        "new": [_finding(line) for line in since.new],
        "gone": [_finding(line) for line in since.gone],
        "facts": [_fact(change) for change in since.facts],
        "figures": [_figure(change) for change in since.figures],
        "rankings": [_ranking(change) for change in since.rankings],
    }


def _made(made: Made) -> dict[str, Any]:
    return {
        "created_at": made.created_at,
        "version": made.version,
        "verdict": made.verdict,
        "messages": dict(made.messages),
    }


def _finding(line: FindingLine) -> dict[str, Any]:
    return {
        "fingerprint": line.fingerprint,
        "rule": line.rule,
        "severity": line.severity,
        "model": line.model,
        "message": line.message,
    }


def _fact(change: FactChange) -> dict[str, Any]:
    return {
        "model": change.model,
        "subject": change.subject,
        "facet": change.facet,
        "then": _stated(change.then),
        "now": _stated(change.now),
    }


def _stated(stated: Stated | None) -> dict[str, Any] | None:
    return None if stated is None else {"state": stated.state, "value": plain(stated.value)}


def _figure(change: FigureChange) -> dict[str, Any]:
    return {
        "model": change.model,
        "criterion": change.criterion,
        "name": criterion_name(change.criterion),
        "then": _known(change.then),
        "now": _known(change.now),
    }


def _known(known: Known | None) -> dict[str, Any] | None:
    if known is None:
        return None
    return {"value": known.value, "low": known.low, "high": known.high, "basis": known.basis}


def _ranking(change: RankingChange) -> dict[str, Any]:
    return {
        "group": change.group,
        "profile": change.profile,
        "then": _placed(change.then),
        "now": _placed(change.now),
        "other_weights": change.other_weights,
    }


def _placed(placed: Placed) -> dict[str, Any]:
    return {"status": placed.status, "first": placed.first}
