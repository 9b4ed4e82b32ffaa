"""What can be wrong at one place of a request: one facet at a time, each with its smallest examples.

Each facet has one generator `(place) -> Iterator[Fault]`, in an explicit table. What a fault puts into a body
breaks that facet and no other: a value is kept only where the schema without the facet allows it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.errors import OperatorError
from harness.generate.places import Place
from harness.generate.values import (
    ASTRAL,
    WHOLE_CHARACTERS,
    allowed,
    smallest,
    texts_of_length,
    types_of,
)
from harness.spec.pointer import join
from harness.spec.schema import known_properties

__all__ = ["Choice", "Edit", "Fault", "faults_at"]


class Edit(Enum):
    """How a fault changes a body."""

    SET = "set"  # the value at the place
    REMOVE = "remove"  # the member at the place
    ADD = "add"  # a member to the object at the place
    TWICE = "twice"  # the member at the place is written two times


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One wrong value, in words, and the name it gets where it is a new member."""

    value: Any
    why: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One facet that a body can break at one place. `choices` are small ones, `more` are others like them."""

    place: Place
    facet: str
    edit: Edit
    choices: tuple[Choice, ...]
    more: SearchStrategy[Choice] | None = None

    def pointer(self, choice: Choice) -> str:
        """Where it must be reported: a missing or unknown member is pointed at itself."""
        return join([choice.name], self.place.pointer) if choice.name is not None else self.place.pointer


def faults_at(place: Place) -> Iterator[Fault]:
    """Every fault of one place, none where the schema leaves a choice."""
    if place.is_plain:
        for faults in _FAULTS:
            yield from (fault for fault in faults(place) if fault.choices)


def _set(
    place: Place, facet: str, choices: Iterator[Choice], more: SearchStrategy[Choice] | None = None
) -> Fault:
    """A wrong value that breaks this facet alone."""
    rest = {keyword: value for keyword, value in place.schema.items() if keyword != facet}
    fits = allowed(rest)
    kept = tuple(choice for choice in choices if fits(choice.value))
    if more is not None:
        more = more.filter(lambda choice: fits(choice.value))
    return Fault(place=place, facet=facet, edit=Edit.SET, choices=kept, more=more)


# ---- presence

_ANYTHING: SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.text("ab5 ", max_size=3), st.just([])
)


def _missing(place: Place) -> Iterator[Fault]:
    if place.is_required:
        choice = Choice(value=None, why="it is required, and left out")
        yield Fault(place=place, facet="required", edit=Edit.REMOVE, choices=(choice,))


def _unknown(place: Place) -> Iterator[Fault]:
    """A member that nobody documents; of an object that is said to be open, none is unknown."""
    schema, known = place.schema, known_properties(place.schema)
    extra = schema.get("additionalProperties")
    is_open = extra is not False and ("additionalProperties" in schema or not known)
    if "object" not in types_of(schema) or is_open:
        return
    facet = "presence" if extra is None else "additionalProperties"
    near = [name + "s" for name in known] + [name.upper() for name in known]
    near += [name.replace("_", "-") for name in known if "_" in name]
    names = [name for name in ("harness_unknown", *near, "a/b~c", "") if name not in known]

    def choice(name: str, value: Any) -> Choice:
        return Choice(value=value, why=f"the documents name no {name!r}", name=name)

    others = st.one_of(st.sampled_from(names), st.text(WHOLE_CHARACTERS, max_size=8))
    more = st.builds(choice, others.filter(lambda name: name not in known), _ANYTHING)
    choices = tuple(choice(name, True) for name in names)
    yield Fault(place=place, facet=facet, edit=Edit.ADD, choices=choices, more=more)


def _twice(place: Place) -> Iterator[Fault]:
    if place.path and isinstance(place.name, str):
        choice = Choice(value=None, why="it stands there twice")
        yield Fault(place=place, facet="duplicate-key", edit=Edit.TWICE, choices=(choice,))


# ---- types

_EXAMPLES: tuple[tuple[str, Any], ...] = (
    ("null", None),
    ("string", "5"),
    ("integer", 5),
    ("number", 0.5),
    ("boolean", True),
    ("array", []),
    ("object", {}),
)
_OF_TYPE: Mapping[str, SearchStrategy[Any]] = {
    "null": st.none(),
    "string": st.one_of(st.sampled_from(["true", "null", "0", "1.0", "[]"]), st.text(max_size=5)).filter(
        lambda text: not re.search("[\ud800-\udfff]", text)
    ),
    "integer": st.integers(-(2**70), 2**70),
    "number": st.floats(-1e9, 1e9).filter(lambda number: not number.is_integer()),
    "boolean": st.booleans(),
    "array": st.lists(st.integers(-9, 9), max_size=2),
    "object": st.dictionaries(st.text("ab", max_size=2), st.integers(-9, 9), max_size=2),
}


def _mistyped(place: Place) -> Iterator[Fault]:
    if "type" not in place.schema:
        return
    right = set(types_of(place.schema))
    right |= {"integer"} if "number" in right else set()
    wrong = [kind for kind, _ in _EXAMPLES if kind not in right]
    choices = [*_twins(place.schema, right)]
    choices += [_mistake(kind, value) for kind, value in _EXAMPLES if kind in wrong]
    more = st.one_of([_OF_TYPE[kind].map(partial(_mistake, kind)) for kind in wrong])
    yield Fault(place=place, facet="type", edit=Edit.SET, choices=tuple(choices), more=more)


def _mistake(kind: str, value: Any) -> Choice:
    return Choice(value=value, why="null" if kind == "null" else f"of type {kind}")


def _twins(schema: Mapping[str, Any], right: set[str]) -> Iterator[Choice]:
    """A documented value in the other clothes: "5" for 5, 5 for "5"."""
    for member in (*schema.get("enum", ()), *([schema["default"]] if "default" in schema else [])):
        if isinstance(member, str) and member.isdecimal() and not right & {"integer", "number"}:
            yield Choice(value=int(member), why=f"the number {member} instead of the text")
            return
        if isinstance(member, (bool, int, float)) and "string" not in right:
            word = str(member).lower() if isinstance(member, bool) else str(member)
            yield Choice(value=word, why=f"the text {word!r} instead of the value")
            return


# ---- values


def _not_a_member(place: Place) -> Iterator[Fault]:
    facet = next((name for name in ("enum", "const") if name in place.schema), None)
    if facet is None:
        return
    members = place.schema["enum"] if facet == "enum" else [place.schema["const"]]

    def is_new(value: Any) -> bool:
        return not any(
            value == member and isinstance(value, bool) == isinstance(member, bool) for member in members
        )

    choices = [choice for choice in _near_members(members) if is_new(choice.value)]
    kinds = types_of(place.schema) or ("string",)
    others = st.one_of([_OF_TYPE[kind] for kind in kinds]).filter(is_new)
    more = others.map(lambda value: Choice(value=value, why="none of the documented values"))
    yield _set(place, facet, iter(choices), more)


def _near_members(members: list[Any]) -> Iterator[Choice]:
    numbers = [m for m in members if isinstance(m, (int, float)) and not isinstance(m, bool)]
    if numbers:
        yield Choice(value=min(numbers) - 1, why="below the least documented value")
        yield Choice(value=max(numbers) + 1, why="above the greatest documented value")
        yield Choice(value=0, why="zero")
        yield Choice(value=10**30, why="a huge integer")
    texts = [m for m in members if isinstance(m, str)]
    if texts and all(text.isdecimal() for text in texts):
        yield Choice(value=str(min(map(int, texts)) - 1), why="below the least documented value")
        yield Choice(value=str(max(map(int, texts)) + 1), why="above the greatest documented value")
    if texts:
        yield Choice(value="harness-no-such-value", why="none of the documented values")
        yield Choice(value="", why="an empty text")
    for text in texts:
        for other in (text.upper(), text.lower(), text.capitalize()):
            yield Choice(value=other, why=f"{text!r} in another case")
        yield Choice(value=f"{text} ", why=f"{text!r} with a space behind it")
        yield Choice(value=f"{text}\n", why=f"{text!r} with a line end behind it")


def _out_of_range(place: Place) -> Iterator[Fault]:
    """Beyond each end of a range: by one, by little, and far."""
    schema = place.schema
    whole = "number" not in types_of(schema)
    for facet, sign in (("minimum", -1), ("exclusiveMinimum", -1), ("maximum", 1), ("exclusiveMaximum", 1)):
        if facet not in schema:
            continue
        end = schema[facet]
        found = [end] if facet.startswith("exclusive") else []
        found += [end + sign, end + sign * 9, sign * 10**30]
        if not whole:
            found.insert(1, end + sign * 1e-6)
        words = "below" if sign < 0 else "above"
        choices = [Choice(value=value, why=f"{words} the range") for value in found]
        step: SearchStrategy[Any] = st.integers(1, 10**6) if whole else st.floats(1e-6, 1e12)
        more = step.map(partial(_beyond, end, sign, f"{words} the range"))
        yield _set(place, facet, iter(choices), more)


def _beyond(end: Any, sign: int, why: str, by: Any) -> Choice:
    return Choice(value=end + sign * by, why=why)


def _of_wrong_length(place: Place) -> Iterator[Fault]:
    """One character too few or too many, in the BMP and outside it: code points count, not UTF-16 units."""
    schema = place.schema
    for facet, step in (("minLength", -1), ("maxLength", 1)):
        length = schema.get(facet, -1) + step
        if facet not in schema or length < 0:
            continue
        why = f"{length} characters"
        choices = [Choice(value="a" * length, why=why)]
        if length:
            choices.append(Choice(value=ASTRAL * length, why=f"{why} outside the BMP"))
        lengths = st.integers(0, length) if step < 0 else st.integers(length, length + 40)
        more = lengths.flatmap(texts_of_length).map(
            lambda text: Choice(value=text, why=f"{len(text)} characters")
        )
        yield _set(place, facet, iter(choices), more)


_NO_SUCH_FORMAT: Mapping[str, tuple[str, ...]] = {
    "uri": ("no address", "example.com", ""),
    "uuid": ("not-a-uuid", ""),
}


def _of_wrong_form(place: Place) -> Iterator[Fault]:
    schema = place.schema
    if "pattern" in schema:
        found = ("", "a", "A", "0", "-", " ", "a b", "?", f"{ASTRAL}")
        missed = [text for text in found if not re.search(schema["pattern"], text)]
        choices = (Choice(value=text, why="not of the documented form") for text in missed)
        yield _set(place, "pattern", choices)
    wrong = _NO_SUCH_FORMAT.get(schema.get("format", ""), ())
    if wrong:
        yield _set(place, "format", (Choice(value=text, why=f"no {schema['format']}") for text in wrong))
    if "multipleOf" in schema:
        step = schema["multipleOf"]
        half = (k * step + step / 2 for k in range(-2, 12))
        yield _set(place, "multipleOf", (Choice(value=value, why=f"no multiple of {step}") for value in half))


def _of_wrong_size(place: Place) -> Iterator[Fault]:
    """Too few or too many elements, or the same one twice."""
    schema = place.schema
    if "array" not in types_of(schema) or not isinstance(schema.get("items", {}), Mapping):
        return
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    items = schema.get("items", {})
    element = smallest(items)
    if least > 0:
        yield _set(place, "minItems", iter([Choice(value=[element] * (least - 1), why="an element too few")]))
    if most is not None:
        exact = {"type": "array", "items": items, "minItems": most + 1, "maxItems": most + 1}
        with suppress(OperatorError):  # there may not be so many different elements
            elements = smallest({**exact, "uniqueItems": True} if schema.get("uniqueItems") else exact)
            yield _set(place, "maxItems", iter([Choice(value=elements, why="an element too many")]))
    if schema.get("uniqueItems"):
        twice = Choice(value=[element] * max(2, least), why="one element twice")
        yield _set(place, "uniqueItems", iter([twice]))


# ---- what strict JSON forbids


def _not_json(place: Place) -> Iterator[Fault]:
    if not place.path:
        return
    numbers = (math.nan, math.inf, -math.inf, 10**400)
    words = ("NaN", "Infinity", "-Infinity", "an integer of 401 digits")
    found = tuple(Choice(value=value, why=why) for value, why in zip(numbers, words, strict=True))
    yield Fault(place=place, facet="not-finite", edit=Edit.SET, choices=found)
    if "string" in types_of(place.schema):
        halves = tuple(Choice(value=half, why="half of a UTF-16 pair") for half in ("\ud83e", "a\udd8a"))
        yield Fault(place=place, facet="surrogate", edit=Edit.SET, choices=halves)


_FAULTS: tuple[Callable[[Place], Iterator[Fault]], ...] = (
    _missing,
    _mistyped,
    _not_a_member,
    _out_of_range,
    _of_wrong_length,
    _of_wrong_form,
    _of_wrong_size,
    _unknown,
    _twice,
    _not_json,
)
