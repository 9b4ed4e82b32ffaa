"""Rules for what is new or gone: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.presence import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import (
    ACCEPTED,
    CANCEL,
    NO_WEBHOOK,
    ONE_EVENT,
    SOUND,
    TOO_MANY,
    TWO_EVENTS,
    Case,
    added,
    assert_case,
    assert_every_rule,
)

CASES: tuple[Case, ...] = (
    Case(
        new=added("seed: {type: integer}"),
        rule="diff.request-property-added",
        severity=Severity.INFO,
        field="/seed",
        facet="presence",
        observed=True,
        message="request of submit, /seed: new; it is optional",
    ),
    Case(
        new=(*added("seed: {type: integer}"), ("required: [prompt]", "required: [prompt, seed]")),
        rule="diff.request-property-added-required",
        severity=Severity.ERROR,
        field="/seed",
        facet="presence",
        observed=True,
        impact=(Impact.BREAKS,),
        message="request of submit, /seed: new; it is required: requests without it are refused",
    ),
    Case(
        new=SOUND,
        rule="diff.request-property-added-default",
        severity=Severity.ERROR,
        field="/sound",
        facet="presence",
        observed=True,
        impact=(Impact.BILL, Impact.OUTPUT),
        message="request of submit, /sound: new; requests without it get true",
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
    Case(
        new=added("seed: {type: integer, default: 7}", "seed: /seed"),
        rule="diff.request-property-added",
        severity=Severity.INFO,
        field="/seed",
        facet="presence",
        observed=True,
        message="request of submit, /seed: new; it is optional",
    ),
    Case(
        new=(
            (
                "error: {type: string}",
                "error: {type: string}\n            cost: {type: object, properties: {usd: {type: number}}}",
            ),
        ),
        rule="diff.response-property-added",
        severity=Severity.INFO,
        field="/cost",
        facet="presence",
        observed=True,
        message="answer 200 of poll, /cost: new; a client that does not know it is not concerned",
    ),
    Case(
        old=(
            (
                "error: {type: string}",
                "error: {type: string}\n            cost: {type: object, properties: {usd: {type: number}}}",
            ),
        ),
        rule="diff.response-property-removed",
        severity=Severity.ERROR,
        field="/cost",
        facet="presence",
        expected=True,
        impact=(Impact.BREAKS,),
        message="answer 200 of poll, /cost: gone; a client that reads it finds nothing",
    ),
    Case(
        new=(CANCEL,),
        rule="diff.operation-added",
        severity=Severity.INFO,
        field="",
        facet="presence",
        observed=True,
        message="call cancel: new; nobody has to make it",
    ),
    Case(
        old=(CANCEL,),
        rule="diff.operation-removed",
        severity=Severity.ERROR,
        field="",
        facet="presence",
        expected=True,
        impact=(Impact.BREAKS,),
        message="call cancel: gone; whoever makes the call gets an error",
    ),
    Case(
        new=(ACCEPTED,),
        rule="diff.response-status-added",
        severity=Severity.WARNING,
        field="",
        facet="presence",
        observed="202",
        message="answer 202 of submit: new; a client that expects one status alone fails",
    ),
    Case(
        old=(ACCEPTED,),
        rule="diff.response-status-removed",
        severity=Severity.ERROR,
        field="",
        facet="presence",
        expected="202",
        impact=(Impact.BREAKS,),
        message="answer 202 of submit: gone; a client that waits for it takes success for failure",
    ),
    Case(
        new=(TOO_MANY,),
        rule="diff.response-status-added",
        severity=Severity.INFO,
        field="",
        facet="presence",
        observed="429",
        message="answer 429 of any operation: new; it can be told apart now",
    ),
    Case(
        old=(TOO_MANY,),
        rule="diff.response-status-removed",
        severity=Severity.WARNING,
        field="",
        facet="presence",
        expected="429",
        message="answer 429 of any operation: gone; what is answered instead is not said",
    ),
    Case(
        old=(NO_WEBHOOK,),
        rule="diff.webhook-added",
        severity=Severity.INFO,
        field="",
        facet="presence",
        observed=True,
        message="webhook: new; jobs may report their end by themselves",
    ),
    Case(
        new=(NO_WEBHOOK,),
        rule="diff.webhook-removed",
        severity=Severity.ERROR,
        field="",
        facet="presence",
        expected=True,
        impact=(Impact.BREAKS,),
        message="webhook: gone; a client that waits for a call waits for ever",
    ),
    Case(
        old=(ONE_EVENT,),
        new=(TWO_EVENTS,),
        rule="diff.event-added",
        severity=Severity.INFO,
        field="",
        facet="presence",
        observed="video_failed",
        message="event video_failed of events: new; a client that does not know it ignores it",
    ),
    Case(
        old=(TWO_EVENTS,),
        new=(ONE_EVENT,),
        rule="diff.event-removed",
        severity=Severity.ERROR,
        field="",
        facet="presence",
        expected="video_failed",
        impact=(Impact.BREAKS,),
        message="event video_failed of events: gone; a client that waits for it waits for ever",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message[:60])
def test_change_is_one_finding(case: Case) -> None:
    """The change is reported once, by the rule that it belongs to, with old and new value."""
    assert_case(case)


def test_every_rule_has_a_case() -> None:
    """Every rule fires in a case and is silent in another."""
    assert_every_rule(RULES, CASES)
