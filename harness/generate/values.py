"""What a schema allows, as Hypothesis strategies: at its ends, inside, and outside the BMP.

A strategy shrinks towards the smallest value: nothing optional, short texts, ends of ranges.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument, NoSuchExample, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from harness.errors import OperatorError
from harness.spec.schema import SchemaJudge

__all__ = [
    "ASTRAL",
    "WHOLE_CHARACTERS",
    "allowed",
    "ends",
    "smallest",
    "texts_of_length",
    "types_of",
    "values",
]

ASTRAL = "\U0001f98a"
"""A fox: one character, two UTF-16 units, four bytes."""

_BRANCHES = ("anyOf", "oneOf")
# What no strategy below follows to the letter: what it draws is judged, and drawn again.
_JUDGED = frozenset(
    {"pattern", "multipleOf", "uniqueItems", "minProperties", "maxProperties", "not", "if", "allOf"}
    | set(_BRANCHES)
)
_OF_TYPE = {
    "minLength": "string",
    "maxLength": "string",
    "pattern": "string",
    "format": "string",
    "minimum": "number",
    "maximum": "number",
    "exclusiveMinimum": "number",
    "exclusiveMaximum": "number",
    "multipleOf": "number",
    "properties": "object",
    "required": "object",
    "items": "array",
    "minItems": "array",
    "maxItems": "array",
}
WHOLE_CHARACTERS = st.characters(codec="utf-8")
"""Every character that can be sent: of any plane, and no half of a UTF-16 pair."""

_PIECES = st.text(WHOLE_CHARACTERS, min_size=1, max_size=6)
_ADDRESSES = ("https://example.com/", "https://example.com/hook?job=1", "http://example.com/a%20b")
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=5))


def allowed(schema: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether a value is what a schema allows."""
    judge = SchemaJudge(schema)
    return lambda value: next(judge.violations(value), None) is None


