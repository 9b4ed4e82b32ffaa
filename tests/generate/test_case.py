"""One case as it is sent."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.generate.case import Case, Kind, text_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    """Whatever JSON can say, written and read again."""
    assert json.loads(text_of(value)) == value


def test_a_member_stands_twice_where_it_is_asked_for() -> None:
    """There alone, however it is called and however deep it is."""
    value = {"a": [{"b/c": 1, "d": None}], "b/c": 2}
    assert text_of(value, "/a/0/b~1c") == '{"a": [{"b/c": 1, "b/c": 1, "d": null}], "b/c": 2}'
    assert text_of({"": {"": 1}}, "/") == '{"": {"": 1}, "": {"": 1}}'


def test_half_of_a_utf16_pair_is_written_as_an_escape() -> None:
    """It cannot be written in UTF-8; whole characters are written as they are."""
    assert text_of("\ud83e") == '"\\ud83e"'
    assert text_of("\U0001f98a") == '"\U0001f98a"'


def test_what_is_strict_json_is_told_by_the_facet() -> None:
    """Three facets are not for a JSON reader to see."""

    def case(facet: str | None) -> Case:
        return Case(body={}, kind=Kind.INVALID, why="", facet=facet)

    assert [case(facet).is_strict for facet in ("enum", "not-finite", "surrogate", "duplicate-key")] == [
        True,
        False,
        False,
        False,
    ]
    assert Case(body={"a": float("nan")}, kind=Kind.INVALID, why="").content == b'{"a": NaN}'
