"""A benchmark as one HTML file that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping

from harness.measurement.summary import BenchSummary
from harness.report.bench_page import bench_page
from harness.report.template import asset, environment, markup, policy

__all__ = ["bench_html"]


def bench_html(summary: BenchSummary, figures: Mapping[str, str] | None = None) -> str:
    """The page. `figures` are SVG texts as `bench_figures` gives them, drawn if None."""
    if figures is None:
        from harness.report.bench_figures import bench_figures

        figures = bench_figures(summary)
    templates = environment({})
    css = markup(asset(templates, "report.css") + asset(templates, "bench.css"))
    return templates.get_template("bench.html.j2").render(
        page=bench_page(summary),
        figures={name: markup(svg) for name, svg in figures.items()},
        css=css,
        policy=policy(css),
    )
