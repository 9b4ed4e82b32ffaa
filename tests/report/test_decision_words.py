"""A decision in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.decision.model import Evidence, Fit, GroupDecision, Need, ProfileRanking, Question, WordFit
from harness.measurement.job import Provenance
from harness.ranking.profile import Profile
from harness.ranking.rank import Figure, Flip, Status
from harness.report.decision_words import (
    answer,
    documented_times,
    figure_range,
    figure_text,
    flip_text,
    headline,
    question_text,
    share_text,
    switch_text,
    wish_choice,
    wish_text,
    wish_verdict,
)
from harness.spec.model import State
from tests.decision.made import AIML, EACH, NOVITA, OXEN, decision_of, live_runs, run_record

FAST = Profile(id="mine", title="Mine", weights={"latency": 5.0, "tail": 3.0, "success": 2.0})
MEDIANS = {NOVITA: 90.0, OXEN: 400.0, AIML: 250.0, EACH: 260.0}
ASKED_FOR = decision_of().wishes[1]


def group(provenance: Provenance | None, medians: dict[str, float] = MEDIANS) -> GroupDecision:
    runs = [] if provenance is None else [live_runs(medians, provenance=provenance)]
    return decision_of(*runs, profiles=[FAST]).groups[0]


def figure(criterion: str, value: float, low: float, high: float) -> Evidence:
    made = Figure(value=value, low=low, high=high, basis="live", source="/x")
    return Evidence(criterion=criterion, figure=made, counts={}, why="", where=())


class TestAnswer:
    def test_no_live_job(self) -> None:
        """What is missing is said, and that nothing is ranked."""
        found = group(None)
        assert answer(found, found.rankings[0]) == (
            "kling 2.6 pro text-to-video: no job was run live at any of these sellers, so how fast, how "
            "reliable and how dear they are is unknown; nothing is ranked."
        )

    def test_simulated_jobs(self) -> None:
        """They are no reason to choose."""
        found = group(Provenance.SIMULATED)
        assert answer(found, found.rankings[0]) == (
            "kling 2.6 pro text-to-video: the only measured figures are simulated; they show that tools "
            "work, never how a seller behaves, so nothing is ranked."
        )

    def test_an_order(self) -> None:
        """The first, by whose weights, and how sure that is."""
        found = group(Provenance.LIVE)
        words = answer(found, found.rankings[0])
        assert words.startswith("kling 2.6 pro text-to-video, Mine: Novita comes first in 100% of the draws")
        assert words.endswith("where the weights are drawn too.")

    def test_unknowns_that_decide(self) -> None:
        """Which they are, and no order."""
        found = group(Provenance.LIVE, {NOVITA: 90.0})
        assert answer(found, found.rankings[0]) == (
            "kling 2.6 pro text-to-video, Mine: what is unknown decides who comes first: time of a job, "
            "median, time of a slow job, 90th percentile and jobs that succeed."
        )

    def test_sellers_that_are_too_close(self) -> None:
        """Who comes first how often, without an order."""
        found = group(Provenance.LIVE, dict.fromkeys(MEDIANS, 150.0))
        assert found.rankings[0].ranking.status is Status.CLOSE
        words = answer(found, found.rankings[0])
        assert words.startswith(
            "kling 2.6 pro text-to-video, Mine: the sellers are too close for an order; first in the draws: "
        )

    def test_one_seller(self) -> None:
        """There is nothing to choose, live jobs or not."""
        alone = decision_of(profiles=[FAST]).groups[1]
        assert answer(alone, alone.rankings[0]) == (
            "kling 1.6 standard text-to-video: there is one seller of it here, so there is nothing to choose."
        )


def test_of_the_sellers_of_one_wish_only_the_first_of_all_is_said_to_come_first() -> None:
    """That one vendor comes first says nothing of how the others stand to each other."""
    found = group(Provenance.LIVE)
    chosen = found.rankings[0]
    assert chosen.ranking.standings[0].vendor == NOVITA
    wish = decision_of().wishes[0]
    assert wish_choice(found, wish, chosen) == "Of those, Novita comes first by the weights of Mine."
    sheets = [replace(sheet, fits=() if sheet.model == NOVITA else sheet.fits) for sheet in found.sheets]
    without = replace(found, sheets=tuple(sheets))
    assert wish_choice(without, wish, chosen) == "Which of them comes first by the weights of Mine is open."


def test_the_headline_says_whether_there_is_an_answer() -> None:
    """First of all."""
    assert headline(decision_of()) == "No vendor can be chosen by measured figures yet."
    decision = decision_of(live_runs(MEDIANS), profiles=[FAST])
    assert headline(decision) == "The evidence puts first: Novita for kling 2.6 pro text-to-video."


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.0005, "under 1%"),
        (0.004, "under 1%"),
        (0.5, "50%"),
        (0.9995, "over 99%"),
        (1.0, "100%"),
    ],
)
def test_a_share_never_reads_as_surer_than_it_is(share: float, text: str) -> None:
    """Not quite all is not all."""
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("line", "text", "span"),
    [
        (figure("latency", 148.2, 140.4, 152.9), "148 s", "140 s to 153 s"),
        (figure("success", 0.985, 0.91, 0.999), "98.5%", "91.0% to 99.9%"),
        (figure("fit", 0.75, 0.75, 0.75), "75%", ""),
        (figure("price", 0.0705, 0.0705, 0.0705), "0.0705 USD a second", ""),
        (figure("completion", 2, 2, 4), "2", "2 to 4"),
        (figure("stability", 50.9, 32.3, 76.4), "51 a year", "32 a year to 76 a year"),
        (Evidence(criterion="tail", figure=None, counts={}, why="", where=()), "unknown", ""),
    ],
)
def test_a_figure_in_its_unit(line: Evidence, text: str, span: str) -> None:
    """With its interval, where it has one."""
    assert (figure_text(line), figure_range(line)) == (text, span)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (NOVITA, "undocumented"),
        (AIML, "152 s (polling, observed once)"),
        (EACH, "170 s (any mode, estimate)"),
    ],
)
def test_documented_times(model: str, text: str) -> None:
    """Each statement once, with its mode."""
    assert documented_times(model, run_record().estimates) == text


def test_a_wish() -> None:
    """What is asked for, and how its end is told."""
    assert wish_text(ASKED_FOR) == (
        'prompt "A red fox runs through fresh snow", duration (s) 10, aspect ratio "16:9", audio true; the '
        "end told by webhook"
    )


def fit(state: State, *, kept: bool = True) -> Fit:
    word = WordFit(word="duration_s", asked=7, native="/duration", written=7, kept=kept, loss=None)
    return Fit(wish="w", model="m", body={}, words=(word,), needs=(Need(mode="webhook", state=state),))


def test_who_documents_a_wish() -> None:
    """Whoever lacks the same stands together; silence is not a no."""
    fits = {
        "A": fit(State.DOCUMENTED),
        "B": fit(State.UNDOCUMENTED),
        "C": fit(State.UNDOCUMENTED),
        "D": fit(State.ABSENT, kept=False),
    }
    assert wish_verdict(fits) == (
        "A documents all of it; B and C: no document speaks of a webhook; D: duration (s) cannot be asked "
        "for as it is and the documents say that there is no webhook"
    )


@pytest.mark.parametrize(
    ("flip", "text"),
    [
        (
            Flip(vendor=OXEN, criterion="latency", kind="weight", now=5.0, then=0.25),
            "Oxen.ai would be level with the weight of time of a job, median at 0.25 instead of 5",
        ),
        (
            Flip(vendor=OXEN, criterion="tail", kind="figure", now=None, then=100.0),
            "Oxen.ai would be level with its time of a slow job, 90th percentile at 100 s (now: unknown)",
        ),
    ],
)
def test_what_would_change_the_answer(flip: Flip, text: str) -> None:
    """A weight, or a figure of the rival."""
    assert flip_text(group(None), flip) == text


def test_losses_are_counted_by_severity() -> None:
    """Nothing lost is said so."""
    switch = group(None).switches[0]
    assert switch_text(switch) == "2 warnings, 1 note"
    assert switch_text(replace(switch, losses=())) == "nothing is lost"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            Question(model="a", parameter="aspect_ratio", facet="default", cost_rank=1, others={"b": "16:9"}),
            "What does a request get that leaves aspect ratio out? Documented elsewhere: Bolt: 16:9.",
        ),
        (
            Question(model="a", parameter="completion", facet="events", cost_rank=2, others={}),
            "Is there a stream of events for the end of a job?",
        ),
        (
            Question(model="a", parameter="output", facet="container", cost_rank=4, others={}),
            "What do your documents say of video, container?",
        ),
        (
            Question(
                model="a",
                parameter="/x",
                facet="type",
                cost_rank=4,
                others={},
                contradiction='Acme: it is 5; but it is \u202e"5".',
            ),
            'Which of these holds? Acme: it is 5; but it is \\u202e"5".',
        ),
    ],
)
def test_a_question(question: Question, text: str) -> None:
    """In a sentence that can be sent as it is; what does not show is made visible."""
    assert question_text(question, {"b": "Bolt"}) == text


def test_a_profile_that_was_ranked_stands_with_its_title() -> None:
    """Titles come from files of the user's."""
    found = group(Provenance.LIVE)
    hostile = ProfileRanking(profile=replace(FAST, title="\x1b[31mred"), ranking=found.rankings[0].ranking)
    assert "\x1b" not in answer(found, hostile)
