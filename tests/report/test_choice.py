"""A decision, arranged for the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.ranking.criteria import CRITERIA
from harness.report.anchors import anchor
from harness.report.choice import Choice, Line, choice_of
from harness.report.html import record_html
from harness.use.read import read_use
from tests.decision.made import NOVITA, decision_of, run_record, shipped
from tests.report.choosing import KINDS, decided

AT = "/decision/groups/0/vendors/3"


def arranged(kind: str) -> Choice:
    return choice_of(run_record(), decided(kind))


def line(kind: str, name: str) -> Line:
    view = arranged(kind).groups[0]
    return next(one for one in (*view.lines, *view.unknown) if one.id == name)


def test_only_groups_with_two_sellers_are_contested() -> None:
    """Of the others there is nothing to choose; their changes and questions are shown all the same."""
    choice = arranged("unmeasured")
    assert [group.group.name for group in choice.groups] == [
        "kling 2.6 pro text-to-video",
        "kling 1.6 standard text-to-video",
    ]
    assert choice.contested == choice.groups[:1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_criterion_has_a_line_with_every_seller(kind: str) -> None:
    """Besides one for each wish; where nobody has a figure, the lines that only measuring fills are one."""
    view = arranged(kind).groups[0]
    lines = (*view.lines, *view.unknown)
    names = [one.id for one in lines]
    assert {row.id for row in CRITERIA} - {"fit"} <= set(names)
    assert names[:2] == ["fit-0", "fit-1"]
    assert all(len(one.cells) == 4 for one in lines)
    unknown = {"ranked": 1, "close": 1, "unknowns": 1}.get(kind, 4 if kind == "unmeasured" else 1)
    assert len(view.unknown) == unknown


def test_what_the_buyer_stated_is_said_to_be_theirs(tmp_path: Path) -> None:
    """A price of harness.yaml is neither measured nor documented, and the page explains its label."""
    path = tmp_path / "harness.yaml"
    path.write_text(
        f"format: 1\nmodels: {{{NOVITA}: {{prices: [{{per: second, amount: 0.07}}]}}}}\n", encoding="utf-8"
    )
    decision = decision_of(use=read_use(path, shipped()))
    view = choice_of(run_record(), decision).groups[0]
    price = next(one for one in view.lines if one.id == "price")
    assert [cell.basis for cell in price.cells] == ["", "", "declared", ""]
    explained = "declared</span> is what you stated yourself"
    assert explained in record_html(run_record(), {}, decision)
    assert explained not in record_html(run_record(), {}, decided("unmeasured"))


def test_a_figure_links_to_its_evidence_with_its_interval() -> None:
    """And names the pointer of the number that it was rounded from."""
    cell = line("ranked", "latency").cells[3]
    assert (cell.text, cell.span, cell.basis, cell.at) == (
        "117 s",
        "115 s to 120 s",
        "live",
        f"{AT}/evidence/1",
    )
    assert cell.href == anchor(cell.at)


def test_a_time_stands_beside_what_is_documented_and_how_it_holds() -> None:
    """Each statement once, with its estimate's pointer; then the verdict of the measured jobs."""
    extras = line("ranked", "latency").cells[0].extras
    assert [(one.label, one.text, one.at) for one in extras] == [
        ("documented", "152 s (polling, observed once)", "/estimates/0"),
        ("live", "consistent with 152 s", "/decision/measured/0/providers/2/estimates/0"),
    ]
    silent = line("unmeasured", "latency").cells[2].extras
    assert [(one.label, one.text) for one in silent] == [("documented", "no time")]


def test_a_wish_says_how_much_of_it_fits_and_what_does_not() -> None:
    """In the words of its documents."""
    cells = line("unmeasured", "fit-1").cells
    assert [(cell.text, cell.why) for cell in cells[:2]] == [
        ("4 of 5", "no document speaks of a webhook"),
        ("5 of 5", ""),
    ]
    assert cells[0].at == "/decision/groups/0/vendors/0/fits/1"


def test_features_say_what_is_documented_and_what_no_document_speaks_of() -> None:
    """In three states, never two."""
    ways = line("unmeasured", "completion").cells[3].extras
    assert [(one.label, one.text) for one in ways] == [
        ("", "events, blocking and poll"),
        ("undocumented", "webhook"),
    ]
    features = line("unmeasured", "features").cells[3].extras
    assert features[0].text == "count, billing account, response format, model and cancelling a job"


def test_unknowns_are_counted_with_the_questions_to_ask() -> None:
    """Each linked to its list."""
    cell = line("unmeasured", "unknowns").cells[0]
    assert (cell.text, cell.at) == ("14 undocumented", "/endpoints/0/fact_counts")
    assert [(one.text, one.href) for one in cell.extras] == [
        ("24 questions to ask", "questions-aimlapi-klingai-video-v2-6-pro-text-to-video")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_domination_is_said_only_where_scores_mean_something(kind: str) -> None:
    """Without live figures there is no such line."""
    names = [one.id for one in arranged(kind).groups[0].lines]
    assert ("dominated" in names) == (kind in ("ranked", "close", "unknowns"))


def test_a_line_names_what_all_its_figures_rest_on() -> None:
    """Where they rest on one thing; a documented price is no live one."""
    assert line("ranked", "latency").basis == "live"
    assert line("ranked", "documentation").basis == "documented"
    assert line("simulated", "latency").basis == "simulated"
    assert line("unmeasured", "latency").basis == ""
