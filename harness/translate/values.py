"""The values of translation: canonical requests, the reading of a scale, and what came of one request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from harness.finding import Finding
from harness.translate.rules import KEEP

__all__ = [
    "UNIT_RANGE",
    "Canonical",
    "GuidanceScale",
    "Range",
    "Translation",
    "as_type",
    "carry",
    "exact",
    "is_number",
    "kind_of",
    "scaled_form",
    "scaled_parts",
]

Canonical = Mapping[str, Any]
"""A request in the words of `docs/spec-format.md`, "mapping": `{"prompt": "a fox", "duration_s": 5}`.

`duration_s`, `seed` and `count` are numbers, `audio` is true or false, the rest are texts. `guidance` is a
number on the range from 0 to 1, or `{"value": 5, "range": [0, 10]}` on another range; the range is null
where nobody documents it.
"""

Range = tuple[float, float]
UNIT_RANGE: Range = (0, 1)
"""The range on which a plain canonical `guidance` is to be read."""


class GuidanceScale(StrEnum):
    """How a value on one documented range reads on another."""

    SAME = "same"  # the number means the same, whatever the ranges say
    PROPORTIONAL = "proportional"  # the ranges mean the same: the middle of one is the middle of the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A request in the words of one seller.

    `body` is the native JSON, `losses` what it lost or keeps only by being written otherwise, `canonical`
    what it says in canonical words (what was left out is not in it).
    """

    body: dict[str, Any]
    losses: tuple[Finding, ...]
    canonical: Canonical

    @property
    def is_lossless(self) -> bool:
        """Whether the body asks for exactly what was asked for, and keeps to the seller's documents."""
        return all(loss.rule.id in KEEP for loss in self.losses)


def is_number(value: Any) -> bool:
    """Whether it is a JSON number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def kind_of(value: Any) -> str:
    """The JSON type of a value, integers and other numbers being one."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if is_number(value):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, (list, tuple)) else "object"


def as_type(value: Any, types: frozenset[str]) -> Any:
    """The same value with one of these JSON types, itself where it has one or cannot be had with any.

    `"5"` is 5 and `"true"` is true, where they come back as they were: `"05"` is no number.
    """
    kind = kind_of(value)
    if not types or kind in types:
        return value
    if kind == "number" and "integer" in types:
        return int(value) if float(value).is_integer() else value
    if kind == "number" and "string" in types:
        return _digits(value)
    if kind == "boolean" and "string" in types:
        return "true" if value else "false"
    if kind == "string" and types & {"integer", "number"}:
        return _number(value)
    if kind == "string" and "boolean" in types:
        return {"true": True, "false": False}.get(value, value)
    return value


def _digits(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _number(text: str) -> Any:
    for make in (int, float):
        try:
            number = make(text)
        except ValueError:
            continue
        return number if str(number) == text and math.isfinite(number) else text
    return text


# ---- scales


def scaled_form(value: Any, of: Range | None) -> Any:
    """A native `guidance` on its documented range as the canonical one."""
    if of == UNIT_RANGE or not is_number(value):
        return value
    return {"value": value, "range": list(of) if of is not None else None}


def scaled_parts(canonical: Any) -> tuple[Any, Range | None]:
    """`(value, range)` of a canonical `guidance`."""
    if isinstance(canonical, Mapping):
        of = canonical.get("range")
        return canonical.get("value"), (of[0], of[1]) if of is not None else None
    return canonical, UNIT_RANGE


def carry(value: Any, of: Range | None, to: Range | None, reading: GuidanceScale | None) -> Any:
    """A number of one range on another, None where nothing says how it reads there.

    Without a reading, only what every reading makes the same of is carried.
    """
    if (of == to and of is not None) or not is_number(value) or not math.isfinite(value):
        return value
    if reading is GuidanceScale.SAME:
        return value
    if of is None or to is None or of[0] == of[1]:
        return None
    share = (exact(value) - exact(of[0])) / (exact(of[1]) - exact(of[0]))
    proportional = exact(to[0]) + share * (exact(to[1]) - exact(to[0]))
    if proportional == exact(value):
        return value
    return _plain(proportional) if reading is GuidanceScale.PROPORTIONAL else None


def exact(value: float) -> Fraction:
    """The number that the digits of a JSON number say, not the binary one nearest to it."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _plain(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else float(value)
