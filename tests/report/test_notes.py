"""What a run says that it cannot say."""

from __future__ import annotations

from harness.finding import Judgement, Observed, Skipped
from harness.report.notes import method_notes, unknowns
from harness.stats.estimate import EstimateVerdict
from tests.report.example import ACME, GROUP, estimate, example, model


def test_everything_that_is_unknown_is_named() -> None:
    """No live data, undecided times, silent documents, endpoints without recordings, what was skipped."""
    assert list(unknowns(example())) == [
        "Whether any live API does what its documents say: no live exchange was recorded, so no message of a "
        "provider was judged.",
        "Whether jobs take as long as documented: the recorded jobs do not decide it for 2 of 2 documented "
        "figures (at most 2 recorded jobs for one figure; a verdict needs six).",
        "How long a job takes at acme/clip-1: no document gives a time.",
        "Whether recorded exchanges of acme/clip-1 conform: there are none.",
        "What the documents are silent about: 3 of the 9 facts that were looked for are undocumented. Each "
        "is named below, and none is guessed.",
        "Not judged: x.har (not JSON).",
    ]


def test_what_is_known_is_not_called_unknown() -> None:
    """With live data, a decided time and nothing skipped the list is empty."""
    known = model(ACME, "Acme", GROUP, messages={"live": 6}, fact_counts={"documented": 9, "undocumented": 0})
    record = example(
        messages={"live": 6},
        models=(known,),
        estimates=(estimate(ACME, verdict=EstimateVerdict.CONSISTENT),),
        judgement=Judgement(observed=Observed(exchanges=6)),
    )
    assert list(unknowns(record)) == []


def test_text_of_strangers_is_made_visible() -> None:
    """A file name with an escape in it is shown, not obeyed."""
    skipped = Observed(exchanges=1, skipped=(Skipped(what="a\x1b[2J", why="b\u202e"),))
    lines = list(unknowns(example(judgement=Judgement(observed=skipped))))
    assert lines[-1] == "Not judged: a\\x1b[2J (b\\u202e)."


def test_the_method_names_the_margin_of_the_run() -> None:
    """The figure is the run's own."""
    notes = dict(method_notes(example(margin=0.35)))
    assert "documented time widened by 35% on both sides" in notes["Times"]
    assert not [text for text in notes.values() if "MARGIN" in text]


def test_what_was_passed_over_for_one_reason_is_one_sentence() -> None:
    """A page does not begin with a list of a dozen videos."""
    passed_over = tuple(Skipped(what=f"{name}.har", why="not JSON") for name in "abc")
    judgement = Judgement(
        observed=Observed(exchanges=1, skipped=(*passed_over, Skipped(what="d", why="old")))
    )
    lines = [line for line in unknowns(example(judgement=judgement)) if "Not judged" in line]
    assert lines == ["Not judged: 3 messages, a.har first (not JSON).", "Not judged: d (old)."]
