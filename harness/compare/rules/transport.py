"""Rules for how a call is made: where, with what method, what key and what type of body."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity
from harness.spec.model import State

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("path", "method", "server", "auth", "content_type")


def _rule(name: str, summary: str, advice: str, direction: Direction = Direction.REQUEST) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=Severity.ERROR,
        direction=direction,
        impact=(Impact.BREAKS,),
        summary=summary,
        advice=advice,
    )


PATH = _rule(
    "path", "A call is made at another path.", "Call the new path, and never follow a redirect with a POST."
)
METHOD = _rule("method", "A call is made with another method.", "Use the new method.")
SERVER = _rule("server", "Calls go to another host.", "Check whose host it is before you send it a key.")
AUTH = _rule("auth", "The key travels in another way.", "Send the key as documented now.")
REQUEST_CONTENT_TYPE = _rule(
    "request-content-type", "A request body has another type.", "Send the body in the new type."
)
RESPONSE_CONTENT_TYPE = _rule(
    "response-content-type",
    "An answer's body has another type.",
    "Read the body in the new type.",
    Direction.RESPONSE,
)
RULES: tuple[Rule, ...] = (PATH, METHOD, SERVER, AUTH, REQUEST_CONTENT_TYPE, RESPONSE_CONTENT_TYPE)

_CONSEQUENCES = {
    "path": (PATH, "calls to the old path fail, or are redirected"),
    "method": (METHOD, "calls with the old method fail"),
    "server": (SERVER, "calls to the old host may fail"),
    "auth": (AUTH, "calls with the key in the old place may be refused"),
}


def check(change: Change) -> Iterator[Finding]:
    """A call is made in another way."""
    if change.facet == "content_type":
        rule = REQUEST_CONTENT_TYPE if change.is_request else RESPONSE_CONTENT_TYPE
        consequence = "bodies of the old type are refused" if change.is_request else "a client cannot read it"
    else:
        rule, consequence = _CONSEQUENCES[change.facet]
    if change.vanished:
        consequence = "nothing else is said in its place"
        yield report(change, rule, consequence, severity=Severity.WARNING, impact=())
    elif change.was is State.UNDOCUMENTED:
        severity = Severity.INFO if change.facet == "content_type" else Severity.WARNING
        yield report(change, rule, "it is said now", severity=severity, impact=())
    else:
        yield report(change, rule, consequence)
