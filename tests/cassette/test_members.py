"""Reading plain JSON values member by member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harness.cassette.members import Members, shorten
from harness.errors import OperatorError


def message(call: Callable[[], Any]) -> str:
    with pytest.raises(OperatorError) as caught:
        call()
    return str(caught.value)


def test_each_kind_of_member_is_read_as_what_it_is():
    """Values of the right kind come back unchanged, missing and null ones as what stands for none."""
    members = Members(
        {"a": "x", "n": 3, "s": 1, "list": [{"b": 1}, {"b": 2}], "o": {"c": "y"}, "null": None}, "f", "at"
    )
    assert (members.text("a"), members.one_of("a", ("x", "y")), members.integer("n")) == ("x", "x", 3)
    assert members.maybe_seconds("s") == 1.0
    assert [inner.integer("b") for inner in members.objects("list")] == [1, 2]
    assert members.pairs("o") == (("c", "y"),)
    assert members.object("o").place == "f: at.o"
    assert members.items("list") == [{"b": 1}, {"b": 2}]
    assert members.text("gone", "") == members.text("null", "") == ""
    assert members.maybe_text("gone") is members.maybe_text("null") is members.maybe_seconds("null") is None
    assert members.items("gone") == []
    assert members.pairs("null") == ()
    members.finish()


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda m: m.text("gone"), "f: at: missing member 'gone'"),
        (lambda m: m.text("n"), "f: at.n: expected a string, got 3"),
        (lambda m: m.one_of("a", ("y", "z")), "f: at.a: expected one of y, z, got 'x'"),
        (lambda m: m.integer("a"), "f: at.a: expected a whole number, got 'x'"),
        (lambda m: m.integer("yes"), "f: at.yes: expected a whole number, got True"),
        (lambda m: m.maybe_seconds("a"), "f: at.a: expected a number of at least 0, got 'x'"),
        (lambda m: m.maybe_seconds("yes"), "f: at.yes: expected a number of at least 0, got True"),
        (lambda m: m.maybe_seconds("nan"), "f: at.nan: expected a number of at least 0, got nan"),
        (lambda m: m.maybe_seconds("minus"), "f: at.minus: expected a number of at least 0, got -1"),
        (lambda m: m.maybe_seconds("huge"), f"f: at.huge: expected a number of at least 0, got 1{'0' * 58}…"),
        (lambda m: m.items("a"), "f: at.a: expected an array, got 'x'"),
        (lambda m: list(m.objects("list")), "f: at.list[1]: expected an object, got 5"),
        (lambda m: m.object("a"), "f: at.a: expected an object, got 'x'"),
        (lambda m: m.pairs("o"), "f: at.o.c: expected a string, got 1"),
    ],
)
def test_a_member_of_another_kind_is_refused_at_its_place(read, expected):
    """The message says where, what was expected and what was got."""
    members = Members(
        {
            "a": "x",
            "n": 3,
            "yes": True,
            "nan": float("nan"),
            "minus": -1,
            "huge": 10**400,
            "list": [{}, 5],
            "o": {"c": 1},
        },
        "f",
        "at",
    )
    assert message(lambda: read(members)) == expected


def test_what_is_no_object_is_refused():
    """There are no members in a list."""
    assert message(lambda: Members([1], "f", "at")) == "f: at: expected an object, got [1]"


def test_unknown_members_are_refused_with_the_nearest_name():
    """A misspelt member would otherwise be lost in silence."""
    members = Members({"provenence": "live"}, "f", "at")
    members.has("provenance")
    assert message(members.finish) == "f: at: unknown member 'provenence'; did you mean 'provenance'?"
    members = Members({"x": 1}, "f", "at")
    members.has("provenance")
    members.has("model")
    assert message(members.finish) == "f: at: unknown member 'x'; known here: model, provenance"


def test_long_values_are_cut_in_messages():
    """A whole body has no place in an error message."""
    assert shorten("x" * 100) == "'" + "x" * 58 + "…"
    assert shorten([1]) == "[1]"


def test_places_begin_with_the_file():
    """The root of a file has no path; its members and their elements do."""
    root = Members({"a": {"b": [1]}}, "f:3")
    assert (root.place, root.object("a").place) == ("f:3", "f:3: a")
    assert str(root.fault("c", "x")) == "f:3: c: expected x, got None"
    assert str(root.object("a").fault("b", "x", 0)) == "f:3: a.b[0]: expected x, got 1"
