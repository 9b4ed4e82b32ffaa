"""A benchmark's report on disk, each file whole or not there."""

from __future__ import annotations

from pathlib import Path

from harness.measurement.summary import BenchSummary
from harness.report.files import write_text

__all__ = ["write_bench"]


def write_bench(summary: BenchSummary, directory: Path) -> tuple[Path, ...]:
    """Writes bench.html, bench.md, bench.json and figures/bench-*.svg; gives their paths.

    Everything is rendered before the first file is written. Raises OSError.
    """
    from harness.report.bench_figures import bench_figures
    from harness.report.bench_html import bench_html
    from harness.report.bench_json import bench_json
    from harness.report.bench_markdown import bench_markdown
    from harness.report.visible import as_json

    figures = bench_figures(summary)
    texts = {
        "bench.html": bench_html(summary, figures),
        "bench.md": bench_markdown(summary),
        "bench.json": as_json(bench_json(summary)),
        **{f"figures/{name}.svg": svg for name, svg in figures.items()},
    }
    for name, text in texts.items():
        write_text(directory / name, text)
    return tuple(directory / name for name in texts)
