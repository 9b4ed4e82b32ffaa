"""A benchmark as GitHub-flavoured Markdown; the figures are those that stand in `figures/` beside it."""

from __future__ import annotations

from collections.abc import Iterator

from harness.measurement.summary import BenchSummary
from harness.report.bench_page import bench_page
from harness.report.bench_parts import Section, Table
from harness.report.markdown_text import prose

__all__ = ["bench_markdown"]


def bench_markdown(summary: BenchSummary) -> str:
    """Everything that is found, in the order of the page."""
    page = bench_page(summary)
    lines = [f"**{prose(page.evidence)}**", "", f"# {page.title}", ""]
    lines += [f"- **{prose(answer)}**" for answer in page.answers]
    lines += ["", prose(page.when), ""]
    for section in page.sections:
        lines += _section(section)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {section.title}", "")
    for line in section.lead:
        yield from (prose(line), "")
    for name, caption in section.figures:
        yield from (f"![{prose(caption)}](figures/{name}.svg)", "")
    for table in section.tables:
        yield from _table(table)
    if section.entries:
        yield from (*(f"- {prose(entry)}" for entry in section.entries), "")


def _table(table: Table) -> Iterator[str]:
    yield from (prose(table.caption), "")
    yield _row(list(table.columns))
    yield _row(["---"] * len(table.columns))
    for row in table.rows:
        cells = [f"**{prose(cell.text)}**" if cell.is_warning else prose(cell.text) for cell in row]
        yield _row(cells)
    yield ""


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
