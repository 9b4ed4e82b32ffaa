"""What a violation reads like: what, where, expected, got, and the hint that saves a search."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from harness.spec.model import Spec
from harness.spec.pointer import split
from harness.spec.schema import Violation

__all__ = ["Aliases", "hint", "message", "shown"]

Aliases = Callable[[], Mapping[str, str]]
"""Native parameter name (of any seller) -> canonical word; called only when a name is unknown."""

_LIMIT = 60
# Numbers as JSON writes them, not so long that they would drown the message.
_NUMBERS = {
    "integer": re.compile(r"-?(?:0|[1-9][0-9]{0,17})"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?"),
}
_TYPE_WORDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "an array",
    "null": "null",
}


def shown(value: Any) -> str:
    """A JSON value on one line, cut to 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    if len(text) <= _LIMIT:
        return text
    return f"{text[: _LIMIT - 1]}… ({len(text)} characters)"


def _kind(value: Any) -> str:
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "boolean"),
        (str, "string"),
        (int, "integer"),
        (float, "number"),
        (dict, "object"),
        (list, "array"),
    )
    return next((word for types, word in kinds if isinstance(value, types)), "null")


def message(violation: Violation) -> str:
    """`POINTER: expected …, got …`, without the hint."""
    place = violation.pointer or "the body"
    expected, observed = violation.expected, violation.observed
    match violation.facet:
        case "type":
            kinds = [expected] if isinstance(expected, str) else expected
            wanted = " or ".join(_TYPE_WORDS.get(kind, kind) for kind in kinds)
            got = "null" if observed is None else f"{_kind(observed)} {shown(observed)}"
            return f"{place}: expected {wanted}, got {got}"
        case "enum":
            return f"{place}: expected one of {', '.join(shown(v) for v in expected)}, got {shown(observed)}"
        case "const":
            return f"{place}: expected {shown(expected)}, got {shown(observed)}"
        case "required":
            return f"{place}: required, and missing"
        case "presence" | "additionalProperties":
            return f"{place}: the documents name no such property"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"{place}: expected {_bound(violation.facet)} {expected}, got {shown(observed)}"
        case "minLength" | "maxLength":
            unit = "character" if expected == 1 else "characters"
            return f"{place}: expected {_bound(violation.facet)} {expected} {unit}, got {observed}"
        case facet:
            return f"{place}: expected {facet} {shown(expected)}, got {shown(observed)}"


def _bound(facet: str) -> str:
    return {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "more than",
        "exclusiveMaximum": "less than",
        "minLength": "at least",
        "maxLength": "at most",
    }[facet]


def hint(spec: Spec, violation: Violation, siblings: list[str], aliases: Aliases) -> str:
    """What would be right here, when that can be told; else an empty string."""
    observed = violation.observed
    if violation.facet == "type":
        return _type_hint(violation.expected, observed)
    if violation.facet == "enum" and isinstance(observed, str):
        near = [v for v in violation.expected if isinstance(v, str) and v.lower() == observed.lower()]
        return f"; the documents write it {shown(near[0])}" if near else ""
    if violation.facet in ("presence", "additionalProperties"):
        return _name_hint(spec, violation.pointer, siblings, aliases)
    return ""


def _type_hint(expected: Any, observed: Any) -> str:
    kinds = [expected] if isinstance(expected, str) else list(expected)
    is_number = isinstance(observed, (int, float)) and not isinstance(observed, bool)
    if is_number and "string" in kinds:
        return f"; this provider wants it in quotes: {shown(str(observed))}"
    if isinstance(observed, str) and any(
        form.fullmatch(observed) for kind, form in _NUMBERS.items() if kind in kinds
    ):
        return f"; send it without quotes: {observed}"
    if isinstance(observed, str) and "boolean" in kinds and observed.lower() in ("true", "false"):
        return f"; send it without quotes: {observed.lower()}"
    return ""


def _name_hint(spec: Spec, pointer: str, siblings: list[str], aliases: Aliases) -> str:
    name = split(pointer)[-1]
    word = aliases().get(name)
    if word is not None and word in spec.mapping:
        native = split(spec.mapping[word])[-1]
        if native != name:
            return f"; this provider calls it {native!r}"
        if spec.mapping[word] == pointer:
            return "; only another operation of this provider takes it"
        return f"; this provider wants it at {spec.mapping[word]}"
    near = difflib.get_close_matches(name, siblings, n=1, cutoff=0.7)
    if near:
        return f"; did you mean {near[0]!r}?"
    return "; no parameter of this provider does what it does elsewhere" if word else ""
