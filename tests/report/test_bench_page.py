"""What a page about a benchmark shows, and in which order; as text and as Markdown."""

from __future__ import annotations

from harness.measurement.job import Design, Provenance
from harness.report.bench_files import write_bench
from harness.report.bench_markdown import bench_markdown
from harness.report.bench_page import bench_page
from harness.report.bench_parts import figure_names
from harness.report.bench_text import bench_text
from tests.report.bench_example import ACME, bench, comparison, latency, provider

EMPTY = provider(
    ACME,
    150,
    jobs=0,
    latencies=(),
    estimates=(),
    polls_per_job=None,
    cost_usd_per_delivered_s=None,
    cost_note="",
)


def test_the_answers_come_first_then_what_they_rest_on():
    """Simulated answers say so themselves."""
    page = bench_page(bench())
    assert page.answers == (
        "Simulated: acme is faster than beta; but the two requests were not equal (audio).",
        "Simulated: acme is faster than gamma; but the two requests may not have been equal (guidance).",
        "Simulated: beta and gamma: no meaningful difference.",
    )
    assert [section.title for section in page.sections] == [
        "Who is faster",
        "How long a job takes",
        "Against the documented times",
        "Day by day",
        "Delivered, answered, paid",
        "What was not asked alike",
        "Method and provenance",
    ]
    assert page.when == (
        "Design: a few pairs a night. Started 2026-03-01 02:00 UTC, ended 2026-03-25 03:30 UTC. "
        "Jobs were waited for 300 s at most."
    )


def test_live_answers_stand_alone():
    """And one sitting that was cut short says so."""
    page = bench_page(bench(provenance=Provenance.LIVE, design=Design.SITTING, ended_at=None))
    assert page.answers[2] == "beta and gamma: no meaningful difference."
    assert page.when.startswith("Design: one sitting. Started 2026-03-01 02:00 UTC, not finished. ")


def test_beside_each_ratio_stands_what_was_not_equal():
    """In the next cell of the same row, marked."""
    (table,) = bench_page(bench()).sections[0].tables
    assert table.columns[1:3] == ("Ratio of times", "Requests")
    assert [(row[2].text, row[2].is_warning) for row in table.rows] == [
        ("NOT EQUAL: audio: acme true, beta false", True),
        ("MAY DIFFER: guidance: acme 0.5, gamma unknown (default undocumented)", True),
        ("no difference known", False),
    ]


def test_the_reason_tells_looks_margins_and_what_was_left_out():
    """Everything that a reader needs to doubt a verdict."""
    one = comparison(ACME, "beta/video-1", look=1, looks=2, left_out=3, reason="enough")
    (table,) = bench_page(bench(comparisons=(one,))).sections[0].tables
    assert table.rows[0][4].text.replace("\u00a0", " ") == (
        "enough; paired permutation test p = 0.0004, over all pairs 0.0012; "
        "plain ratio of the medians 0.861; look 1 of 2 that the plan declares; "
        "3 blocks without a time of both left out; "
        "margin of no meaningful difference 10 %"
    )


def test_what_is_not_there_is_not_drawn_and_not_zero():
    """No figure without data, and words where numbers would be."""
    nothing = bench(providers=(EMPTY,), comparisons=(), mismatches=(), notes=())
    assert figure_names(nothing) == ("bench-availability",)
    page = bench_page(nothing)
    assert page.answers == ("Nothing was compared.",)
    times = next(section for section in page.sections if section.anchor == "times")
    assert [cell.text for cell in times.tables[0].rows[0]] == ["acme", *["not given"] * 3, "no times"]
    reliability = next(section for section in page.sections if section.anchor == "reliability")
    assert [cell.text for cell in reliability.tables[0].rows[0]][-2:] == ["no polls", "unknown"]
    requests = next(section for section in page.sections if section.anchor == "requests")
    assert requests.lead == ("No difference between the requests is known, documented defaults included.",)


def test_one_day_is_no_comparison_of_days():
    """The section is not there."""
    one = latency(150.0)
    single = provider(ACME, 150, total=latency(150.0, by_day=one.by_day[:1]))
    assert "days" not in [section.anchor for section in bench_page(bench(providers=(single,))).sections]


def test_days_are_told_in_words_too():
    """With their jobs; a day on which giving up hides the median says that."""
    days = next(section for section in bench_page(bench()).sections if section.anchor == "days")
    assert [cell.text for cell in days.tables[0].rows[0]] == [
        "2026-03-01",
        "136 s (2 jobs)",
        "159 s (2 jobs)",
        "longer than was waited for (2 jobs)",
    ]
    missing = provider("beta/video-1", 150, total=latency(150.0, by_day=latency(150.0).by_day[1:]))
    page = bench_page(bench(providers=(provider(ACME, 150), missing)))
    days = next(section for section in page.sections if section.anchor == "days")
    assert days.tables[0].rows[0][2].text == "no jobs"


def test_as_text_every_figure_has_its_line():
    """In the order of the page, with what was not equal right under the ratio."""
    lines = bench_text(bench()).replace("\u00a0", " ").replace("\u2013", "-").splitlines()
    at = lines.index("  acme / beta")
    assert lines[at + 1 : at + 4] == [
        "    ratio of times: 0.853 (0.79-0.921 with 95 % confidence; 50 pairs in 25 nights)",
        "    requests: NOT EQUAL: audio: acme true, beta false",
        "    verdict: faster",
    ]
    assert lines[0].startswith("Simulated: no provider was measured.")
    assert "    90th percentile: > 300 s (280 to over 300 s with 95 % confidence; 50 jobs, 25 days)" in lines
    assert "    documented: 60-300 s, any mode" in lines
    assert "    cost of a second: unknown: no price is known for 50 of 50 billed jobs" in lines
    assert "  - several regions are joined: eu, us" in lines


def test_text_says_that_nothing_differs():
    """Rather than nothing at all."""
    text = bench_text(bench(mismatches=()))
    assert "  No difference between the requests is known, documented defaults included.\n" in text


def test_as_markdown_it_is_the_same_with_the_figures_beside_it(tmp_path):
    """Each figure that it names is among the files."""
    files = {file.relative_to(tmp_path).as_posix() for file in write_bench(bench(), tmp_path)}
    text = bench_markdown(bench())
    named = {part.partition(")")[0] for part in text.split("](")[1:]}
    assert named == files - {"bench.html", "bench.md", "bench.json"}
    assert "| **NOT EQUAL: audio: acme true, beta false** |" in text
    assert (tmp_path / "bench.md").read_text(encoding="utf-8") == text
