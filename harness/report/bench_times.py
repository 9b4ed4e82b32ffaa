"""The sections of a benchmark's page that are about times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.measurement.job import Phase
from harness.measurement.summary import BenchSummary, DayMedian, EstimateJudgement, ProviderSummary
from harness.report.bench_parts import Cell, Section, Table, cells, figures_of
from harness.report.bench_words import percent, proportion_text, quantile_text, total_of
from harness.report.visible import visible
from harness.report.words import counted, estimate_text, seconds, statement_text

__all__ = ["days_section", "estimates_section", "times_section"]

_PHASES: Mapping[Phase, str] = {
    Phase.SUBMIT: "submit: request sent to answer received",
    Phase.QUEUE: "queue: accepted to running",
    Phase.GENERATION: "generation: running to ready",
    Phase.DELIVERY: "delivery: ready to downloaded",
}
_QUANTILES: Mapping[float, str] = {0.5: "median", 0.9: "90th percentile", 0.95: "95th percentile"}


# --- how long


def times_section(summary: BenchSummary, names: Mapping[tuple[str, str], str]) -> Section:
    """How long a job takes: the whole time, and its parts."""
    rows = tuple(_time_row(provider, names) for provider in summary.providers)
    columns = ("Seller", *(name.capitalize() for name in _QUANTILES.values()), "Not ended")
    tables = [
        Table(
            caption=f"Time from the request to the video, {summary.provenance.value}. A percentile is not "
            "given of fewer jobs than it needs: 10 for the 90th, 100 for the 95th.",
            columns=columns,
            rows=rows,
        )
    ]
    phases = tuple(_phase_rows(summary, names))
    if phases:
        tables.append(
            Table(
                caption=f"The parts of that time, where they can be told apart, {summary.provenance.value}.",
                columns=("Seller", "Phase", "Median"),
                rows=phases,
            )
        )
    caption = (
        "The share of jobs that are not done yet, by time. A small upright stroke marks where jobs were "
        "given up. Below, on the same axis, what is documented and what was measured."
    )
    return Section(
        anchor="times",
        title="How long a job takes",
        figures=figures_of(summary, {"bench-survival": caption}),
        tables=tuple(tables),
    )


def _time_row(provider: ProviderSummary, names: Mapping[tuple[str, str], str]) -> tuple[Cell, ...]:
    total = total_of(provider)
    quantiles = {} if total is None else {quantile.p: quantile for quantile in total.quantiles}
    told = [quantile_text(quantiles[p]) if p in quantiles else "not given" for p in _QUANTILES]
    ended = "no times" if total is None else f"{total.censored:,} of {total.jobs:,}"
    return cells(names[provider.model, provider.mode], *told, ended)


def _phase_rows(summary: BenchSummary, names: Mapping[tuple[str, str], str]) -> Iterator[tuple[Cell, ...]]:
    for provider in summary.providers:
        for latency in provider.latencies:
            median = next((quantile for quantile in latency.quantiles if quantile.p == 0.5), None)
            if latency.phase in _PHASES and median is not None:
                name = names[provider.model, provider.mode]
                yield cells(name, _PHASES[latency.phase], quantile_text(median))


# --- against what is documented


def estimates_section(summary: BenchSummary, names: Mapping[tuple[str, str], str]) -> Section:
    """What is documented of it, and whether that holds."""
    rows = [
        _estimate_row(names[provider.model, provider.mode], estimate)
        for provider in summary.providers
        for estimate in provider.estimates
    ]
    return Section(
        anchor="estimates",
        title="Against the documented times",
        tables=(
            Table(
                caption=f"Documented times, and how the {summary.provenance.value} jobs stand to them.",
                columns=("Seller", "Documented", "Verdict", "Done by then", "Source"),
                rows=tuple(rows),
            ),
        ),
    )


def _estimate_row(name: str, estimate: EstimateJudgement) -> tuple[Cell, ...]:
    if estimate.min_s is None:
        documented = "undocumented"
    else:
        figure = estimate_text(estimate.min_s, estimate.max_s, open_ended=estimate.max_s is None)
        documented = f"{figure}, {statement_text(estimate.kind, estimate.mode)}"
    margin = f" (margin {percent(estimate.margin)})" if estimate.min_s is not None else ""
    within = "not asked" if estimate.within is None else proportion_text(estimate.within)
    return cells(
        name, documented, f"{estimate.verdict.value}{margin}", within, visible(estimate.source or "none")
    )


def days_section(summary: BenchSummary, names: Mapping[tuple[str, str], str]) -> Section | None:
    """The medians day by day; None where there is one day."""
    caption = "The median of each day. Days differ more than sellers do, so one day decides nothing."
    figures = figures_of(summary, {"bench-days": caption})
    if not figures:
        return None
    by_seller = {
        names[provider.model, provider.mode]: {day.day: day for day in total.by_day}
        for provider in summary.providers
        if (total := total_of(provider)) is not None
    }
    days = sorted({day for medians in by_seller.values() for day in medians})
    rows = tuple(cells(day, *(_day(medians.get(day)) for medians in by_seller.values())) for day in days)
    table = Table(
        caption=f"The median of each day with its number of jobs, {summary.provenance.value}.",
        columns=("Day", *by_seller),
        rows=rows,
        folds=True,
    )
    return Section(anchor="days", title="Day by day", figures=figures, tables=(table,))


def _day(median: DayMedian | None) -> str:
    if median is None:
        return "no jobs"
    value = "longer than was waited for" if median.median_s is None else f"{seconds(median.median_s)} s"
    return f"{value} ({counted(median.jobs, 'job')})"
