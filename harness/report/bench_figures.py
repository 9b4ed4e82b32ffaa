"""The figures of a benchmark as SVG text, rendered by matplotlib, which is imported late."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harness.measurement.summary import BenchSummary
from harness.report.bench_curves import draw_days, draw_survival
from harness.report.bench_drawings import draw_availability, draw_polls, draw_ratios
from harness.report.bench_parts import figure_names
from harness.report.figures import svg_of
from harness.report.sheet import Sheet

__all__ = ["bench_figures"]

_DRAWN: Mapping[str, Callable[[BenchSummary], Sheet]] = {
    "bench-survival": draw_survival,
    "bench-ratios": draw_ratios,
    "bench-days": draw_days,
    "bench-polls": draw_polls,
    "bench-availability": draw_availability,
}


def bench_figures(summary: BenchSummary) -> dict[str, str]:
    """Every figure that there is something to draw in, by name; the same summary gives the same bytes."""
    return {name: svg_of(_DRAWN[name](summary), name) for name in figure_names(summary)}
