"""A finding beside what is sent, read and called."""

from __future__ import annotations

import pytest

from harness.finding import Direction, Finding
from harness.use.case import Case, counted, joined, leaves_out, names_of
from harness.use.model import Usage
from tests.minimal import minimal
from tests.use.test_waivers import DEFAULT
from tests.use.users import sent, usage

CLIP = sent("clip", {"prompt": "x", "duration": 5})
LONG = sent("long", {"prompt": "x"}, operation="generate")


def case(user: Usage, **members: object) -> Case:
    """A finding about the duration at submit."""
    given = {"field": "/duration", "operation": "submit", "direction": Direction.REQUEST, **members}
    return Case(finding=Finding(rule=DEFAULT, message="m", **given), usage=user, spec=minimal())  # type: ignore[arg-type]


def test_what_is_sent_is_what_is_sent_to_the_operation() -> None:
    """None where it is not said; all of it where the finding is of no operation."""
    both = usage(CLIP, LONG)
    assert case(both).sent == (CLIP,)
    assert case(both, operation="generate").sent == (LONG,)
    assert case(both, operation=None).sent == (CLIP, LONG)
    assert case(usage(silent=True)).sent is None


def test_the_calls_are_those_that_are_sent_or_read() -> None:
    """Known only where both are said."""
    assert case(usage(CLIP, reads={"poll": ()})).calls == {"submit", "poll"}
    assert case(usage(CLIP)).calls is None
    assert case(usage(silent=True, reads={"poll": ()})).calls is None


def test_the_canonical_word_of_a_field() -> None:
    """As the spec maps it; none for another field."""
    assert case(usage()).word == "duration_s"
    assert case(usage(), field="/seed").word is None


@pytest.mark.parametrize(
    ("read", "field", "touches"),
    [
        ("/videos/0/url", "/videos/*/url", True),
        ("/videos/0/url", "/videos/*", True),
        ("/videos", "/videos/*/url", True),
        ("/videos/0/url", "/videos/*/cover", False),
        ("/video", "/videos", False),
        ("", "/videos", True),
    ],
)
def test_what_is_read_touches_what_is_above_and_below_it(read: str, field: str, touches: bool) -> None:
    """Array indices are all alike; a name that merely begins alike is another."""
    user = usage(reads={"poll": (read,)})
    found = case(user, operation="poll", direction=Direction.RESPONSE).read_of((field,))
    assert found == ((read,) if touches else ())


@pytest.mark.parametrize(
    ("body", "field", "leaves"),
    [
        ({}, "/a", True),
        ({"a": 1}, "/a", False),
        ({"a": None}, "/a", True),
        ({}, "/a/b", False),
        ({"a": {}}, "/a/b", True),
        ({"a": [{"b": 1}, {}]}, "/a/*/b", True),
        ({"a": [{"b": 1}, {"b": 2}]}, "/a/*/b", False),
        ({"a": []}, "/a/*/b", False),
    ],
)
def test_where_a_default_holds(body: object, field: str, leaves: bool) -> None:
    """In every object that is there and does not have the member."""
    assert leaves_out(body, field) is leaves


def test_words() -> None:
    """Lists and numbers as people write them."""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert (counted(1, "request"), counted(1200, "request")) == ("1 request", "1,200 requests")
    assert names_of([sent(name, {}) for name in "abcde"]) == "a, b, c and 2 more"
