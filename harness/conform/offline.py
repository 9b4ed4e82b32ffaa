"""T0: generated requests against `check request`, in process. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.check.body import Judges
from harness.check.request import check_request
from harness.conform.rules import rule
from harness.errors import OperatorError
from harness.finding import Direction, Finding
from harness.generate.case import Case, Kind
from harness.generate.cases import drawn, every_fault, every_valid, invalid_cases, smallest_case, valid_cases
from harness.spec.model import Spec

__all__ = ["Offline", "disagreement", "judge_offline"]

_Said = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offline:
    """How many cases were judged, how many facets of how many places they break, and what was found.

    `examples` has, for each finding, the smallest case that shows it.
    """

    valid: int
    invalid: int
    facets: int
    findings: tuple[Finding, ...]
    examples: tuple[tuple[str, Case], ...]


def judge_offline(spec: Spec, *, count: int, seed_number: int) -> Offline:
    """Every small case of each operation with a body, and `count` drawn ones of each kind.

    Raises OperatorError where no request can be generated out of a schema.
    """
    judges, found = Judges(), list[tuple[Finding, Case]]()
    valid = invalid = 0
    facets: set[tuple[str, str | None, str | None]] = set()
    for name, operation in spec.operations.items():
        if operation.request is None:
            continue
        schema = operation.request.schema
        strategies = {Kind.VALID: valid_cases(schema), Kind.INVALID: invalid_cases(schema)}
        cases = [*every_valid(schema), *every_fault(schema)]
        for strategy in strategies.values():
            cases += drawn(strategy, count, seed_number=seed_number)
        valid += sum(case.kind is Kind.VALID for case in cases)
        invalid += sum(case.kind is Kind.INVALID for case in cases)
        facets |= {(name, case.pointer, case.facet) for case in cases}
        for case in _disagreed(spec, name, cases, judges):
            smallest = _smallest(spec, name, case, strategies[case.kind], judges, seed_number)
            found.append((_finding(spec, name, smallest, judges), smallest))
    return Offline(
        valid=valid,
        invalid=invalid,
        facets=len(facets),
        findings=tuple(finding for finding, _ in found),
        examples=tuple((finding.fingerprint, case) for finding, case in found),
    )


def _disagreed(spec: Spec, operation: str, cases: Iterable[Case], judges: Judges) -> Iterator[Case]:
    """The first case of each facet that is not judged as meant; of valid ones one, and then no other.

    What spoils a valid request spoils every invalid one, too.
    """
    first: dict[str | None, Case] = {}
    for case in cases:
        if case.facet not in first and disagreement(spec, operation, case, judges) is not None:
            first[case.facet] = case
    yield from first.values() if None not in first else (first[None],)


def disagreement(spec: Spec, operation: str, case: Case, judges: Judges) -> tuple[_Said, ...] | None:
    """What the check says of a case, each (rule, pointer, facet); None where it is what it must say."""
    said = tuple(_said(spec, operation, case, judges))
    wanted: tuple[_Said, ...] = ()
    if case.kind is Kind.INVALID:
        wanted = ((case.rule or "", case.pointer, case.facet),)
    return None if said == wanted else said


def _said(spec: Spec, operation: str, case: Case, judges: Judges) -> Iterator[_Said]:
    try:
        judgement = check_request(spec, case.content, file="generated", operation=operation, judges=judges)
    except OperatorError as error:
        yield str(error), None, None
    else:
        yield from ((each.rule.id, each.pointer, each.facet) for each in judgement.findings)


def _smallest(spec: Spec, operation: str, case: Case, cases: Any, judges: Judges, seed_number: int) -> Case:
    """The smallest case on which the check errs in the same way; this one, where none is found again."""

    def errs_alike(other: Case) -> bool:
        same = (other.rule, other.facet) == (case.rule, case.facet)
        return same and disagreement(spec, operation, other, judges) is not None

    holds: Callable[[Case], bool] = errs_alike
    return smallest_case(cases, holds, seed_number=seed_number) or case


def _finding(spec: Spec, operation: str, case: Case, judges: Judges) -> Finding:
    said = [name for name, _, _ in disagreement(spec, operation, case, judges) or ()]
    wanted = case.rule or "nothing"
    message = f"{case.why}: expected {wanted} from the check, got {', '.join(said) or 'nothing'}"
    return Finding(
        rule=rule("conform.check-disagrees"),
        message=message,
        field=case.pointer or "",
        pointer=case.pointer,
        model=spec.ref,
        operation=operation,
        direction=Direction.REQUEST,
        facet=case.facet,
        expected=wanted,
        observed=said,
    )
