"""A decision as sections of a Markdown page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.decision.model import Decision, Wish
from harness.measurement.job import Provenance
from harness.ranking.rank import Status
from harness.record import RunRecord
from harness.report.decision_markdown import answer_markdown, decision_markdown
from harness.report.markdown import record_markdown
from tests.decision.hostile import hostile_decision
from tests.decision.made import AIML, NOVITA, OXEN, decision_of, live_runs, run_record
from tests.report.example import example

HEADINGS = [
    "## Which seller?",
    "## What the sellers are compared for",
    "## The sellers side by side",
    "## Rankings",
    "## Switching from one seller to another",
    "## How the documents changed",
    "## What to ask each seller",
    "## What was measured",
    "## Trials",
]


def _text(record: RunRecord, decision: Decision) -> str:
    return "\n".join((*answer_markdown(decision), *decision_markdown(record, decision)))


@pytest.fixture(scope="module")
def unmeasured() -> str:
    """The shipped evidence, in which nothing is live."""
    return _text(run_record(), decision_of())


@pytest.fixture(scope="module")
def measured() -> str:
    """The shipped evidence, and twenty nights at three of the sellers."""
    return _text(run_record(), _measured())


def _measured(provenance: Provenance = Provenance.LIVE) -> Decision:
    return decision_of(live_runs({NOVITA: 150, OXEN: 170, AIML: 200}, provenance=provenance))


def _ranked() -> str:
    return _text(example(), hostile_decision("Word"))


def test_the_sections_stand_in_the_order_of_a_decision(unmeasured: str, measured: str) -> None:
    """The same ones whatever was measured, right after the verdict of the page."""
    for text in (unmeasured, measured):
        assert [line for line in text.splitlines() if line.startswith("## ")] == HEADINGS
    page = record_markdown(run_record(), decision_of()).splitlines()
    headings = [line for line in page if line.startswith("## ")]
    assert headings[: len(HEADINGS) + 1] == [*HEADINGS, "## What cannot be said yet"]
    assert "\n".join(record_markdown(run_record()).splitlines()[:8]) == "\n".join(page[:8])


def test_without_a_live_job_there_is_no_answer_and_no_order(unmeasured: str) -> None:
    """The page says why, once for all profiles."""
    assert unmeasured.startswith(
        "## Which seller?\n\n**No vendor can be chosen by measured figures yet.**\n\n"
        "- kling 2.6 pro text-to-video: no job was run live at any of these sellers, so how fast, how "
        "reliable and how dear they are is unknown; nothing is ranked.\n"
        "- kling 1.6 standard text-to-video: there is one seller of it here, so there is nothing to choose.\n"
    )
    assert (
        "Not ranked by Fastest first, Cheapest integration and Safest: there is one seller of it here, so "
        "there is nothing to choose.\n"
    ) in unmeasured
    assert "| Score |" not in unmeasured
    assert "## What was measured\n\nNo run of a benchmark was given.\n" in unmeasured
    assert "## Trials\n\nNo trial was given.\n" in unmeasured


def test_simulated_jobs_rank_nobody() -> None:
    """Their figures are shown under their own name."""
    text = _text(run_record(), _measured(Provenance.SIMULATED))
    assert "the only measured figures are simulated" in text
    assert "| Score |" not in text
    assert "s; simulated) |" in text


def test_wishes_say_who_documents_them_and_what_is_lost(unmeasured: str) -> None:
    """Where nobody gave one, that they are assumed."""
    assert (
        "No request of your own was given, so these are assumed.\n\n"
        '- **5 s, silent** (nobody\'s own): prompt "A red fox runs through fresh snow", duration (s) 5, '
        'aspect ratio "16:9", audio false\n'
        "  - kling 2.6 pro text-to-video: AI/ML API, Eachlabs, Novita and Oxen.ai document all of it\n"
    ) in unmeasured
    assert (
        '    - Novita: aspect\\_ratio ("16:9") is left out: novita/kling-v1.6-t2v documents no such '
        "parameter\n"
    ) in unmeasured


def test_a_wish_for_one_model_is_not_held_against_the_sellers_of_another() -> None:
    """Neither in the list nor in the tables."""
    wish = Wish(
        name="mine", words={"prompt": "a"}, origin="harness.yaml:3", group="kling 1.6 standard text-to-video"
    )
    text = _text(run_record(), decision_of(wishes=[wish]))
    assert (
        '- **mine** (harness.yaml:3): prompt "a"\n  - kling 1.6 standard text-to-video: Novita documents all '
        "of it\n\n"
    ) in text
    assert text.count("Asked for and documented: mine") == 1
    assert "assumed" not in text


def test_documented_and_measured_stand_side_by_side_with_what_they_rest_on(measured: str) -> None:
    """An unknown is never a number."""
    dash = "\u2013"
    assert (
        "| Time of a job, documented | 152 s (polling, observed once) | 170 s (any mode, estimate) | "
        f"undocumented | 300{dash}900 s (blocking call); 60{dash}300 s (polling); "
        f"60{dash}600 s or more (blocking call) |\n"
    ) in measured
    assert (
        "| Time of a job, median | 197 s (192 s to 202 s; live) | *unknown*: no job of it was measured | "
        "145 s (141 s to 149 s; live) | 172 s (166 s to 178 s; live) |\n"
    ) in measured
    assert "| Ways to learn of the end | 1 (1 to 4; documented) | 2 (2 to 4; documented) |" in measured
    assert "| completion: webhook | *undocumented* | `yes` | *undocumented* | *undocumented* |" in measured


def test_a_ranking_has_shares_flips_and_who_is_dominated() -> None:
    """And its weights, without which it means nothing."""
    text = _ranked()
    assert "#### Word\n\nWeights: your request 1; time of a job, median 3; jobs that succeed 1." in text
    assert (
        "|  | Seller | Score | Range | First | First, any weights | Never better than | Unknown |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| 1 | acme/clip-2 | 0.86 | 0.83 to 0.88 | 100% | 100% |  |  |\n"
        "| 2 | bolt/clip-2 | 0.52 | 0.49 to 0.55 | 0% | 0% | acme/clip-2 |  |\n"
    ) in text
    assert (
        "What would change it:\n\n"
        "- Word would be level with the weight of price of a second of video at 14.7 instead of 1\n"
    ) in text
    assert "Not ranked by Cheapest integration: what is unknown decides who comes first.\n" in text


def test_sellers_that_are_too_close_have_scores_and_no_places() -> None:
    """Their shares are worth reading."""
    decision = hostile_decision("Word")
    group = decision.groups[0]
    close = replace(group.rankings[0], ranking=replace(group.rankings[0].ranking, status=Status.CLOSE))
    group = replace(group, rankings=(close,))
    text = _text(example(), replace(decision, groups=(group,)))
    assert "No order: the sellers are too close for an order.\n" in text
    assert "|  | acme/clip-2 | 0.86 | 0.83 to 0.88 | 100% | 100% |  |  |\n" in text


def test_each_pair_of_sellers_has_what_a_switch_loses(unmeasured: str) -> None:
    """A loss of one wish alone names it."""
    assert "| Eachlabs | Oxen.ai | 1 warning, 1 note | 1 warning, 1 note |\n" in unmeasured
    assert (
        "Eachlabs to Oxen.ai:\n\n"
        "- **warning** `translate.scale-unsaid`: /cfg\\_scale: 0.5 of 0 to 1 could be 0.5 or 5 of 0 to 10, "
        "and no document says which; it is not carried over\n"
        '- **info** `translate.type`: /duration: "5" is written as 5 (5 s, silent)\n'
    ) in unmeasured


def test_editions_are_dated_and_what_is_costly_is_told(unmeasured: str) -> None:
    """By message, under the seller and the date."""
    assert (
        "| 2026-07-07 | Eachlabs | `eachlabs/kling-v2-6-pro-text-to-video@2026-07-07` | 24 | 10 |\n"
        in unmeasured
    )
    assert (
        "Oxen.ai, 2026-07-01:\n\n- changes the video: request of submit, /prompt: default was" in unmeasured
    )


def test_a_seller_is_asked_what_others_document(unmeasured: str) -> None:
    """Each under its own name."""
    asked = unmeasured.partition("### Kling 2.6 Pro text to video, sold by Eachlabs\n\n")[2].partition("\n\n")
    assert (
        "- Is there a stream of events for the end of a job? Documented elsewhere: Oxen.ai: yes." in asked[0]
    )


def test_runs_stand_in_one_table(measured: str) -> None:
    """Every number with its interval and the jobs that it rests on."""
    dash, space = "\u2013", "\u00a0"
    assert f"Intervals are those of 95{space}% confidence.\n" in measured
    assert (
        f"| Novita | poll | live | 2026-03-01 | 40 | 145 s (141{dash}149 s; 40 jobs, 20 days) | "
        f"162 s (155{dash}166 s; 40 jobs, 20 days) | 100{space}% (40 of 40; 91.2{dash}100{space}%) | "
        f"100{space}% (160 of 160; 97.7{dash}100{space}%) | 0.07 (every billed job was delivered) |\n"
    ) in measured


def test_trials_stand_in_one_table() -> None:
    """What is not known of a job is not a number."""
    dash = "\u2013"
    text = _ranked()
    assert (
        f'| Word | live | Word | Word | 140{dash}150 s | `{{"Word": "Word"}}` | 1 finding | Word | `Word` |\n'
        "| Word | live | Word | Word | unknown | none | 1 finding |  | `Word` |"
    ) in text


def test_long_lists_are_cut_and_say_so() -> None:
    """All of it stands in report.json."""
    decision = hostile_decision("Word")
    (first, *others), *rest = decision.groups[0].sheets[0].editions, *decision.groups[0].sheets[1:]
    many = tuple(one.but(message=f"change {n}") for n, one in enumerate(others[0].changes[:1] * 23))
    sheet = replace(decision.groups[0].sheets[0], editions=(first, replace(others[0], changes=many)))
    group = replace(decision.groups[0], sheets=(sheet, *rest))
    text = _text(example(), replace(decision, groups=(group,)))
    assert "- changes the bill: change 19\n- … 3 more stand in report.json\n" in text
    assert "change 20" not in text


def test_nothing_to_choose_from_is_said() -> None:
    """No section is left without a word."""
    empty = Decision(wishes=(), groups=(), measured=(), trials=())
    text = _text(example(), empty)
    assert "## Rankings\n\nThere is nothing to rank.\n" in text
    assert "Nowhere are there two sellers of one model.\n" in text
