"""Values made comparable."""

from __future__ import annotations

import pytest

from harness.compare.values import fact_form, form, name_of, shown, state_or_value
from harness.finding import Direction
from harness.spec.facts import Address, Fact
from harness.spec.model import State


def fact(facet: str, value: object, state: State = State.DOCUMENTED) -> Fact:
    """A fact of some request property."""
    address = Address(operation="submit", direction=Direction.REQUEST, status=None, field="/x", facet=facet)
    return Fact(address=address, state=state, value=value, at="/x", sources=())


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), ({"a": 1, "b": 2}, {"b": 2, "a": 1.0}), ([1], (1,))])
def test_equal_as_json_is_equal(one: object, other: object) -> None:
    """A number has one value however it is written, and members have no order."""
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), (1, "1"), (None, "null"), ([1, 2], [2, 1]), (0.5, 0.25)]
)
def test_different_as_json_is_different(one: object, other: object) -> None:
    """Truth values, numbers and texts are not mixed up, and lists have an order."""
    assert form(one) != form(other)


def test_enums_have_no_order() -> None:
    """The same words in another order are the same enum; one more word is not."""
    assert form(["16:9", "1:1"], facet="enum") == form(["1:1", "16:9"], facet="enum")
    assert form(["16:9"], facet="enum") != form(["1:1", "16:9"], facet="enum")


def test_single_type_is_a_list_of_one() -> None:
    """`type: string` and `type: [string]` say the same."""
    assert form("string", facet="type") == form(["string"], facet="type")


def test_states_of_facts_are_told_apart() -> None:
    """Nothing stated is None, however it is put; an absence is no value, not even the word for it."""
    assert fact_form(None) is None
    assert fact_form(fact("default", None, State.UNDOCUMENTED)) is None
    assert fact_form(fact("default", None, State.ABSENT)) != fact_form(fact("default", "absent"))
    assert fact_form(fact("enum", [1, 2])) == fact_form(fact("enum", [2, 1]))


def test_long_values_are_cut() -> None:
    """A message shows at most a hundred characters of a value."""
    assert shown("x" * 200) == '"' + "x" * 99 + "…"
    assert shown("x" * 98) == '"' + "x" * 98 + '"'
    assert shown(["é", 1]) == '["é", 1]'


@pytest.mark.parametrize(
    ("field", "name"),
    [("/input/cfg_scale", "cfg_scale"), ("{query}/task_id", "task_id"), ("/a~1b", "a/b"), ("/a~0b", "a~b")],
)
def test_name_of_a_field(field: str, name: str) -> None:
    """The bare name at the end, for bodies and for parameters of a call."""
    assert name_of(field) == name


def test_cell_in_words() -> None:
    """A value stands for itself; where there is none the state's word stands."""
    assert state_or_value(State.DOCUMENTED, 1) == 1
    assert state_or_value(State.ABSENT, None) == "absent"
    assert state_or_value(State.UNDOCUMENTED, None) == "undocumented"
