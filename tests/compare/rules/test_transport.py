"""Rules for how a call is made: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.transport import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("path: /v1/videos\n", "path: /v2/videos\n"),),
        rule="diff.path",
        severity=Severity.ERROR,
        field="",
        facet="path",
        expected="/v1/videos",
        observed="/v2/videos",
        impact=(Impact.BREAKS,),
        message=(
            'request of submit: path was "/v1/videos", is "/v2/videos"; calls to the old path '
            "fail, or are redirected"
        ),
    ),
    Case(
        new=(("method: POST", "method: PUT"),),
        rule="diff.method",
        severity=Severity.ERROR,
        field="",
        facet="method",
        expected="POST",
        observed="PUT",
        impact=(Impact.BREAKS,),
        message='request of submit: method was "POST", is "PUT"; calls with the old method fail',
    ),
    Case(
        new=(("https://api.example.com", "https://api.example.net"),),
        rule="diff.server",
        severity=Severity.ERROR,
        field="/server",
        facet="server",
        expected="https://api.example.com",
        observed="https://api.example.net",
        impact=(Impact.BREAKS,),
        message=(
            '/server: server was "https://api.example.com", is "https://api.example.net"; calls '
            "to the old host may fail"
        ),
    ),
    Case(
        new=(
            (
                "auth: {scheme: bearer, header: Authorization, source: page#Usage}",
                "auth: {scheme: api_key, header: X-Key, source: page#Usage}",
            ),
        ),
        rule="diff.auth",
        severity=Severity.ERROR,
        field="/auth",
        facet="auth",
        expected={"scheme": "bearer", "header": "Authorization"},
        observed={"scheme": "api_key", "header": "X-Key"},
        impact=(Impact.BREAKS,),
        message=(
            '/auth: scheme was "bearer", is "api_key", header was "Authorization", is "X-Key"; '
            "calls with the key in the old place may be refused"
        ),
    ),
    Case(
        new=(("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth: undocumented"),),
        rule="diff.auth",
        severity=Severity.WARNING,
        field="/auth",
        facet="auth",
        expected={"scheme": "bearer", "header": "Authorization"},
        message=(
            '/auth: auth was {"scheme": "bearer", "header": "Authorization"}, is undocumented; '
            "nothing else is said in its place"
        ),
    ),
    Case(
        old=(("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth: undocumented"),),
        rule="diff.auth",
        severity=Severity.WARNING,
        field="/auth",
        facet="auth",
        observed={"scheme": "bearer", "header": "Authorization"},
        message=(
            '/auth: auth was undocumented, is {"scheme": "bearer", "header": "Authorization"}; it is said now'
        ),
    ),
    Case(
        old=(
            (
                "auth: {scheme: bearer, header: Authorization, source: page#Usage}",
                "auth: {absent: true, source: page#Usage}",
            ),
        ),
        rule="diff.auth",
        severity=Severity.ERROR,
        field="/auth",
        facet="auth",
        observed={"scheme": "bearer", "header": "Authorization"},
        impact=(Impact.BREAKS,),
        message=(
            '/auth: auth was documented as absent, is {"scheme": "bearer", "header": '
            '"Authorization"}; calls with the key in the old place may be refused'
        ),
    ),
    Case(
        new=(("request:\n      content_type: application/json", "request:\n      content_type: text/plain"),),
        rule="diff.request-content-type",
        severity=Severity.ERROR,
        field="",
        facet="content_type",
        expected="application/json",
        observed="text/plain",
        impact=(Impact.BREAKS,),
        message=(
            'request of submit: content_type was "application/json", is "text/plain"; bodies of '
            "the old type are refused"
        ),
    ),
    Case(
        new=(
            (
                "meaning: created\n        content_type: application/json",
                "meaning: created\n        content_type: text/plain",
            ),
        ),
        rule="diff.response-content-type",
        severity=Severity.ERROR,
        field="",
        facet="content_type",
        expected="application/json",
        observed="text/plain",
        impact=(Impact.BREAKS,),
        message=(
            'answer 201 of submit: content_type was "application/json", is "text/plain"; a '
            "client cannot read it"
        ),
    ),
    Case(
        old=(("meaning: created\n        content_type: application/json", "meaning: created"),),
        rule="diff.response-content-type",
        severity=Severity.INFO,
        field="",
        facet="content_type",
        observed="application/json",
        message=(
            'answer 201 of submit: content_type was undocumented, is "application/json"; it is said now'
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
