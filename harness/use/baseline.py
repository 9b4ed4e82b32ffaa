"""The specs at hand against the baseline that the user accepted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from harness.compare.change import side_of
from harness.compare.changes import changes_of_sides
from harness.errors import OperatorError
from harness.finding import Direction, Finding, Impact, Location, Severity
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.use.case import counted
from harness.use.lock import Lock, LockedModel, digest_of, locked_side
from harness.use.rules import LOCK_MISSING, SPEC_GONE, SPEC_MOVED

__all__ = ["judge_lock"]

_MOST_TOLD = 5


def judge_lock(
    lock: Lock,
    store: SpecStore,
    *,
    references: Mapping[str, str],
    judged: Collection[str],
    weighed: Callable[[Finding], Finding],
    file: str,
) -> Iterator[Finding]:
    """One finding for each model whose spec is no longer what was accepted.

    `references` are those of harness.yaml by model id, `judged` the ids of the models of this run: of
    others nothing is said. `weighed` gives a change as it is to the user.
    """
    for model, locked in lock.models.items():
        if model in judged:
            yield from _judge(lock, locked, store, references.get(model, locked.reference), weighed)
    for model in references:
        if model in judged and model not in lock.models:
            yield Finding(
                rule=LOCK_MISSING,
                message=f"{file} has no baseline of {model}",
                field=f"/models/{model.replace('/', '~1')}",
                model=model,
                direction=Direction.SPEC,
                subject=Location(file=file),
            )


def _judge(
    lock: Lock,
    locked: LockedModel,
    store: SpecStore,
    reference: str,
    weighed: Callable[[Finding], Finding],
) -> Iterator[Finding]:
    try:
        spec = store.get(reference)
    except OperatorError as error:
        yield Finding(
            rule=SPEC_GONE,
            message=f"{locked.reference} was accepted on {_day(lock)}: {error}",
            field="",
            model=locked.model,
            direction=Direction.SPEC,
            expected=locked.reference,
            source=locked.location,
        )
        return
    if digest_of(spec) != locked.digest:
        yield _moved(lock, locked, spec, [weighed(f) for f in _changes(lock, locked, spec)])


def _changes(lock: Lock, locked: LockedModel, spec: Spec) -> tuple[Finding, ...]:
    return changes_of_sides(locked_side(lock, locked.model), side_of(spec))


def _moved(lock: Lock, locked: LockedModel, spec: Spec, changes: list[Finding]) -> Finding:
    severity = max((f.severity for f in changes), key=lambda each: each.rank, default=Severity.INFO)
    impact = {each for f in changes if f.severity is not Severity.INFO for each in f.impact}
    return Finding(
        rule=SPEC_MOVED,
        message=_message(lock, locked, spec, changes),
        field="",
        model=locked.model,
        direction=Direction.SPEC,
        expected=locked.digest,
        observed={"digest": digest_of(spec), "changes": [_change(f) for f in changes]},
        source=locked.location,
        subject=spec.location_at(""),
        severity_override=severity,
        impact_override=tuple(each for each in Impact if each in impact),
        consequence=_consequence(changes),
    )


def _message(lock: Lock, locked: LockedModel, spec: Spec, changes: list[Finding]) -> str:
    old = f"{locked.reference} as accepted on {_day(lock)} (harness {lock.version})"
    new = "the spec" if spec.ref == locked.reference else spec.ref
    if not changes:
        return f"{old}: {new} is worded or sourced otherwise, and says the same"
    loudest = sorted(changes, key=lambda f: -f.severity.rank)
    told = "; ".join(f.message for f in loudest[:_MOST_TOLD])
    more = f"; and {len(changes) - _MOST_TOLD} more" if len(changes) > _MOST_TOLD else ""
    return f"{old}: {new} differs in {counted(len(changes), 'fact')}: {told}{more}"


def _consequence(changes: list[Finding]) -> str | None:
    loud = [f for f in changes if f.severity is not Severity.INFO and f.consequence is not None]
    return "; ".join(f"{f.field or f.facet}: {f.consequence}" for f in loud[:_MOST_TOLD]) or None


def _change(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "severity": finding.severity.value,
        "operation": finding.operation,
        "direction": finding.direction.value if finding.direction else None,
        "field": finding.field,
        "facet": finding.facet,
        "expected": finding.expected,
        "observed": finding.observed,
    }


def _day(lock: Lock) -> str:
    return lock.accepted_at.date().isoformat()
