"""Rules for defaults: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.default import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import MISSING, Case, added, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("default: 5", "default: 10"),),
        rule="diff.request-default",
        severity=Severity.ERROR,
        field="/duration",
        facet="default",
        expected=5,
        observed=10,
        impact=(Impact.BILL, Impact.OUTPUT),
        message=(
            "request of submit, /duration: default was 5, is 10; requests without the parameter "
            "get another value"
        ),
    ),
    Case(
        new=(("            default: 5\n", ""),),
        rule="diff.request-default",
        severity=Severity.ERROR,
        field="/duration",
        facet="default",
        expected=5,
        impact=(Impact.BILL, Impact.OUTPUT),
        message=(
            "request of submit, /duration: default was 5, is undocumented; what holds without "
            "the parameter is not said any more"
        ),
    ),
    Case(
        old=(("            default: 5\n", ""),),
        rule="diff.request-default",
        severity=Severity.ERROR,
        field="/duration",
        facet="default",
        observed=5,
        impact=(Impact.BILL, Impact.OUTPUT),
        message=(
            "request of submit, /duration: default was undocumented, is 5; what holds without "
            "the parameter is said now; it may not be what held before"
        ),
    ),
    Case(
        old=(("minimum: 0, maximum: 1,", "minimum: 0, maximum: 1, default: 0.5,"),),
        new=(("minimum: 0, maximum: 1,", "minimum: 0, maximum: 1, default: 0.7,"),),
        rule="diff.request-default",
        severity=Severity.WARNING,
        field="/guidance",
        facet="default",
        expected=0.5,
        observed=0.7,
        impact=(Impact.OUTPUT,),
        message=(
            "request of submit, /guidance: default was 0.5, is 0.7; requests without the "
            "parameter get another value"
        ),
    ),
    Case(
        new=(("minimum: 0, maximum: 1,", "minimum: 0, maximum: 1, default: 0.5,"),),
        rule="diff.request-default",
        severity=Severity.WARNING,
        field="/guidance",
        facet="default",
        observed=0.5,
        impact=(Impact.OUTPUT,),
        message=(
            "request of submit, /guidance: default was undocumented, is 0.5; what holds without "
            "the parameter is said now; it may not be what held before"
        ),
    ),
    Case(
        old=(("x-absent: [default]", 'default: "16:9"'),),
        rule="diff.request-default",
        severity=Severity.ERROR,
        field="/aspect_ratio",
        facet="default",
        expected="16:9",
        impact=(Impact.OUTPUT,),
        message=(
            'request of submit, /aspect_ratio: default was "16:9", is documented as absent; '
            "there is no default any more: the parameter may have to be sent"
        ),
    ),
    Case(
        old=added("size: {type: string, default: a}"),
        new=added("size: {type: string, default: b}"),
        rule="diff.request-default",
        severity=Severity.WARNING,
        field="/size",
        facet="default",
        expected="a",
        observed="b",
        message=(
            'request of submit, /size: default was "a", is "b"; requests without the parameter '
            "get another value"
        ),
    ),
    Case(
        old=added("resolution: {type: string, default: 720p}"),
        new=added("resolution: {type: string, default: 1080p}"),
        rule="diff.request-default",
        severity=Severity.ERROR,
        field="/resolution",
        facet="default",
        expected="720p",
        observed="1080p",
        impact=(Impact.BILL, Impact.OUTPUT),
        message=(
            'request of submit, /resolution: default was "720p", is "1080p"; requests without '
            "the parameter get another value"
        ),
    ),
    Case(
        old=added("copies: {type: integer, default: 1, x-billing: multiplies}"),
        new=added("copies: {type: integer, default: 2, x-billing: multiplies}"),
        rule="diff.request-default",
        severity=Severity.ERROR,
        field="/copies",
        facet="default",
        expected=1,
        observed=2,
        impact=(Impact.BILL,),
        message=(
            "request of submit, /copies: default was 1, is 2; requests without the parameter get "
            "another value"
        ),
    ),
    Case(
        old=added("copies: {type: integer, default: 1}"),
        new=added("copies: {type: integer, default: 1, x-billing: multiplies}"),
        rule="diff.request-billing",
        severity=Severity.ERROR,
        field="/copies",
        facet="x-billing",
        observed="multiplies",
        impact=(Impact.BILL,),
        message=(
            'request of submit, /copies: x-billing was undocumented, is "multiplies"; the same '
            "request may be billed otherwise"
        ),
    ),
    Case(
        new=(("progress: {type: number,", "progress: {type: number, default: 0,"),),
        rule="diff.response-default",
        severity=Severity.INFO,
        field="/progress",
        facet="default",
        observed=0,
        message=(
            "answer 200 of poll, /progress: default was undocumented, is 0; what a missing "
            "member stands for is another thing"
        ),
    ),
    Case(
        new=((MISSING, f"{MISSING}    billed: true\n"),),
        rule="diff.response-billing",
        severity=Severity.ERROR,
        field="",
        facet="billed",
        observed=True,
        impact=(Impact.BILL,),
        message=(
            "answer 404 of any operation: billed was undocumented, is true; a request that is "
            "answered so is paid for"
        ),
    ),
    Case(
        old=((MISSING, f"{MISSING}    billed: true\n"),),
        new=((MISSING, f"{MISSING}    billed: false\n"),),
        rule="diff.response-billing",
        severity=Severity.INFO,
        field="",
        facet="billed",
        expected=True,
        observed=False,
        impact=(Impact.BILL,),
        message=(
            "answer 404 of any operation: billed was true, is false; a request that is answered so is free"
        ),
    ),
    Case(
        old=((MISSING, f"{MISSING}    billed: true\n"),),
        rule="diff.response-billing",
        severity=Severity.WARNING,
        field="",
        facet="billed",
        expected=True,
        impact=(Impact.BILL,),
        message=(
            "answer 404 of any operation: billed was true, is undocumented; whether such a "
            "request is paid for is not said any more"
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
