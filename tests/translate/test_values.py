"""Values of one JSON type as another, and numbers of one range on another."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.spec.store import SpecStore
from harness.translate.native import to_native
from harness.translate.values import GuidanceScale, as_type, carry, exact, kind_of, scaled_form, scaled_parts

UNIT, TEN = (0, 1), (0, 10)


@pytest.mark.parametrize(
    ("value", "types", "expected"),
    [
        (5, {"string"}, "5"),
        (5.0, {"string"}, "5"),
        (0.5, {"string"}, "0.5"),
        (5.0, {"integer"}, 5),
        (5.5, {"integer"}, 5.5),
        (5, {"number"}, 5),
        (5, {"integer", "string"}, 5),
        ("5", {"integer"}, 5),
        ("0.5", {"number"}, 0.5),
        ("05", {"integer"}, "05"),
        ("five", {"number"}, "five"),
        ("inf", {"number"}, "inf"),
        ("nan", {"number"}, "nan"),
        (True, {"string"}, "true"),
        (False, {"string"}, "false"),
        ("true", {"boolean"}, True),
        ("True", {"boolean"}, "True"),
        (True, {"integer"}, True),
        (1, {"boolean"}, 1),
        (None, {"string"}, None),
        ([5], {"string"}, [5]),
        (5, set(), 5),
    ],
)
def test_a_value_takes_a_type_only_where_it_comes_back(value: Any, types: set[str], expected: Any):
    """Everything else stays as it is, so that it is judged and not mended."""
    found = as_type(value, frozenset(types))
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_kinds_are_those_of_json(value: Any, kind: str):
    """True and false are no numbers."""
    assert kind_of(value) == kind


@pytest.mark.parametrize(
    ("value", "of", "to", "reading", "expected"),
    [
        (0.5, UNIT, UNIT, None, 0.5),
        (0.5, UNIT, TEN, None, None),
        (0.5, UNIT, TEN, GuidanceScale.SAME, 0.5),
        (0.5, UNIT, TEN, GuidanceScale.PROPORTIONAL, 5),
        (5, TEN, UNIT, GuidanceScale.SAME, 5),
        (5, TEN, UNIT, GuidanceScale.PROPORTIONAL, 0.5),
        (0.57, UNIT, TEN, GuidanceScale.PROPORTIONAL, 5.7),
        (5, (0, 10), (1, 3), GuidanceScale.PROPORTIONAL, 2),
        (0, UNIT, TEN, None, 0),
        (0, UNIT, (1, 10), None, None),
        (0.5, UNIT, None, None, None),
        (0.5, None, None, None, None),
        (0.5, None, UNIT, GuidanceScale.PROPORTIONAL, None),
        (0.5, (1, 1), UNIT, GuidanceScale.PROPORTIONAL, None),
        (0.5, None, UNIT, GuidanceScale.SAME, 0.5),
        ("much", UNIT, TEN, None, "much"),
        (math.inf, UNIT, TEN, None, math.inf),
    ],
)
def test_a_number_is_carried_where_its_meaning_is_sure(
    value: Any, of: Any, to: Any, reading: GuidanceScale | None, expected: Any
):
    """Without a reading, only what every reading makes the same of."""
    assert carry(value, of, to, reading) == expected


@given(st.decimals(0, 1, places=6).map(float))
def test_scaling_speaks_of_digits(value: float):
    """What a person writes with six digits goes to the tenfold range and back."""
    there = carry(value, UNIT, TEN, GuidanceScale.PROPORTIONAL)
    assert carry(there, TEN, UNIT, GuidanceScale.PROPORTIONAL) == value
    assert exact(there) == exact(value) * 10


def test_the_canonical_guidance_says_its_range():
    """Unless it is the one from 0 to 1."""
    assert scaled_form(0.5, UNIT) == 0.5
    assert scaled_form(5, TEN) == {"value": 5, "range": [0, 10]}
    assert scaled_form(5, None) == {"value": 5, "range": None}
    assert scaled_form("much", TEN) == "much"
    assert scaled_parts(0.5) == (0.5, (0, 1))
    assert scaled_parts({"value": 5, "range": [0, 10]}) == (5, (0, 10))
    assert scaled_parts({"value": 5, "range": None}) == (5, None)


def test_lossless_is_what_keeps_the_meaning_and_the_documents(store: SpecStore):
    """A value of another type keeps it, one that is refused does not."""
    eachlabs = store.get("eachlabs")
    assert to_native(eachlabs, {"prompt": "a fox", "duration_s": 5}).is_lossless
    assert not to_native(eachlabs, {"prompt": "a fox", "duration_s": 7}).is_lossless
