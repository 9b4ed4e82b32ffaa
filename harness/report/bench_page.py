"""A benchmark, arranged for a reader. Text, Markdown and HTML show this and decide nothing of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.measurement.job import Design, Provenance
from harness.measurement.summary import (
    BenchSummary,
    Comparison,
    ProviderSummary,
)
from harness.report.bench_parts import Cell, Section, Table, cells, figures_of
from harness.report.bench_times import days_section, estimates_section, times_section
from harness.report.bench_words import (
    evidence_text,
    mismatch_text,
    model_names,
    number,
    percent,
    polls_text,
    proportion_text,
    ratio_text,
    seller_names,
    unequal_text,
    verdict_text,
)
from harness.report.visible import visible
from harness.report.words import counted, seconds

__all__ = ["TITLE", "BenchPage", "bench_page"]

TITLE = "Benchmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPage:
    """Everything that is said of a benchmark, in order."""

    provenance: str
    evidence: str
    title: str
    when: str
    answers: tuple[str, ...]
    sections: tuple[Section, ...]


def bench_page(summary: BenchSummary) -> BenchPage:
    """The benchmark, arranged."""
    names = seller_names(summary)
    short = model_names(summary)
    sections = (
        _comparisons(summary, short),
        times_section(summary, names),
        estimates_section(summary, names),
        days_section(summary, names),
        _reliability(summary, names),
        _requests(summary, short),
        _method(summary),
    )
    return BenchPage(
        provenance=summary.provenance.value,
        evidence=evidence_text(summary),
        title=TITLE,
        when=_when(summary),
        answers=tuple(_answers(summary, short)),
        sections=tuple(section for section in sections if section is not None),
    )


def _answers(summary: BenchSummary, names: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each pair; that it is about a simulator is part of it."""
    simulated = "Simulated: " if summary.provenance is Provenance.SIMULATED else ""
    for one in summary.comparisons:
        yield f"{simulated}{verdict_text(one, names)}."
    if not summary.comparisons:
        yield "Nothing was compared."


def _when(summary: BenchSummary) -> str:
    design = {
        Design.SITTING: "one sitting",
        Design.NIGHTLY: "a few pairs a night",
    }[summary.design]
    ended = "not finished" if summary.ended_at is None else f"ended {_moment(summary.ended_at)}"
    return (
        f"Design: {design}. Started {_moment(summary.started_at)}, {ended}. "
        f"Jobs were waited for {seconds(summary.cap_s)} s at most."
    )


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# --- who is faster


def _comparisons(summary: BenchSummary, names: Mapping[str, str]) -> Section | None:
    if not summary.comparisons:
        return None
    lead = (
        "A ratio of 0.8 says that the first seller's jobs take 0.8 times as long as the second's, so it is "
        "faster. Beside each ratio stands what the two requests did not ask alike."
    )
    table = Table(
        caption=f"Ratios of the times from request to video, {summary.provenance.value}.",
        columns=("First / second", "Ratio of times", "Requests", "Verdict", "Because"),
        rows=tuple(_comparison_row(one, names) for one in summary.comparisons),
    )
    caption = "Ratios of times with their intervals; the band is what counts as no meaningful difference."
    return Section(
        anchor="comparison",
        title="Who is faster",
        lead=(lead,),
        figures=figures_of(summary, {"bench-ratios": caption}),
        tables=(table,),
    )


def _comparison_row(one: Comparison, names: Mapping[str, str]) -> tuple[Cell, ...]:
    pair = " / ".join(names.get(model, visible(model)) for model in (one.first, one.second))
    return (
        Cell(text=pair),
        Cell(text=ratio_text(one)),
        Cell(text=unequal_text(one, names), is_warning=bool(one.mismatches)),
        Cell(text=one.verdict.value),
        Cell(text=_because(one)),
    )


def _because(one: Comparison) -> str:
    parts = [visible(one.reason)] if one.reason else []
    if one.p_value is not None:
        adjusted = "" if one.p_adjusted is None else f", over all pairs {one.p_adjusted:.2g}"
        parts.append(f"paired permutation test p = {one.p_value:.2g}{adjusted}")
    if one.median_ratio is not None:
        parts.append(f"plain ratio of the medians {number(one.median_ratio)}")
    if one.looks > 1:
        parts.append(f"look {one.look} of {one.looks} that the plan declares")
    if one.left_out:
        parts.append(f"{counted(one.left_out, 'block')} without a time of both left out")
    parts.append(f"margin of no meaningful difference {percent(one.equivalence_margin)}")
    return "; ".join(parts)


# --- whether it comes at all, and what it takes


def _reliability(summary: BenchSummary, names: Mapping[tuple[str, str], str]) -> Section:
    rows = tuple(
        cells(
            names[one.model, one.mode],
            proportion_text(one.success),
            f"{one.refused_prompts:,}",
            f"{one.possibly_billed:,}",
            proportion_text(one.poll_availability),
            polls_text(one),
            _cost(one),
        )
        for one in summary.providers
    )
    columns = (
        *("Seller", "Delivered", "Prompts refused", "Possibly billed"),
        *("Polls answered", "Polls a job", "Cost of a second"),
    )
    return Section(
        anchor="reliability",
        title="Delivered, answered, paid",
        figures=figures_of(
            summary,
            {
                "bench-availability": "Jobs that were delivered, and polls that were answered.",
                "bench-polls": "How often a job was asked for, on average.",
            },
        ),
        tables=(
            Table(
                caption=f"What became of the jobs, {summary.provenance.value}. A refused prompt says nothing "
                "of the service and is counted apart.",
                columns=columns,
                rows=rows,
            ),
        ),
    )


def _cost(provider: ProviderSummary) -> str:
    note = visible(provider.cost_note)
    cost = provider.cost_usd_per_delivered_s
    if cost is None:
        return f"unknown: {note}" if note else "unknown"
    return f"{number(cost)} USD ({note})" if note else f"{number(cost)} USD"


# --- what was asked, and how


def _requests(summary: BenchSummary, names: Mapping[str, str]) -> Section:
    if not summary.mismatches:
        lead = "No difference between the requests is known, documented defaults included."
        return Section(anchor="requests", title="What was not asked alike", lead=(lead,))
    rows = tuple(
        mismatch_text(mismatch, tuple(dict.fromkeys((*mismatch.values, *mismatch.reasons))), names)
        for mismatch in summary.mismatches
    )
    lead = (
        "The requests are not equal in these, or may not be. Each stands beside the ratios that it touches."
    )
    return Section(anchor="requests", title="What was not asked alike", lead=(lead,), entries=rows)


def _method(summary: BenchSummary) -> Section:
    runs = f"Runs: {', '.join(visible(run) for run in summary.runs)}."
    return Section(
        anchor="method",
        title="Method and provenance",
        entries=(*(visible(note) for note in summary.notes), runs, *_METHOD),
    )


_METHOD = (
    "A job's time is an interval: it was not done at the lower end and done at the upper end. A job that was "
    "given up counts as longer than that, and is not dropped.",
    "Where giving up hides a figure, it is written as more than the longest wait.",
    "A ratio is the factor between the two distributions of times that the paired test does not reject; "
    "where they have one shape, it is the ratio of their medians.",
    "Simulated and live jobs are never pooled. Only sellers of one version and tier are compared.",
    "A documented time is what the seller's documents say; nothing of it was measured.",
)
