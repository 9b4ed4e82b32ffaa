"""What a difference between two sellers costs a buyer who switches.

The order, by what is noticed last:

1. the bill changes in silence: the same request costs more, or costs at all;
2. the output changes in silence: the same request makes another video;
3. parsing fails, or a job is lost: the job is paid for and its result is not found;
4. the request is refused: loud, and before anything is paid for;
5. it is merely unknown (one seller says what the others do not), or only written differently.

A parameter that a seller does not document, or calls by another name, weighs as its default does: nothing
says that unknown parameters are refused, and where they are ignored the default applies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from harness.compare.values import form
from harness.finding import Impact
from harness.spec.model import State

__all__ = ["Cost", "Weight", "cost_of", "governed", "weight"]


class Cost(IntEnum):
    """The rank of a row: lower is dearer. NONE is a row without a discrepancy."""

    BILL = 0
    OUTPUT = 1
    LOST = 2
    REFUSED = 3
    UNKNOWN = 4
    NONE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The rank and impact of a row whose stated values differ.

    `silence_counts`: a seller that says nothing differs from one that states something as much as another
    value would (a feature that is not documented cannot be used). `none_counts`: that a seller documents
    the absence is a value too (no limit, no default).
    """

    cost: Cost
    impact: tuple[Impact, ...]
    silence_counts: bool = False
    none_counts: bool = True


_BILL_AND_OUTPUT = (Impact.BILL, Impact.OUTPUT)
_GOVERNED: dict[str, tuple[Impact, ...]] = {
    "duration_s": _BILL_AND_OUTPUT,
    "audio": _BILL_AND_OUTPUT,
    "mode": _BILL_AND_OUTPUT,
    "resolution": _BILL_AND_OUTPUT,
    "count": (Impact.BILL,),
    "billing_account": (Impact.BILL,),
    "aspect_ratio": (Impact.OUTPUT,),
    "guidance": (Impact.OUTPUT,),
    "prompt": (Impact.OUTPUT,),
    "negative_prompt": (Impact.OUTPUT,),
    "seed": (Impact.OUTPUT,),
    "routing": (Impact.OUTPUT,),
    "model_version": (Impact.OUTPUT,),
    "response_format": (Impact.BREAKS,),
    "model": (Impact.BREAKS,),
}


def governed(word: str | None) -> tuple[Impact, ...]:
    """What a change of the value of a canonical parameter changes; nothing for one that is not canonical."""
    return _GOVERNED.get(word or "", ())


_BREAKS = (Impact.BREAKS,)
_REFUSED = Weight(cost=Cost.REFUSED, impact=_BREAKS)
_LOST = Weight(cost=Cost.LOST, impact=_BREAKS)
_BILL = Weight(cost=Cost.BILL, impact=(Impact.BILL,))
_PARAMETERS: dict[str, Weight] = {
    "request": _REFUSED,
    "auth": _REFUSED,
    "validation": _BILL,
    "job": _LOST,
    "status": _LOST,
    "completion": Weight(cost=Cost.LOST, impact=_BREAKS, silence_counts=True),
    "webhook": _LOST,
    "errors": _LOST,
    "limits": _REFUSED,
    "latency": _LOST,  # a time limit taken from one seller gives up on a paid job of another
    "poll_interval": Weight(cost=Cost.UNKNOWN, impact=()),
    "price": Weight(cost=Cost.BILL, impact=(Impact.BILL,), none_counts=False),
    "output": _LOST,
}
_ROWS: dict[tuple[str, str], Weight] = {
    ("prompt", "default"): Weight(cost=Cost.BILL, impact=_BILL_AND_OUTPUT),
    ("output", "resolution"): Weight(cost=Cost.BILL, impact=_BILL_AND_OUTPUT),
    ("job", "cancel"): Weight(cost=Cost.REFUSED, impact=_BREAKS, silence_counts=True),
}
_SCALE = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})


def weight(parameter: str, facet: str) -> Weight:
    """The weight of one row of the matrix."""
    if (parameter, facet) in _ROWS:
        return _ROWS[parameter, facet]
    if parameter in _PARAMETERS:
        return _PARAMETERS[parameter]
    if facet == "x-billing":
        return _BILL
    if facet in ("presence", "name", "default") or (parameter == "guidance" and facet in _SCALE):
        impact = governed(parameter)
        return Weight(cost=_rank(parameter, impact), impact=impact, silence_counts=facet == "presence")
    return _REFUSED


def _rank(parameter: str, impact: tuple[Impact, ...]) -> Cost:
    if Impact.BILL in impact:
        return Cost.BILL
    if Impact.OUTPUT in impact:
        return Cost.OUTPUT
    return Cost.LOST if parameter == "response_format" else Cost.REFUSED


def cost_of(
    parameter: str, facet: str, cells: Iterable[tuple[State, Any]]
) -> tuple[Cost, tuple[Impact, ...]]:
    """The rank and impact of a discrepant row, by what its cells say."""
    own = weight(parameter, facet)
    meanings: set[str | None] = set()
    for state, value in cells:
        if state is State.DOCUMENTED:
            meanings.add(form(_meaning(parameter, value), facet=facet))
        elif own.silence_counts or (state is State.ABSENT and own.none_counts):
            meanings.add(None)
    if len(meanings) > 1:
        return own.cost, own.impact
    return Cost.UNKNOWN, ()


def _meaning(parameter: str, value: Any) -> Any:
    """The value without what is only notation: "10" seconds are 10 seconds, 1920x1080 is 1080p."""
    if parameter == "duration_s":
        members = value if isinstance(value, list) else [value]
        return [_number(member) for member in members]
    if parameter == "output" and isinstance(value, str):
        width, _, height = value.partition("x")
        if width.isdecimal() and height.isdecimal():
            return f"{min(int(width), int(height))}p"
    return value


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value
