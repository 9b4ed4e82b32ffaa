"""One change, and how it is put into words."""

from __future__ import annotations

import pytest

from harness.compare.change import Change, report, side_of
from harness.finding import Direction, Impact, Location, Rule, Severity
from harness.spec.facts import Address, Fact
from harness.spec.model import State
from harness.spec.store import SpecStore
from tests.compare.drift import Edit, added, between
from tests.minimal import MINIMAL, minimal, place_of

RULE = Rule(id="diff.test", severity=Severity.WARNING, summary="s", advice="a")


def change(
    direction: Direction,
    field: str,
    facet: str,
    *,
    operation: str | None = "submit",
    places: tuple[tuple[str | None, str | None], ...] = ((None, None),),
    was: tuple[State, object] | None = None,
    now: tuple[State, object] | None = None,
) -> Change:
    """A change with these sides."""
    address = Address(operation=operation, direction=direction, status=None, field=field, facet=facet)
    old, new = (
        None if side is None else Fact(address=address, state=side[0], value=side[1], at="/x", sources=())
        for side in (was, now)
    )
    return Change(
        model="one/video",
        address=address,
        places=places,
        old=old,
        new=new,
        old_location=Location(file="old.yaml", line=1, column=2),
        new_location=Location(file="new.yaml", line=3, column=4),
        word=None,
        facets={},
    )


ONE, TWO = (State.DOCUMENTED, 1), (State.DOCUMENTED, 2)
NONE, SILENT = (State.ABSENT, None), (State.UNDOCUMENTED, None)


@pytest.mark.parametrize(
    ("was", "now", "appeared", "vanished", "only_said", "values"),
    [
        (ONE, TWO, False, False, False, (1, 2)),
        (None, TWO, True, False, False, (None, 2)),
        (SILENT, TWO, True, False, False, (None, 2)),
        (NONE, TWO, True, False, False, (None, 2)),
        (ONE, None, False, True, False, (1, None)),
        (ONE, NONE, False, True, False, (1, None)),
        (SILENT, NONE, False, False, True, (None, None)),
        (NONE, None, False, False, True, (None, None)),
    ],
)
def test_states_of_a_change(
    was: tuple[State, object] | None,
    now: tuple[State, object] | None,
    appeared: bool,
    vanished: bool,
    only_said: bool,
    values: tuple[object, object],
) -> None:
    """A value comes, goes or changes, or only a statement of absence does."""
    made = change(Direction.REQUEST, "/x", "default", was=was, now=now)
    assert (made.appeared, made.vanished, made.only_said) == (appeared, vanished, only_said)
    assert (made.before, made.after) == values


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            change(Direction.REQUEST, "/x", "default", was=ONE, now=TWO),
            "request of submit, /x: default was 1, is 2; so",
        ),
        (
            change(Direction.REQUEST, "", "presence", was=ONE),
            "call submit: gone; so",
        ),
        (
            change(
                Direction.RESPONSE, "/x", "type", places=(("poll", "200"), ("poll", "201")), was=ONE, now=NONE
            ),
            "answer 200, 201 of submit, /x: type was 1, is documented as absent; so",
        ),
        (
            change(
                Direction.RESPONSE, "", "type", operation=None, places=((None, "404"),), was=ONE, now=SILENT
            ),
            "answer 404 of any operation: type was 1, is undocumented; so",
        ),
        (change(Direction.WEBHOOK, "/x", "presence", operation=None, now=ONE), "webhook, /x: new; so"),
        (
            change(
                Direction.EVENT, "", "presence", operation="events", places=(("events", "done"),), now=ONE
            ),
            "event done of events: new; so",
        ),
        (
            change(
                Direction.SPEC,
                "/limits/rate",
                "rate",
                operation=None,
                was=(State.DOCUMENTED, {"a": 1, "b": 2}),
                now=(State.DOCUMENTED, {"b": 2, "c": 3}),
            ),
            "/limits/rate: a was 1, is null, c was null, is 3; so",
        ),
    ],
)
def test_message_says_where_what_and_what_follows(made: Change, message: str) -> None:
    """Where it changed, what it was and is, and the consequence."""
    assert report(made, RULE, "so").message == message


def test_finding_carries_both_sides() -> None:
    """The old value and place are expectation and source, the new ones what was seen and judged."""
    finding = report(change(Direction.REQUEST, "/x", "default", was=ONE, now=TWO), RULE, "so")
    assert (finding.expected, finding.observed) == (1, 2)
    assert (str(finding.source), str(finding.subject)) == ("old.yaml:1:2", "new.yaml:3:4")
    assert (finding.model, finding.operation) == ("one/video", "submit")
    assert finding.direction is Direction.REQUEST
    assert finding.severity is Severity.WARNING


