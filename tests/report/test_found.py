"""Findings as the page lists them: one row for a fault, the loudest first, the rest counted."""

from __future__ import annotations

from harness.finding import Location
from harness.report.found import FEW_ROWS, Rest, found
from tests.report.example import CONTRADICTION, UNKNOWN, finding


def seen_at(line: int) -> Location:
    return Location(file="night.yaml", line=line)


def test_a_fault_that_occurs_often_is_one_row() -> None:
    """With its count, where it stands first in the judgement, and the first three places."""
    listed = found([finding(UNKNOWN), *(finding(subject=seen_at(line)) for line in (4, 5, 6, 7))])
    loud, quiet = listed.rows
    assert (loud.count, loud.index, loud.places) == (4, 1, ("night.yaml:4", "night.yaml:5", "night.yaml:6"))
    assert (quiet.count, quiet.index) == (1, 0)
    assert listed.repeated == (loud,)
    assert listed.findings == 5
    assert listed.rest == ()


def test_the_loudest_come_first_and_waived_ones_last() -> None:
    """Errors, warnings, information; then what was accepted."""
    listed = found(
        [
            finding(facet="a", waived=True),
            finding(UNKNOWN, facet="b"),
            finding(CONTRADICTION, facet="c"),
            finding(facet="d"),
        ]
    )
    assert [row.finding.facet for row in listed.rows] == ["d", "c", "b", "a"]


def test_what_has_no_row_is_counted_by_rule_and_endpoint() -> None:
    """All findings of it, not its rows."""
    listed = found([finding(), finding(UNKNOWN, model="x"), finding(UNKNOWN, model="x")], most=1)
    assert [row.finding.severity.value for row in listed.rows] == ["error"]
    assert listed.rest == (Rest(severity="info", rule="response.unknown-property", model="x", findings=2),)


def test_long_texts_leave_room_for_fewer_rows() -> None:
    """A page is for sending, whatever strangers write into it; a few rows are always shown."""
    long = [finding(pointer="/" + "x" * 50_000, facet=str(number)) for number in range(FEW_ROWS + 1)]
    assert len(found(long).rows) < 50
    assert len(found(long[:FEW_ROWS]).rows) == FEW_ROWS
