"""A run, arranged for a reader: what comes first, what belongs together, what cannot be said.

Markdown and HTML both show this; neither decides anything of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from harness.compare.matrix import Cell, Row
from harness.compare.values import form
from harness.finding import Finding, Kind, Verdict
from harness.record import EstimateLine, ModelRecord, RunRecord
from harness.report.notes import method_notes, unknowns
from harness.report.values import cost_text
from harness.report.words import evidence_line, joined, verdict_sentence
from harness.spec.model import State

__all__ = [
    "Group",
    "ModelPage",
    "Page",
    "Standing",
    "Tier",
    "conformance_text",
    "counts_text",
    "page_of",
    "short_names",
    "slug",
    "standings",
    "tiers",
]


class Standing(StrEnum):
    """How one seller's value stands to the others' in one row of the comparison."""

    AGREES = "agrees"  # the value that most of those who document one state
    DIFFERS = "differs"
    UNDOCUMENTED = "undocumented"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The sellers of one model version and tier, and nothing of another."""

    name: str
    slug: str
    models: tuple[ModelRecord, ...]
    discrepant: tuple[Row, ...]  # what costs a buyer most comes first
    agreeing: tuple[Row, ...]
    estimates: tuple[EstimateLine, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, the discrepant ones first."""
        return self.discrepant + self.agreeing

    @property
    def figure(self) -> str:
        """The name of the figure of its comparison."""
        return f"discrepancies-{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    """One endpoint with what was found about it."""

    record: ModelRecord
    slug: str
    verdict: Verdict | None
    contradictions: tuple[Finding, ...]

    @property
    def standing(self) -> str:
        """Its verdict in words; nothing recorded is never called conforming."""
        if self.verdict in (None, Verdict.CONFORMS) and not sum(self.record.messages.values()):
            return "nothing recorded"
        return self.verdict.value if self.verdict else "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that a page about one run shows, in order."""

    record: RunRecord
    evidence: str
    verdict: Verdict
    sentence: str
    unknowns: tuple[str, ...]
    groups: tuple[Group, ...]
    models: tuple[ModelPage, ...]
    findings: tuple[Finding, ...]  # loudest first; discrepancies and contradictions have places of their own
    discrepancies: int
    contradictions: int
    notes: tuple[tuple[str, str], ...]  # term, meaning

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of its figures; the files are `figures/NAME.svg`."""
        names = [group.figure for group in self.groups if group.rows]
        names += ["estimates"] if any(group.estimates for group in self.groups) else []
        names += ["conformance"] if self.models else []
        return tuple(names)


def page_of(record: RunRecord) -> Page:
    """The run, arranged."""
    judgement = record.judgement
    kinds = Counter(finding.kind for finding in judgement.findings)
    elsewhere = (Kind.DISCREPANCY, Kind.CONTRADICTION)
    others = [f for f in judgement.findings if f.kind not in elsewhere]
    return Page(
        record=record,
        evidence=evidence_line(record.messages),
        verdict=judgement.verdict,
        sentence=verdict_sentence(judgement),
        unknowns=tuple(unknowns(record)),
        groups=tuple(_groups(record)),
        models=tuple(_model_page(record, model) for model in record.models),
        findings=tuple(sorted(others, key=_loudness)),
        discrepancies=kinds[Kind.DISCREPANCY],
        contradictions=kinds[Kind.CONTRADICTION],
        notes=method_notes(record),
    )


def _loudness(finding: Finding) -> tuple[bool, int, str, str]:
    return finding.waived, -finding.severity.rank, finding.model or "", finding.rule.id


def _groups(record: RunRecord) -> Iterable[Group]:
    names = dict.fromkeys((*(m.group for m in record.models), *(row.group for row in record.matrix)))
    for name in names:
        rows = [row for row in record.matrix if row.group == name]
        models = tuple(model for model in record.models if model.group == name)
        ids = {model.id for model in models}
        yield Group(
            name=name,
            slug=slug(name),
            models=models,
            discrepant=tuple(sorted((r for r in rows if r.discrepant), key=lambda r: r.cost_rank)),
            agreeing=tuple(row for row in rows if not row.discrepant),
            estimates=tuple(line for line in record.estimates if line.model in ids),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Discrepant rows of one cost."""

    text: str
    rows: tuple[Row, ...]


def tiers(group: Group) -> list[Tier]:
    """The discrepant rows of a group by what they cost a buyer, the dearest first."""
    ranked = groupby(group.discrepant, key=lambda row: row.cost_rank)
    return [Tier(text=cost_text(cost), rows=tuple(rows)) for cost, rows in ranked]


def _model_page(record: RunRecord, model: ModelRecord) -> ModelPage:
    findings = [finding for finding in record.judgement.findings if finding.model == model.id]
    return ModelPage(
        record=model,
        slug=slug(model.id),
        verdict=record.judgement.model_verdicts.get(model.id),
        contradictions=tuple(f for f in findings if f.kind is Kind.CONTRADICTION),
    )


def slug(text: str) -> str:
    """Lower-case letters, digits, dots and hyphens: fit for an anchor and for a file name."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "x"


def short_names(models: Iterable[ModelRecord]) -> dict[str, str]:
    """The provider's name for each model id; the id itself where a provider sells several of them."""
    listed = tuple(models)
    counts = Counter(model.provider for model in listed)
    return {model.id: model.provider if counts[model.provider] == 1 else model.id for model in listed}


def standings(row: Row) -> dict[str, Standing]:
    """Each seller's standing. Where no value is stated more often than any other, all differ."""
    stated = {
        model: form(cell.value, facet=row.facet if row.parameter != "status" else "enum")
        for model, cell in row.cells.items()
        if cell.state is State.DOCUMENTED
    }
    ranked = Counter(stated.values()).most_common(2)
    is_tie = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
    common = None if is_tie or not ranked else ranked[0][0]
    return {model: _standing(cell, stated.get(model), common) for model, cell in row.cells.items()}


def _standing(cell: Cell, key: str | None, common: str | None) -> Standing:
    if key is None:
        return Standing(cell.state.value)
    return Standing.AGREES if key == common else Standing.DIFFERS


def conformance_text(model: ModelRecord) -> str:
    """`34 documented messages were judged, none violates`, with every provenance that there is."""
    counts = [f"{number:,} {name}" for name, number in model.messages.items() if number]
    if not counts:
        return "Nothing is recorded"
    bad = model.messages_violating
    total = sum(model.messages.values())
    verdict = f"{bad:,} violating" if bad else "none violating"
    return f"{joined(counts)} {'message' if total == 1 else 'messages'} judged, {verdict}"


def counts_text(counts: Mapping[str, int]) -> str:
    """`130 facts documented, 2 absent, 12 undocumented`."""
    told = [f"{number:,} {state}" for state, number in counts.items()]
    return ", ".join(told).replace(" ", " facts ", 1) or "no facts"
