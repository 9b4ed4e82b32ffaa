"""Rules for whether a member must be there: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.required import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("required: [prompt]", "required: [prompt, duration]"),),
        rule="diff.request-required",
        severity=Severity.ERROR,
        field="/duration",
        facet="required",
        expected=False,
        observed=True,
        impact=(Impact.BREAKS,),
        message=(
            "request of submit, /duration: required was false, is true; requests without it are refused"
        ),
    ),
    Case(
        old=(("required: [prompt]", "required: [prompt, duration]"),),
        rule="diff.request-optional",
        severity=Severity.INFO,
        field="/duration",
        facet="required",
        expected=True,
        observed=False,
        message=(
            "request of submit, /duration: required was true, is false; requests with it are as "
            "good as before"
        ),
    ),
    Case(
        new=(("required: [id, status]", "required: [id, status, progress]"),),
        rule="diff.response-required",
        severity=Severity.INFO,
        field="/progress",
        facet="required",
        expected=False,
        observed=True,
        message="answer 200 of poll, /progress: required was false, is true; it can be relied on",
    ),
    Case(
        new=(("required: [id, status]", "required: [status]"),),
        rule="diff.response-optional",
        severity=Severity.ERROR,
        field="/id",
        facet="required",
        expected=True,
        observed=False,
        impact=(Impact.BREAKS,),
        message=(
            "answer 200 of poll, /id: required was true, is false; a client that relies on it "
            "fails where it is missing"
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
