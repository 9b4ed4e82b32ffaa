"""Rules for what concerns no value: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.absence import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("concurrency: undocumented", "concurrency: {absent: true, source: page#Limits}"),),
        rule="diff.absence",
        severity=Severity.INFO,
        field="/limits/concurrency",
        facet="concurrency",
        message=(
            "/limits/concurrency: concurrency was undocumented, is documented as absent; that "
            "there is none is said now"
        ),
    ),
    Case(
        old=(("concurrency: undocumented", "concurrency: {absent: true, source: page#Limits}"),),
        rule="diff.absence",
        severity=Severity.INFO,
        field="/limits/concurrency",
        facet="concurrency",
        message=(
            "/limits/concurrency: concurrency was documented as absent, is undocumented; it is left open now"
        ),
    ),
    Case(
        old=(("x-absent: [default]", "x-absent: []"),),
        rule="diff.absence",
        severity=Severity.INFO,
        field="/aspect_ratio",
        facet="default",
        message=(
            "request of submit, /aspect_ratio: default was undocumented, is documented as "
            "absent; that there is none is said now"
        ),
    ),
    Case(
        new=(("concurrency: undocumented", "concurrency: {jobs: 3, source: page#Limits}"),),
        rule="diff.limit",
        severity=Severity.WARNING,
        field="/limits/concurrency",
        facet="concurrency",
        observed={"jobs": 3},
        impact=(Impact.BREAKS,),
        message=('/limits/concurrency: concurrency was undocumented, is {"jobs": 3}; it is said now'),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message[:60])
def test_change_is_one_finding(case: Case) -> None:
    """The change is reported once, by the rule that it belongs to, with old and new value."""
    assert_case(case)


def test_every_rule_has_a_case() -> None:
    """Every rule fires in a case and is silent in another."""
    assert_every_rule(RULES, CASES)
