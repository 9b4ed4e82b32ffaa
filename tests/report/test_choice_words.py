"""The words about choosing that the page adds: what was measured, which seller, why, how often it changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.decision.model import Decision, Wish
from harness.finding import Severity
from harness.measurement.trial_read import TrialJob
from harness.ranking.rank import Figure, Flip
from harness.report.decision_words import (
    decision_evidence,
    edition_text,
    flip_text,
    lacks_text,
    reason_text,
    standings_caption,
    wish_choice,
)
from tests.decision.made import NOVITA, OXEN, decision_of
from tests.report.choosing import KINDS, decided

DATES = "Documents dated 2025-05-21 to 2026-08-17."


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("unmeasured", f"No live data: no job was run at any seller. {DATES}"),
        ("ranked", f"Live: 160 jobs at 4 endpoints, 2026-03-01. {DATES}"),
        (
            "simulated",
            "No live data: no job was run at any seller. Simulated: 160 jobs at 4 endpoints, 2026-03-01; "
            f"they tell nothing of one. {DATES}",
        ),
    ],
)
def test_what_the_evidence_is_and_of_which_days(kind: str, text: str) -> None:
    """Live first, or that there is nothing live; then the days of the documents."""
    assert decision_evidence(decided(kind)) == text


def test_single_jobs_of_trials_are_evidence_too() -> None:
    """Counted apart from the jobs of a benchmark."""
    job = TrialJob(
        model=NOVITA, provenance="live", made_at="2026-11-20T00:00:00Z", outcome="succeeded", low_s=1,
        high_s=2, video=None, findings=(), note=None, file="trial.json",
    )  # fmt: skip
    tried = replace(decided("unmeasured"), trials=(job, job))
    assert decision_evidence(tried).startswith("Live: 2 trial jobs. ")
    nothing = Decision(wishes=(), groups=(), measured=(), trials=())
    assert decision_evidence(nothing) == "No live data: no job was run at any seller."


def test_recorded_messages_alone_are_live_data_too() -> None:
    """A figure rests on them, so nobody reads that there is no live data."""
    decision = decided("unmeasured")
    sheet = decision.groups[0].sheets[0]
    live = Figure(value=1, low=0.9, high=1, basis="live", source="/x")
    line = replace(sheet.evidence[6], figure=live)
    group = replace(decision.groups[0], sheets=(replace(sheet, evidence=(line,)),))
    assert decision_evidence(replace(decision, groups=(group,))).startswith(
        "Live: recorded messages alone; no job was measured at any seller. "
    )


def chosen(kind: str, wish: int) -> str:
    decision = decided(kind)
    return wish_choice(decision.groups[0], decision.wishes[wish], decision.groups[0].rankings[0])


def test_the_answer_to_silent_five_second_clips_at_least_delay() -> None:
    """A name where there is an order; else what is unknown."""
    assert chosen("ranked", 0) == "Of those, Oxen.ai comes first by the weights of Least delay."
    assert chosen("unknowns", 0) == "Which of them comes first by the weights of Fastest first is open."
    unknown = (
        "Which of them is the fastest, the most reliable or the cheapest is unknown until jobs run live."
    )
    assert chosen("unmeasured", 0) == chosen("simulated", 0) == unknown


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_to_ten_seconds_with_sound_told_by_webhook(kind: str) -> None:
    """One seller documents it, whatever was measured."""
    alone = "By the documents, Eachlabs alone; what the others do is a question to them."
    assert chosen(kind, 1) == alone


def test_a_wish_that_nobody_documents_is_a_question() -> None:
    """Nobody is named."""
    wish = Wish(name="impossible", words={"duration_s": 3600}, origin="here")
    decision = decision_of(wishes=(wish,))
    group = decision.groups[0]
    assert wish_choice(group, wish, group.rankings[0]) == (
        "No seller documents all of it: ask before you choose."
    )


def test_the_reason_is_what_was_measured_and_weighs_most() -> None:
    """Every seller's figure with its interval; nothing where nothing is ranked."""
    group = decided("unknowns").groups[0]
    assert reason_text(group, group.rankings[0]) == (
        "What was measured and weighs most, time of a job, median: AI/ML API 167 s (162 s to 171 s); "
        "Eachlabs unknown; Novita 145 s (141 s to 149 s); Oxen.ai 122 s (116 s to 127 s)."
    )
    for kind in ("unmeasured", "simulated"):
        silent = decided(kind).groups[0]
        assert reason_text(silent, silent.rankings[0]) == ""


def test_what_a_seller_lacks_of_a_wish() -> None:
    """Nothing, or what no document speaks of."""
    sheets = decided("unmeasured").groups[0].sheets
    assert [lacks_text(sheet.fits[1]) for sheet in sheets[:2]] == ["no document speaks of a webhook", ""]


def test_an_edition_says_how_many_changes_cost_something() -> None:
    """The first one changes nothing."""
    first, second, *_ = decided("unmeasured").groups[0].sheets[1].editions
    assert edition_text(first) == "the first edition known"
    assert edition_text(second) == "24 changes, 10 of them cost a client something"
    loud = [change for change in second.changes if change.severity is Severity.ERROR]
    assert edition_text(replace(second, changes=(loud[0],))) == "1 change, 1 of them costs a client something"
    assert edition_text(replace(second, changes=(second.changes[2],))) == (
        "1 change, none of which costs a client anything"
    )


def test_a_table_says_that_it_places_nobody_where_there_is_no_order() -> None:
    """In its caption."""
    ranked, close = (decided(kind).groups[0].rankings[0] for kind in ("ranked", "close"))
    assert standings_caption(ranked) == (
        "Scores from 0 to 1 by the weights of Least delay. A range spans the intervals of the figures, and "
        "all that is unknown."
    )
    assert standings_caption(close) == (
        "Scores from 0 to 1 by the weights of Least delay; nobody is placed, because there is no order. A "
        "range spans the intervals of the figures, and all that is unknown."
    )


def test_a_flip_is_never_a_power_of_ten_or_less_than_nothing() -> None:
    """Large weights in full, nothing as 0."""
    group = decided("ranked").groups[0]
    large = Flip(vendor=OXEN, criterion="latency", kind="weight", now=5.0, then=12345.6)
    assert flip_text(group, large) == (
        "Oxen.ai would be level with the weight of time of a job, median at 12,346 instead of 5"
    )
    assert flip_text(group, replace(large, then=-0.0)).endswith(" at 0 instead of 5")
