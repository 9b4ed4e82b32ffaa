"""What can be wrong at one place: which facets, by which values."""

from __future__ import annotations

from typing import Any

from harness.generate.faults import Edit, Fault, faults_at
from harness.generate.places import places


def faults(schema: dict[str, Any], pointer: str = "/a") -> dict[str, Fault]:
    """The faults of a place, by facet; `schema` is that of the member `a`."""
    body = {"type": "object", "required": ["a"], "properties": {"a": schema}}
    (place,) = [place for place in places(body) if place.pointer == pointer]
    return {fault.facet: fault for fault in faults_at(place)}


def tried(schema: dict[str, Any], facet: str, pointer: str = "/a") -> list[Any]:
    return [choice.value for choice in faults(schema, pointer)[facet].choices]


def test_a_wrong_value_breaks_no_other_facet() -> None:
    """What another keyword refuses as well is left out, and a facet that cannot be broken alone is none."""
    schema = {"type": "string", "minLength": 3, "enum": ["abc", "abcd"]}
    assert all(len(value) >= 3 for value in tried(schema, "enum"))
    assert "minLength" not in faults(schema)
    assert "minimum" not in faults({"type": "integer", "minimum": 5, "enum": [5, 6]})


def test_the_usual_mistake_comes_first() -> None:
    """The value in the other clothes, a value just outside; what says least comes last."""
    assert tried({"type": "string", "enum": ["5", "10"]}, "type")[0] == 5
    assert tried({"type": "string", "enum": ["5", "10"]}, "enum")[:2] == ["4", "11"]
    assert tried({"type": "boolean", "default": True}, "type")[0] == "true"
    assert tried({"type": "integer", "enum": [5, 10]}, "enum") == [4, 11, 0, 10**30]
    assert tried({"type": "number", "minimum": 0}, "minimum")[:2] == [-1, -1e-6]


def test_a_whole_number_is_an_integer_however_it_is_written() -> None:
    """5.0 is no wrong type for an integer; half a number is, and so is true."""
    wrong = tried({"type": "integer"}, "type")
    assert not any(isinstance(value, float) and value.is_integer() for value in wrong)
    assert 0.5 in wrong
    assert any(value is True for value in wrong)
    assert 5 not in [value for value in tried({"type": "number"}, "type") if value is not True]


def test_a_type_that_is_not_stated_cannot_be_wrong() -> None:
    """Nor can one that is stated among others."""
    assert "type" not in faults({"enum": ["a", 1]})
    assert None not in tried({"type": ["string", "null"]}, "type")


def test_an_open_object_has_no_unknown_member() -> None:
    """One that names none, or is said to take more; a closed one refuses them by its own keyword."""
    named = {"type": "object", "properties": {"x_y": {"type": "string"}}}
    assert faults({"type": "object"}).keys() & {"presence", "additionalProperties"} == set()
    assert "presence" not in faults({**named, "additionalProperties": True})
    assert "additionalProperties" in faults({**named, "additionalProperties": False})
    found = faults(named)["presence"]
    assert found.edit is Edit.ADD
    assert [choice.name for choice in found.choices] == [
        "harness_unknown",
        "x_ys",
        "X_Y",
        "x-y",
        "a/b~c",
        "",
    ]
    assert found.pointer(found.choices[4]) == "/a/a~1b~0c"


def test_too_many_elements_are_different_ones_where_they_must_be() -> None:
    """And where there are not so many, it is no fault."""
    unique = {"type": "array", "items": {"type": "integer"}, "maxItems": 2, "uniqueItems": True}
    (elements,) = tried(unique, "maxItems")
    assert len(set(elements)) == 3
    assert "maxItems" not in faults({**unique, "items": {"enum": [1, 2]}})


def test_lengths_are_one_too_few_and_one_too_many() -> None:
    """In the BMP and outside it; nothing is shorter than an empty text."""
    assert tried({"type": "string", "maxLength": 1}, "maxLength") == ["aa", "\U0001f98a" * 2]
    assert tried({"type": "string", "minLength": 1}, "minLength") == [""]
    assert "minLength" not in faults({"type": "string", "minLength": 0})
