"""One instance against one schema: one violation for each fault, at the right pointer."""

from __future__ import annotations

from typing import Any

import pytest

from harness.spec.schema import SchemaJudge, Violation, known_properties

BODY: dict[str, Any] = {
    "type": "object",
    "required": ["prompt", "model"],
    "properties": {
        "model": {"type": "string", "enum": ["pro"]},
        "prompt": {"type": "string", "minLength": 1, "maxLength": 5},
        "duration": {"type": "integer", "enum": [5, 10]},
        "scale": {"type": "number", "minimum": 0, "maximum": 1},
        "callback": {"type": "string", "format": "uri"},
        "id": {"type": "string", "format": "uuid"},
        "images": {
            "type": "array",
            "maxItems": 1,
            "items": {"type": "object", "properties": {"url": {"type": "string"}}},
        },
        "free": {"type": "object"},
    },
}


def found(schema: dict[str, Any], instance: Any) -> list[tuple[str, str, Any, Any, str]]:
    violations = SchemaJudge(schema).violations(instance)
    return [(v.pointer, v.facet, v.expected, v.observed, v.at) for v in violations]


def judged(**members: Any) -> list[tuple[str, str, Any, Any, str]]:
    return found(BODY, {"model": "pro", "prompt": "x", **members})


class TestBrokenKeywords:
    def test_a_valid_instance_breaks_nothing(self):
        """Silence for what is right, empty collections included."""
        assert judged(duration=5, scale=0.5, images=[{"url": "x"}], free={"any": 1}) == []

    @pytest.mark.parametrize(
        ("members", "violation"),
        [
            ({"duration": 7}, ("/duration", "enum", [5, 10], 7, "/properties/duration/enum")),
            ({"duration": "5"}, ("/duration", "type", "integer", "5", "/properties/duration/type")),
            ({"duration": True}, ("/duration", "type", "integer", True, "/properties/duration/type")),
            ({"duration": None}, ("/duration", "type", "integer", None, "/properties/duration/type")),
            ({"model": "Pro"}, ("/model", "enum", ["pro"], "Pro", "/properties/model/enum")),
            ({"prompt": "x" * 6}, ("/prompt", "maxLength", 5, 6, "/properties/prompt/maxLength")),
            ({"prompt": ""}, ("/prompt", "minLength", 1, 0, "/properties/prompt/minLength")),
            ({"prompt": ["x"]}, ("/prompt", "type", "string", ["x"], "/properties/prompt/type")),
            ({"scale": -0.01}, ("/scale", "minimum", 0, -0.01, "/properties/scale/minimum")),
            ({"scale": 1.01}, ("/scale", "maximum", 1, 1.01, "/properties/scale/maximum")),
            ({"images": [{}, {}]}, ("/images", "maxItems", 1, 2, "/properties/images/maxItems")),
            (
                {"images": [{"url": 5}]},
                ("/images/0/url", "type", "string", 5, "/properties/images/items/properties/url/type"),
            ),
        ],
    )
    def test_one_fault_is_one_violation(self, members: dict[str, Any], violation: Any):
        """Pointer into the instance, keyword, expected, observed (a length where one is limited), place."""
        assert judged(**members) == [violation]

    def test_a_wrong_type_silences_what_follows_from_it(self):
        """A string that is also not in the enum has one fault, its type."""
        assert [facet for _, facet, *_ in judged(duration="7")] == ["type"]

    def test_a_whole_number_with_a_point_is_an_integer(self):
        """JSON has one kind of numbers."""
        assert judged(duration=5.0) == []

    def test_lengths_count_characters(self):
        """An emoji is one character, whatever its bytes."""
        assert judged(prompt="😀" * 5) == []

    def test_a_missing_property_is_pointed_at_itself(self):
        """Each of them once, with nothing observed."""
        assert found(BODY, {}) == [
            ("/prompt", "required", True, None, "/required"),
            ("/model", "required", True, None, "/required"),
        ]

    def test_a_missing_name_with_a_slash_is_escaped(self):
        """The pointer leads to the name as it is."""
        assert found({"required": ["a/b"]}, {}) == [("/a~1b", "required", True, None, "/required")]

    @pytest.mark.parametrize("value", ["https://example.com/x", "urn:a", "mailto:a@example.com"])
    def test_a_uri_has_a_scheme(self, value: str):
        """Absolute, whatever the scheme."""
        assert judged(callback=value) == []

    @pytest.mark.parametrize("value", ["", "/x", "example.com", "https:", "https://a b", "http://[::1"])
    def test_what_is_no_uri_is_a_violation(self, value: str):
        """Relative, incomplete, with blanks, or not parsable."""
        assert judged(callback=value) == [
            ("/callback", "format", "uri", value, "/properties/callback/format")
        ]

    def test_a_uuid_has_its_form(self):
        """The other format that is judged."""
        assert judged(id="12345678-1234-5678-1234-567812345678") == []
        assert [facet for _, facet, *_ in judged(id="job-1")] == ["format"]

    def test_a_format_of_something_else_is_not_judged(self):
        """A format speaks of strings."""
        assert found({"format": "uri"}, 5) == []

    def test_two_branches_that_break_one_place_are_one_violation(self):
        """One fault is one violation, however many branches say so."""
        schema = {"allOf": [{"properties": {"a": {"minimum": 5}}}, {"properties": {"a": {"minimum": 9}}}]}

        assert [(p, f) for p, f, *_ in found(schema, {"a": 1})] == [("/a", "minimum")]

    def test_no_branch_that_fits_is_one_violation(self):
        """The alternatives are said as a whole."""
        schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}

        assert found(schema, 5) == [("", "anyOf", schema["anyOf"], 5, "/anyOf")]


