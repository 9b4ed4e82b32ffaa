"""What was measured of a seller, by criterion. Simulated figures never stand in where there are live ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.decision.model import Evidence
from harness.measurement.job import Phase, Provenance
from harness.measurement.summary import BenchSummary, Proportion, ProviderSummary, Quantile
from harness.ranking.criteria import BY_ID
from harness.ranking.rank import Figure
from harness.record import ModelRecord
from harness.stats.rates import wilson

__all__ = ["Place", "conformance", "measured_evidence", "place_of", "provenance_of"]

_NONE = "no job of it was measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One seller's line in one of the summaries, with the pointer to it in report.json."""

    line: ProviderSummary
    pointer: str


def place_of(
    model: str, measured: Sequence[BenchSummary], provenance: Provenance, modes: Sequence[str] = ()
) -> Place | None:
    """The line of this provenance that speaks for a seller: a mode of `modes`, most jobs, newest.

    `model` is an id without a revision.
    """
    found = [
        (
            line.mode in modes,
            line.jobs,
            summary.started_at,
            Place(line=line, pointer=f"/decision/measured/{index}/providers/{place}"),
        )
        for index, summary in enumerate(measured)
        for place, line in enumerate(summary.providers)
        if line.model.partition("@")[0] == model and line.provenance is provenance and line.jobs
    ]
    return max(found, key=lambda one: one[:3])[3] if found else None


def provenance_of(records: Sequence[ModelRecord], measured: Sequence[BenchSummary]) -> Provenance:
    """Whose figures speak for the sellers of a group: not simulated ones, where anything of them is live."""
    models = {record.id for record in records}
    lines = [line for summary in measured for line in summary.providers if line.jobs]
    is_live = any(record.messages.get("live") for record in records) or any(
        line.provenance is Provenance.LIVE and line.model.partition("@")[0] in models for line in lines
    )
    return Provenance.LIVE if is_live else Provenance.SIMULATED


def measured_evidence(place: Place | None, criterion: str, source: str) -> Evidence:
    """The evidence by one of latency, tail, success, availability and price. `source` points to itself."""
    if place is None:
        return Evidence(criterion=criterion, figure=None, counts={}, why=_NONE, where=())
    match criterion:
        case "latency":
            return _quantile(place, criterion, 0.5, source)
        case "tail":
            return _quantile(place, criterion, 0.9, source)
        case "success":
            return _share(place, criterion, "success", place.line.success, source)
        case "availability":
            return _share(place, criterion, "poll_availability", place.line.poll_availability, source)
        case _:
            return _price(place, criterion, source)


def _quantile(place: Place, criterion: str, p: float, source: str) -> Evidence:
    for index, latency in enumerate(place.line.latencies):
        if latency.phase is Phase.TOTAL:
            for number, quantile in enumerate(latency.quantiles):
                if quantile.p == p:
                    where = f"{place.pointer}/latencies/{index}/quantiles/{number}"
                    return _time(place, criterion, quantile, source, where)
    why = "too few jobs were measured for it"
    return Evidence(criterion=criterion, figure=None, counts=_counts(place), why=why, where=(place.pointer,))


def _time(place: Place, criterion: str, quantile: Quantile, source: str, where: str) -> Evidence:
    """A quantile as a figure; an end that censoring hides lies anywhere up to where the score is 0."""
    worst = BY_ID[criterion].worst
    beyond = quantile.beyond_s
    value = quantile.value_s if quantile.value_s is not None else beyond
    if value is None:
        why = "censoring hides it: too many jobs were given up"
        return Evidence(criterion=criterion, figure=None, counts=_counts(place), why=why, where=(where,))
    low = min(value, value if quantile.low_s is None else quantile.low_s)
    high = max(value, worst if quantile.high_s is None else quantile.high_s)
    how = f"{quantile.jobs} jobs, {quantile.method}"
    if quantile.value_s is None:
        how = f"more than this: beyond it jobs were given up; {how}"
    return Evidence(
        criterion=criterion,
        figure=Figure(value=value, low=low, high=high, basis=place.line.provenance.value, source=source),
        counts={**_counts(place), "days": quantile.days},
        why=how,
        where=(where,),
    )


def _share(place: Place, criterion: str, member: str, share: Proportion, source: str) -> Evidence:
    where = (f"{place.pointer}/{member}",)
    if share.value is None or share.low is None or share.high is None:
        return Evidence(
            criterion=criterion, figure=None, counts=_counts(place), why="nothing was counted", where=where
        )
    return Evidence(
        criterion=criterion,
        figure=Figure(
            value=share.value,
            low=min(share.low, share.value),
            high=max(share.high, share.value),
            basis=place.line.provenance.value,
            source=source,
        ),
        counts={"successes": share.successes, "trials": share.trials, "mode": place.line.mode},
        why=share.method,
        where=where,
    )


def _price(place: Place, criterion: str, source: str) -> Evidence:
    cost, where = place.line.cost_usd_per_delivered_s, (f"{place.pointer}/cost_usd_per_delivered_s",)
    if cost is None:
        return Evidence(
            criterion=criterion, figure=None, counts=_counts(place), why=place.line.cost_note, where=where
        )
    return Evidence(
        criterion=criterion,
        figure=Figure(value=cost, low=cost, high=cost, basis=place.line.provenance.value, source=source),
        counts=_counts(place),
        why=place.line.cost_note,
        where=where,
    )


def _counts(place: Place) -> dict[str, int | str]:
    return {"jobs": place.line.jobs, "mode": place.line.mode}


def conformance(record: ModelRecord, *, source: str, where: str) -> Evidence:
    """The share of recorded live messages that conform; simulated and documented ones say nothing of it."""
    messages, bad = record.messages.get("live", 0), record.violating.get("live", 0)
    if not messages:
        why = "no live message of it was recorded"
        return Evidence(criterion="conformance", figure=None, counts={}, why=why, where=(where,))
    good = max(0, messages - bad)
    low, high = wilson(good, messages)
    return Evidence(
        criterion="conformance",
        figure=Figure(value=good / messages, low=low, high=high, basis="live", source=source),
        counts={"messages": messages, "violating": bad},
        why="recorded live messages without an error, of all",
        where=(where,),
    )
