"""Sentences and figures in words."""

from __future__ import annotations

import pytest

from harness.finding import Judgement, Location, Observed, Severity
from harness.report import words
from harness.stats.estimate import MedianInterval
from harness.stats.interval import Interval
from tests.report.example import CONTRADICTION, DISCREPANCY, DOWN, ENUM, finding, judgement

DASH = "\u2013"


@pytest.mark.parametrize(
    ("messages", "line"),
    [
        (
            {"documented": 14, "simulated": 0, "live": 0, "unknown": 0},
            "Rests on 0 live, 0 simulated and 14 documented exchanges: no API was measured.",
        ),
        (
            {"documented": 0, "simulated": 2000, "live": 3, "unknown": 1},
            "Rests on 3 live, 2,000 simulated, 0 documented and 1 unknown exchanges.",
        ),
        ({}, "Rests on 0 live, 0 simulated and 0 documented exchanges: no API was measured."),
    ],
)
def test_the_first_line_says_what_all_rests_on(messages: dict[str, int], line: str) -> None:
    """Every provenance is counted, also where there is none of it."""
    assert words.evidence_line(messages) == line


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        (judgement(finding()), "1 error at 1 endpoint."),
        (judgement(finding(), finding(model="b/c"), finding(model=None)), "3 errors at 2 endpoints."),
        (judgement(finding(model=None)), "1 error."),
        (judgement(finding(waived=True)), "No recorded message breaks what the documents say."),
        (judgement(finding(DOWN)), "1 thing could not be observed; in what was, there is no error."),
        (Judgement(), "Nothing was observed, so nothing can be said."),
        (
            judgement(finding(CONTRADICTION)),
            "No recorded message breaks what the documents say; 1 contradiction inside one provider stands "
            "below.",
        ),
        (
            judgement(finding(CONTRADICTION), finding(DISCREPANCY), finding(DISCREPANCY)),
            "No recorded message breaks what the documents say; 2 differences between sellers and "
            "1 contradiction inside one provider stand below.",
        ),
        (
            judgement(finding(severity_override=Severity.WARNING)),
            "No recorded message breaks what the documents say, 1 warning.",
        ),
    ],
)
def test_the_verdict_in_one_sentence(judged: Judgement, sentence: str) -> None:
    """One sentence for each way a run can end."""
    assert words.verdict_sentence(judged) == sentence
    assert sentence.count(". ") == 0


def test_the_summary_line_counts_everything() -> None:
    """Zeros included, waived ones apart, and what was judged."""
    seen = Observed(exchanges=1, operations=2, facts=3000)
    judged = judgement(finding(ENUM), finding(waived=True), observed=seen)
    assert words.summary_line(judged) == (
        "violates: 1 error, 0 warnings, 0 info, 1 waived; judged 1 exchange, 2 operations, 3,000 facts"
    )


def test_numbers_of_things() -> None:
    """Singular, plural, lists."""
    assert [words.counted(n, "row") for n in (0, 1, 2, 1000)] == ["0 rows", "1 row", "2 rows", "1,000 rows"]
    assert words.counted(2, "reply", "replies") == "2 replies"
    assert [words.joined(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_times_have_units_and_open_ends() -> None:
    """What is unknown is said, and an end that was not seen is no number."""
    assert words.estimate_text(170, 170, open_ended=False) == "170 s"
    assert words.estimate_text(60, 300, open_ended=False) == f"60{DASH}300 s"
    assert words.estimate_text(60, 600, open_ended=True) == f"60{DASH}600 s or more"
    assert words.estimate_text(600, None, open_ended=True) == "600 s or more"
    assert words.estimate_text(None, None, open_ended=False) == "undocumented"
    assert words.interval_text(Interval(low_s=135, high_s=152)) == f"135{DASH}152 s"
    assert words.interval_text(Interval(low_s=0.25, high_s=1.5)) == f"0.25{DASH}1.5 s"
    assert words.interval_text(Interval(low_s=600, high_s=None)) == "over 600 s, end not seen"
    assert words.interval_text(None) == "unknown"
    median = MedianInterval(low_s=100, high_s=1200.4, jobs=6, coverage=0.96875)
    assert words.median_text(median) == f"100{DASH}1,200 s (6 jobs, 96.9%)"
    assert words.median_text(None) == "none"


def test_of_what_a_documented_time_is() -> None:
    """Mode and kind in plain words; a range says so itself."""
    assert words.statement_text("observed_once", "poll") == "polling, observed once"
    assert words.statement_text("range", "blocking") == "blocking call"
    assert words.statement_text(None, "any") == "any mode"
    assert words.statement_text("estimate", "new\nmode") == "new\\nmode, estimate"


def test_where_a_finding_points() -> None:
    """What was judged, else where the expectation stands, else the model."""
    assert words.place_text(finding()) == "request.json:1:12"
    assert words.place_text(finding(subject=Location())) == "specs/acme/clip-2.yaml:20:13"
    assert words.place_text(finding(subject=None, source=None)) == "acme/clip-2"
    assert words.place_text(finding(subject=None, source=None, model=None)) == "-"


def test_places_with_documents() -> None:
    """A file's place and the document's, or whichever is known."""
    assert words.location_text(Location(file="a.yaml", line=2, column=3, document="seed#x")) == (
        "a.yaml:2:3 (seed#x)"
    )
    assert words.location_text(Location(document="seed#x")) == "seed#x"
    assert words.location_text(Location(file="c.yaml", index=4)) == "c.yaml#4"
    assert words.location_text(None) == ""
