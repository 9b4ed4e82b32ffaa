"""What the documents alone tell of a seller, by criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.decision.model import Evidence, Fit
from harness.ranking.rank import Figure
from harness.record import ModelRecord
from harness.spec.model import State

__all__ = ["completion", "documentation", "fit"]


def fit(fits: Sequence[Fit], *, source: str, where: Sequence[str]) -> Evidence:
    """The share of what the wishes ask for that can be asked for here; silence leaves a range."""
    asked, kept = sum(one.asked for one in fits), sum(one.kept for one in fits)
    silent = sum(one.silent for one in fits)
    if not asked:
        return Evidence(criterion="fit", figure=None, counts={}, why="nothing was asked for", where=())
    return Evidence(
        criterion="fit",
        figure=Figure(
            value=kept / asked,
            low=kept / asked,
            high=(kept + silent) / asked,
            basis="documented",
            source=source,
        ),
        counts={"asked": asked, "kept": kept, "undocumented": silent},
        why="parameters and ways of delivery of the requests that its documents take as asked",
        where=tuple(where),
    )


def completion(states: Mapping[str, State], *, source: str, where: str) -> Evidence:
    """How many ways to learn of the end are documented; those that no document speaks of may be there."""
    count = {state: sum(own is state for own in states.values()) for state in State}
    known, silent = count[State.DOCUMENTED], count[State.UNDOCUMENTED]
    return Evidence(
        criterion="completion",
        figure=Figure(value=known, low=known, high=known + silent, basis="documented", source=source),
        counts={"documented": known, "undocumented": silent, "absent": count[State.ABSENT]},
        why="of poll, webhook, events and blocking call; what no document speaks of may be there",
        where=(where,),
    )


def documentation(record: ModelRecord, contradictions: int, *, source: str, where: str) -> Evidence:
    """The share of the facts that were looked for which are stated, once and clearly."""
    total = sum(record.fact_counts.values())
    stated = total - record.fact_counts.get(State.UNDOCUMENTED.value, 0)
    if not total:
        why = "no fact was looked for"
        return Evidence(criterion="documentation", figure=None, counts={}, why=why, where=(where,))
    share = max(0, stated - contradictions) / total
    return Evidence(
        criterion="documentation",
        figure=Figure(value=share, low=share, high=share, basis="documented", source=source),
        counts={"facts": total, "stated": stated, "contradictions": contradictions},
        why="facts that are stated, without those that contradict each other, of all that were looked for",
        where=(where,),
    )
