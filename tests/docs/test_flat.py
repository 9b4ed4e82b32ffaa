"""A page of Markdown on one line."""

from __future__ import annotations

from harness.docs.flat import is_flat, unfolded
from tests.docs.said import ABSENT, PAGES, hold_of, page, said

TEXT = (PAGES / "flat.md").read_text(encoding="utf-8")


def test_breaks_take_the_place_of_spaces() -> None:
    """So every offset stays what it was."""
    assert is_flat(TEXT)
    assert not is_flat(unfolded(TEXT))
    assert unfolded(TEXT).replace("\n", " ") == TEXT.replace("\n", " ")


def test_rows_are_counted_by_the_rule_of_the_table() -> None:
    """As many cells as the line of dashes has."""
    lines = unfolded(TEXT).split("\n")
    assert "| prompt | string | Yes | - | - | - |" in lines
    assert "| `429` | Rate limit — 60 creates / min, 5 concurrent per key |" in lines


def test_bars_in_code_are_no_tables() -> None:
    """Nor in a title."""
    assert unfolded(TEXT).split("\n")[0].startswith("# Dolly | v2.6 Films")
    assert "A hill | a dale" in unfolded(TEXT)


def test_a_dash_is_documented_as_absent() -> None:
    """In the columns for the default and the constraints."""
    found = hold_of(page("flat.md"), "submit request /input/prompt")
    assert found["default"] == ABSENT
    assert {found[name] for name in ("enum", "minimum", "maxLength", "pattern")} == {ABSENT}


def test_values_take_the_declared_type() -> None:
    """8 of a string is "8"."""
    found = hold_of(page("flat.md"), "submit request /input/")
    assert (found["duration default"], found["duration enum"]) == ("8", ["4", "8"])
    assert (found["scale minimum"], found["scale maximum"], found["scale default"]) == (0, 1, 0.5)


def test_places_are_on_the_line_that_was_served() -> None:
    """The column is that of the cell in the one line."""
    claim = page("flat.md").first("default", field="/input/duration")
    assert claim is not None
    assert claim.place.line == 1
    assert TEXT[claim.place.column - 1 :].startswith("duration | string")


def test_everything_else_of_the_page() -> None:
    """Limits, times, price, webhook, errors, statuses."""
    found = said(page("flat.md"))
    assert found["limits/rate rate"] == {"requests": 60, "per_s": 60, "operation": "submit", "scope": "key"}
    assert found["limits/concurrency concurrency"] == {"jobs": 5, "scope": "key"}
    assert found["latency/page estimate"]["max_s"] == 90
    assert found["price price"] == ABSENT
    assert found["webhook request_field"] == "/webhook_url"
    assert found["webhook answer_within_s"] == 20
    assert found["webhook /status enum"] == ["succeeded", "failed"]
    assert found["response 400 /message required"] is True
    assert found["poll response 2XX /error job.states"] == "failed"
    assert found["poll response 2XX job.error"] == ["/message", "/details"]
    assert found["submit response 2XX job.id"] == "/jobID"
    assert found["output/resolution resolution"] == "1080p"
