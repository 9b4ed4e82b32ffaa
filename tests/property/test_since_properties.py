"""What changed between any two reports."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.report.since import since
from harness.report.since_json import since_json
from harness.report.since_markdown import since_markdown
from harness.report.since_read import read_report
from harness.report.visible import as_json

_NAMES = st.sampled_from(["a", "b", "c/d", "\u202e<x>"])
_VALUES = st.none() | st.integers(-3, 3) | st.lists(_NAMES, max_size=2)
_FACTS = st.fixed_dictionaries({"subject": _NAMES, "facet": _NAMES, "state": _NAMES, "value": _VALUES})
_FINDINGS = st.fixed_dictionaries(
    {
        "fingerprint": _NAMES,
        "rule": _NAMES,
        "severity": st.just("error"),
        "model": st.none() | _NAMES,
        "message": _NAMES,
    }
)


@st.composite
def _evidence(draw: st.DrawFn, criterion: str) -> dict[str, Any]:
    numbers = draw(st.none() | st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted))
    low, value, high = numbers or (None, None, None)
    basis = None if numbers is None else draw(_NAMES)
    return {"criterion": criterion, "low": low, "value": value, "high": high, "basis": basis}


def _unique(of: st.SearchStrategy[Any], name: str) -> st.SearchStrategy[Any]:
    return st.lists(of, max_size=3, unique_by=lambda member: member[name])


_VENDORS = st.fixed_dictionaries(
    {"model": _NAMES, "evidence": st.tuples(_evidence("latency"), _evidence("own")).map(list)}
)
_RANKINGS = st.fixed_dictionaries(
    {
        "profile": _NAMES,
        "status": st.sampled_from(["ranked", "too close"]),
        "weights": st.dictionaries(_NAMES, st.integers(0, 2), max_size=2),
        "standings": st.lists(st.fixed_dictionaries({"model": _NAMES}), max_size=2),
    }
)
_DECISIONS = st.fixed_dictionaries(
    {
        "wishes": st.lists(
            st.fixed_dictionaries({"words": st.dictionaries(_NAMES, _VALUES), "needs": st.just([])}),
            max_size=1,
        ),
        "groups": st.tuples(
            st.fixed_dictionaries(
                {
                    "name": st.just("group"),
                    "vendors": _unique(_VENDORS, "model"),
                    "rankings": _unique(_RANKINGS, "profile"),
                }
            )
        ).map(list),
    }
)
REPORTS = st.fixed_dictionaries(
    {
        "schema": st.just("harness.run/1"),
        "created_at": _NAMES,
        "version": _NAMES,
        "verdict": _NAMES,
        "messages": st.dictionaries(_NAMES, st.integers(0, 3), max_size=2),
        "findings": st.lists(_FINDINGS, max_size=3),
        "endpoints": _unique(
            st.fixed_dictionaries({"id": _NAMES, "facts": st.lists(_FACTS, max_size=3)}), "id"
        ),
        "decision": st.none() | _DECISIONS,
    }
)


@given(REPORTS)
def test_a_report_held_against_itself_says_that_nothing_changed(report: dict[str, Any]) -> None:
    """In a sentence, and in no table."""
    found = since(report, read_report(json.dumps(report), "old.json"))
    assert found.is_unchanged
    assert not [line for line in since_markdown(found) if line.startswith("|")]


@given(REPORTS, REPORTS)
def test_the_other_way_round_then_is_now_and_new_is_gone(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Nothing is seen from one side alone."""
    forth, back = since(old, new), since(new, old)
    assert (forth.then, forth.now) == (back.now, back.then)
    assert (forth.new, forth.gone) == (back.gone, back.new)
    assert (forth.came, forth.went) == (back.went, back.came)
    for name in ("facts", "figures", "rankings"):
        there = {repr((one.then, one.now)) for one in getattr(forth, name)}
        assert there == {repr((one.now, one.then)) for one in getattr(back, name)}
    assert forth.is_unchanged == back.is_unchanged
    assert (forth.decided, forth.other_wishes) == (back.decided, back.other_wishes)


@given(REPORTS, REPORTS)
def test_any_change_can_be_written(old: dict[str, Any], new: dict[str, Any]) -> None:
    """As strict JSON that reads back, and as lines."""
    found = since(old, new)
    written = since_json(found)
    assert written is not None
    assert json.loads(as_json(written)) == written
    assert all(line.isprintable() for line in since_markdown(found))
