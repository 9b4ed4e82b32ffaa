"""Rules for ranges and lengths: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.bounds import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, added, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("maxLength: 500", "maxLength: 400"),),
        rule="diff.request-limit-narrowed",
        severity=Severity.ERROR,
        field="/prompt",
        facet="maxLength",
        expected=500,
        observed=400,
        impact=(Impact.BREAKS,),
        message=("request of submit, /prompt: maxLength was 500, is 400; values beyond it are refused"),
    ),
    Case(
        new=(("maxLength: 500", "maxLength: 5000"),),
        rule="diff.request-limit-widened",
        severity=Severity.INFO,
        field="/prompt",
        facet="maxLength",
        expected=500,
        observed=5000,
        message=(
            "request of submit, /prompt: maxLength was 500, is 5000; requests within the old "
            "limit are as good as before"
        ),
    ),
    Case(
        new=(("minLength: 1", "minLength: 2"),),
        rule="diff.request-limit-narrowed",
        severity=Severity.ERROR,
        field="/prompt",
        facet="minLength",
        expected=1,
        observed=2,
        impact=(Impact.BREAKS,),
        message="request of submit, /prompt: minLength was 1, is 2; values beyond it are refused",
    ),
    Case(
        new=((", maxLength: 500", ""),),
        rule="diff.request-limit-widened",
        severity=Severity.WARNING,
        field="/prompt",
        facet="maxLength",
        expected=500,
        message=(
            "request of submit, /prompt: maxLength was 500, is undocumented; which values are "
            "accepted is not said any more"
        ),
    ),
    Case(
        old=((", maxLength: 500", ""),),
        rule="diff.request-limit-narrowed",
        severity=Severity.ERROR,
        field="/prompt",
        facet="maxLength",
        observed=500,
        impact=(Impact.BREAKS,),
        message=(
            "request of submit, /prompt: maxLength was undocumented, is 500; values beyond it are refused"
        ),
    ),
    Case(
        new=((", maxLength: 500", ", x-absent: [maxLength]"),),
        rule="diff.request-limit-widened",
        severity=Severity.INFO,
        field="/prompt",
        facet="maxLength",
        expected=500,
        message=(
            "request of submit, /prompt: maxLength was 500, is documented as absent; there is no "
            "such limit any more"
        ),
    ),
    Case(
        new=(("maximum: 1,", "maximum: 10,"),),
        rule="diff.request-scale",
        severity=Severity.ERROR,
        field="/guidance",
        facet="maximum",
        expected=1,
        observed=10,
        impact=(Impact.OUTPUT,),
        message=(
            "request of submit, /guidance: maximum was 1, is 10; the same value means something "
            "else, even where it is still accepted"
        ),
    ),
    Case(
        new=(("maximum: 1,", "maximum: 0.9,"),),
        rule="diff.request-scale",
        severity=Severity.ERROR,
        field="/guidance",
        facet="maximum",
        expected=1,
        observed=0.9,
        impact=(Impact.OUTPUT, Impact.BREAKS),
        message=(
            "request of submit, /guidance: maximum was 1, is 0.9; the same value means something "
            "else, even where it is still accepted"
        ),
    ),
    Case(
        old=added("steps: {type: integer, maximum: 10}"),
        new=added("steps: {type: integer, maximum: 30}"),
        rule="diff.request-scale",
        severity=Severity.ERROR,
        field="/steps",
        facet="maximum",
        expected=10,
        observed=30,
        impact=(Impact.OUTPUT,),
        message=(
            "request of submit, /steps: maximum was 10, is 30; the same value means something "
            "else, even where it is still accepted"
        ),
    ),
    Case(
        old=added("steps: {type: integer, maximum: 10}"),
        new=added("steps: {type: integer, maximum: 20}"),
        rule="diff.request-limit-widened",
        severity=Severity.INFO,
        field="/steps",
        facet="maximum",
        expected=10,
        observed=20,
        message=(
            "request of submit, /steps: maximum was 10, is 20; requests within the old limit are "
            "as good as before"
        ),
    ),
    Case(
        old=added("steps: {type: integer, maximum: 10}"),
        new=added("steps: {type: integer, maximum: 0}"),
        rule="diff.request-limit-narrowed",
        severity=Severity.ERROR,
        field="/steps",
        facet="maximum",
        expected=10,
        observed=0,
        impact=(Impact.BREAKS,),
        message="request of submit, /steps: maximum was 10, is 0; values beyond it are refused",
    ),
    Case(
        old=added("steps: {type: integer, multipleOf: 2}"),
        new=added("steps: {type: integer, multipleOf: 4}"),
        rule="diff.request-limit-narrowed",
        severity=Severity.ERROR,
        field="/steps",
        facet="multipleOf",
        expected=2,
        observed=4,
        impact=(Impact.BREAKS,),
        message="request of submit, /steps: multipleOf was 2, is 4; values beyond it are refused",
    ),
    Case(
        old=added("steps: {type: integer, multipleOf: 4}"),
        new=added("steps: {type: integer, multipleOf: 2}"),
        rule="diff.request-limit-widened",
        severity=Severity.INFO,
        field="/steps",
        facet="multipleOf",
        expected=4,
        observed=2,
        message=(
            "request of submit, /steps: multipleOf was 4, is 2; requests within the old limit "
            "are as good as before"
        ),
    ),
    Case(
        old=added("tags: {type: array, uniqueItems: false}"),
        new=added("tags: {type: array, uniqueItems: true}"),
        rule="diff.request-limit-narrowed",
        severity=Severity.ERROR,
        field="/tags",
        facet="uniqueItems",
        expected=False,
        observed=True,
        impact=(Impact.BREAKS,),
        message=("request of submit, /tags: uniqueItems was false, is true; values beyond it are refused"),
    ),
    Case(
        new=(
            (
                "progress: {type: number, minimum: 0, maximum: 100}",
                "progress: {type: number, minimum: 0, maximum: 1}",
            ),
        ),
        rule="diff.response-scale",
        severity=Severity.ERROR,
        field="/progress",
        facet="maximum",
        expected=100,
        observed=1,
        impact=(Impact.BREAKS,),
        message=("answer 200 of poll, /progress: maximum was 100, is 1; the same value means something else"),
    ),
    Case(
        new=(
            (
                "progress: {type: number, minimum: 0, maximum: 100}",
                "progress: {type: number, minimum: 0, maximum: 120}",
            ),
        ),
        rule="diff.response-limit-widened",
        severity=Severity.ERROR,
        field="/progress",
        facet="maximum",
        expected=100,
        observed=120,
        impact=(Impact.BREAKS,),
        message=(
            "answer 200 of poll, /progress: maximum was 100, is 120; a client that relies on the "
            "old limit fails beyond it"
        ),
    ),
    Case(
        new=(
            (
                "progress: {type: number, minimum: 0, maximum: 100}",
                "progress: {type: number, minimum: 0, maximum: 90}",
            ),
        ),
        rule="diff.response-limit-narrowed",
        severity=Severity.INFO,
        field="/progress",
        facet="maximum",
        expected=100,
        observed=90,
        message=(
            "answer 200 of poll, /progress: maximum was 100, is 90; values within it were possible before"
        ),
    ),
    Case(
        new=(("progress: {type: number, minimum: 0, maximum: 100}", "progress: {type: number, minimum: 0}"),),
        rule="diff.response-limit-widened",
        severity=Severity.WARNING,
        field="/progress",
        facet="maximum",
        expected=100,
        message=(
            "answer 200 of poll, /progress: maximum was 100, is undocumented; which values are "
            "possible is not said any more"
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
