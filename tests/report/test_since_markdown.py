"""What changed since an earlier report, in Markdown."""

from __future__ import annotations

from harness.report.markdown import record_markdown
from harness.report.since import Since, since
from harness.report.since_markdown import since_markdown
from tests.decision.hostile import hostile_decision
from tests.report.example import example
from tests.report.since_example import ACME, changed, endpoint, fact, report


def _lines(found: Since) -> list[str]:
    return list(since_markdown(found))


def test_no_change_is_one_sentence() -> None:
    """Under the heading, and nothing else."""
    assert _lines(since(report(), report())) == [
        "## What changed since the earlier report",
        "",
        "Nothing changed since the report that was made 2026-11-20 12:00 UTC by harness 0.1.0.",
        "",
    ]


def test_every_kind_of_change_has_its_table() -> None:
    """Then and now beside each other."""
    text = "\n".join(_lines(since(report(), changed())))
    assert text.partition("may judge differently.\n\n")[2] == (
        "| What | Then | Now |\n"
        "| --- | --- | --- |\n"
        "| Made | 2026-11-20 12:00 UTC | 2026-11-27 12:00 UTC |\n"
        "| By harness | 0.1.0 | 0.2.0 |\n"
        "| Verdict | conforms | violates |\n"
        "| Messages, live | 0 | 1,200 |\n"
        "| Messages, simulated | 0 | 0 |\n"
        "| Messages, documented | 14 | 14 |\n"
        "\n"
        "Endpoints that came: `cute/clip-2`.\n"
        "\n"
        "Endpoints that went: `bolt/clip-2`.\n"
        "\n"
        "### New findings\n"
        "\n"
        "| Severity | Rule | Endpoint | What |\n"
        "| --- | --- | --- | --- |\n"
        "| error | `request.enum` | `acme/clip-2` | new |\n"
        "\n"
        "### Findings that are gone\n"
        "\n"
        "| Severity | Rule | Endpoint | What |\n"
        "| --- | --- | --- | --- |\n"
        "| error | `request.enum` |  | gone |\n"
        "\n"
        "### Facts that changed\n"
        "\n"
        "| Endpoint | Fact | How | Then | Now |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `acme/clip-2` | price: price | went | undocumented | not there |\n"
        "| `acme/clip-2` | prompt: maxLength | changed | 2500 | 1000 |\n"
        "| `acme/clip-2` | server: server | appeared | not there | documented as absent |\n"
        "\n"
        "### Figures that changed\n"
        "\n"
        "| Seller | What | Then | Now |\n"
        "| --- | --- | --- | --- |\n"
        "| `acme/clip-2` | time of a job, median | unknown | 152 s (140 s to 166 s; live) |\n"
        "\n"
        "### Rankings that changed\n"
        "\n"
        "| Model | Profile | Then | Now |\n"
        "| --- | --- | --- | --- |\n"
        "| clip 2 pro text-to-video | safest (its weights changed) | no live data | acme/clip-2 first |\n"
    )


def test_long_tables_are_cut_and_say_so() -> None:
    """All of it stands in report.json."""
    facts = [fact("prompt", f"facet {number:03}", number) for number in range(103)]
    old, new = (report(endpoints=[endpoint(ACME, *listed)]) for listed in ([], facts))
    lines = _lines(since(old, new))
    assert "3 more stand in report.json." in lines
    assert not [line for line in lines if "facet 100" in line]


def test_it_stands_after_the_answer() -> None:
    """And before all that the answer rests on."""
    text = record_markdown(example(), hostile_decision("Word"), since=since(report(), report()))
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert "What changed" not in record_markdown(example())
    assert headings[:3] == [
        "## Which seller?",
        "## What changed since the earlier report",
        "## What the sellers are compared for",
    ]
