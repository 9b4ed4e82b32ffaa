"""What changed between two reports, as values and as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.report.decision_json import decision_json
from harness.report.json import record_json
from harness.report.since import (
    FactChange,
    FigureChange,
    FindingLine,
    Known,
    Made,
    Placed,
    RankingChange,
    Stated,
    since,
)
from harness.report.since_json import since_json
from harness.report.visible import as_json
from tests.decision.made import decision_of, run_record
from tests.report.since_example import (
    ACME,
    BOLT,
    GROUP,
    changed,
    decision,
    endpoint,
    evidence,
    fact,
    finding,
    report,
)


def test_a_report_held_against_itself_has_no_change() -> None:
    """Whatever is in it: the run of what is shipped, too."""
    assert since(report(), report()).is_unchanged
    document = {**record_json(run_record()), "decision": decision_json(decision_of())}
    found = since(json.loads(as_json(document)), document)
    assert found.is_unchanged
    assert (found.decided, found.other_wishes) == (True, False)
    written = since_json(found)
    assert written is not None
    assert written["unchanged"] is True


def test_when_and_by_what_it_was_made_is_no_change() -> None:
    """It is told all the same."""
    found = since(report(), report(created_at="2026-12-01T00:00:00Z", version="2.0.0"))
    assert found.is_unchanged
    assert (found.then.version, found.now.version) == ("0.1.0", "2.0.0")


@pytest.mark.parametrize("member", ["verdict", "messages"])
def test_verdict_and_messages_are_changes(member: str) -> None:
    """Of themselves, without any finding."""
    assert not since(report(), report(**{member: changed()[member]})).is_unchanged


def test_each_kind_of_change() -> None:
    """With what was there then, and what is now."""
    found = since(report(), changed())
    assert found.then == Made(
        created_at="2026-11-20T12:00:00Z", version="0.1.0", verdict="conforms", messages=report()["messages"]
    )
    line = {"rule": "request.enum", "severity": "error"}
    assert found.new == (FindingLine(fingerprint="c" * 12, model=ACME, message="new", **line),)
    assert found.gone == (FindingLine(fingerprint="b" * 12, model=None, message="gone", **line),)
    assert found.facts == (
        FactChange(
            model=ACME,
            subject="price",
            facet="price",
            then=Stated(state="undocumented", value=None),
            now=None,
        ),
        FactChange(
            model=ACME,
            subject="prompt",
            facet="maxLength",
            then=Stated(state="documented", value=2500),
            now=Stated(state="documented", value=1000),
        ),
        FactChange(
            model=ACME, subject="server", facet="server", then=None, now=Stated(state="absent", value=None)
        ),
    )
    assert found.figures == (
        FigureChange(
            model=ACME,
            criterion="latency",
            then=None,
            now=Known(value=152, low=140, high=165.5, basis="live"),
        ),
    )
    assert found.rankings == (
        RankingChange(
            group=GROUP,
            profile="safest",
            then=Placed(status="no live data", first=None),
            now=Placed(status="ranked", first=ACME),
            other_weights=True,
        ),
    )
    assert (found.came, found.went) == (("cute/clip-2",), (BOLT,))


def test_of_what_is_ranked_the_first_place_counts() -> None:
    """Elsewhere the order of the standings says nothing."""
    acme, bolt = (report(decision=decision(status="ranked", first=name)) for name in (ACME, BOLT))
    (change,) = since(acme, bolt).rankings
    assert (change.then.first, change.now.first, change.other_weights) == (ACME, BOLT, False)
    acme, bolt = (report(decision=decision(first=name)) for name in (ACME, BOLT))
    assert since(acme, bolt).is_unchanged


@pytest.mark.parametrize("member", [{"low": 130}, {"high": 170}, {"value": 150}, {"basis": "simulated"}])
def test_a_figure_is_its_value_its_interval_and_its_basis(member: dict[str, Any]) -> None:
    """A change of any of them is told."""
    line = evidence("latency", 140, 152, 165)
    old, new = (report(decision=decision(one)) for one in (line, {**line, **member}))
    assert len(since(old, new).figures) == 1


@pytest.mark.parametrize("lacking", [{"decision": None}, {}])
def test_without_a_decision_figures_and_rankings_are_not_compared(lacking: dict[str, Any]) -> None:
    """A report of an earlier release has none; that is no change."""
    old = {name: member for name, member in report().items() if name != "decision"} | lacking
    found = since(old, report())
    assert (found.decided, found.is_unchanged, found.figures, found.rankings) == (False, True, (), ())


def test_other_wishes_are_said() -> None:
    """What fits them is then no change of the seller alone."""
    other = decision()
    other["wishes"][0]["words"] = {"prompt": "a dog"}
    assert since(report(decision=decision()), report(decision=other)).other_wishes


def test_a_profile_that_only_one_has_is_no_change() -> None:
    """It was asked for once."""
    other = decision()
    other["groups"][0]["rankings"][0]["profile"] = "own"
    assert since(report(decision=decision()), report(decision=other)).is_unchanged


def test_facts_of_one_name_are_told_apart_by_their_order() -> None:
    """None hides another."""
    facts = [fact("limits", "rate", number) for number in (1, 2)]
    old, new = (report(endpoints=[endpoint(ACME, *listed)]) for listed in (facts, facts[:1]))
    (change,) = since(old, new).facts
    assert (change.then, change.now) == (Stated(state="documented", value=2), None)


def test_a_finding_that_stands_twice_is_told_once() -> None:
    """It is one fault."""
    found = since(report(findings=[]), report(findings=[finding("d" * 12), finding("d" * 12)]))
    assert len(found.new) == 1


def test_json_has_every_member_in_any_case() -> None:
    """Null where there was nothing to hold against."""
    assert since_json(None) is None
    full, empty = since_json(since(report(), changed())), since_json(since(report(), report()))
    assert full is not None
    assert empty is not None
    assert list(full) == list(empty)
    assert full["facts"][1] == {
        "model": ACME,
        "subject": "prompt",
        "facet": "maxLength",
        "then": {"state": "documented", "value": 2500},
        "now": {"state": "documented", "value": 1000},
    }
    assert full["figures"][0]["then"] is None
    assert full["figures"][0]["now"] == {"value": 152, "low": 140, "high": 165.5, "basis": "live"}
    assert full["rankings"][0]["now"] == {"status": "ranked", "first": ACME}
    assert json.loads(as_json(full)) == full
