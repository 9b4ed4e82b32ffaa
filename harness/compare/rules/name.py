"""Rules for what is called otherwise, and for a model that is another one."""

from __future__ import annotations

from collections.abc import Iterator

from harness.compare.change import Change, report
from harness.compare.weights import governed
from harness.finding import Direction, Finding, Impact, Kind, Rule, Severity

__all__ = ["FACETS", "RULES", "check"]

FACETS: tuple[str, ...] = ("name",)


def _rule(name: str, direction: Direction, impact: Impact, summary: str, advice: str) -> Rule:
    return Rule(
        id=f"diff.{name}",
        kind=Kind.DRIFT,
        severity=Severity.ERROR,
        direction=direction,
        impact=(impact,),
        summary=summary,
        advice=advice,
    )


REQUEST_RENAMED = _rule(
    "request-property-renamed",
    Direction.REQUEST,
    Impact.BREAKS,
    "A request parameter has another name.",
    "Send it under the new name; under the old one it is refused, or ignored and its default applies.",
)
RESPONSE_RENAMED = _rule(
    "response-property-renamed",
    Direction.RESPONSE,
    Impact.BREAKS,
    "A member of an answer has another name.",
    "Read it under the new name.",
)
STATUS_WORD_RENAMED = _rule(
    "status-word-renamed",
    Direction.RESPONSE,
    Impact.BREAKS,
    "A state of the job has another word.",
    "Teach your state machine the new word; a client that does not know it waits for ever.",
)
SLUG = _rule(
    "model-name",
    Direction.SPEC,
    Impact.BREAKS,
    "The provider calls the model otherwise.",
    "Ask for it under the new name.",
)
MODEL = _rule(
    "model-version",
    Direction.SPEC,
    Impact.OUTPUT,
    "It is another model: family, version or tier differ.",
    "Expect other videos; compare prices and quality anew.",
)
RULES: tuple[Rule, ...] = (REQUEST_RENAMED, RESPONSE_RENAMED, STATUS_WORD_RENAMED, SLUG, MODEL)


def check(change: Change) -> Iterator[Finding]:
    """A property, a status word or the model has another name."""
    if change.address.direction is Direction.SPEC:
        if change.address.field == "/model/name":
            yield report(change, SLUG, "requests for the old name may be refused")
        elif change.appeared or change.vanished:
            consequence = "it is said now" if change.appeared else "it is not said any more"
            yield report(change, MODEL, consequence, severity=Severity.WARNING, impact=())
        else:
            yield report(change, MODEL, "another model makes other videos")
    elif change.is_request:
        impact = tuple(dict.fromkeys((*governed(change.word), Impact.BREAKS)))
        consequence = "under the old name it is refused, or ignored and its default applies"
        yield report(change, REQUEST_RENAMED, consequence, impact=impact)
    elif change.is_status_word:
        yield report(change, STATUS_WORD_RENAMED, "a client that does not know the word waits for ever")
    else:
        yield report(change, RESPONSE_RENAMED, "a client that reads the old name finds nothing")
