"""Rules for types, null and forms: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.types import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("guidance: {type: number", "guidance: {type: integer"),),
        rule="diff.request-type",
        severity=Severity.ERROR,
        field="/guidance",
        facet="type",
        expected="number",
        observed="integer",
        impact=(Impact.BREAKS,),
        message=('request of submit, /guidance: type was "number", is "integer"; the old type is refused'),
    ),
    Case(
        old=(("guidance: {type: number", "guidance: {type: integer"),),
        rule="diff.request-type",
        severity=Severity.INFO,
        field="/guidance",
        facet="type",
        expected="integer",
        observed="number",
        message=(
            'request of submit, /guidance: type was "integer", is "number"; what was sent is still taken'
        ),
    ),
    Case(
        new=(("guidance: {type: number, ", "guidance: {"),),
        rule="diff.request-type",
        severity=Severity.WARNING,
        field="/guidance",
        facet="type",
        expected="number",
        message=(
            'request of submit, /guidance: type was "number", is undocumented; the type is not said any more'
        ),
    ),
    Case(
        old=(("guidance: {type: number, ", "guidance: {"),),
        rule="diff.request-type",
        severity=Severity.WARNING,
        field="/guidance",
        facet="type",
        observed="number",
        message=('request of submit, /guidance: type was undocumented, is "number"; the type is said now'),
    ),
    Case(
        new=(("prompt: {type: string", 'prompt: {type: [string, "null"]'),),
        rule="diff.request-nullable",
        severity=Severity.INFO,
        field="/prompt",
        facet="nullable",
        expected="string",
        observed=["string", "null"],
        message=(
            'request of submit, /prompt: type was "string", is ["string", "null"]; what was sent '
            "is still taken"
        ),
    ),
    Case(
        old=(("prompt: {type: string", 'prompt: {type: [string, "null"]'),),
        rule="diff.request-nullable",
        severity=Severity.ERROR,
        field="/prompt",
        facet="nullable",
        expected=["string", "null"],
        observed="string",
        impact=(Impact.BREAKS,),
        message=('request of submit, /prompt: type was ["string", "null"], is "string"; null is refused'),
    ),
    Case(
        new=(("error: {type: string}", 'error: {type: [string, "null"]}'),),
        rule="diff.response-nullable",
        severity=Severity.ERROR,
        field="/error",
        facet="nullable",
        expected="string",
        observed=["string", "null"],
        impact=(Impact.BREAKS,),
        message=(
            'answer 200 of poll, /error: type was "string", is ["string", "null"]; a client that '
            "expects a value meets null"
        ),
    ),
    Case(
        old=(("error: {type: string}", 'error: {type: [string, "null"]}'),),
        rule="diff.response-nullable",
        severity=Severity.INFO,
        field="/error",
        facet="nullable",
        expected=["string", "null"],
        observed="string",
        message=(
            'answer 200 of poll, /error: type was ["string", "null"], is "string"; the client knew all of it'
        ),
    ),
    Case(
        new=(("error: {type: string}", "error: {type: object}"),),
        rule="diff.response-type",
        severity=Severity.ERROR,
        field="/error",
        facet="type",
        expected="string",
        observed="object",
        impact=(Impact.BREAKS,),
        message=(
            'answer 200 of poll, /error: type was "string", is "object"; a client of the old type fails'
        ),
    ),
    Case(
        old=(("error: {type: string}", "error: {type: [string, object]}"),),
        rule="diff.response-type",
        severity=Severity.INFO,
        field="/error",
        facet="type",
        expected=["string", "object"],
        observed="string",
        message=(
            'answer 200 of poll, /error: type was ["string", "object"], is "string"; the client '
            "knew all of it"
        ),
    ),
    Case(
        old=(("error: {type: string}", "error: {}"),),
        rule="diff.response-type",
        severity=Severity.INFO,
        field="/error",
        facet="type",
        observed="string",
        message=('answer 200 of poll, /error: type was undocumented, is "string"; the type is said now'),
    ),
    Case(
        new=(("error: {type: string}", "error: {}"),),
        rule="diff.response-type",
        severity=Severity.WARNING,
        field="/error",
        facet="type",
        expected="string",
        message=(
            'answer 200 of poll, /error: type was "string", is undocumented; the type is not said any more'
        ),
    ),
    Case(
        new=(("minLength: 1, maxLength: 500", "minLength: 1, maxLength: 500, pattern: ^a"),),
        rule="diff.request-form",
        severity=Severity.ERROR,
        field="/prompt",
        facet="pattern",
        observed="^a",
        impact=(Impact.BREAKS,),
        message=(
            'request of submit, /prompt: pattern was undocumented, is "^a"; texts without the '
            "new form are refused"
        ),
    ),
    Case(
        old=(("minLength: 1, maxLength: 500", "minLength: 1, maxLength: 500, pattern: ^a"),),
        rule="diff.request-form",
        severity=Severity.INFO,
        field="/prompt",
        facet="pattern",
        expected="^a",
        message=(
            'request of submit, /prompt: pattern was "^a", is undocumented; texts of the old '
            "form are as good as before"
        ),
    ),
    Case(
        new=(("minLength: 1, maxLength: 500", "minLength: 1, maxLength: 500, format: uri"),),
        rule="diff.request-form",
        severity=Severity.WARNING,
        field="/prompt",
        facet="format",
        observed="uri",
        impact=(Impact.BREAKS,),
        message=(
            'request of submit, /prompt: format was undocumented, is "uri"; texts of another '
            "format may be refused"
        ),
    ),
    Case(
        new=(("error: {type: string}", "error: {type: string, format: uri}"),),
        rule="diff.response-form",
        severity=Severity.WARNING,
        field="/error",
        facet="format",
        observed="uri",
        message=(
            'answer 200 of poll, /error: format was undocumented, is "uri"; a client that takes '
            "the text apart may fail"
        ),
    ),
    Case(
        new=(
            (
                "        type: object\n        x-source",
                "        type: object\n        additionalProperties: false\n        x-source",
            ),
        ),
        rule="diff.request-other-properties",
        severity=Severity.ERROR,
        field="",
        facet="additionalProperties",
        observed=False,
        impact=(Impact.BREAKS,),
        message=(
            "request of submit: additionalProperties was undocumented, is false; parameters that "
            "are not documented are refused"
        ),
    ),
    Case(
        old=(
            (
                "        type: object\n        x-source",
                "        type: object\n        additionalProperties: false\n        x-source",
            ),
        ),
        rule="diff.request-other-properties",
        severity=Severity.INFO,
        field="",
        facet="additionalProperties",
        expected=False,
        message=(
            "request of submit: additionalProperties was false, is undocumented; documented "
            "parameters are taken as before"
        ),
    ),
    Case(
        new=(
            (
                "type: object\n          required: [id, status]",
                "type: object\n          additionalProperties: false\n          required: [id, status]",
            ),
        ),
        rule="diff.response-other-properties",
        severity=Severity.INFO,
        field="",
        facet="additionalProperties",
        observed=False,
        message=(
            "answer 200 of poll: additionalProperties was undocumented, is false; a client that "
            "ignores what it does not know is fine"
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
