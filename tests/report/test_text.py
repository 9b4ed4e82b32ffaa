"""Findings as lines for a terminal and for a CI log."""

from __future__ import annotations

import re
import subprocess
import sys

from harness.finding import Judgement, Location, Observed, Skipped
from harness.report.text import findings_text
from tests.report.example import DOWN, UNKNOWN, finding, judgement


def test_a_block_for_each_finding_and_a_summary() -> None:
    """`file:line:column: severity: message [rule]`, the rest below, then what it came to."""
    assert findings_text(judgement(finding())) == (
        "request.json:1:12: error: /duration is 7, expected one of 5, 10 [request.enum]\n"
        "  model      acme/clip-2\n"
        "  at         /duration (submit request)\n"
        "  expected   [5, 10]\n"
        "  observed   7\n"
        "  source     specs/acme/clip-2.yaml:20:13 (seed#Body, duration)\n"
        "  impact     breaks requests or parsing\n"
        "\n"
        "violates: 1 error, 0 warnings, 0 info; judged 1 operation, 12 facts\n"
    )


def test_a_finding_of_which_little_is_known() -> None:
    """Without a subject the source leads the line; what is null has no line."""
    bare = finding(
        DOWN,
        subject=None,
        model=None,
        pointer=None,
        operation=None,
        direction=None,
        expected=None,
        observed=None,
    )
    text = findings_text(judgement(bare.but(waived=True)))
    assert text == (
        "specs/acme/clip-2.yaml:20:13: warning (waived): /duration is 7, expected one of 5, 10 "
        "[traffic.nothing]\n"
        "  at         /duration\n"
        "  source     specs/acme/clip-2.yaml:20:13 (seed#Body, duration)\n"
        "  verdict    inconclusive\n"
        "\n"
        "conforms: 0 errors, 0 warnings, 0 info, 1 waived; judged 1 operation, 12 facts\n"
    )
    nowhere = finding(subject=None, source=None, pointer="")
    assert findings_text(judgement(nowhere)).startswith("acme/clip-2: error: ")
    assert "  at         the whole body (submit request)\n" in findings_text(judgement(nowhere))


def test_what_was_not_judged_is_named() -> None:
    """Skipped things stand between the findings and the summary."""
    seen = Observed(exchanges=2, skipped=(Skipped(what="a.har", why="not JSON"),))
    assert findings_text(Judgement(observed=seen)) == (
        "not judged:\n  - a.har: not JSON\n\nconforms: 0 errors, 0 warnings, 0 info; judged 2 exchanges\n"
    )


def test_nothing_at_all() -> None:
    """An empty judgement is a line that says so."""
    assert findings_text(Judgement()) == "inconclusive: 0 errors, 0 warnings, 0 info; judged nothing\n"


def test_colour_only_when_asked_for() -> None:
    """Escapes are ours alone and change no word."""
    plain = findings_text(judgement(finding(), finding(UNKNOWN)))
    painted = findings_text(judgement(finding(), finding(UNKNOWN)), colour=True)
    assert "\x1b" not in plain
    assert "request.json:1:12: \x1b[31merror\x1b[0m: /duration" in painted
    assert painted.splitlines()[-1].startswith("\x1b[31mviolates\x1b[0m: 1 error")
    assert re.sub(r"\x1b\[\d+m", "", painted) == plain


def test_wide_text_wraps_at_spaces_and_wide_characters_count_twice() -> None:
    """No line but the summary is wider than asked for; words that fit are not broken."""
    long = finding(message="one two three " * 20 + "視頻" * 40 + " " + "x" * 200, observed=["word"] * 40)
    text = findings_text(judgement(long), width=60)
    cells = [sum(2 if char in "視頻" else 1 for char in line) for line in text.splitlines()[:-1]]
    assert max(cells) <= 60
    assert not re.search(r"\bt\n|\bthre\n|\btw\n", text)
    unwrapped = re.sub(r"\n {13}", "", text)
    assert "視頻" * 40 in unwrapped
    assert "x" * 200 in unwrapped


def test_a_width_too_small_to_read_is_not_obeyed() -> None:
    """Forty cells at least."""
    lines = findings_text(judgement(finding(message="a " * 50)), width=3).splitlines()
    assert 35 < max(map(len, lines[:-1])) <= 40


def test_without_a_width_nothing_wraps() -> None:
    """A log keeps a message on one line, so that it can be searched."""
    text = findings_text(judgement(finding(message="word " * 150)))
    assert len(text.splitlines()[0]) > 700


def test_no_line_is_a_command_to_a_terminal_or_to_a_ci_runner() -> None:
    """Escapes are shown; `::` cannot begin a line and `##[` cannot stand anywhere."""
    evil = "::error::pwned \x1b[2J ##[error]x ##vso[task]y \u202e " + "::warning:: " * 20
    bad = finding(
        message=evil, observed=evil, pointer=evil, model=evil, subject=Location(file=evil, line=1, column=1)
    )
    for width in (None, 40, 60):
        text = findings_text(judgement(bad), width=width)
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
        assert "##" not in text
        assert all(char.isprintable() or char == "\n" for char in text)
        assert "pwned" in text


def test_findings_are_written_without_the_weight_of_reports() -> None:
    """Neither the comparison nor a library is loaded to judge one request."""
    code = (
        "import sys, harness.report.text, harness.report.json\n"
        "heavy = ('harness.compare', 'harness.record', 'jinja2', 'rich', 'yaml')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
