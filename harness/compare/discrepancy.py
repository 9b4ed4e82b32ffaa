"""Discrepancies between the sellers of one model, and their encoding held equal to the computed set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.compare.cells import Cell, is_presence
from harness.compare.encoded import Encoded, Encoding
from harness.compare.matrix import Row, matrix
from harness.compare.values import form, shown, state_or_value
from harness.finding import Direction, Finding, Impact, Kind, Location, Rule, Severity
from harness.spec.model import Spec, State
from harness.spec.node import Mark
from harness.spec.vocabulary import CANONICAL

__all__ = ["RULES", "check_discrepancies", "check_encoding"]

DISCREPANCY = Rule(
    id="compare.discrepancy",
    kind=Kind.DISCREPANCY,
    severity=Severity.INFO,
    summary="Sellers of one model document different things.",
    advice="Nothing is broken. Before you switch, read what the difference means and adapt the request.",
)
UNENCODED = Rule(
    id="compare.discrepancy-unencoded",
    severity=Severity.ERROR,
    direction=Direction.SPEC,
    summary="The specs differ in a way that discrepancies.yaml does not have.",
    advice="Add the entry, with what the difference means to a buyer who switches.",
)
GONE = Rule(
    id="compare.discrepancy-gone",
    severity=Severity.ERROR,
    direction=Direction.SPEC,
    summary="discrepancies.yaml has a difference that the specs no longer show.",
    advice="Remove the entry.",
)
CHANGED = Rule(
    id="compare.discrepancy-changed",
    severity=Severity.ERROR,
    direction=Direction.SPEC,
    summary="discrepancies.yaml has another value or impact than the specs show.",
    advice="Correct the entry, and read whether what it means still holds.",
)
RULES: tuple[Rule, ...] = (DISCREPANCY, UNENCODED, GONE, CHANGED)

_DIRECTIONS = {
    "request": Direction.REQUEST,
    "auth": Direction.REQUEST,
    "job": Direction.RESPONSE,
    "status": Direction.RESPONSE,
    "errors": Direction.RESPONSE,
    "webhook": Direction.WEBHOOK,
}


def check_discrepancies(specs: Iterable[Spec], encoding: Encoding) -> Iterator[Finding]:
    """One finding for each discrepant row of the matrix of these specs, dearest first."""
    by_ref = {spec.ref: spec for spec in specs}
    for row in matrix(by_ref.values()):
        if row.discrepant:
            yield _discrepancy(row, by_ref, encoding.entries.get((row.group, row.key)))


def check_encoding(specs: Iterable[Spec], known: Iterable[Spec], encoding: Encoding) -> Iterator[Finding]:
    """Where discrepancies.yaml and the specs disagree, entry by entry.

    `known` are all baselines. Only groups of which every seller is among `specs` are judged: of a part of a
    group, nothing can be said of what its full matrix would show.
    """
    by_ref = {spec.ref: spec for spec in specs}
    everywhere = tuple(known)
    partial = {spec.model.group for spec in everywhere if spec.ref not in by_ref}
    whole = [spec for spec in everywhere if spec.model.group not in partial]
    rows = {(row.group, row.key): row for row in matrix(whole) if row.discrepant}
    for key, row in rows.items():
        if key not in encoding.entries:
            yield _unencoded(row, by_ref, encoding)
    for key, entry in encoding.entries.items():
        if key in rows:
            yield from _changed(rows[key], entry, by_ref)
        elif entry.group not in partial:
            yield _gone(entry)


def _values(row: Row) -> dict[str, Any]:
    return {model: state_or_value(cell.state, cell.value) for model, cell in row.cells.items()}


def _direction(row: Row) -> Direction:
    default = Direction.REQUEST if row.parameter in CANONICAL else Direction.SPEC
    return _DIRECTIONS.get(row.parameter, default)


def _discrepancy(row: Row, by_ref: Mapping[str, Spec], entry: Encoded | None) -> Finding:
    first, second = _two_places(row, by_ref)
    changes_silently = Impact.BILL in row.impact or Impact.OUTPUT in row.impact
    message = f"{row.parameter} {row.facet}: {_by_value(row, by_ref)}"
    if entry is not None:
        message += f". {entry.means.strip()}"
    return Finding(
        rule=DISCREPANCY,
        message=message,
        field=f"/{row.parameter}/{row.facet}",
        direction=_direction(row),
        facet=row.facet,
        observed=_values(row),
        source=first,
        subject=second,
        severity_override=Severity.WARNING if changes_silently else None,
        impact_override=row.impact,
    )


def _two_places(row: Row, by_ref: Mapping[str, Spec]) -> tuple[Location, Location]:
    """Where the first stated value stands, and the first that differs from it."""
    places = [(ref, cell, form(state_or_value(cell.state, cell.value))) for ref, cell in row.cells.items()]
    first = next(place for place in places if place[1].state is not State.UNDOCUMENTED)
    second = next(place for place in places if place[2] != first[2])
    return by_ref[first[0]].location_at(first[1].at), by_ref[second[0]].location_at(second[1].at)


def _by_value(row: Row, by_ref: Mapping[str, Spec]) -> str:
    """`1 at Novita and Eachlabs; 10 at Oxen.ai; undocumented at AI/ML API`."""
    sellers: dict[str, list[str]] = {}
    providers = [by_ref[ref].provider.name for ref in row.cells]
    for ref, cell in row.cells.items():
        name = by_ref[ref].provider.name
        told = _told(row, cell)
        sellers.setdefault(told, []).append(name if providers.count(name) == 1 else ref)
    silent_last = sorted(sellers, key=lambda told: told == State.UNDOCUMENTED)
    return "; ".join(f"{told} at {_and(sellers[told])}" for told in silent_last)


def _told(row: Row, cell: Cell) -> str:
    if cell.state is State.ABSENT:
        return "documented as absent"
    if cell.state is State.UNDOCUMENTED or is_presence(row.parameter, row.facet):
        return cell.state.value
    return shown(cell.value)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _encoding_finding(
    rule: Rule, message: str, field: str, mark: Mark, *, facet: str, model: str | None = None, **rest: Any
) -> Finding:
    return Finding(
        rule=rule,
        message=message,
        field=field,
        model=model,
        direction=Direction.SPEC,
        facet=facet,
        subject=mark.location(),
        **rest,
    )


def _place(group: str, key: str) -> str:
    return f"/groups/{group}/{key}"


def _unencoded(row: Row, by_ref: Mapping[str, Spec], encoding: Encoding) -> Finding:
    return _encoding_finding(
        UNENCODED,
        f"{row.group}: no entry {row.key}, and the specs differ: {_by_value(row, by_ref)}",
        _place(row.group, row.key),
        encoding.mark_of(row.group),
        facet=row.facet,
        expected=_values(row),
        source=_two_places(row, by_ref)[0],
    )


def _gone(entry: Encoded) -> Finding:
    return _encoding_finding(
        GONE,
        f"{entry.group}: entry {entry.key}, and the specs do not differ there",
        _place(entry.group, entry.key),
        entry.mark,
        facet=entry.key.partition(".")[2],
        observed=dict(entry.values),
    )


def _changed(row: Row, entry: Encoded, by_ref: Mapping[str, Spec]) -> Iterator[Finding]:
    at = _place(row.group, row.key)
    if set(entry.impact) != set(row.impact):
        computed, encoded = [i.value for i in row.impact], [i.value for i in entry.impact]
        message = (
            f"{row.group}: {row.key} has impact {shown(encoded)} here and {shown(computed)} by the specs"
        )
        yield _encoding_finding(
            CHANGED, message, f"{at}/impact", entry.mark, facet="impact", expected=computed, observed=encoded
        )
    values = _values(row)
    for model in dict.fromkeys((*values, *entry.values)):
        expected, observed = values.get(model), entry.values.get(model)
        if model in values and model in entry.values and form(expected) == form(observed):
            continue
        spec = by_ref.get(model)
        yield _encoding_finding(
            CHANGED,
            f"{row.group}: {row.key} of {model} is {shown(observed)} here and {shown(expected)} by the specs",
            f"{at}/values/{model.replace('/', '~1')}",
            entry.mark_of(model),
            facet=row.facet,
            model=model if spec is not None else None,
            expected=expected,
            observed=observed,
            source=spec.location_at(row.cells[model].at) if spec is not None and model in values else None,
        )
