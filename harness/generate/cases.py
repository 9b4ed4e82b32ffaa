"""Cases out of a schema: every small one in order, and as many others as are asked for, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import InvalidArgument, NoSuchExample, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from harness.check.rules import rule_for
from harness.errors import OperatorError
from harness.finding import Direction
from harness.generate.case import Case, Kind
from harness.generate.faults import Choice, Edit, Fault, faults_at
from harness.generate.pairwise import pairwise
from harness.generate.places import Place, places, put, take, with_room
from harness.generate.values import ASTRAL, allowed, ends, smallest, types_of, values

__all__ = [
    "drawn",
    "every_fault",
    "every_valid",
    "invalid_cases",
    "keeping_in",
    "smallest_case",
    "valid_cases",
    "values_to_try",
]

_BATCH = 200


# ---- valid


def every_valid(schema: Mapping[str, Any], base: Any = None) -> Iterator[Case]:
    """The minimal request, each documented value on top of it alone, all at once, and every pair of values.

    `base` is the minimal request to start from, else the smallest that the schema allows.
    """
    base = smallest(schema) if base is None else base
    fits = allowed(schema)
    seen: set[str] = set()
    for body, why in _all_valid(schema, base):
        case = Case(body=body, kind=Kind.VALID, why=why)
        text = case.content.decode("utf-8")
        if fits(body) and text not in seen:
            seen.add(text)
            yield case


def _all_valid(schema: Mapping[str, Any], base: Any) -> Iterator[tuple[Any, str]]:
    yield base, "minimal"
    full = base
    factors: dict[tuple[str | int, ...], tuple[Any, ...]] = {}
    by_path: dict[tuple[str | int, ...], Place] = {}
    for place in (each for each in places(schema) if each.path and each.is_plain):
        full = with_room(full, place)
        tried = tuple(values_to_try(place.schema))
        for value, why in tried:
            yield put(with_room(base, place), place.path, value), f"{place.pointer}: {why}"
        if len(tried) > 1 and ("enum" in place.schema or "boolean" in types_of(place.schema)):
            factors[place.path], by_path[place.path] = tuple(value for value, _ in tried), place
    yield full, "full"
    for row in pairwise(factors):
        body = full
        for path, value in row.items():
            body = put(with_room(body, by_path[path]), path, value)
        yield body, "a combination"


def values_to_try(schema: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """The values of one place that say most, each with what it is."""
    if "default" in schema:
        yield schema["default"], "the documented default, stated"
    if "enum" in schema:
        yield from ((member, "a documented value") for member in schema["enum"])
        return
    if "boolean" in types_of(schema):
        yield from ((value, "a documented value") for value in (True, False))
    for end in ends(schema):
        yield end, "the end of the range"
    if "string" in types_of(schema):
        for length in _lengths(schema):
            yield "a" * length, f"{length} characters"
            if length:
                yield ASTRAL * length, f"{length} characters outside the BMP"


def _lengths(schema: Mapping[str, Any]) -> tuple[int, ...]:
    low, high = schema.get("minLength", 0), schema.get("maxLength")
    found = (low, low + 1) if high is None else (low, low + 1, high - 1, high)
    return tuple(dict.fromkeys(length for length in found if high is None or low <= length <= high))


def valid_cases(schema: Mapping[str, Any]) -> SearchStrategy[Case]:
    """Every request that a schema allows."""

    def case(body: Any) -> Case:
        return Case(body=body, kind=Kind.VALID, why="generated")

    free, small = values(schema).map(case), list(every_valid(schema))
    return st.one_of(free, free, free, st.sampled_from(small)) if small else free


# ---- invalid


def every_fault(schema: Mapping[str, Any], base: Any = None) -> Iterator[Case]:
    """Each facet of each place, broken alone on the minimal request, by every small choice there is."""
    base = smallest(schema) if base is None else base
    for fault in _faults(schema):
        for choice in fault.choices:
            yield _broken(base, fault, choice)


def invalid_cases(schema: Mapping[str, Any]) -> SearchStrategy[Case]:
    """Every request that breaks exactly one facet: a valid one, and one fault in it."""
    bases = values(schema)
    found = [st.builds(_broken, bases, st.just(fault), _choices(fault)) for fault in _faults(schema)]
    return st.one_of(found) if found else st.nothing()


def _faults(schema: Mapping[str, Any]) -> Iterator[Fault]:
    for place in places(schema):
        yield from faults_at(place)


def _choices(fault: Fault) -> SearchStrategy[Choice]:
    small = st.sampled_from(fault.choices)
    return small if fault.more is None else st.one_of(small, fault.more)


def _broken(base: Any, fault: Fault, choice: Choice) -> Case:
    place, twice = fault.place, None
    body = with_room(base, place)
    if fault.edit is Edit.SET:
        body = put(body, place.path, choice.value)
    elif fault.edit is Edit.REMOVE:
        body = take(body, place.path)
    elif fault.edit is Edit.ADD:
        body = put(body, (*place.path, choice.name or ""), choice.value)
    else:
        twice = place.pointer
    pointer = fault.pointer(choice)
    return Case(
        body=body,
        kind=Kind.INVALID,
        why=f"{pointer or 'the body'}: {choice.why}",
        rule=rule_for(Direction.REQUEST, fault.facet).id,
        pointer=pointer,
        facet=fault.facet,
        twice=twice,
    )


# ---- as many as are asked for


def drawn(cases: SearchStrategy[Case], count: int, *, seed_number: int) -> tuple[Case, ...]:
    """So many different cases, the same ones for the same seed. Fewer, where there are not so many.

    They come in batches, each from a seed of its own. The same holds as long as the same modules are loaded:
    Hypothesis also tries constants that stand in the code at hand. Raises OperatorError where nothing can be
    generated.
    """
    found: dict[bytes, Case] = {}
    batch, size = 0, min(count, _BATCH)
    while len(found) < count:
        before = len(found)
        for case in _batch(cases, size, f"{seed_number}.{batch}"):
            found.setdefault(case.content, case)
        batch += 1
        if len(found) - before <= size // 100:
            break
    return tuple(found.values())[:count]


def _batch(cases: SearchStrategy[Case], count: int, seed_text: str) -> list[Case]:
    found: list[Case] = []

    @seed(seed_text)
    @_settings(count, Phase.generate)
    @given(cases)
    def keep(case: Case) -> None:
        found.append(case)

    try:
        keep()
    except (InvalidArgument, Unsatisfiable) as error:
        raise OperatorError(f"no request can be generated: {str(error) or 'nothing fits'}") from None
    return found


def smallest_case(
    cases: SearchStrategy[Case], holds: Callable[[Case], bool], *, seed_number: int, tries: int = 500
) -> Case | None:
    """The smallest case of which something holds, as Hypothesis shrinks it; None where none was found."""
    chance = random.Random(seed_number)  # noqa: S311 - it draws examples and guards nothing
    try:
        return find(cases, holds, settings=_settings(tries, Phase.generate, Phase.shrink), random=chance)
    except NoSuchExample:
        return None


@contextmanager
def keeping_in(directory: Path) -> Iterator[None]:
    """Has Hypothesis keep its tables of characters there, and not in the working directory."""
    set_hypothesis_home_dir(directory.resolve())
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)


def _settings(count: int, *phases: Phase) -> settings:
    return settings(
        max_examples=count,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
