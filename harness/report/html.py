"""A run as one HTML file that loads nothing; see `harness.report.template` for what goes into it, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import Any

from harness.compare.matrix import Row
from harness.decision.model import Decision
from harness.record import DocumentedFact, ModelRecord, RunRecord
from harness.report import since_words, values, words
from harness.report.page import Group, conformance_text, counts_text, page_of, short_names
from harness.report.since import Since
from harness.report.template import asset, environment, markup, policy
from harness.report.visible import compact, visible
from harness.stats.interval import Interval

__all__ = ["record_html"]

TITLE = "Video APIs side by side"
CONTENTS: tuple[tuple[str, str], ...] = (
    ("unknown", "What cannot be said yet"),
    ("comparison", "Where the sellers differ"),
    ("times", "How long a job takes"),
    ("contradictions", "Contradictions"),
    ("conformance", "Conformance"),
    ("endpoints", "Endpoint by endpoint"),
    ("findings", "Findings"),
    ("method", "Method and provenance"),
)
SINCE = ("since", "What changed")
_LONGEST_CELL = 160
_FEW = 8


def record_html(
    record: RunRecord,
    figures: Mapping[str, str] | None = None,
    decision: Decision | None = None,
    *,
    since: Since | None = None,
) -> str:
    """The page. `figures` are SVG texts as `harness.report.figures.all_figures` gives them, drawn if None.

    `decision` is what it shows besides the run, `since` what changed since an earlier one.
    """
    from harness.report.figures import all_figures

    page = page_of(record)
    templates = environment(_names(record))
    css, js = (asset(templates, name) for name in ("report.css", "report.js"))
    drawn = all_figures(page) if figures is None else figures
    return templates.get_template("report.html.j2").render(
        page=page,
        record=record,
        decision=decision,
        title=TITLE,
        since=since,
        contents=CONTENTS if since is None else (SINCE, *CONTENTS),
        providers=list(dict.fromkeys(model.provider for model in record.models)),
        contradicted=[model for model in page.models if model.contradictions],
        made=f"{record.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        figures={name: markup(svg) for name, svg in drawn.items()},
        css=css,
        js=js,
        policy=policy(css, js),
    )


def _names(record: RunRecord) -> dict[str, Any]:
    """What the templates may call."""
    return (
        {name: getattr(words, name) for name in words.__all__}
        | {name: getattr(values, name) for name in values.__all__}
        | {name: getattr(since_words, name) for name in since_words.__all__}
        | {
            "names": lambda group: short_names(group.models),
            "tiers": _tiers,
            "meaning": lambda row: _meaning(record, row),
            "compact": compact,
            "conformance_text": conformance_text,
            "counts_text": counts_text,
            "short": lambda text: visible(text, _LONGEST_CELL),
            "intervals": _intervals,
            "subjects": _subjects,
            "spec_file": _spec_file,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Discrepant rows of one cost."""

    text: str
    rows: tuple[Row, ...]


def _tiers(group: Group) -> list[Tier]:
    ranked = groupby(group.discrepant, key=lambda row: row.cost_rank)
    return [Tier(text=values.cost_text(cost), rows=tuple(rows)) for cost, rows in ranked]


def _meaning(record: RunRecord, row: Row) -> str:
    return record.meanings.get((row.group, row.key), "")


def _intervals(jobs: Iterable[Interval]) -> str:
    told = [words.interval_text(job) for job in jobs]
    more = f", and {len(told) - _FEW:,} more" if len(told) > _FEW else ""
    return ", ".join(told[:_FEW]) + more


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """All facts about one thing."""

    name: str
    facts: tuple[DocumentedFact, ...]
    source: str
    place: str


def _subjects(model: ModelRecord) -> list[Subject]:
    by_subject = groupby(model.facts, key=lambda fact: fact.subject)
    return [_subject(name, tuple(facts), _spec_file(model)) for name, facts in by_subject]


def _subject(name: str, facts: tuple[DocumentedFact, ...], spec_file: str) -> Subject:
    sources = dict.fromkeys(fact.source for fact in facts if fact.source)
    first = facts[0]
    return Subject(
        name=name,
        facts=facts,
        source="; ".join(sources) or "none",
        place=str(first.line) if first.file == spec_file else f"{first.file}:{first.line}",
    )


def _spec_file(model: ModelRecord) -> str:
    """The file that most facts stand in; another one is an overlay."""
    files = Counter(fact.file for fact in model.facts).most_common(1)
    return files[0][0] if files else ""
