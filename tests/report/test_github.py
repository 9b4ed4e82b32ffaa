"""Annotations of a workflow run."""

from __future__ import annotations

from harness.finding import Judgement, Location, Observed, Severity, Skipped
from harness.report.github import findings_github
from tests.report.example import DOWN, UNKNOWN, finding, judgement


def test_one_line_for_each_finding_and_a_summary() -> None:
    """Level, place, rule and message; then what it came to."""
    assert findings_github(judgement(finding())) == (
        "::error file=request.json,line=1,col=12,title=request.enum::acme/clip-2: /duration is 7, "
        "expected one "
        "of 5, 10\nviolates: 1 error, 0 warnings, 0 info; judged 1 operation, 12 facts\n"
    )


def test_what_is_loudest_comes_first() -> None:
    """A step shows ten of each kind; waived and inconclusive findings are notices at the end."""
    lines = findings_github(
        judgement(
            finding(UNKNOWN),
            finding(waived=True),
            finding(DOWN),
            finding(severity_override=Severity.WARNING),
            finding(),
        )
    ).splitlines()
    starts = [line.split("::")[1].split(" ")[0] for line in lines[:-1]]
    assert starts == ["error", "warning", "notice", "notice", "notice"]
    assert "title=request.enum%2C waived::" in lines[4]
    assert "title=traffic.nothing%2C inconclusive::" in lines[3]


def test_what_ends_a_property_or_a_line_is_escaped() -> None:
    """A file name with a comma, a colon, a percent sign; a message of two lines."""
    odd = finding(subject=Location(file="a,b:c%d::e.json", line=3), message="100%\n::error::no")
    (line, _) = findings_github(judgement(odd)).splitlines()
    assert line == (
        "::error file=a%2Cb%3Ac%25d%3A%3Ae.json,line=3,title=request.enum::acme/clip-2: 100%25\\n::error::no"
    )


def test_without_a_place_there_is_none() -> None:
    """What has no file has no file."""
    bare = finding(subject=None, source=None, model=None)
    assert findings_github(judgement(bare)).startswith("::error title=request.enum::/duration is 7")


def test_what_it_does_to_the_user_is_said_too() -> None:
    """Both parts stand in the message."""
    text = findings_github(judgement(finding(consequence="clip sends 7")))
    assert "expected one of 5, 10. For you: clip sends 7\n" in text


def test_what_was_not_judged_is_said() -> None:
    """As plain lines."""
    seen = Observed(exchanges=1, skipped=(Skipped(what="a.har", why="not JSON ##[error]"),))
    assert findings_github(Judgement(observed=seen)).startswith("not judged: a.har: not JSON #\\x23[error]\n")
