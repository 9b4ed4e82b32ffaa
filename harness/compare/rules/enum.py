"""Rules for lists of allowed values: fewer hurts in a request, more in an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.compare.change import Change, report
from harness.compare.values import form, shown
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity
from harness.spec.model import State

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("enum", "const")


def _rule(name: str, direction: Direction, severity: Severity, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=severity,
        direction=direction,
        impact=(Impact.BREAKS,) if severity is Severity.ERROR else (),
        summary=summary,
        advice=advice,
    )


REQUEST_NARROWED = _rule(
    "request-enum-narrowed",
    Direction.REQUEST,
    Severity.ERROR,
    "A value of a parameter is no longer allowed.",
    "Send one of those that are left.",
)
REQUEST_WIDENED = _rule(
    "request-enum-widened",
    Direction.REQUEST,
    Severity.INFO,
    "More values of a parameter are allowed; a warning where the list is no longer said.",
    "Nothing has to be done.",
)
RESPONSE_NARROWED = _rule(
    "response-enum-narrowed",
    Direction.RESPONSE,
    Severity.INFO,
    "A value of a member of an answer does not occur any more.",
    "Nothing has to be done, unless you wait for it.",
)
RESPONSE_WIDENED = _rule(
    "response-enum-widened",
    Direction.RESPONSE,
    Severity.ERROR,
    "A member of an answer has values that a client does not know; a warning where none are listed now.",
    "Handle the new values.",
)
RULES: tuple[Rule, ...] = (REQUEST_NARROWED, REQUEST_WIDENED, RESPONSE_NARROWED, RESPONSE_WIDENED)


def check(change: Change) -> Iterator[Finding]:
    """Values are new, or no longer there."""
    if change.is_request:
        yield _request(change)
    else:
        yield _response(change)


def _request(change: Change) -> Finding:
    gone = _missing(change.before, change.after)
    if change.is_now is State.ABSENT:
        return report(change, REQUEST_WIDENED, "any value is accepted now")
    if change.vanished:
        consequence = "which values are accepted is not said any more"
        return report(change, REQUEST_WIDENED, consequence, severity=Severity.WARNING)
    if change.appeared:
        return report(change, REQUEST_NARROWED, "other values are refused")
    if gone:
        return report(change, REQUEST_NARROWED, f"a request with {_list(gone)} is refused")
    return report(change, REQUEST_WIDENED, "the old values are as good as before")


def _response(change: Change) -> Finding:
    fresh = _missing(change.after, change.before)
    if change.vanished:
        consequence = "which values are possible is not said any more"
        return report(change, RESPONSE_WIDENED, consequence, severity=Severity.WARNING, impact=())
    if fresh and not change.appeared:
        return report(change, RESPONSE_WIDENED, f"a client does not know {_list(fresh)}")
    return report(change, RESPONSE_NARROWED, "all that is left was possible before")


def _missing(these: Any, those: Any) -> list[Any]:
    known = {form(value) for value in _values(those)}
    return [value for value in _values(these) if form(value) not in known]


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _list(values: list[Any]) -> str:
    return " or ".join(shown(value) for value in values)
