"""What the templates of the page call to show a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import permutations
from typing import Any

from harness.compare.matrix import Row
from harness.compare.values import form
from harness.compare.weights import Cost
from harness.decision.model import Fit, Question, Sheet, Switch, Wish
from harness.measurement.summary import BenchSummary
from harness.measurement.trial_read import TrialJob
from harness.ranking.criteria import CRITERIA
from harness.ranking.rank import DRAWS, LIKELY, Ranking, Standing, Status
from harness.record import RunRecord
from harness.report import bench_words, decision_words
from harness.report.choice import Choice, ChoiceGroup
from harness.report.page import slug
from harness.report.visible import visible
from harness.report.words import estimate_text, joined
from harness.stats.interval import CONFIDENCE

__all__ = ["choice_names", "placed", "where_text"]

_BENCH = (
    *("number", "percent", "proportion_text", "quantile_text"),
    *("ratio_text", "unequal_text", "verdict_text"),
)
_WHERE: Mapping[str, str] = {
    "editions": "the editions",
    "fact_counts": "the facts",
    "messages": "the recorded messages",
    "quantiles": "the measured quantile",
    "success": "the jobs that ended",
    "poll_availability": "the polls",
    "cost_usd_per_delivered_s": "the bill",
    "providers": "the measured jobs",
    "endpoints": "the endpoint",
}


def choice_names(record: RunRecord) -> dict[str, Any]:
    """The functions by name."""
    return (
        {name: getattr(decision_words, name) for name in decision_words.__all__}
        | {name: getattr(bench_words, name) for name in _BENCH}
        | {
            "criteria": CRITERIA,
            "draws": DRAWS,
            "likely": LIKELY,
            "confidence": CONFIDENCE,
            "fits_of": _fits_of,
            "pairs": lambda view: list(_pairs(record, view)),
            "placed": placed,
            "questions_to": _questions_to,
            "score_text": lambda score: f"{score:.2f}",
            "dominated_text": _dominated_text,
            "unranked_text": _unranked_text,
            "count_text": _count_text,
            "unit_text": lambda row: "seconds" if row.unit == "s" else row.unit,
            "measured_models": lambda summary: _measured_models(record, summary),
            "measured_names": lambda summary: _measured_names(record, summary),
            "where_text": where_text,
            "days_text": _days_text,
            "took_text": _took_text,
        }
    )


def placed(ranking: Ranking) -> list[tuple[int, Standing]]:
    """The standings, each with its place in report.json: best first where there is an order, else by name."""
    numbered = list(enumerate(ranking.standings))
    if ranking.status is Status.RANKED:
        return numbered
    return sorted(numbered, key=lambda one: one[1].vendor)


def where_text(pointer: str, sheet: Sheet) -> str:
    """What stands at a pointer into report.json, in words."""
    at, _, number = pointer.rpartition("/")
    if at.endswith("/fits"):
        return f"{visible(sheet.fits[int(number)].wish)}, word by word"
    named = [part for part in pointer.split("/") if part in _WHERE]
    return _WHERE[named[-1]] if named else "the record"


def _fits_of(view: ChoiceGroup, wish: Wish) -> dict[str, Fit]:
    return {
        view.names[sheet.model]: fit
        for sheet in view.group.sheets
        for fit in sheet.fits
        if fit.wish == wish.name
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One request, taken from one seller to the other. `at` is its pointer."""

    at: str
    switch: Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """From one seller to another: what is lost of each request, and what the two document differently."""

    id: str
    source: str
    target: str
    switches: tuple[Taken, ...]
    rows: tuple[Row, ...]


def _pairs(record: RunRecord, view: ChoiceGroup) -> Iterator[Pair]:
    rows = sorted((row for row in record.matrix if row.group == view.group.name), key=lambda r: r.cost_rank)
    for source, target in permutations([sheet.model for sheet in view.group.sheets], 2):
        yield Pair(
            id=f"switch.{slug(source)}.{slug(target)}",
            source=view.names[source],
            target=view.names[target],
            switches=tuple(
                Taken(at=f"{view.at}/switches/{index}", switch=switch)
                for index, switch in enumerate(view.group.switches)
                if (switch.source, switch.target) == (source, target)
            ),
            rows=tuple(row for row in rows if _matters(row, source, target)),
        )


def _matters(row: Row, source: str, target: str) -> bool:
    """Whether two sellers document something differently that costs a buyer something."""
    one, other = row.cells.get(source), row.cells.get(target)
    if one is None or other is None or row.cost_rank >= Cost.UNKNOWN:
        return False
    facet = row.facet if row.parameter != "status" else "enum"
    return one.state is not other.state or form(one.value, facet=facet) != form(other.value, facet=facet)


def _questions_to(view: ChoiceGroup, sheet: Sheet) -> list[tuple[str, Question]]:
    return [
        (f"{view.at}/questions/{index}", question)
        for index, question in enumerate(view.group.questions)
        if question.model == sheet.model
    ]


def _dominated_text(standing: Standing, names: Mapping[str, str]) -> str:
    return joined([visible(names[model]) for model in standing.dominated_by]) or "nobody"


def _unranked_text(choice: Choice) -> str:
    """Why nothing is ranked, one sentence for each reason."""
    statuses = [view.group.rankings[0].ranking.status for view in choice.contested if view.group.rankings]
    told = dict.fromkeys(decision_words.status_text(status) for status in statuses or [Status.ONE_VENDOR])
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in told)


def _count_text(count: Any) -> str:
    """A number or a date that a figure was made of."""
    if isinstance(count, float) and not count.is_integer():
        return f"{count:,.4g}"
    return f"{count:,.0f}" if isinstance(count, (int, float)) else visible(str(count))


def _measured_models(record: RunRecord, summary: BenchSummary) -> dict[str, str]:
    """A name for each measured model: its provider's; the model's own where a provider has several."""
    providers = {model.id: model.provider for model in record.models}
    short = bench_words.model_names(summary)
    return {
        model: visible(providers.get(model.partition("@")[0], name)) if "/" not in name else name
        for model, name in short.items()
    }


def _measured_names(record: RunRecord, summary: BenchSummary) -> dict[tuple[str, str], str]:
    """The same for each model and mode; the mode stands beside it on the page."""
    names = _measured_models(record, summary)
    return {(line.model, line.mode): names[line.model] for line in summary.providers}


def _days_text(summary: BenchSummary) -> str:
    """`2026-03-01 to 2026-03-20`, in UTC."""
    moments = [one for one in (summary.started_at, summary.ended_at) if one is not None]
    return " to ".join(dict.fromkeys(f"{moment.astimezone(UTC):%Y-%m-%d}" for moment in moments))


def _took_text(job: TrialJob) -> str:
    if job.low_s is None:
        return "not known"
    return estimate_text(job.low_s, job.high_s, open_ended=False)
