"""Figures that rest on documents alone."""

from __future__ import annotations

from dataclasses import replace

from harness.decision.documented import completion, documentation, fit
from harness.decision.fit import fit_of
from harness.decision.model import Wish
from harness.spec.model import State
from tests.decision.made import NOVITA, run_record, shipped

RECORD = next(model for model in run_record().models if model.id == NOVITA)


def test_silence_leaves_a_range() -> None:
    """One word kept, one lost, one need that no document speaks of: a third to two thirds."""
    wish = Wish(name="w", words={"prompt": "a fox", "duration_s": 7}, needs=("webhook",), origin="here")
    one = fit_of(shipped().get(NOVITA), wish, {"webhook": State.UNDOCUMENTED})
    line = fit([one, one], source="/s", where=("/a", "/b"))
    assert line.counts == {"asked": 6, "kept": 2, "undocumented": 2}
    assert line.figure is not None
    assert (line.figure.low, line.figure.value, line.figure.high) == (2 / 6, 2 / 6, 4 / 6)
    assert (line.figure.basis, line.figure.source, line.where) == ("documented", "/s", ("/a", "/b"))


def test_nothing_asked_for_is_unknown() -> None:
    """And not a perfect fit."""
    assert fit([], source="/s", where=()).figure is None


def test_ways_that_no_document_speaks_of_may_be_there() -> None:
    """Those that are documented as absent are not."""
    states = {
        "poll": State.DOCUMENTED,
        "webhook": State.UNDOCUMENTED,
        "events": State.ABSENT,
        "blocking": State.UNDOCUMENTED,
    }
    line = completion(states, source="/s", where="/e")
    assert line.counts == {"documented": 1, "undocumented": 2, "absent": 1}
    assert line.figure is not None
    assert (line.figure.low, line.figure.value, line.figure.high) == (1, 1, 3)


def test_contradictions_count_against_what_is_stated() -> None:
    """10 facts, 2 of them silent, 1 contradicted: 7 of 10."""
    record = replace(RECORD, fact_counts={"documented": 7, "absent": 1, "undocumented": 2})
    line = documentation(record, 1, source="/s", where="/e")
    assert line.counts == {"facts": 10, "stated": 8, "contradictions": 1}
    assert line.figure is not None
    assert line.figure.value == line.figure.low == line.figure.high == 0.7


def test_no_facts_are_no_documentation_to_judge() -> None:
    """Unknown, and not zero."""
    assert documentation(replace(RECORD, fact_counts={}), 0, source="/s", where="/e").figure is None
