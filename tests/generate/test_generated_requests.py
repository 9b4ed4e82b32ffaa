"""What is generated against the check: some hundreds a model, or as many as HARNESS_EXAMPLES says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest

from harness.check.body import Judges
from harness.check.request import check_request
from harness.generate.case import Case, Kind
from harness.generate.cases import drawn, every_fault, every_valid, invalid_cases, valid_cases
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.generate.second_opinion import SecondOpinion

COUNT = int(os.environ.get("HARNESS_EXAMPLES", "200"))
SEED = int(os.environ.get("HARNESS_SEED", "1"))
STORE = SpecStore()
JUDGES = Judges()

# Revisions change few request schemas; they are drawn from as well where time is given.
REFERENCES = tuple(spec.ref for spec in STORE.all())
SUBMITS = tuple((ref, "submit") for ref in REFERENCES)
OTHERS = tuple(
    (spec.ref, name)
    for model in STORE.ids
    for spec in (STORE.get(model), *(STORE.get(f"{model}@{date}") for date in STORE.revisions(model)))
    for name, operation in spec.operations.items()
    if operation.request is not None and (spec.ref, name) not in SUBMITS
)

# Facet -> the rule that must be reported, written out: not looked up where the check looks it up.
RULES: Mapping[str, str] = {
    "type": "request.type",
    "enum": "request.enum",
    "required": "request.required",
    "minimum": "request.minimum",
    "maximum": "request.maximum",
    "minLength": "request.min-length",
    "maxLength": "request.max-length",
    "format": "request.format",
    "presence": "request.unknown-property",
    "duplicate-key": "request.duplicate-key",
    "not-finite": "request.not-finite",
    "surrogate": "request.surrogate",
}


def schema_of(ref: str, operation: str = "submit") -> Mapping[str, Any]:
    request = STORE.get(ref).operations[operation].request
    assert request is not None
    return request.schema


def said(spec: Spec, operation: str, case: Case) -> list[tuple[str, str | None, str | None]]:
    """What the check reports of a case."""
    judgement = check_request(spec, case.content, file="case", operation=operation, judges=JUDGES)
    return [(finding.rule.id, finding.pointer, finding.facet) for finding in judgement.findings]


def assert_as_meant(ref: str, operation: str, cases: tuple[Case, ...]) -> None:
    spec = STORE.get(ref)
    for case in cases:
        wanted = []
        if case.kind is Kind.INVALID:
            assert case.facet is not None
            assert case.rule == RULES[case.facet]
            wanted = [(case.rule, case.pointer, case.facet)]
        assert said(spec, operation, case) == wanted, (case.why, case.content[:500])


@pytest.mark.parametrize(("ref", "operation"), SUBMITS + OTHERS)
def test_every_small_case_is_judged_as_meant(ref: str, operation: str) -> None:
    """Each documented value alone passes; each facet of each place, broken alone, is reported alone."""
    schema = schema_of(ref, operation)
    assert_as_meant(ref, operation, (*every_valid(schema), *every_fault(schema)))


@pytest.mark.parametrize(("ref", "operation"), SUBMITS if COUNT < 1000 else SUBMITS + OTHERS)
def test_drawn_requests_are_judged_as_meant(ref: str, operation: str) -> None:
    """Valid ones pass; invalid ones fail with the one rule at the one pointer; jsonschema-rs agrees."""
    schema = schema_of(ref, operation)
    opinion = SecondOpinion.of(schema)
    for cases in (valid_cases(schema), invalid_cases(schema)):
        found = drawn(cases, COUNT, seed_number=SEED)
        assert len({case.content for case in found}) == COUNT
        assert_as_meant(ref, operation, found)
        differences = {
            (case.facet, difference)
            for case in found
            if case.is_strict and (difference := opinion.difference(case)) is not None
        }
        assert differences == set()
