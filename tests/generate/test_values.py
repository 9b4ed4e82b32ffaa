"""What a schema allows, as strategies."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from harness.errors import OperatorError
from harness.generate.values import allowed, ends, smallest, texts_of_length, types_of, values
from tests.generate.wide import WIDE

SCHEMAS: tuple[dict[str, Any], ...] = (
    WIDE,
    {"type": ["integer", "null"], "minimum": 3},
    {"type": "integer", "exclusiveMinimum": 1, "maximum": 9, "multipleOf": 2},
    {"type": "number", "multipleOf": 0.5, "minimum": -1},
    {"minLength": 2},
    {"type": "array", "items": {"type": "integer"}, "minItems": 5, "maxItems": 12},
    {"oneOf": [{"type": "string"}, {"type": "integer", "minimum": 2}], "default": "x"},
    {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "integer"}},
        "allOf": [{"properties": {"b": {"type": "string"}}, "required": ["b"]}],
    },
    {"type": "object", "maxProperties": 1, "properties": {"a": {"type": "null"}, "b": {"type": "null"}}},
    {"not": {"type": "string"}},
    {"const": {"a": 1}},
    {},
)


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_every_value_is_allowed_to_another_judge(schema: dict[str, Any]) -> None:
    """jsonschema-rs finds nothing wrong with what is drawn, nor with the smallest."""
    judge = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    @settings(max_examples=25)
    @given(values(schema))
    def is_valid(value: Any) -> None:
        assert judge.is_valid(value)

    is_valid()
    assert judge.is_valid(smallest(schema))


def test_a_default_that_its_schema_refuses_is_not_drawn() -> None:
    """A document may state one; a valid request does not have it."""
    schema = {"type": "integer", "minimum": 1, "maximum": 2, "default": 7}
    drawn: set[int] = set()

    @settings(max_examples=30)
    @given(values(schema))
    def keep(value: int) -> None:
        drawn.add(value)

    keep()
    assert drawn == {1, 2}


@given(st.integers(0, 3000), st.data())
def test_a_text_has_so_many_characters(length: int, data: st.DataObject) -> None:
    """Of whatever planes."""
    assert len(data.draw(texts_of_length(length))) == length


def test_texts_reach_both_ends_of_their_length() -> None:
    """The longest and the shortest, in and outside the BMP."""
    schema = {"type": "string", "minLength": 3, "maxLength": 700}
    for length in (3, 700):
        text = find(values(schema), lambda value, n=length: len(value) == n and max(value) > "\uffff")
        assert len(text) == length


def test_the_ends_of_a_range_are_inside_it() -> None:
    """An excluded end is moved to the next number; whole numbers stay whole."""
    assert ends({"type": "integer", "exclusiveMinimum": 0, "maximum": 2.5}) == (1, 2)
    assert ends({"type": "number", "minimum": 0, "maximum": 1}) == (0, 1)
    low, high = ends({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})
    assert 0 < low < 1e-300
    assert 0.999 < high < 1
    assert ends({"type": "string"}) == ()


def test_types_are_stated_or_spoken_of() -> None:
    """By the keywords, where none is stated; of a schema that says nothing, none."""
    assert types_of({"type": "string"}) == ("string",)
    assert types_of({"type": ["null", "integer"]}) == ("null", "integer")
    assert types_of({"maxLength": 3}) == ("string",)
    assert types_of({"enum": [1]}) == ()


def test_the_smallest_value_is_each_callers_own() -> None:
    """Changing one does not change the next; where there is none, the operator is told."""
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "array"}}}
    smallest(schema)["a"].append(1)
    assert smallest(schema) == {"a": []}
    with pytest.raises(OperatorError) as caught:
        smallest({"type": "integer", "minimum": 2, "maximum": 1})
    assert str(caught.value) == (
        'no request can be generated: nothing fits the schema {"type": "integer", "minimum": 2, "maximum": 1}'
    )


def test_what_is_allowed_is_what_the_check_allows() -> None:
    """Unknown properties count, as they do in a request."""
    fits = allowed(WIDE)
    assert fits({"prompt": "a fox"})
    assert not fits({"prompt": "a fox", "promt": "a fox"})
    assert not fits({})
