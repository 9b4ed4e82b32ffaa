"""Rules for limits, times and prices: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.terms import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, assert_case, assert_every_rule

RATE = {"requests": 100, "per_s": 60, "operation": "submit", "scope": "key"}
RATE_LINE = "rate: {requests: 100, per_s: 60, operation: submit, scope: key, source: page#Limits}"

CASES: tuple[Case, ...] = (
    Case(
        new=(("requests: 100", "requests: 50"),),
        rule="diff.limit",
        severity=Severity.ERROR,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        observed={"requests": 50, "per_s": 60, "operation": "submit", "scope": "key"},
        impact=(Impact.BREAKS,),
        message="/limits/rate: requests was 100, is 50; what was within the limit is refused",
    ),
    Case(
        new=(("requests: 100", "requests: 200"),),
        rule="diff.limit",
        severity=Severity.INFO,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        observed={"requests": 200, "per_s": 60, "operation": "submit", "scope": "key"},
        message="/limits/rate: requests was 100, is 200; more is allowed",
    ),
    Case(
        new=(("scope: key", "scope: account"),),
        rule="diff.limit",
        severity=Severity.WARNING,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        observed={"requests": 100, "per_s": 60, "operation": "submit", "scope": "account"},
        impact=(Impact.BREAKS,),
        message='/limits/rate: scope was "key", is "account"; it counts otherwise',
    ),
    Case(
        new=(("operation: submit, scope: key", "operation: poll, scope: key"),),
        rule="diff.limit",
        severity=Severity.WARNING,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        observed={"requests": 100, "per_s": 60, "operation": "poll", "scope": "key"},
        impact=(Impact.BREAKS,),
        message='/limits/rate: operation was "submit", is "poll"; it counts otherwise',
    ),
    Case(
        new=(
            ("requests: 100", "requests: 200"),
            ("operation: submit, scope: key", "operation: submit, scope: account"),
        ),
        rule="diff.limit",
        severity=Severity.WARNING,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        observed={"requests": 200, "per_s": 60, "operation": "submit", "scope": "account"},
        impact=(Impact.BREAKS,),
        message='/limits/rate: requests was 100, is 200, scope was "key", is "account"; it counts otherwise',
    ),
    Case(
        new=(("per_s: 60", "per_s: 0"),),
        rule="diff.limit",
        severity=Severity.INFO,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        observed={"requests": 100, "per_s": 0, "operation": "submit", "scope": "key"},
        message="/limits/rate: per_s was 60, is 0; more is allowed",
    ),
    Case(
        old=(("concurrency: undocumented", "concurrency: {jobs: 3, source: page#Limits}"),),
        new=(("concurrency: undocumented", "concurrency: {jobs: 2, source: page#Limits}"),),
        rule="diff.limit",
        severity=Severity.ERROR,
        field="/limits/concurrency",
        facet="concurrency",
        expected={"jobs": 3},
        observed={"jobs": 2},
        impact=(Impact.BREAKS,),
        message="/limits/concurrency: jobs was 3, is 2; what was within the limit is refused",
    ),
    Case(
        new=((RATE_LINE, "rate: undocumented"),),
        rule="diff.limit",
        severity=Severity.WARNING,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        impact=(Impact.BREAKS,),
        message=(
            '/limits/rate: rate was {"requests": 100, "per_s": 60, "operation": "submit", '
            '"scope": "key"}, is undocumented; it is not said any more'
        ),
    ),
    Case(
        new=((RATE_LINE, "rate: {absent: true, source: page#Limits}"),),
        rule="diff.limit",
        severity=Severity.INFO,
        field="/limits/rate",
        facet="rate",
        expected=RATE,
        message=(
            '/limits/rate: rate was {"requests": 100, "per_s": 60, "operation": "submit", '
            '"scope": "key"}, is documented as absent; there is no such limit'
        ),
    ),
    Case(
        old=((RATE_LINE, "rate: {absent: true, source: page#Limits}"),),
        rule="diff.limit",
        severity=Severity.ERROR,
        field="/limits/rate",
        facet="rate",
        observed=RATE,
        impact=(Impact.BREAKS,),
        message=(
            '/limits/rate: rate was documented as absent, is {"requests": 100, "per_s": 60, '
            '"operation": "submit", "scope": "key"}; what went beyond it is refused'
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
    Case(
        new=(("value_s: 170", "value_s: 200"),),
        rule="diff.estimate",
        severity=Severity.WARNING,
        field="/latency/page",
        facet="estimate",
        expected={
            "kind": "estimate",
            "mode": "any",
            "min_s": 170,
            "max_s": 170,
            "open_ended": False,
            "scope": "model",
        },
        observed={
            "kind": "estimate",
            "mode": "any",
            "min_s": 200,
            "max_s": 200,
            "open_ended": False,
            "scope": "model",
        },
        message=(
            "/latency/page: min_s was 170, is 200, max_s was 170, is 200; a time limit that "
            "rests on the old figure may be wrong"
        ),
    ),
    Case(
        old=(("  page: {kind: estimate, mode: any, value_s: 170, source: page#Title}\n", ""),),
        rule="diff.estimate",
        severity=Severity.INFO,
        field="/latency/page",
        facet="estimate",
        observed={
            "kind": "estimate",
            "mode": "any",
            "min_s": 170,
            "max_s": 170,
            "open_ended": False,
            "scope": "model",
        },
        message=(
            '/latency/page: estimate was undocumented, is {"kind": "estimate", "mode": "any", '
            '"min_s": 170, "max_s": 170, "open_ended": false, "scope": "model…; it is said now'
        ),
    ),
    Case(
        new=(("  page: {kind: estimate, mode: any, value_s: 170, source: page#Title}\n", ""),),
        rule="diff.estimate",
        severity=Severity.WARNING,
        field="/latency/page",
        facet="estimate",
        expected={
            "kind": "estimate",
            "mode": "any",
            "min_s": 170,
            "max_s": 170,
            "open_ended": False,
            "scope": "model",
        },
        message=(
            '/latency/page: estimate was {"kind": "estimate", "mode": "any", "min_s": 170, '
            '"max_s": 170, "open_ended": false, "scope": "model…, is undocumented; it is not '
            "said any more"
        ),
    ),
    Case(
        new=(("sample: {min_s: 5, max_s: 5,", "sample: {min_s: 10, max_s: 10,"),),
        rule="diff.poll-interval",
        severity=Severity.WARNING,
        field="/poll_interval/sample",
        facet="interval",
        expected={"min_s": 5, "max_s": 5},
        observed={"min_s": 10, "max_s": 10},
        message=(
            "/poll_interval/sample: min_s was 5, is 10, max_s was 5, is 10; polling as before "
            "may be too often"
        ),
    ),
    Case(
        new=(("sample: {min_s: 5, max_s: 5,", "sample: {min_s: 2, max_s: 5,"),),
        rule="diff.poll-interval",
        severity=Severity.INFO,
        field="/poll_interval/sample",
        facet="interval",
        expected={"min_s": 5, "max_s": 5},
        observed={"min_s": 2, "max_s": 5},
        message=(
            "/poll_interval/sample: min_s was 5, is 2; polling as before is no more often than documented"
        ),
    ),
    Case(
        new=(
            (
                "poll_interval:\n  sample: {min_s: 5, max_s: 5, source: page#Read}",
                "poll_interval: undocumented",
            ),
        ),
        rule="diff.poll-interval",
        severity=Severity.INFO,
        field="/poll_interval/sample",
        facet="interval",
        expected={"min_s": 5, "max_s": 5},
        message=(
            '/poll_interval/sample: interval was {"min_s": 5, "max_s": 5}, is undocumented; it '
            "is not said any more"
        ),
    ),
    Case(
        new=(("container: {value: mp4,", "container: {value: webm,"),),
        rule="diff.container",
        severity=Severity.ERROR,
        field="/output/container",
        facet="container",
        expected="mp4",
        observed="webm",
        impact=(Impact.BREAKS,),
        message=('/output/container: container was "mp4", is "webm"; what reads the file may not take it'),
    ),
    Case(
        new=(("container: {value: mp4, source: page#Title}", "container: undocumented"),),
        rule="diff.container",
        severity=Severity.WARNING,
        field="/output/container",
        facet="container",
        expected="mp4",
        message='/output/container: container was "mp4", is undocumented; it is not said any more',
    ),
    Case(
        old=(("resolution: {absent: true,", "resolution: {value: 720p,"),),
        new=(("resolution: {absent: true,", "resolution: {value: 1080p,"),),
        rule="diff.resolution",
        severity=Severity.ERROR,
        field="/output/resolution",
        facet="resolution",
        expected="720p",
        observed="1080p",
        impact=(Impact.BILL, Impact.OUTPUT),
        message=(
            '/output/resolution: resolution was "720p", is "1080p"; the same request makes another video'
        ),
    ),
    Case(
        new=(("resolution: {absent: true,", "resolution: {value: 1080p,"),),
        rule="diff.resolution",
        severity=Severity.WARNING,
        field="/output/resolution",
        facet="resolution",
        observed="1080p",
        impact=(Impact.BILL, Impact.OUTPUT),
        message=('/output/resolution: resolution was documented as absent, is "1080p"; it is said now'),
    ),
    Case(
        new=(("url_lifetime_s: {value: 3600,", "url_lifetime_s: {value: 600,"),),
        rule="diff.url-lifetime",
        severity=Severity.ERROR,
        field="/output/url_lifetime_s",
        facet="lifetime",
        expected=3600,
        observed=600,
        impact=(Impact.BREAKS,),
        message=("/output/url_lifetime_s: lifetime was 3600, is 600; a video that is fetched late is lost"),
    ),
    Case(
        new=(("url_lifetime_s: {value: 3600,", "url_lifetime_s: {value: 7200,"),),
        rule="diff.url-lifetime",
        severity=Severity.INFO,
        field="/output/url_lifetime_s",
        facet="lifetime",
        expected=3600,
        observed=7200,
        message="/output/url_lifetime_s: lifetime was 3600, is 7200; there is more time",
    ),
    Case(
        new=(("url_lifetime_s: {value: 3600,", "url_lifetime_s: {value: limited,"),),
        rule="diff.url-lifetime",
        severity=Severity.WARNING,
        field="/output/url_lifetime_s",
        facet="lifetime",
        expected=3600,
        observed="limited",
        message=(
            '/output/url_lifetime_s: lifetime was 3600, is "limited"; how long the address holds '
            "is not said exactly"
        ),
    ),
    Case(
        old=(("url_lifetime_s: {value: 3600, source: page#Read}", "url_lifetime_s: undocumented"),),
        rule="diff.url-lifetime",
        severity=Severity.WARNING,
        field="/output/url_lifetime_s",
        facet="lifetime",
        observed=3600,
        message=(
            "/output/url_lifetime_s: lifetime was undocumented, is 3600; a video that is fetched "
            "later is lost"
        ),
    ),
    Case(
        new=(("amount: 0.35", "amount: 0.5"),),
        rule="diff.price",
        severity=Severity.ERROR,
        field="/price",
        facet="price",
        expected={"currency": "USD", "unit": "video", "amount": 0.35},
        observed={"currency": "USD", "unit": "video", "amount": 0.5},
        impact=(Impact.BILL,),
        message="/price: amount was 0.35, is 0.5; the same job costs more",
    ),
    Case(
        new=(("amount: 0.35", "amount: 0.2"),),
        rule="diff.price",
        severity=Severity.INFO,
        field="/price",
        facet="price",
        expected={"currency": "USD", "unit": "video", "amount": 0.35},
        observed={"currency": "USD", "unit": "video", "amount": 0.2},
        impact=(Impact.BILL,),
        message="/price: amount was 0.35, is 0.2; the same job costs less",
    ),
    Case(
        new=(("unit: video", "unit: second"),),
        rule="diff.price",
        severity=Severity.ERROR,
        field="/price",
        facet="price",
        expected={"currency": "USD", "unit": "video", "amount": 0.35},
        observed={"currency": "USD", "unit": "second", "amount": 0.35},
        impact=(Impact.BILL,),
        message='/price: unit was "video", is "second"; it is counted otherwise',
    ),
    Case(
        new=(
            ("price: {currency: USD, unit: video, amount: 0.35, source: page#Price}", "price: undocumented"),
        ),
        rule="diff.price",
        severity=Severity.WARNING,
        field="/price",
        facet="price",
        expected={"currency": "USD", "unit": "video", "amount": 0.35},
        impact=(Impact.BILL,),
        message=(
            '/price: price was {"currency": "USD", "unit": "video", "amount": 0.35}, is '
            "undocumented; it is not said any more"
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