def test_words_of_a_side(store: SpecStore) -> None:
    """Each body that takes parameters has the canonical words; calls have the word for the job's id."""
    side = side_of(store.get("oxen"))
    assert side.label == "oxen/kling-video-v2-6-pro-text-to-video"
    assert side.words["submit", "guidance"] == "/cfg_scale"
    assert side.words["generate", "guidance"] == "/cfg_scale"
    assert side.words["poll", "job_id"] == "{path}/generation_id"
    assert ("poll", "guidance") not in side.words


def test_place_of_a_required_property_is_the_list_that_names_it() -> None:
    """The object around a property says that it is required; the property's own source says why."""
    required = ("required: [prompt]", "required: [prompt, duration]")
    (finding,) = between((), (required,))
    line, column = place_of(MINIMAL.replace(*required), "        ^required: [prompt, duration]")
    assert str(finding.subject) == f"minimal.yaml:{line}:{column}"
    assert finding.subject is not None
    assert finding.subject.document == "page#Create, body"


def test_place_of_an_absence_is_the_statement_of_it() -> None:
    """An absence in a schema is said in `x-absent`."""
    before = added("seed: {type: integer, default: 1}")
    after = added("seed: {type: integer, x-absent: [default]}")
    (finding,) = between(before, after)
    text = MINIMAL.replace(*after[0])
    line, column = place_of(text, "seed: {type: integer, ^x-absent: [default]}")
    assert str(finding.subject) == f"minimal.yaml:{line}:{column}"


def test_place_of_a_changed_member() -> None:
    """Of a value of several members the one that differs is pointed at: a revision may bring only that."""
    (finding,) = between((), (("requests: 100", "requests: 50"),))
    line, column = place_of(MINIMAL, "rate: {^requests: 100,")
    assert str(finding.subject) == f"minimal.yaml:{line}:{column}"


def test_place_of_what_is_gone_is_what_was_around_it() -> None:
    """On the side that has nothing, the nearest place is given."""
    (finding,) = between(added("seed: {type: integer}"), ())
    line, column = place_of(MINIMAL, "        ^properties:\n          prompt")
    assert str(finding.subject) == f"minimal.yaml:{line}:{column}"
    assert minimal().ref == finding.model


# ---- what a change is said to do


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ("requests: 50, per_s: 15", "more is allowed"),
        ("requests: 200, per_s: 240", "what was within the limit is refused"),
        ("requests: 200, per_s: 120", "it counts otherwise"),
    ],
)
def test_a_limit_is_so_many_in_so_much_time(rate: str, words: str) -> None:
    """Both figures together say whether more is allowed."""
    (finding,) = between((), (("requests: 100, per_s: 60", rate),))
    assert finding.message.endswith(f"; {words}")


def test_an_interval_that_ends_later_asks_for_no_other_polling() -> None:
    """Only where it begins later, polling as before is too often."""
    (finding,) = between((), (("min_s: 5, max_s: 5", "min_s: 5, max_s: 9"),))
    assert finding.message.endswith("; polling as before is no more often than documented")


ENUM = "            enum: [5, 10]\n"


@pytest.mark.parametrize(
    ("old", "new", "rule", "impact"),
    [
        (
            ((ENUM, "            maximum: 10\n"),),
            ((ENUM, "            maximum: 100\n"),),
            "diff.request-scale",
            (Impact.BILL, Impact.OUTPUT),
        ),
        (
            added("x: {type: number, maximum: 0.1}"),
            added("x: {type: number, maximum: 5}"),
            "diff.request-scale",
            (Impact.OUTPUT,),
        ),
        (
            added("x: {type: number, maximum: -1}"),
            added("x: {type: number, maximum: 5}"),
            "diff.request-limit-widened",
            (),
        ),
        ((), (("currency: USD", "currency: EUR"),), "diff.price", (Impact.BILL,)),
    ],
)
def test_what_a_change_does(
    old: tuple[Edit, ...], new: tuple[Edit, ...], rule: str, impact: tuple[Impact, ...]
) -> None:
    """Ten times the range is another scale, which the bill feels where the word governs it."""
    (finding,) = between(old, new)
    assert (finding.rule.id, finding.impact, finding.severity_override) == (rule, impact, None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ((), (("currency: USD", "currency: EUR"),), "it is counted otherwise"),
        (
            (),
            (("100, per_s: 60, operation: submit", "200, per_s: 60, operation: poll"),),
            "it counts otherwise",
        ),
        (
            added("mode: {type: string, enum: [a, b, c]}"),
            added("mode: {type: string, enum: [c]}"),
            'a request with "a" or "b" is refused',
        ),
    ],
)
def test_what_a_change_means(old: tuple[Edit, ...], new: tuple[Edit, ...], words: str) -> None:
    """The last words of the message."""
    (finding,) = between(old, new)
    assert finding.message.endswith(f"; {words}")
