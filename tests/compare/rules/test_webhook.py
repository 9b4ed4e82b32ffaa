"""Rules for the terms of the webhook: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.webhook import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import SOUND, Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("request_field: /callback_url", "request_field: /hook"),),
        rule="diff.webhook-terms",
        severity=Severity.ERROR,
        field="",
        facet="request_field",
        expected="/callback_url",
        observed="/hook",
        impact=(Impact.BREAKS,),
        message=(
            'webhook: request_field was "/callback_url", is "/hook"; a request that asks for it '
            "in the old way is not called back"
        ),
    ),
    Case(
        new=(("answer_within_s: {value: 30,", "answer_within_s: {value: 10,"),),
        rule="diff.webhook-terms",
        severity=Severity.ERROR,
        field="",
        facet="answer_within_s",
        expected=30,
        observed=10,
        impact=(Impact.BREAKS,),
        message=(
            "webhook: answer_within_s was 30, is 10; a receiver that takes as long as before answers too late"
        ),
    ),
    Case(
        new=(("answer_within_s: {value: 30,", "answer_within_s: {value: 60,"),),
        rule="diff.webhook-terms",
        severity=Severity.INFO,
        field="",
        facet="answer_within_s",
        expected=30,
        observed=60,
        message="webhook: answer_within_s was 30, is 60; there is more time",
    ),
    Case(
        new=(("retries: {attempts: 3, spacing_s: 10, source: page#Webhooks}", "retries: undocumented"),),
        rule="diff.webhook-terms",
        severity=Severity.WARNING,
        field="",
        facet="retries",
        expected={"attempts": 3, "spacing_s": 10},
        message=(
            'webhook: retries was {"attempts": 3, "spacing_s": 10}, is undocumented; it is not said any more'
        ),
    ),
    Case(
        old=(("retries: {attempts: 3, spacing_s: 10, source: page#Webhooks}", "retries: undocumented"),),
        rule="diff.webhook-terms",
        severity=Severity.INFO,
        field="",
        facet="retries",
        observed={"attempts": 3, "spacing_s": 10},
        message=('webhook: retries was undocumented, is {"attempts": 3, "spacing_s": 10}; it is said now'),
    ),
    Case(
        new=(("retries: {attempts: 3,", "retries: {attempts: 5,"),),
        rule="diff.webhook-terms",
        severity=Severity.WARNING,
        field="",
        facet="retries",
        expected={"attempts": 3, "spacing_s": 10},
        observed={"attempts": 5, "spacing_s": 10},
        message=("webhook: retries: attempts was 3, is 5; a receiver that relies on the old term may fail"),
    ),
    Case(
        old=SOUND,
        rule="diff.request-property-removed",
        severity=Severity.ERROR,
        field="/sound",
        facet="presence",
        expected=True,
        impact=(Impact.BILL, Impact.OUTPUT, Impact.BREAKS),
        message=("request of submit, /sound: gone; a request with it may be refused, or it may be ignored"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message[:60])
def test_change_is_one_finding(case: Case) -> None:
    """The change is reported once, by the rule that it belongs to, with old and new value."""
    assert_case(case)


def test_every_rule_has_a_case() -> None:
    """Every rule fires in a case and is silent in another."""
    assert_every_rule(RULES, CASES)
