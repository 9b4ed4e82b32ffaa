"""What to ask each vendor: unknowns that cost a buyer something, and statements that cannot both hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.compare.matrix import Row
from harness.compare.weights import Cost
from harness.decision.model import Question
from harness.finding import Finding, Kind
from harness.spec.model import State

__all__ = ["questions"]

_ALWAYS: frozenset[str] = frozenset({"price", "limits", "latency", "validation", "errors"})
"""What matters to every buyer, even where not knowing it costs nothing at once."""
_LEAST = Cost.UNKNOWN


def questions(
    models: Sequence[str], rows: Sequence[Row], findings: Sequence[Finding]
) -> tuple[Question, ...]:
    """The questions to the sellers of one group, dearest first; `rows` are those of the group."""
    found = [*_unknowns(models, rows), *_contradictions(models, findings)]
    order = {model: place for place, model in enumerate(models)}
    return tuple(sorted(found, key=lambda one: (one.cost_rank, order[one.model], one.parameter, one.facet)))


def _unknowns(models: Sequence[str], rows: Sequence[Row]) -> Iterator[Question]:
    for row in rows:
        if row.cost_rank >= _LEAST and row.parameter not in _ALWAYS:
            continue
        for model in models:
            cell = row.cells.get(model)
            if cell is not None and cell.state is State.UNDOCUMENTED:
                yield Question(
                    model=model,
                    parameter=row.parameter,
                    facet=row.facet,
                    cost_rank=row.cost_rank,
                    others={
                        other: own.value for other, own in row.cells.items() if own.state is State.DOCUMENTED
                    },
                )


def _contradictions(models: Sequence[str], findings: Sequence[Finding]) -> Iterator[Question]:
    for finding in findings:
        if finding.kind is Kind.CONTRADICTION and finding.model is not None and finding.model in models:
            yield Question(
                model=finding.model,
                parameter=finding.field,
                facet=finding.facet or "",
                cost_rank=int(_LEAST),
                others={},
                contradiction=finding.message,
                fingerprint=finding.fingerprint,
            )
