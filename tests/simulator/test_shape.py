"""Documents out of schemas and known values."""

from __future__ import annotations

from typing import Any

import pytest

from harness.simulator.shape import Filler, kinds, put, schema_at, settle
from harness.spec.schema import SchemaJudge


class TestPut:
    @pytest.mark.parametrize(
        ("document", "pointer", "changed"),
        [
            (None, "/a", {"a": 1}),
            (None, "/a/0/b", {"a": [{"b": 1}]}),
            (None, "", 1),
            ({"a": {"c": 2}}, "/a/b", {"a": {"c": 2, "b": 1}}),
            ({"a": [0]}, "/a/2", {"a": [0, None, 1]}),
            ({"a/b": 0}, "/a~1b", {"a/b": 1}),
        ],
    )
    def test_objects_and_arrays_grow(self, document: Any, pointer: str, changed: Any):
        """A number in the pointer makes an array, a name an object."""
        assert put(document, pointer, 1) == changed


SCHEMA = {
    "properties": {
        "list": {"type": "array", "items": {"properties": {"x": {"type": "number"}}}},
        "both": {"type": ["string", "null"]},
    },
    "anyOf": [{"properties": {"branch": {"type": "boolean"}}}],
}


class TestSchemaAt:
    @pytest.mark.parametrize(
        ("pointer", "named"),
        [
            ("/list/0/x", ("number",)),
            ("/list", ("array",)),
            ("/both", ("string", "null")),
            ("/branch", ("boolean",)),
            ("/no/such", ()),
        ],
    )
    def test_what_a_schema_says_of_a_place(self, pointer: str, named: tuple[str, ...]):
        """Through arrays and branches; nothing where it says nothing."""
        assert kinds(schema_at(SCHEMA, pointer)) == named


class TestSettle:
    def test_conditions_are_decided(self):
        """`then` where the instance fits, `else` where not, nested ones included."""
        schema = {
            "required": ["a"],
            "if": {"properties": {"s": {"enum": ["x"]}}},
            "then": {"required": ["x"]},
            "else": {"if": {"properties": {"s": {"enum": ["y"]}}}, "then": {"required": ["y"]}},
        }
        assert settle(schema, {"s": "x"})["required"] == ["a", "x"]
        assert settle(schema, {"s": "y"})["required"] == ["a", "y"]
        assert settle(schema, {"s": "z"})["required"] == ["a"]

    def test_branches_are_merged(self):
        """Types and enumerations narrow, properties and items join."""
        schema = {
            "type": ["string", "null"],
            "enum": ["a", "b"],
            "properties": {"p": {"type": ["string", "array"]}},
            "items": {"type": "object"},
            "allOf": [
                {
                    "type": "string",
                    "enum": ["b", "c"],
                    "properties": {"p": {"type": "array"}, "q": {}},
                    "items": {"required": ["r"]},
                }
            ],
        }
        assert settle(schema, None) == {
            "type": ["string"],
            "enum": ["b"],
            "properties": {"p": {"type": ["array"]}, "q": {}},
            "items": {"type": "object", "required": ["r"]},
        }


class TestFiller:
    @pytest.mark.parametrize(
        ("schema", "value"),
        [
            ({"type": "string"}, ""),
            ({"type": "string", "minLength": 3}, "---"),
            ({"type": "integer"}, 0),
            ({"type": "integer", "minimum": 4}, 4),
            ({"type": "number", "exclusiveMinimum": 4}, 5),
            ({"type": "boolean"}, False),
            ({"type": "array"}, []),
            ({"type": "array", "minItems": 2, "items": {"type": "integer"}}, [0, 0]),
            ({"type": ["string", "null"]}, None),
            ({"enum": ["a", "b"]}, "a"),
            ({"enum": ["a", None]}, None),
            ({"const": 7}, 7),
            ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, 0),
            ({}, None),
            ({"type": "object", "required": ["b"], "properties": {"b": {"type": "boolean"}}}, {"b": False}),
        ],
    )
    def test_the_least_that_conforms(self, schema: dict[str, Any], value: Any):
        """Of each kind of schema; what is optional stays away."""
        whole = {"type": "object", "required": ["v"], "properties": {"v": schema, "w": {"type": "string"}}}
        filled = Filler().fill(whole, {"/z": 1})
        assert filled.document == {"v": value, "z": 1}
        assert list(SchemaJudge(whole).broken_keywords(filled.document)) == []

    def test_known_values_decide_what_else_is_there(self):
        """A condition on a known status brings what it requires, in the order of the schema."""
        schema = {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}, "url": {"type": "string"}, "status": {"type": "string"}},
            "if": {"properties": {"status": {"enum": ["done"]}}, "required": ["status"]},
            "then": {"required": ["url", "size"], "properties": {"size": {"type": "integer"}}},
        }
        assert Filler().fill(schema, {"/status": "running"}).document == {"id": "", "status": "running"}
        done = Filler().fill(schema, {"/status": "done"})
        assert list(done.document.items()) == [("id", ""), ("url", ""), ("status", "done"), ("size", 0)]
        assert done.own == ("/size",)

    def test_what_is_ours_is_named(self):
        """Empty, null and single values are nobody's choice; all others are."""
        schema = {
            "type": "object",
            "required": ["a", "b", "c", "d", "e"],
            "properties": {
                "a": {"type": "string", "format": "uri"},
                "b": {"enum": ["image", "video"]},
                "c": {"enum": ["only"]},
                "d": {"type": ["string", "null"]},
                "e": {"type": "string"},
            },
        }
        filler = Filler(formats={"uri": "http://here/"}, prefer=("video",))
        filled = filler.fill(schema, {"/f": {}})
        assert filled.document == {
            "a": "http://here/",
            "b": "video",
            "c": "only",
            "d": None,
            "e": "",
            "f": {},
        }
        assert filled.own == ("/a", "/b")
