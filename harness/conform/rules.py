"""Rules of what generated requests show."""

from __future__ import annotations

from collections.abc import Mapping

from harness.finding import Direction, Impact, Rule, Severity

__all__ = ["RULES", "rule"]

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE

RULES: tuple[Rule, ...] = (
    Rule(
        id="conform.check-disagrees",
        severity=Severity.ERROR,
        direction=_REQUEST,
        impact=(Impact.BREAKS,),
        summary="A generated request and `check request` disagree on what is wrong with it.",
        advice="See the schema of the spec for keywords that contradict each other; else report it, with the "
        "request, as a fault of this program.",
    ),
    Rule(
        id="conform.invalid-accepted",
        severity=Severity.ERROR,
        direction=_REQUEST,
        impact=(Impact.BILL,),
        summary="A request that breaks the documents was accepted, and made a job.",
        advice="Judge requests before you send them (`check request`): this one is paid for, and what comes "
        "of it is nobody's promise.",
    ),
    Rule(
        id="conform.unknown-accepted",
        severity=Severity.INFO,
        direction=_REQUEST,
        summary="A property that no document names was taken without a word.",
        advice="A misspelt parameter is not noticed there: judge requests before you send them.",
    ),
    Rule(
        id="conform.valid-refused",
        severity=Severity.ERROR,
        direction=_REQUEST,
        impact=(Impact.BREAKS,),
        summary="A request that the documents allow was refused.",
        advice="Compare with the newest documents (`drift docs`); else show the provider its own page.",
    ),
    Rule(
        id="conform.valid-failed",
        severity=Severity.WARNING,
        direction=_RESPONSE,
        impact=(Impact.BREAKS,),
        summary="A job of a request that the documents allow failed.",
        advice="Read the provider's words: where requests are judged when the job runs, it may be a refusal; "
        "it may also be a fault of that one job. Run it again before you conclude.",
    ),
    Rule(
        id="conform.unavailable",
        severity=Severity.WARNING,
        direction=_RESPONSE,
        summary="A generated request was not served: no credit, no access, too many requests, or no answer.",
        advice="Try again later: it says nothing about the contract.",
        inconclusive=True,
    ),
    Rule(
        id="conform.nothing-sent",
        severity=Severity.WARNING,
        direction=_REQUEST,
        summary="Requests were to be sent, and none was answered.",
        advice="See what was skipped and why: nothing observed is not a pass.",
        inconclusive=True,
    ),
)
_BY_ID: Mapping[str, Rule] = {row.id: row for row in RULES}


def rule(rule_id: str) -> Rule:
    """The rule with this id."""
    return _BY_ID[rule_id]
