"""The rule table as a whole: symmetry, unique ids, and a judge for every facet there is."""

from __future__ import annotations

from harness.compare import RULES as ROOM_RULES
from harness.compare.rules import AREAS, RULES, WITHOUT_MIRROR
from harness.finding import Direction, Kind, Severity
from harness.spec.facts import FACETS, facts
from harness.spec.store import SpecStore
from tests.shipped import REFERENCES

SIDES = (Direction.REQUEST, Direction.RESPONSE)


def mirror(rule_id: str) -> str:
    """The id of the same rule for the other side; the id itself where it names no side."""
    for one, other in (("request-", "response-"), ("response-", "request-")):
        if rule_id.startswith(f"diff.{one}"):
            return rule_id.replace(one, other, 1)
    return rule_id


def test_every_request_or_response_rule_has_its_mirror_or_a_reason() -> None:
    """A rule for one side of the wire exists for the other, or the table says why not."""
    ids = {rule.id for rule in RULES}
    for rule in RULES:
        if rule.direction in SIDES or rule.id.removeprefix("diff.").startswith(("request-", "response-")):
            mirrored = mirror(rule.id)
            has_mirror = mirrored != rule.id and mirrored in ids
            assert has_mirror != (rule.id in WITHOUT_MIRROR), rule.id


def test_no_reason_is_left_over() -> None:
    """Every reason belongs to a rule and says something."""
    assert set(WITHOUT_MIRROR) <= {rule.id for rule in RULES}
    assert all(WITHOUT_MIRROR.values())


def test_ids_are_unique_and_of_one_area() -> None:
    """Each rule of a change is `diff.*`, of kind drift, with a summary and advice; no id is there twice."""
    ids = [rule.id for rule in ROOM_RULES]
    assert len(ids) == len(set(ids))
    for rule in RULES:
        assert (rule.area, rule.kind) == ("diff", Kind.DRIFT)
        assert rule.summary
        assert rule.advice
    assert {rule.area for rule in ROOM_RULES} == {"compare", "diff"}


def test_discrepancies_and_contradictions_are_no_errors() -> None:
    """Two sellers that differ, or one that contradicts itself, are at most a warning."""
    for rule in ROOM_RULES:
        if rule.kind in (Kind.DISCREPANCY, Kind.CONTRADICTION):
            assert rule.severity is not Severity.ERROR


def test_every_facet_has_a_judge(store: SpecStore) -> None:
    """Whatever facet a spec can state, some area judges a change of it."""
    shipped = {fact.address.facet for ref in REFERENCES for fact in facts(store.get(ref))}
    assert (shipped | set(FACETS)) - set(AREAS) == set()


def test_each_rule_has_the_direction_of_what_it_is_about() -> None:
    """A rule named for a side of the wire is of that side; the others are as listed."""
    named = {
        "request": Direction.REQUEST,
        "response": Direction.RESPONSE,
        "webhook": Direction.WEBHOOK,
        "event": Direction.EVENT,
        "status": Direction.RESPONSE,
        "job": Direction.RESPONSE,
        **dict.fromkeys(("operation", "path", "method", "server", "auth", "validation"), Direction.REQUEST),
        **dict.fromkeys(("model", "limit", "estimate", "poll", "container", "resolution"), Direction.SPEC),
        **dict.fromkeys(("url", "price"), Direction.SPEC),
        "absence": None,
    }
    for rule in RULES:
        assert rule.direction is named[rule.id.removeprefix("diff.").split("-", 1)[0]], rule.id
