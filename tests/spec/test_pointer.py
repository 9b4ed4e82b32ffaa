"""JSON Pointers as RFC 6901 has them, and `*` for the elements of an array."""

from __future__ import annotations

import re
from typing import Any

import pytest

from harness.spec.pointer import MISSING, array_index, join, last, matches, resolve, split

# RFC 6901, section 5.
RFC_DOCUMENT: dict[str, Any] = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}
RFC_TABLE: list[tuple[str, Any]] = [
    ("", RFC_DOCUMENT),
    ("/foo", ["bar", "baz"]),
    ("/foo/0", "bar"),
    ("/", 0),
    ("/a~1b", 1),
    ("/c%d", 2),
    ("/e^f", 3),
    ("/g|h", 4),
    ("/i\\j", 5),
    ('/k"l', 6),
    ("/ ", 7),
    ("/m~0n", 8),
]


class TestMissing:
    def test_it_is_false_and_says_its_name(self):
        """Missing reads as false, unlike a null that is compared by identity."""
        assert (bool(MISSING), repr(MISSING)) == (False, "MISSING")


class TestSplit:
    @pytest.mark.parametrize(
        ("pointer", "parts"),
        [
            ("", ()),
            ("/", ("",)),
            ("/a/0", ("a", "0")),
            ("/a~1b", ("a/b",)),
            ("/m~0n", ("m~n",)),
            ("/~01", ("~1",)),
            ("//", ("", "")),
        ],
    )
    def test_tokens_are_unescaped(self, pointer: str, parts: tuple[str, ...]):
        """`~1` is a slash, `~0` a tilde, and `~01` is `~1`."""
        assert split(pointer) == parts

    @pytest.mark.parametrize("text", ["a", "task/status", " /a", "#/a"])
    def test_what_does_not_start_with_a_slash_is_none(self, text: str):
        """Words without a slash in front are no pointer."""
        with pytest.raises(ValueError, match=rf"^not a JSON Pointer: {re.escape(repr(text))}$"):
            split(text)


class TestJoin:
    def test_tokens_are_escaped(self):
        """Slashes and tildes in names do not break the pointer."""
        assert join(["a/b", "m~n", 0]) == "/a~1b/m~0n/0"

    def test_it_goes_on_from_a_base(self):
        """A base is kept as it is."""
        assert join(["c"], "/a~1b") == "/a~1b/c"

    def test_no_tokens_are_the_whole(self):
        """The empty pointer means the whole document."""
        assert join([]) == ""


class TestLast:
    @pytest.mark.parametrize(("pointer", "name"), [("/a", "a"), ("/x/a~1b", "a/b"), ("/x/", "")])
    def test_it_is_the_name_unescaped(self, pointer: str, name: str):
        """A name with a slash comes back whole."""
        assert last(pointer) == name


class TestArrayIndex:
    @pytest.mark.parametrize(("part", "index"), [("0", 0), ("7", 7), ("10", 10)])
    def test_digits_are_an_index(self, part: str, index: int):
        """Decimal digits without leading zeros count elements."""
        assert array_index(part) == index

    @pytest.mark.parametrize("part", ["", "-", "-1", "01", "00", "1.0", "1e1", "٣", "a", "*", "9" * 5000])
    def test_everything_else_is_none(self, part: str):
        """Leading zeros, other scripts' digits, and what no array is long enough for, are no index."""
        assert array_index(part) is None


class TestResolve:
    @pytest.mark.parametrize(("pointer", "value"), RFC_TABLE)
    def test_the_table_of_the_rfc(self, pointer: str, value: Any):
        """Every example of RFC 6901, section 5."""
        assert resolve(RFC_DOCUMENT, pointer) == value

    @pytest.mark.parametrize(
        "pointer", ["/nothing", "/foo/2", "/foo/-", "/foo/00", "/foo/bar", "/foo/0/0", "/a~1b/c", "/foo/-1"]
    )
    def test_what_is_not_there_is_missing(self, pointer: str):
        """A wrong name, an index out of range and a step below a scalar all lead to nothing."""
        assert resolve(RFC_DOCUMENT, pointer) is MISSING

    def test_null_is_something(self):
        """A null is found, not missing."""
        assert resolve({"a": None}, "/a") is None

    @pytest.mark.parametrize(("value", "expected"), [({"a": [5, 6]}, 5), ({"a": []}, MISSING)])
    def test_a_star_is_the_first_element(self, value: Any, expected: Any):
        """`*` stands for the first element where one value is asked for."""
        assert resolve(value, "/a/*") is expected

    def test_a_star_is_a_name_in_an_object(self):
        """In an object, `*` is a member like any other."""
        assert resolve({"*": 1}, "/*") == 1

    def test_digits_are_a_name_in_an_object(self):
        """A member called 0 is found by its name."""
        assert resolve({"0": "a"}, "/0") == "a"


class TestMatches:
    def test_without_a_star_it_is_the_value(self):
        """A plain pointer gives itself."""
        assert list(matches({"a": None}, "/a")) == [("/a", None)]

    def test_without_a_star_and_without_a_value_it_is_nothing(self):
        """What is missing does not match."""
        assert list(matches({"a": 1}, "/b")) == []

    def test_a_star_is_every_element(self):
        """Each element is given with its own pointer, nested ones too."""
        value = {"v": [{"u": [1, 2]}, {"x": 0}, {"u": [3]}]}

        assert list(matches(value, "/v/*/u/*")) == [("/v/0/u/0", 1), ("/v/0/u/1", 2), ("/v/2/u/0", 3)]

    @pytest.mark.parametrize("value", [{"v": {"*": 1}}, {"v": "text"}, {}])
    def test_a_star_matches_in_arrays_alone(self, value: Any):
        """Neither an object nor a string nor nothing has elements."""
        assert list(matches(value, "/v/*")) == []

    def test_names_stay_escaped(self):
        """A name with a slash before or after the star keeps its form."""
        assert list(matches({"a/b": [{"c~d": 1}]}, "/a~1b/*/c~0d")) == [("/a~1b/0/c~0d", 1)]
