"""The rule tables of a trial: what could not be tried, and where the sellers of one model differ."""

from __future__ import annotations

from collections.abc import Mapping

from harness.finding import Direction, Impact, Kind, Rule, Severity

__all__ = ["NOT_TRIED", "ORACLE", "RULES"]

NOT_TRIED = Rule(
    id="trial.not-tried",
    severity=Severity.WARNING,
    direction=Direction.REQUEST,
    summary="A seller was not tried, or not to its end; the finding says why.",
    advice="Change the request (--set WORD=VALUE), or send it all the same (--even-if-invalid).",
    inconclusive=True,
)
_OUTPUT, _BILL = (Impact.OUTPUT,), (Impact.BILL, Impact.OUTPUT)


def _oracle(what: str, summary: str, advice: str, impact: tuple[Impact, ...] = _OUTPUT) -> Rule:
    return Rule(
        id=f"oracle.{what}",
        kind=Kind.DISCREPANCY,
        severity=Severity.WARNING,
        direction=Direction.RESPONSE,
        summary=summary,
        advice=advice,
        impact=impact,
    )


_MEASURE = (
    "Before you switch, measure what you get from each; the finding names what the documents say of it."
)

ORACLE: Mapping[str, Rule] = {
    "acceptance": _oracle(
        "acceptance",
        "One seller took the request, and another refused it.",
        "Adapt the request before you switch; `harness translate` says what it loses.",
        (Impact.BREAKS,),
    ),
    "end": _oracle(
        "end",
        "The same request ended differently: a video here, none there.",
        "Look at the error that was given; a failed job may be billed.",
        (Impact.BREAKS, Impact.BILL),
    ),
    "echo": _oracle(
        "echo",
        "A seller's answer repeats a parameter otherwise than it was sent; another's does not.",
        "Do not trust the request as you sent it: measure the video.",
    ),
    "duration": _oracle("duration", "The same request made videos of different length.", _MEASURE, _BILL),
    "aspect-ratio": _oracle("aspect-ratio", "The same request made videos of different shape.", _MEASURE),
    "size": _oracle("size", "The same request made videos of different size in pixels.", _MEASURE),
    "frame-rate": _oracle("frame-rate", "The same request made videos of different frame rate.", _MEASURE),
    "audio": _oracle(
        "audio", "The same request made a video with sound here, without there.", _MEASURE, _BILL
    ),
    "container": _oracle(
        "container", "The same request made files of different kinds.", _MEASURE, (Impact.BREAKS,)
    ),
}

RULES: tuple[Rule, ...] = (NOT_TRIED, *ORACLE.values())
