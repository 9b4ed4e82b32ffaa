"""Strokes on paper."""

from __future__ import annotations

from harness.report.sheet import BLUE, Box, Line, Mark, Sheet, Words, fitted


def test_a_sheet_keeps_what_is_drawn() -> None:
    """Each stroke is a value; marks that look alike are kept together."""
    sheet = Sheet(width=100, height=50, title="T", description="D")
    sheet.text(1, 2, "a", bold=True)
    sheet.line([0, 1], [2, 3], colour=BLUE)
    sheet.mark((5, 6), "o", colour=BLUE)
    sheet.mark((7, 8), "o", colour=BLUE)
    sheet.mark((7, 8), "o", colour=BLUE, hollow=True)
    sheet.box((1, 2), (3, 4), edge=BLUE)
    assert sheet.words == [Words(x=1, y=2, text="a", size=12, bold=True, align="left")]
    assert sheet.lines == [Line(xs=(0, 1), ys=(2, 3), colour=BLUE, width=1)]
    solid = Mark(shape="o", colour=BLUE, size=7, hollow=False, alpha=1)
    hollow = Mark(shape="o", colour=BLUE, size=7, hollow=True, alpha=1)
    assert sheet.marks == {solid: [(5, 6), (7, 8)], hollow: [(7, 8)]}
    assert sheet.boxes == [Box(x=1, y=2, width=3, height=4, fill="none", edge=BLUE, alpha=1)]


def test_text_is_cut_to_its_room() -> None:
    """About 0.56 of the size for a character; never empty."""
    assert fitted("short", 100, 10) == "short"
    assert fitted("a long line of text", 57, 10) == "a long li…"
    assert fitted("abc", 1, 10) == "…"
    assert fitted("a\x1b[2Jbcdef", 57, 10) == "a\\x1b[2Jb…"
