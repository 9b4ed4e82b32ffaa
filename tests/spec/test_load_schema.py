"""Schemas in a spec: known keywords only, each with a value of its own kind."""

from __future__ import annotations

import pytest

from harness.errors import SourceError
from harness.spec.load_schema import read_schema
from harness.spec.yaml import dump, parse

TYPES = "null, boolean, object, array, number, integer, string"
SOME = "a list that is not empty"


def message(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        read_schema(parse(text, "s.yaml"), "/schema")
    return str(caught.value)


def test_a_schema_comes_back_as_plain_json():
    """Everything that the format knows is kept, in its order."""
    schema = {
        "type": ["object", "null"],
        "required": ["a"],
        "properties": {
            "a": {"type": "integer", "enum": [5, 10], "default": 5, "x-billing": "multiplies"},
            "b": {"type": "number", "minimum": -1, "exclusiveMaximum": 2.5, "multipleOf": 0.5},
            "c": {"type": "string", "minLength": 0, "maxLength": 9, "pattern": "^x", "format": "uri"},
            "d": {"type": "array", "items": {"const": None}, "minItems": 1, "uniqueItems": True},
            "e": {"anyOf": [{"type": "string"}, {"not": {"type": "null"}}], "x-absent": ["constraints"]},
        },
        "additionalProperties": False,
        "if": {"properties": {"a": {"const": 5}}},
        "then": {"minProperties": 1},
        "else": {"maxProperties": 3},
        "x-source": ["d#p", "e#q"],
        "x-sources": {"required": "d#r"},
    }
    assert read_schema(parse(dump(schema), "s.yaml"), "/schema") == schema


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("true", 1, ": expected a mapping, got a truth value, True"),
        ("minimun: 1", 1, ": unknown key 'minimun'; did you mean 'minimum'?"),
        ("type: strng", 7, f"/type: expected one of {TYPES}, got 'strng'"),
        ("type: [string, nil]", 16, f"/type/1: expected one of {TYPES}, got 'nil'"),
        ("type: []", 7, f"/type: expected {SOME}, got an empty list"),
        ("properties: [a]", 13, "/properties: expected a mapping, got a list"),
        ("properties: {a/b: true}", 19, "/properties/a~1b: expected a mapping, got a truth value, True"),
        (
            "properties: {a: {items: {x-sorce: 1}}}",
            26,
            "/properties/a/items: unknown key 'x-sorce'; did you mean 'x-source'?",
        ),
        ("required: prompt", 11, "/required: expected a list, got a string, 'prompt'"),
        ("required: [1]", 12, "/required/0: expected a string, got a number, 1"),
        ("enum: 5", 7, f"/enum: expected {SOME}, got a number, 5"),
        ("minimum: '0'", 10, "/minimum: expected a number, got a string, '0'"),
        ("maximum: true", 10, "/maximum: expected a number, got a truth value, True"),
        ("multipleOf: 0", 13, "/multipleOf: expected a number above 0, got a number, 0"),
        ("multipleOf: x", 13, "/multipleOf: expected a number, got a string, 'x'"),
        ("maxLength: 2.5", 12, "/maxLength: expected a whole number, got 2.5"),
        ("minItems: -1", 11, "/minItems: expected a number of at least 0, got -1"),
        ("uniqueItems: 1", 14, "/uniqueItems: expected true or false, got a number, 1"),
        ("pattern: 5", 10, "/pattern: expected a string, got a number, 5"),
        ("items: [{}]", 8, "/items: expected a mapping, got a list"),
        ("anyOf: {type: string}", 8, f"/anyOf: expected {SOME}, got a mapping"),
        ("oneOf: [{}, {enum: []}]", 20, f"/oneOf/1/enum: expected {SOME}, got an empty list"),
        ("not: {not: 5}", 12, "/not/not: expected a mapping, got a number, 5"),
        ("additionalProperties: 'no'", 23, "/additionalProperties: expected a mapping, got a string, 'no'"),
        ("x-source: seed", 11, "/x-source: expected DOCUMENT#PLACE, got 'seed'"),
        ("x-sources: seed#x", 12, "/x-sources: expected a mapping, got a string, 'seed#x'"),
        ("x-sources: {enum: x}", 19, "/x-sources/enum: expected DOCUMENT#PLACE, got 'x'"),
        ("x-absent: default", 11, "/x-absent: expected a list, got a string, 'default'"),
        ("x-absent: [defualt]", 12, "/x-absent/0: expected a keyword or the word constraints, got 'defualt'"),
        (
            "x-absent: [x-source]",
            12,
            "/x-absent/0: expected a keyword or the word constraints, got 'x-source'",
        ),
        ("x-billing: doubles", 12, "/x-billing: expected one of multiplies, redirects, got 'doubles'"),
    ],
)
def test_a_keyword_that_is_unknown_or_of_another_kind_is_refused(text: str, column: int, expected: str):
    """What the validator would misread later is refused at its line."""
    assert message(text) == f"s.yaml:1:{column}: /schema{expected}"


def test_a_reference_is_refused():
    """Every schema stands where it is read."""
    assert message("$ref: '#/x'").startswith("s.yaml:1:1: /schema: unknown key '$ref'; known here: ")


@pytest.mark.parametrize("text", ["items: true", "additionalProperties: false", "not: true", "default: null"])
def test_a_truth_value_is_a_schema_where_json_schema_has_one(text: str):
    """Only properties and branches must be written out."""
    assert read_schema(parse(text, "s.yaml"), "/schema") == parse(text, "s.yaml").plain()
