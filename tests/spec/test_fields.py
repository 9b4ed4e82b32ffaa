"""Reading one mapping by name and type, and refusing the rest, each at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.errors import SourceError
from harness.spec.fields import (
    Fields,
    boolean,
    count,
    kind_of,
    number,
    one_of,
    pointer,
    read_refs,
    strings,
    table,
    text,
)
from harness.spec.model import SourceRef, State, Stated
from harness.spec.node import Node
from harness.spec.yaml import parse


def value(literal: str) -> Node:
    """The value of a file whose first line is `k: LITERAL`."""
    return parse(f"k: {literal}\n", "f.yaml").mapping["k"]


def fields(content: str) -> Fields:
    return Fields(parse(content, "f.yaml"), "/top")


def message(call: Callable[[], Any]) -> str:
    with pytest.raises(SourceError) as caught:
        call()
    return str(caught.value)


class TestKindOf:
    @pytest.mark.parametrize(
        ("literal", "words"),
        [
            ("true", "a truth value, True"),
            ("x", "a string, 'x'"),
            ("5", "a number, 5"),
            ("0.5", "a number, 0.5"),
            ("null", "null"),
            ("[1]", "a list"),
            ("{a: 1}", "a mapping"),
        ],
    )
    def test_it_says_what_a_value_is(self, literal: str, words: str):
        """Scalars are shown, collections are named."""
        assert kind_of(value(literal)) == words


class TestReaders:
    @pytest.mark.parametrize(
        ("read", "literal", "expected"),
        [
            (text, "x", "x"),
            (number, "0", 0),
            (number, "1.5", 1.5),
            (count, "3", 3),
            (count, "3.0", 3),
            (boolean, "false", False),
            (pointer, "/a/0", "/a/0"),
            (strings, "[a, b]", ("a", "b")),
            (strings, "[]", ()),
            (one_of(("a", "b")), "b", "b"),
            (read_refs, "d#p", (SourceRef(document="d", place="p"),)),
            (read_refs, "'d#p#q'", (SourceRef(document="d", place="p#q"),)),
            (
                read_refs,
                "[d#p, e#q]",
                (SourceRef(document="d", place="p"), SourceRef(document="e", place="q")),
            ),
        ],
    )
    def test_a_value_of_the_right_kind_is_read(self, read: Any, literal: str, expected: Any):
        """Each reader gives the plain value."""
        assert repr(read(value(literal), "/k")) == repr(expected)

    @pytest.mark.parametrize(
        ("read", "literal", "expected"),
        [
            (text, "5", "1:4: /k: expected a string, got a number, 5"),
            (text, "''", "1:4: /k: expected a string that is not empty"),
            (text, "null", "1:4: /k: expected a string, got null"),
            (number, "'5'", "1:4: /k: expected a number, got a string, '5'"),
            (number, "true", "1:4: /k: expected a number, got a truth value, True"),
            (number, "-1", "1:4: /k: expected a number of at least 0, got -1"),
            (count, "2.5", "1:4: /k: expected a whole number, got 2.5"),
            (count, "-1", "1:4: /k: expected a number of at least 0, got -1"),
            (count, "[1]", "1:4: /k: expected a number, got a list"),
            (boolean, "1", "1:4: /k: expected true or false, got a number, 1"),
            (boolean, "'on'", "1:4: /k: expected true or false, got a string, 'on'"),
            (pointer, "a/b", "1:4: /k: expected a JSON Pointer such as /task/status, got 'a/b'"),
            (pointer, "{a: 1}", "1:4: /k: expected a string, got a mapping"),
            (strings, "a", "1:4: /k: expected a list, got a string, 'a'"),
            (strings, "[a, 1]", "1:8: /k/1: expected a string, got a number, 1"),
            (one_of(("a", "b")), "c", "1:4: /k: expected one of a, b, got 'c'"),
            (read_refs, "seed", "1:4: /k: expected DOCUMENT#PLACE, got 'seed'"),
            (read_refs, "seed#", "1:4: /k: expected DOCUMENT#PLACE, got 'seed#'"),
            (read_refs, "'#place'", "1:4: /k: expected DOCUMENT#PLACE, got '#place'"),
            (read_refs, "[a#b, c]", "1:10: /k/1: expected DOCUMENT#PLACE, got 'c'"),
            (read_refs, "[]", "1:4: /k: expected a string, got a list"),
            (read_refs, "5", "1:4: /k: expected a string, got a number, 5"),
        ],
    )
    def test_a_value_of_another_kind_is_refused_where_it_stands(self, read: Any, literal: str, expected: str):
        """The message has place, path, what was expected and what was got."""
        assert message(lambda: read(value(literal), "/k")) == f"f.yaml:{expected}"


class TestTable:
    def test_it_reads_every_member(self):
        """Names to values of one kind, in their order."""
        assert list(table(value("{b: 1, a: 2}"), "/k", number).items()) == [("b", 1), ("a", 2)]

    def test_a_source_is_the_source_of_all(self):
        """It is no member itself."""
        assert table(value("{source: d#p, a: 2}"), "/k", number) == {"a": 2}

    @pytest.mark.parametrize(
        ("literal", "expected"),
        [
            ("[1]", "1:4: /k: expected a mapping, got a list"),
            ("{a/b: x}", "1:10: /k/a~1b: expected a number, got a string, 'x'"),
            ("{source: d, a: 2}", "1:13: /k/source: expected DOCUMENT#PLACE, got 'd'"),
        ],
    )
    def test_what_is_wrong_is_refused_where_it_stands(self, literal: str, expected: str):
        """Names in the path are escaped."""
        assert message(lambda: table(value(literal), "/k", number)) == f"f.yaml:{expected}"


class TestFields:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("[1]", "f.yaml:1:1: /top: expected a mapping, got a list"),
            ("x", "f.yaml:1:1: /top: expected a mapping, got a string, 'x'"),
        ],
    )
    def test_only_a_mapping_has_fields(self, content: str, expected: str):
        """Anything else is refused as a whole."""
        assert message(lambda: fields(content)) == expected

    def test_the_whole_file_is_called_by_that_name(self):
        """The empty pointer says nothing to a person."""
        node = parse("- 1\n", "f.yaml")

        assert message(lambda: Fields(node, "")) == "f.yaml:1:1: the file: expected a mapping, got a list"

    def test_required_reads_the_member(self):
        """The path goes on to the reader."""
        assert fields("a/b: 5").required("a/b", lambda node, at: (node.value, at)) == (5, "/top/a~1b")

    def test_required_demands_the_member(self):
        """A missing key is reported at the mapping that lacks it."""
        node = parse("x:\n  a: 1\n", "f.yaml").mapping["x"]

        assert message(lambda: Fields(node, "/x").required("b", text)) == "f.yaml:1:1: /x: missing key 'b'"

    def test_optional_and_maybe_do_without(self):
        """One has a default, the other None."""
        read = fields("a: 1")

        assert (read.optional("b", number, 7), read.maybe("b", number)) == (7, None)

    def test_optional_and_maybe_read_what_is_there(self):
        """A value that is there wins, and must be of its kind."""
        read = fields("a: 1\nb: x\n")

        assert (read.optional("a", number, 7), read.maybe("a", number)) == (1, 1)
        assert message(lambda: read.maybe("b", number)) == (
            "f.yaml:2:4: /top/b: expected a number, got a string, 'x'"
        )

    def test_a_table_may_be_missing_or_not(self):
        """Empty where it is optional, refused where it is required."""
        assert fields("a: 1").table("t", number) == {}
        assert message(lambda: fields("a: 1").table("t", number, required=True)) == (
            "f.yaml:1:1: /top: missing key 't'"
        )

    def test_a_table_reads_its_members(self):
        """Required or not, what is there is read."""
        assert fields("t: {a: 1}").table("t", number) == {"a": 1}


class TestStated:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("a: 5", Stated(state=State.DOCUMENTED, at="/top/a", value=5)),
            ("a: undocumented", Stated(state=State.UNDOCUMENTED, at="/top/a")),
            ("a: {absent: true, source: d#p}", Stated(state=State.ABSENT, at="/top/a")),
        ],
    )
    def test_a_fact_is_in_one_of_three_states(self, content: str, expected: Stated[float]):
        """Documented, documented as absent, or undocumented."""
        assert fields(content).stated("a", number) == expected

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("b: 1", "1:1: /top: missing key 'a'"),
            (
                "a: none",
                "1:4: /top/a: expected a mapping or the word undocumented, got a string, 'none'",
            ),
            ("a: null", "1:4: /top/a: expected a number, got null"),
            ("a: {absent: true}", "1:1: /top/a: missing key 'source'"),
            ("a: {absent: false, source: d#p}", "1:13: /top/a/absent: expected true"),
            ("a: {absent: 1, source: d#p}", "1:13: /top/a/absent: expected true or false, got a number, 1"),
            ("a: {absent: true, source: d}", "1:27: /top/a/source: expected DOCUMENT#PLACE, got 'd'"),
            (
                "a: {absent: true, source: d#p, value: 1}",
                "1:32: /top/a: unknown key 'value'; known here: absent, source",
            ),
        ],
    )
    def test_a_fourth_state_is_refused(self, content: str, expected: str):
        """Null is no state, and an absence needs a source."""
        assert message(lambda: fields(content).stated("a", number)) == f"f.yaml:{expected}"


class TestFinish:
    def test_everything_asked_for_is_known(self):
        """Asked for in any way, a member is known; ignored ones are, too."""
        read = fields("a: 1\nb: 1\nc: 1\nd: {}\ne: 1\nf: 1\n")
        read.required("a", number)
        read.optional("b", number, 0)
        read.maybe("c", number)
        read.table("d", number)
        read.stated("e", number)

        assert message(read.finish) == ("f.yaml:6:1: /top: unknown key 'f'; known here: a, b, c, d, e")
        read.finish("f")

    def test_a_near_miss_has_a_hint(self):
        """A typo is answered with the word that was meant."""
        read = fields("duration: 5\ndurations: 6\n")
        read.required("duration", number)

        assert message(read.finish) == ("f.yaml:2:1: /top: unknown key 'durations'; did you mean 'duration'?")

    def test_an_ignored_source_must_still_be_one(self):
        """A source is read later, but its form is judged here."""
        assert message(lambda: fields("source: seed").finish("source")) == (
            "f.yaml:1:9: /top/source: expected DOCUMENT#PLACE, got 'seed'"
        )
        fields("source: seed#x").finish("source")
