"""Text and tables of Markdown."""

from __future__ import annotations

import pytest

from harness.report.markdown_text import code, prose


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words, 5-10 of (them).", "plain words, 5-10 of (them)."),
        (
            "cfg_scale *is* `x` [a](b) <b> ~c~ & $d \\e",
            "cfg\\_scale \\*is\\* \\`x\\` \\[a\\](b) \\<b\\> \\~c\\~ \\& \\$d \\\\e",
        ),
        ("see https://x.y", "`see https://x.y`"),
        ("www.x.y", "`www.x.y`"),
        ("hello @team", "`hello @team`"),
        ("fixes #12", "`fixes #12`"),
        ("GH-12", "`GH-12`"),
        (":tada:", "`:tada:`"),
        ("$x$", "`$x$`"),
        ("# a", "\\# a"),
        ("- a", "\\- a"),
        ("12. a", "12\\. a"),
        ("at 0123abc", "`at 0123abc`"),
        ("@a `b` ``c``", "``` @a `b` ``c`` ```"),
        ("two\nlines", "two\\\\nlines"),
        ("\x1b[31m\u202e", "\\\\x1b\\[31m\\\\u202e"),
        ("  ", ""),
    ],
)
def test_prose_is_shown_and_does_nothing(text: str, written: str) -> None:
    """Markup is escaped; what a forge would link or notify stands in a code span."""
    assert prose(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", "`a|b`"),
        ("a\\|b", "`a\\\\x7cb`"),
        ("`", "`` ` ``"),
        ("", ""),
        ("x" * 2000, "`" + "x" * 1000 + "… (2,000 characters in all)`"),
    ],
)
def test_code_spans_hold_any_text(text: str, written: str) -> None:
    """The fence is longer than any run of backticks inside."""
    assert code(text) == written
    assert code("abcdef", 2) == "`ab… (6 characters in all)`"
