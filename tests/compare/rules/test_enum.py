"""Rules for lists of allowed values: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.enum import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, added, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(('enum: ["16:9", "1:1"]', 'enum: ["16:9"]'),),
        rule="diff.request-enum-narrowed",
        severity=Severity.ERROR,
        field="/aspect_ratio",
        facet="enum",
        expected=["16:9", "1:1"],
        observed=["16:9"],
        impact=(Impact.BREAKS,),
        message=(
            'request of submit, /aspect_ratio: enum was ["16:9", "1:1"], is ["16:9"]; a request '
            'with "1:1" is refused'
        ),
    ),
    Case(
        new=(('enum: ["16:9", "1:1"]', 'enum: ["1:1", "16:9", "9:16"]'),),
        rule="diff.request-enum-widened",
        severity=Severity.INFO,
        field="/aspect_ratio",
        facet="enum",
        expected=["16:9", "1:1"],
        observed=["1:1", "16:9", "9:16"],
        message=(
            'request of submit, /aspect_ratio: enum was ["16:9", "1:1"], is ["1:1", "16:9", '
            '"9:16"]; the old values are as good as before'
        ),
    ),
    Case(
        new=((', enum: ["16:9", "1:1"]', ""),),
        rule="diff.request-enum-widened",
        severity=Severity.WARNING,
        field="/aspect_ratio",
        facet="enum",
        expected=["16:9", "1:1"],
        message=(
            'request of submit, /aspect_ratio: enum was ["16:9", "1:1"], is undocumented; which '
            "values are accepted is not said any more"
        ),
    ),
    Case(
        old=((', enum: ["16:9", "1:1"]', ""),),
        rule="diff.request-enum-narrowed",
        severity=Severity.ERROR,
        field="/aspect_ratio",
        facet="enum",
        observed=["16:9", "1:1"],
        impact=(Impact.BREAKS,),
        message=(
            'request of submit, /aspect_ratio: enum was undocumented, is ["16:9", "1:1"]; other '
            "values are refused"
        ),
    ),
    Case(
        new=(('enum: ["16:9", "1:1"], x-absent: [default]', "x-absent: [default, enum]"),),
        rule="diff.request-enum-widened",
        severity=Severity.INFO,
        field="/aspect_ratio",
        facet="enum",
        expected=["16:9", "1:1"],
        message=(
            'request of submit, /aspect_ratio: enum was ["16:9", "1:1"], is documented as '
            "absent; any value is accepted now"
        ),
    ),
    Case(
        old=added("kind: {const: a}"),
        new=added("kind: {const: b}"),
        rule="diff.request-enum-narrowed",
        severity=Severity.ERROR,
        field="/kind",
        facet="const",
        expected="a",
        observed="b",
        impact=(Impact.BREAKS,),
        message='request of submit, /kind: const was "a", is "b"; a request with "a" is refused',
    ),
    Case(
        old=(("error: {type: string}", "error: {type: string, enum: [a]}"),),
        new=(("error: {type: string}", "error: {type: string, enum: [a, b]}"),),
        rule="diff.response-enum-widened",
        severity=Severity.ERROR,
        field="/error",
        facet="enum",
        expected=["a"],
        observed=["a", "b"],
        impact=(Impact.BREAKS,),
        message=('answer 200 of poll, /error: enum was ["a"], is ["a", "b"]; a client does not know "b"'),
    ),
    Case(
        old=(("error: {type: string}", "error: {type: string, enum: [a, b]}"),),
        new=(("error: {type: string}", "error: {type: string, enum: [a]}"),),
        rule="diff.response-enum-narrowed",
        severity=Severity.INFO,
        field="/error",
        facet="enum",
        expected=["a", "b"],
        observed=["a"],
        message=(
            'answer 200 of poll, /error: enum was ["a", "b"], is ["a"]; all that is left was possible before'
        ),
    ),
    Case(
        old=(("error: {type: string}", "error: {type: string, enum: [a]}"),),
        rule="diff.response-enum-widened",
        severity=Severity.WARNING,
        field="/error",
        facet="enum",
        expected=["a"],
        message=(
            'answer 200 of poll, /error: enum was ["a"], is undocumented; which values are '
            "possible is not said any more"
        ),
    ),
    Case(
        new=(("error: {type: string}", "error: {type: string, enum: [a]}"),),
        rule="diff.response-enum-narrowed",
        severity=Severity.INFO,
        field="/error",
        facet="enum",
        observed=["a"],
        message=(
            'answer 200 of poll, /error: enum was undocumented, is ["a"]; all that is left was '
            "possible before"
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message[:60])
def test_change_is_one_finding(case: Case) -> None:
    """The change is reported once, by the rule that it belongs to, with old and new value."""
    assert_case(case)


def test_every_rule_has_a_case() -> None:
    """Every rule fires in a case and is silent in another."""
    assert_every_rule(RULES, CASES)
