"""The matrix: what the sellers of one model document, side by side, dearest difference first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.compare.cells import FACET_ORDER, PARAMETERS, Cell, CellKey, cells, holder
from harness.compare.values import form
from harness.compare.weights import Cost, cost_of
from harness.finding import Impact, Skipped
from harness.spec.model import Spec, State
from harness.spec.vocabulary import CANONICAL

__all__ = ["Cell", "Row", "matrix", "matrix_json", "uncompared"]

_PLACES = {
    "request": "/operations/submit/request",
    "validation": "/operations/submit/validation",
    "job": "/operations/poll/responses",
    "status": "/operations/poll/responses",
    "completion": "/operations",
}
"""Where in a spec a parameter stands that is neither canonical nor a section of its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One facet of one parameter, with a cell for each seller of the group, by the spec's `ref`.

    `cost_rank` is that of `harness.compare.weights`: 0 (the bill changes in silence) to 4 (merely
    unknown), and 5 where there is no discrepancy; `impact` is empty for 4 and 5.
    """

    group: str
    parameter: str
    facet: str
    cells: Mapping[str, Cell]
    discrepant: bool
    impact: tuple[Impact, ...]
    cost_rank: int

    @property
    def key(self) -> str:
        """`parameter.facet`, as discrepancies.yaml has it."""
        return f"{self.parameter}.{self.facet}"


def matrix(specs: Iterable[Spec]) -> tuple[Row, ...]:
    """The rows of every group that at least two of the specs belong to, group by group, ranked.

    A group is a model family, version, tier and task. A row is discrepant where states or values differ.
    Rows that nobody states are left out, and so are rows that would only say once more that a seller does
    not document the parameter at all.
    """
    rows: list[Row] = []
    for group, members in sorted(_groups(specs).items()):
        if len(members) > 1:
            rows += sorted(_rows(group, members), key=_order)
    return tuple(rows)


def uncompared(specs: Iterable[Spec]) -> tuple[Skipped, ...]:
    """The groups that only one of the specs belongs to: there is nothing to compare it with."""
    return tuple(
        Skipped(what=members[0].ref, why=f"no other seller of {group} among the specs")
        for group, members in sorted(_groups(specs).items())
        if len(members) == 1
    )


def matrix_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as `compare --format json` has them."""
    return [
        {
            "group": row.group,
            "parameter": row.parameter,
            "facet": row.facet,
            "discrepant": row.discrepant,
            "impact": [impact.value for impact in row.impact],
            "cost_rank": row.cost_rank,
            "cells": {
                model: {"state": cell.state.value, "value": cell.value} for model, cell in row.cells.items()
            },
        }
        for row in rows
    ]


def _groups(specs: Iterable[Spec]) -> dict[str, list[Spec]]:
    groups: dict[str, list[Spec]] = {}
    for spec in specs:
        members = groups.setdefault(spec.model.group, [])
        if spec.ref not in {member.ref for member in members}:
            members.append(spec)
    return groups


def _order(row: Row) -> tuple[int, int, int]:
    return row.cost_rank, PARAMETERS.index(row.parameter), FACET_ORDER.index(row.facet)


def _rows(group: str, members: Sequence[Spec]) -> Iterator[Row]:
    stated = {spec.ref: cells(spec) for spec in members}
    for key in dict.fromkeys(key for found in stated.values() for key in found):
        if _worth_a_row(key, stated):
            by_model = {ref: own.get(key) or _silent(key, own) for ref, own in stated.items()}
            yield _row(group, key, by_model)


def _worth_a_row(key: CellKey, stated: Mapping[str, Mapping[CellKey, Cell]]) -> bool:
    """Whether some seller states a value, or one an absence where another is silent on what one looks for."""
    found = [by_key[key] for by_key in stated.values() if key in by_key]
    states = {cell.state for cell in found}
    if State.DOCUMENTED not in states and states != {State.ABSENT, State.UNDOCUMENTED}:
        return False
    having = holder(key)
    if having is None:
        return True
    holders = [by_key for by_key in stated.values() if _has(by_key, having)]
    return len(holders) == len(stated) or len({_form(by_key.get(key), key) for by_key in holders}) > 1


def _has(by_key: Mapping[CellKey, Cell], key: CellKey) -> bool:
    return key in by_key and by_key[key].state is State.DOCUMENTED


def _silent(key: CellKey, own: Mapping[CellKey, Cell]) -> Cell:
    """The cell of a seller that says nothing; `at` is where the statement would stand."""
    parameter, _ = key
    at = _PLACES.get(parameter, f"/{parameter}")
    if parameter in CANONICAL:
        presence = own.get((parameter, "presence"))
        at = presence.at if presence is not None else "/mapping"
    return Cell(state=State.UNDOCUMENTED, value=None, at=at, sources=())


def _form(cell: Cell | None, key: CellKey) -> tuple[str, str]:
    if cell is None:
        return State.UNDOCUMENTED, ""
    return cell.state, form(cell.value, facet=_list_facet(key))


def _list_facet(key: CellKey) -> str:
    """The words of one state are a set, as the members of an enum are."""
    return "enum" if key[0] == "status" else key[1]


def _row(group: str, key: CellKey, by_model: Mapping[str, Cell]) -> Row:
    parameter, facet = key
    discrepant = len({_form(cell, key) for cell in by_model.values()}) > 1
    cost = Cost.NONE
    impact: tuple[Impact, ...] = ()
    if discrepant:
        cost, impact = cost_of(parameter, facet, ((cell.state, cell.value) for cell in by_model.values()))
    return Row(
        group=group,
        parameter=parameter,
        facet=facet,
        cells=by_model,
        discrepant=discrepant,
        impact=impact,
        cost_rank=int(cost),
    )
