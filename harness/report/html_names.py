"""What the templates of the page call to show a run: words, and where in report.json a thing stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from harness.compare.matrix import Row
from harness.finding import Finding, Kind
from harness.record import DocumentedFact, EstimateLine, ModelRecord, RunRecord
from harness.report import since_words, values, words
from harness.report.anchors import anchor
from harness.report.found import BRIEF, FEW_ROWS, Found, FoundRow
from harness.report.page import conformance_text, counts_text, short_names, slug, tiers
from harness.report.visible import LONGEST_TEXT, compact, visible
from harness.stats.interval import Interval

__all__ = ["record_names"]

_LONGEST_CELL = 160
_FEW = 8


def record_names(record: RunRecord, listed: Found) -> dict[str, Any]:
    """The functions by name."""
    places = _Places(record)
    longest = LONGEST_TEXT if len(listed.rows) <= FEW_ROWS else BRIEF
    return (
        {name: getattr(words, name) for name in words.__all__}
        | {name: getattr(values, name) for name in values.__all__}
        | {name: getattr(since_words, name) for name in since_words.__all__}
        | {
            "anchor": anchor,
            "slug": slug,
            "names": lambda group: short_names(group.models),
            "tiers": tiers,
            "meaning": lambda row: record.meanings.get((row.group, row.key), ""),
            "compact": compact,
            "conformance_text": conformance_text,
            "counts_text": counts_text,
            "short": lambda text: visible(text, _LONGEST_CELL),
            "told_short": lambda text: visible(text, longest),
            "told_value": lambda value: compact(value, longest),
            "listed": _listed,
            "intervals": _intervals,
            "subjects": _subjects,
            "spec_file": _spec_file,
            "row_index": places.row,
            "finding_of": places.finding_of,
            "endpoint_index": places.endpoint,
            "finding_index": places.finding,
            "estimate_index": places.estimate,
            "provider_of": places.provider,
            "repeated_index": _repeated(listed),
        }
    )


class _Places:
    """Where in report.json the parts of a record stand, by what they are."""

    def __init__(self, record: RunRecord) -> None:
        self.rows = {(row.group, row.key): index for index, row in enumerate(record.matrix)}
        self.findings = {id(one): index for index, one in enumerate(record.judgement.findings)}
        self.estimates = {id(one): index for index, one in enumerate(record.estimates)}
        self.endpoints = {model.id: index for index, model in enumerate(record.models)}
        self.providers = {model.id: model.provider for model in record.models}
        self.differences = [f for f in record.judgement.findings if f.kind is Kind.DISCREPANCY]

    def row(self, row: Row) -> int:
        return self.rows[(row.group, row.key)]

    def endpoint(self, model: ModelRecord) -> int:
        return self.endpoints[model.id]

    def finding(self, finding: Finding) -> int:
        return self.findings[id(finding)]

    def estimate(self, line: EstimateLine) -> int:
        return self.estimates[id(line)]

    def provider(self, model: str | None) -> str:
        """The provider of a model, of whatever revision; empty where a finding is about none, or several."""
        return self.providers.get((model or "").partition("@")[0], "")

    def finding_of(self, row: Row) -> str:
        """The fingerprint of the finding that a row of the matrix is; empty where there is none."""
        field = f"/{row.parameter}/{row.facet}"
        for finding in self.differences:
            told = finding.observed if isinstance(finding.observed, dict) else {}
            if finding.field == field and (not told or set(told) & set(row.cells)):
                return finding.fingerprint
        return ""


def _repeated(listed: Found) -> Any:
    numbers = {row.fingerprint: index for index, row in enumerate(listed.repeated)}

    def index(row: FoundRow) -> int:
        return numbers[row.fingerprint]

    return index


def _listed(texts: Sequence[str]) -> str:
    more = ", and more" if len(texts) > _FEW else ""
    return ", ".join(visible(text, _LONGEST_CELL) for text in texts[:_FEW]) + more


def _intervals(jobs: Iterable[Interval]) -> str:
    told = [words.interval_text(job) for job in jobs]
    more = ", and more" if len(told) > _FEW else ""
    return ", ".join(told[:_FEW]) + more


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """All facts about one thing; `index` is the first one's place among the facts of its endpoint."""

    name: str
    index: int
    facts: tuple[DocumentedFact, ...]
    source: str
    place: str


def _subjects(model: ModelRecord) -> list[Subject]:
    found: list[Subject] = []
    index, file = 0, _spec_file(model)
    for name, group in groupby(model.facts, key=lambda fact: fact.subject):
        facts = tuple(group)
        found.append(_subject(name, index, facts, file))
        index += len(facts)
    return found


def _subject(name: str, index: int, facts: tuple[DocumentedFact, ...], spec_file: str) -> Subject:
    sources = dict.fromkeys(fact.source for fact in facts if fact.source)
    first = facts[0]
    return Subject(
        name=name,
        index=index,
        facts=facts,
        source="; ".join(sources) or "none",
        place=str(first.line) if first.file == spec_file else f"{first.file}:{first.line}",
    )


def _spec_file(model: ModelRecord) -> str:
    """The file that most facts stand in; another one is an overlay."""
    files = Counter(fact.file for fact in model.facts).most_common(1)
    return files[0][0] if files else ""
