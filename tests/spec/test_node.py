"""Located values, and JSON Merge Patch on them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.finding import Location
from harness.spec.json_text import parse_json
from harness.spec.node import Mark, Node, merge_patch
from harness.spec.yaml import parse

TEXT = """\
name: a
list:
  - 1
  - {x: null}
a/b: [c]
"""


def root() -> Node:
    return parse(TEXT, "t.yaml")


def node(value: Any) -> Node:
    return parse_json(json.dumps(value), "t.json").root


class TestMark:
    def test_it_is_the_location_of_a_finding(self):
        """A place in a file, with the document that it rests on."""
        assert Mark("a.yaml", 3, 7).location("seed#x") == Location(
            file="a.yaml", line=3, column=7, document="seed#x"
        )


class TestNode:
    def test_plain_is_the_value_without_places(self):
        """Dicts, lists and scalars as JSON has them."""
        assert root().plain() == {"name": "a", "list": [1, {"x": None}], "a/b": ["c"]}

    def test_each_value_knows_its_place_and_that_of_its_key(self):
        """The mark is the value's, the key's mark is the name's."""
        name = root().mapping["name"]

        assert (name.mark, name.key) == (Mark("t.yaml", 1, 7), Mark("t.yaml", 1, 1))

    @pytest.mark.parametrize(
        ("pointer", "mark"),
        [
            ("", Mark("t.yaml", 1, 1)),
            ("/name", Mark("t.yaml", 1, 1)),
            ("/list", Mark("t.yaml", 2, 1)),
            ("/list/0", Mark("t.yaml", 3, 5)),
            ("/list/1/x", Mark("t.yaml", 4, 6)),
        ],
    )
    def test_the_name_mark_is_at_the_name_if_there_is_one(self, pointer: str, mark: Mark):
        """An element of a list has no name: there it is the value's own place."""
        assert root().nearest(pointer).name_mark == mark

    def test_members_and_elements_of_something_else_are_none(self):
        """A scalar has neither."""
        scalar = root().mapping["name"]

        assert (dict(scalar.mapping), scalar.sequence) == ({}, ())

    @pytest.mark.parametrize(
        ("pointer", "value"),
        [("/name", "a"), ("/list/0", 1), ("/list/1/x", None), ("/a~1b/0", "c")],
    )
    def test_at_leads_to_what_is_there(self, pointer: str, value: Any):
        """A JSON Pointer finds members and elements."""
        found = root().at(pointer)

        assert found is not None
        assert found.value == value

    def test_the_empty_pointer_is_the_node_itself(self):
        """Nothing to follow leads nowhere else."""
        whole = root()

        assert whole.at("") is whole

    @pytest.mark.parametrize(
        "pointer", ["/x", "/list/2", "/list/01", "/list/\u0660", "/name/0", "/list/9/x/y"]
    )
    def test_at_gives_none_where_nothing_is(self, pointer: str):
        """A wrong name, an index out of range or not in its form, and a step below a scalar."""
        assert root().at(pointer) is None

    @pytest.mark.parametrize(
        ("pointer", "line"), [("/list/1/nothing/at/all", 4), ("/list/7", 2), ("/nothing", 1), ("/a~1b/0", 5)]
    )
    def test_nearest_is_the_deepest_on_the_way(self, pointer: str, line: int):
        """Where the target is missing, the last node on the way is the one to point at."""
        assert root().nearest(pointer).name_mark.line == line

    def test_path_names_every_step(self):
        """From the root down, as far as there is anything."""
        assert [pointer for pointer, _ in root().path("/list/1/y/z")] == ["", "/list", "/list/1"]

    def test_path_keeps_names_escaped(self):
        """A name with a slash stays one token."""
        assert [pointer for pointer, _ in root().path("/a~1b/0")] == ["", "/a~1b", "/a~1b/0"]


# RFC 7396, appendix A, in its order: (original, patch, result).
RFC_7396: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


class TestMergePatch:
    @pytest.mark.parametrize(("original", "patch", "result"), RFC_7396)
    def test_the_table_of_the_rfc(self, original: Any, patch: Any, result: Any):
        """Every example of RFC 7396, appendix A."""
        assert merge_patch(node(original), node(patch)).plain() == result

    def test_the_example_of_the_rfc(self):
        """The document of RFC 7396, section 3."""
        original = {
            "title": "Goodbye!",
            "author": {"givenName": "John", "familyName": "Doe"},
            "tags": ["example", "sample"],
            "content": "This will be unchanged",
        }
        patch = {
            "title": "Hello!",
            "phoneNumber": "+01-123-456-7890",
            "author": {"familyName": None},
            "tags": ["example"],
        }

        assert merge_patch(node(original), node(patch)).plain() == {
            "title": "Hello!",
            "author": {"givenName": "John"},
            "tags": ["example"],
            "content": "This will be unchanged",
            "phoneNumber": "+01-123-456-7890",
        }

    def test_a_patch_of_nothing_drops_its_nulls(self):
        """What a patch removes from nothing is not there."""
        assert merge_patch(None, node({"a": None, "b": {"c": None, "d": 1}})).plain() == {"b": {"d": 1}}

    def test_every_value_keeps_the_file_that_it_came_from(self):
        """What the patch brings is located in the patch, everything else where it was."""
        base = parse("a: {x: 1, z: 2}\nb: 3\n", "base.yaml")
        patch = parse("\na:\n  z: 4\n", "patch.yaml")

        merged = merge_patch(base, patch)

        assert [
            (pointer, merged.nearest(pointer).name_mark) for pointer in ("", "/a", "/a/x", "/a/z", "/b")
        ] == [
            ("", Mark("base.yaml", 1, 1)),
            ("/a", Mark("base.yaml", 1, 1)),
            ("/a/x", Mark("base.yaml", 1, 5)),
            ("/a/z", Mark("patch.yaml", 3, 3)),
            ("/b", Mark("base.yaml", 2, 1)),
        ]

    def test_a_mapping_that_replaces_a_scalar_is_the_patchs(self):
        """Where the target was no mapping, the new one stands where the patch has it."""
        merged = merge_patch(parse("a: 1\n", "base.yaml"), parse("\na: {b: 2}\n", "patch.yaml"))

        assert merged.mapping["a"].mark == Mark("patch.yaml", 2, 4)

    def test_the_original_is_left_as_it_was(self):
        """A patched copy does not reach back into a shared baseline."""
        base = node({"a": {"b": 1}, "c": 2})

        merge_patch(base, node({"a": {"b": None}, "c": None}))

        assert base.plain() == {"a": {"b": 1}, "c": 2}
