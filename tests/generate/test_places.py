"""Every place of a body, and how a body is changed there."""

from __future__ import annotations

import copy

from harness.generate.places import places, put, take, with_room
from tests.generate.wide import WIDE

BY_POINTER = {place.pointer: place for place in places(WIDE)}


def test_the_body_its_members_and_the_first_element_of_arrays_are_places() -> None:
    """The outer before the inner; an array's elements are one place."""
    assert next(iter(BY_POINTER)) == ""
    assert {"/prompt", "/tags", "/tags/0", "/shots/0", "/shots/0/text"} <= set(BY_POINTER)
    assert len(BY_POINTER) == 20


def test_what_must_be_there_is_told_from_what_may() -> None:
    """By the object that it stands in; an element of an array must not."""
    required = {pointer for pointer, place in BY_POINTER.items() if place.is_required}
    assert required == {"/prompt", "/shots/0/text"}


def test_a_place_below_a_choice_is_not_plain() -> None:
    """Nor is one in an object that counts its members."""
    assert not BY_POINTER["/choice"].is_plain
    assert BY_POINTER["/shots/0/text"].is_plain
    counted = {"type": "object", "maxProperties": 1, "properties": {"a": {"type": "string"}}}
    assert not any(place.is_plain for place in places(counted))


def test_room_is_made_with_the_smallest_values_and_the_body_stays_as_it_is() -> None:
    """All that must stand around a place does; what stood there stays."""
    body = {"prompt": "a fox", "shots": []}
    before = copy.deepcopy(body)
    made = with_room(body, BY_POINTER["/shots/0/length"])
    assert made == {"prompt": "a fox", "shots": [{"text": "", "length": 5}]}
    assert with_room(body, BY_POINTER["/prompt"]) == before
    assert body == before


def test_a_value_is_put_and_a_member_taken() -> None:
    """At any depth; of the root, the value is all there is."""
    assert put({"a": [{"b": 1}]}, ("a", 0, "b"), 2) == {"a": [{"b": 2}]}
    assert put({"a": 1}, (), []) == []
    assert take({"a": [{"b": 1, "c": 2}]}, ("a", 0, "b")) == {"a": [{"c": 2}]}
    assert take({"a": 1}, ("b",)) == {"a": 1}
