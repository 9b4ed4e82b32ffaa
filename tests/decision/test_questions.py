"""What to ask each vendor."""

from __future__ import annotations

from harness.compare.matrix import Cell, Row
from harness.decision.questions import questions
from harness.finding import Finding, Kind
from harness.spec.model import State
from tests.decision.made import AIML, EACH, NOVITA, OXEN, decision_of, run_record


def cell(state: State, value: object = None) -> Cell:
    return Cell(state=state, value=value, at="/x", sources=())


def row(parameter: str, facet: str, cost: int, **cells: Cell) -> Row:
    return Row(
        group="g", parameter=parameter, facet=facet, cells=cells, discrepant=True, impact=(), cost_rank=cost
    )


SAID, SILENT, NONE = cell(State.DOCUMENTED, 5), cell(State.UNDOCUMENTED), cell(State.ABSENT)


def test_what_costs_is_asked_dearest_first() -> None:
    """Silence is asked about; that there is none is an answer."""
    rows = (
        row("prompt", "maxLength", 3, a=SILENT, b=SAID, c=NONE),
        row("duration_s", "default", 0, a=SILENT, b=SILENT, c=SAID),
    )
    found = questions(("a", "b", "c"), rows, ())
    assert [(one.model, one.parameter, one.others) for one in found] == [
        ("a", "duration_s", {"c": 5}),
        ("b", "duration_s", {"c": 5}),
        ("a", "prompt", {"b": 5}),
    ]


def test_what_is_merely_unknown_is_asked_only_where_it_always_matters() -> None:
    """A price does, a poll interval does not."""
    rows = (row("poll_interval", "interval", 4, a=SILENT, b=SAID), row("price", "price", 4, a=SILENT, b=SAID))
    assert [one.parameter for one in questions(("a", "b"), rows, ())] == ["price"]


def test_every_contradiction_is_a_question() -> None:
    """Of the sellers at hand, with the finding that it comes from."""
    found: list[Finding] = [
        finding for finding in run_record().judgement.findings if finding.kind is Kind.CONTRADICTION
    ]
    asked = [one for group in decision_of().groups for one in group.questions if one.contradiction]
    assert sorted(one.fingerprint or "" for one in asked) == sorted(one.fingerprint for one in found)
    assert not [one for one in questions((AIML,), (), found) if one.model != AIML]


def test_the_shipped_sellers_have_their_questions() -> None:
    """Webhook and price are asked of whoever is silent about them."""
    asked = {(one.model, one.parameter, one.facet) for one in decision_of().groups[0].questions}
    assert {(model, "completion", "webhook") for model in (AIML, NOVITA, OXEN)} <= asked
    assert (EACH, "completion", "webhook") not in asked
    assert {(model, "price", "price") for model in (AIML, NOVITA)} <= asked