class TestUnknownProperties:
    def test_an_unknown_property_is_pointed_at_itself(self):
        """With its value, after everything else."""
        assert judged(duration=7, durations=5) == [
            ("/duration", "enum", [5, 10], 7, "/properties/duration/enum"),
            ("/durations", "presence", None, 5, "/properties"),
        ]

    def test_unknown_properties_of_elements_are_seen(self):
        """At any depth, at their own pointer."""
        assert judged(images=[{"url": "x", "w/h": 1}]) == [
            ("/images/0/w~1h", "presence", None, 1, "/properties/images/items/properties")
        ]

    @pytest.mark.parametrize("schema", [{}, {"type": "object"}, {"type": "array"}, {"items": True}])
    @pytest.mark.parametrize("instance", [{"a": 1}, [{"a": 1}], 5])
    def test_where_nothing_is_named_nothing_is_unknown(self, schema: dict[str, Any], instance: Any):
        """A schema without properties leaves them open."""
        assert [facet for _, facet, *_ in found(schema, instance) if facet == "presence"] == []

    def test_a_branch_names_properties_too(self):
        """What one alternative knows is known."""
        schema = {
            "properties": {"a": {}},
            "anyOf": [
                {"properties": {"b": {}}},
                {"oneOf": [{"properties": {"c": {"properties": {"d": {}}}}}]},
            ],
        }

        assert found(schema, {"a": 1, "b": 1, "c": {"d": 1, "e": 2}, "f": 3}) == [
            ("/c/e", "presence", None, 2, "/properties/c/properties"),
            ("/f", "presence", None, 3, "/properties"),
        ]

    @pytest.mark.parametrize("additional", [True, {}, {"type": "integer"}])
    def test_a_documented_opening_lets_others_in(self, additional: Any):
        """Where a document allows other properties, none is unknown, but those below are."""
        schema = {
            "properties": {"a": {"properties": {"b": {}}}},
            "additionalProperties": additional,
        }

        assert found(schema, {"x": 1, "a": {"b": 1, "z": 2}}) == [
            ("/a/z", "presence", None, 2, "/properties/a/properties")
        ]

    def test_a_documented_schema_of_others_is_judged(self):
        """Where a document says what other properties are, they must be that."""
        schema = {"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}

        assert found(schema, {"x": "1"}) == [("/x", "type", "integer", "1", "/additionalProperties/type")]

    def test_a_documented_refusal_is_one_violation_for_each(self):
        """Where a document closes the object, each property too many is pointed at itself, once."""
        schema = {"properties": {"a": {}}, "additionalProperties": False}

        assert found(schema, {"a": 1, "x": 1, "z": 2}) == [
            ("/x", "additionalProperties", False, 1, "/additionalProperties"),
            ("/z", "additionalProperties", False, 2, "/additionalProperties"),
        ]


class TestKnownProperties:
    def test_they_are_gathered_from_every_branch(self):
        """One name may have several schemas."""
        schema = {
            "properties": {"a": {"type": "string"}},
            "oneOf": [{"properties": {"a": {"maxLength": 5}}}],
            "allOf": [{"anyOf": [{"properties": {"b": {}}}]}],
        }

        assert known_properties(schema) == {"a": [{"type": "string"}, {"maxLength": 5}], "b": [{}]}


def test_a_violation_is_a_value():
    """It carries what a finding needs."""
    assert list(SchemaJudge({"type": "string"}).broken_keywords(5)) == [
        Violation(pointer="", facet="type", expected="string", observed=5, at="/type")
    ]