def types_of(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that a schema states, else those that its keywords speak of; none where it says nothing."""
    stated = schema.get("type")
    if isinstance(stated, str):
        return (stated,)
    if stated is not None:
        return tuple(stated)
    return tuple(dict.fromkeys(kind for keyword, kind in _OF_TYPE.items() if keyword in schema))[:1]


def values(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    """Everything that a schema allows."""
    if "const" in schema:
        return st.just(schema["const"])
    if any(keyword in schema for keyword in _BRANCHES) or "allOf" in schema:
        return st.one_of([values(one) for one in _unfolded(schema)]).filter(allowed(schema))
    found = _values(schema)
    if "default" in schema and allowed(schema)(schema["default"]):
        found = st.one_of(found, st.just(schema["default"]))
    return found.filter(allowed(schema)) if _JUDGED & set(schema) else found


def _unfolded(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema with one branch of each choice taken into it, for every choice."""
    for keyword in ("allOf", *_BRANCHES):
        if keyword in schema:
            rest = {name: value for name, value in schema.items() if name != keyword}
            branches: Iterable[Mapping[str, Any]] = schema[keyword]
            if keyword == "allOf":
                for branch in branches:
                    rest = _merged(rest, branch)
                yield from _unfolded(rest)
            else:
                for branch in branches:
                    yield from _unfolded(_merged(rest, branch))
            return
    yield schema


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    found = {**one, **other}
    if "properties" in one and "properties" in other:
        found["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        found["required"] = list(dict.fromkeys((*one["required"], *other["required"])))
    return found


def _values(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    if "enum" in schema:
        fits = allowed(schema)
        return st.sampled_from([member for member in schema["enum"] if fits(member)])
    by_type: Mapping[str, Callable[[Mapping[str, Any]], SearchStrategy[Any]]] = {
        "string": _texts,
        "integer": _integers,
        "number": _numbers,
        "boolean": lambda _: st.booleans(),
        "null": lambda _: st.none(),
        "array": _arrays,
        "object": _objects,
    }
    kinds = types_of(schema)
    return st.one_of([by_type[kind](schema) for kind in kinds]) if kinds else _SCALARS


# ---- texts


def texts_of_length(length: int) -> SearchStrategy[str]:
    """Texts of so many characters, of any plane."""
    return st.builds(_repeated, _PIECES, st.just(length))


def _repeated(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def _texts(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    match schema.get("format"):
        case "uri":
            return st.sampled_from(_ADDRESSES).filter(partial(_within, low, high))
        case "uuid":
            return st.uuids().map(str)
    if "pattern" in schema:
        return _of_form(schema["pattern"])
    short = st.integers(low, low + 12 if high is None else min(high, low + 12))
    any_length = st.integers(low, low + 5000 if high is None else high)
    lengths = st.one_of(short, any_length, st.sampled_from(sorted(_lengths(low, high))))
    return st.builds(_repeated, _PIECES, lengths)


def _of_form(pattern: str) -> SearchStrategy[Any]:
    """Texts that have a form in every dialect: of digits only the ten, and no line end where `$` stands."""
    alphabet = st.characters(min_codepoint=32, max_codepoint=126) if pattern.isascii() else None
    return st.from_regex(pattern, alphabet=alphabet).filter(lambda text: not text.endswith("\n"))


def _within(low: int, high: int | None, text: str) -> bool:
    return low <= len(text) and (high is None or len(text) <= high)


def _lengths(low: int, high: int | None) -> set[int]:
    """The lengths at which a limit shows; without one, a long text."""
    if high is None:
        return {low, low + 1, low + 5000}
    return {length for length in (low, low + 1, high - 1, high) if low <= length <= high}


# ---- numbers


def _bounds(schema: Mapping[str, Any]) -> tuple[Any, Any]:
    """The least and the greatest number that is allowed, None without a limit; an excluded end is moved."""
    lows = [schema["minimum"]] if "minimum" in schema else []
    highs = [schema["maximum"]] if "maximum" in schema else []
    if "exclusiveMinimum" in schema:
        lows.append(math.nextafter(schema["exclusiveMinimum"], math.inf))
    if "exclusiveMaximum" in schema:
        highs.append(math.nextafter(schema["exclusiveMaximum"], -math.inf))
    return max(lows, default=None), min(highs, default=None)


def ends(schema: Mapping[str, Any]) -> tuple[Any, ...]:
    """The ends of a range of numbers, where it has any."""
    low, high = _bounds(schema)
    if types_of(schema) == ("integer",):
        low, high = (None if low is None else math.ceil(low)), (None if high is None else math.floor(high))
    return tuple(dict.fromkeys(end for end in (low, high) if end is not None))


def _integers(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    low, high = _bounds(schema)
    low, high = (None if low is None else math.ceil(low)), (None if high is None else math.floor(high))
    step = schema.get("multipleOf")
    if isinstance(step, int):
        low, high = (None if low is None else -(-low // step)), (None if high is None else high // step)
        return st.integers(low, high).map(lambda k: k * step)
    found = st.integers(low, high)
    return st.one_of(found, st.sampled_from(ends(schema))) if ends(schema) else found


def _numbers(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    low, high = _bounds(schema)
    step = schema.get("multipleOf")
    if step is not None:
        first = None if low is None else math.ceil(low / step)
        last = None if high is None else math.floor(high / step)
        return st.integers(first, last).map(lambda k: k * step)
    found: SearchStrategy[Any] = st.floats(low, high, allow_nan=False, allow_infinity=False)
    return st.one_of(st.sampled_from(ends(schema)), found) if ends(schema) else found


# ---- arrays and objects


def _arrays(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    low = schema.get("minItems", 0)
    high = min(schema.get("maxItems", low + 3), low + 3)
    items = schema.get("items", {})
    inner = _SCALARS if items is True else values(items)
    at_end = schema.get("maxItems")
    key = json.dumps if schema.get("uniqueItems") else None
    found = st.lists(inner, min_size=low, max_size=high, unique_by=key)
    if at_end is None or at_end == high:
        return found
    return st.one_of(found, st.lists(inner, min_size=at_end, max_size=at_end, unique_by=key))


def _objects(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    named: Mapping[str, Any] = schema.get("properties", {})
    required = schema.get("required", ())
    fixed = {name: values(named.get(name, {})) for name in required}
    optional = {name: values(below) for name, below in named.items() if name not in required}
    some = st.fixed_dictionaries(fixed, optional=optional)
    return st.one_of(some, st.fixed_dictionaries({**fixed, **optional})) if optional else some


def smallest(schema: Mapping[str, Any]) -> Any:
    """The smallest value that a schema allows, always the same one. Raises OperatorError without one."""
    return json.loads(_smallest(json.dumps(schema)))  # a value of its own for each caller


@lru_cache(maxsize=512)
def _smallest(schema_text: str) -> str:
    quiet = settings(
        database=None,
        deadline=None,
        max_examples=50,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        strategy = values(json.loads(schema_text))
        found = find(strategy, lambda _: True, settings=quiet, random=random.Random(0))  # noqa: S311
    except (InvalidArgument, NoSuchExample, Unsatisfiable):
        words = f"no request can be generated: nothing fits the schema {schema_text[:200]}"
        raise OperatorError(words) from None
    return json.dumps(found)
