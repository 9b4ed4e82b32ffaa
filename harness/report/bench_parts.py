"""What a page about a benchmark is made of: sections with tables and figures, and which figures there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.measurement.summary import BenchSummary, ProviderSummary
from harness.report.bench_words import total_of

__all__ = ["Cell", "Section", "Table", "cells", "figure_names", "figures_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in a cell; `is_warning` where a reader must not pass over it."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the first cell of a row names what the row is about. A long one opens on demand: `folds`."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Paragraphs, then figures as (name, caption), then tables, then entries of a list."""

    anchor: str
    title: str
    lead: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    entries: tuple[str, ...] = ()


def cells(*texts: str) -> tuple[Cell, ...]:
    """A row."""
    return tuple(Cell(text=text) for text in texts)


def figure_names(summary: BenchSummary) -> tuple[str, ...]:
    """The figures that there is something to draw in; the files are `figures/NAME.svg`."""
    totals = [total for provider in summary.providers if (total := total_of(provider)) is not None]
    days = {day.day for total in totals for day in total.by_day}
    drawn = (
        ("bench-survival", any(total.survival for total in totals)),
        ("bench-ratios", any(one.ratio is not None for one in summary.comparisons)),
        ("bench-days", len(days) > 1),
        ("bench-polls", any(one.polls_per_job is not None for one in summary.providers)),
        ("bench-availability", any(_tried(one) for one in summary.providers)),
    )
    return tuple(name for name, there_is in drawn if there_is)


def _tried(provider: ProviderSummary) -> bool:
    return provider.success.value is not None or provider.poll_availability.value is not None


def figures_of(summary: BenchSummary, captions: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Those of these figures, name and caption, that there is something to draw in."""
    there = figure_names(summary)
    return tuple((name, text) for name, text in captions.items() if name in there)
