"""A benchmark for a terminal or a CI log: one line for each figure, so that nothing has to be aligned."""

from __future__ import annotations

from collections.abc import Iterator

from harness.measurement.summary import BenchSummary
from harness.report.bench_page import bench_page
from harness.report.bench_parts import Section, Table
from harness.report.visible import disarmed, visible

__all__ = ["bench_text"]


def bench_text(summary: BenchSummary) -> str:
    """Everything that is found, in the order of the page; figures apart."""
    page = bench_page(summary)
    lines = [page.evidence, page.when, "", *page.answers]
    for section in page.sections:
        lines += ["", section.title, *_section(section)]
    return "".join(f"{_inert(line)}\n" for line in lines)


def _section(section: Section) -> Iterator[str]:
    for table in section.tables:
        yield from _table(table)
    yield from (f"  - {entry}" for entry in section.entries)
    if not section.tables and not section.entries:
        yield from (f"  {line}" for line in section.lead)


def _table(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield f"  {row[0].text}"
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            yield f"    {column.lower()}: {cell.text}"


def _inert(line: str) -> str:
    """A line without effect on a terminal or a CI runner, to which `::` at its start would be a command."""
    safe = disarmed(visible(line, None))
    return safe.replace(":", "\\x3a", 1) if safe.lstrip().startswith("::") else safe
