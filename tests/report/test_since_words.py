"""What changed since an earlier report, in words."""

from __future__ import annotations

import pytest

from harness.report.since import FactChange, Known, Made, Placed, Stated, since
from harness.report.since_words import (
    change_text,
    criterion_name,
    known_text,
    message_pointer,
    moment_text,
    placed_text,
    provenances,
    ranking_name,
    since_notes,
    since_sentence,
    stated_text,
)
from tests.report.since_example import changed, decision, report


def test_no_change_is_one_sentence() -> None:
    """With the moment that nothing changed since."""
    assert since_sentence(since(report(), report())) == (
        "Nothing changed since the report that was made 2026-11-20 12:00 UTC by harness 0.1.0."
    )


def test_changes_are_counted() -> None:
    """By kind; what did not change is not named."""
    assert since_sentence(since(report(), changed())) == (
        "Since the report that was made 2026-11-20 12:00 UTC by harness 0.1.0: the verdict is violates, and "
        "was conforms, other messages were judged, 1 endpoint came, 1 endpoint went, 1 new finding, 1 "
        "finding gone, 3 facts changed, 1 figure changed and 1 ranking changed."
    )
    assert since_sentence(since(report(findings=[]), report())) == (
        "Since the report that was made 2026-11-20 12:00 UTC by harness 0.1.0: 2 new findings."
    )


def test_what_has_to_be_known_to_read_it() -> None:
    """Another version, no decision, other wishes; nothing where all is alike."""
    assert since_notes(since(report(), report())) == ()
    assert since_notes(since(report(decision=None), changed())) == (
        "One of the two reports holds no decision, so figures and rankings are not compared.",
        "The two were made by different versions of harness, which may judge differently.",
    )
    other = decision()
    other["wishes"] = []
    assert since_notes(since(report(), report(decision=other))) == (
        "The sellers were compared for other requests then, so what fits them may differ.",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-20T12:00:00Z", "2026-11-20 12:00 UTC"),
        ("2026-11-20T12:00:00+02:00", "2026-11-20 10:00 UTC"),
        ("0001-01-01T00:00:00+10:00", "0001-01-01T00:00:00+10:00"),
        ("soon\x1b", "soon\\x1b"),
    ],
)
def test_moments(text: str, shown: str) -> None:
    """What is none stays as it is, made visible."""
    assert moment_text(text) == shown


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (None, "not there"),
        (Stated(state="documented", value=[5, "10"]), '5, "10"'),
        (Stated(state="absent", value=None), "documented as absent"),
        (Stated(state="undocumented", value=None), "undocumented"),
    ],
)
def test_states_of_a_fact(stated: Stated | None, shown: str) -> None:
    """Three states, and not being there at all."""
    assert stated_text(stated) == shown


def test_what_became_of_a_fact() -> None:
    """In a word."""
    one = Stated(state="absent", value=None)
    pairs = ((None, one), (one, None), (one, one))
    facts = [FactChange(model="m", subject="s", facet="f", then=then, now=now) for then, now in pairs]
    assert [change_text(fact) for fact in facts] == ["appeared", "went", "changed"]


def test_figures_keep_their_unit_interval_and_basis() -> None:
    """Those of a criterion that this release does not know are plain numbers."""
    known = Known(value=152, low=140, high=165.5, basis="live")
    assert known_text("latency", known) == "152 s (140 s to 166 s; live)"
    assert known_text("beauty", known) == "152 (140 to 165.5; live)"
    assert known_text("latency", None) == "unknown"
    assert (criterion_name("latency"), criterion_name("beauty")) == ("time of a job, median", "beauty")


def test_rankings() -> None:
    """Who is first, or why nobody is; that the weights are others is said."""
    assert placed_text(Placed(status="ranked", first="acme/clip-2")) == "acme/clip-2 first"
    assert placed_text(Placed(status="too close", first=None)) == "too close"
    (change,) = since(report(), changed()).rankings
    assert ranking_name(change) == "safest (its weights changed)"


def test_provenances_of_which_there_is_nothing_are_not_named() -> None:
    """But for the three of which a reader has to know."""
    both = since(report(), report(messages={"live": 1, "other": 2, "unknown": 0}))
    assert provenances(both) == ("live", "simulated", "documented", "other")
    assert message_pointer("then", "a/b") == "/since/then/messages/a~1b"
    assert isinstance(both.then, Made)
