"""Rules for whether a member must be there."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("required",)


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


REQUEST_REQUIRED = _rule(
    "request-required",
    Direction.REQUEST,
    Severity.ERROR,
    "A request parameter is required now.",
    "Send it; a request without it is refused.",
)
REQUEST_OPTIONAL = _rule(
    "request-optional",
    Direction.REQUEST,
    Severity.INFO,
    "A request parameter is optional now.",
    "Nothing has to be done; see what its default is before you leave it out.",
)
RESPONSE_REQUIRED = _rule(
    "response-required",
    Direction.RESPONSE,
    Severity.INFO,
    "A member of an answer is always there now.",
    "Nothing has to be done.",
)
RESPONSE_OPTIONAL = _rule(
    "response-optional",
    Direction.RESPONSE,
    Severity.ERROR,
    "A member of an answer may be missing now.",
    "Read it only where it is there.",
)
RULES: tuple[Rule, ...] = (REQUEST_REQUIRED, REQUEST_OPTIONAL, RESPONSE_REQUIRED, RESPONSE_OPTIONAL)


def check(change: Change) -> Iterator[Finding]:
    """Required became optional, or the other way round."""
    if change.is_request:
        if change.after:
            yield report(change, REQUEST_REQUIRED, "requests without it are refused")
        else:
            yield report(change, REQUEST_OPTIONAL, "requests with it are as good as before")
    elif change.after:
        yield report(change, RESPONSE_REQUIRED, "it can be relied on")
    else:
        yield report(change, RESPONSE_OPTIONAL, "a client that relies on it fails where it is missing")
