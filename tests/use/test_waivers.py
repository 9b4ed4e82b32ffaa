"""Waivers: read, applied, and judged themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from harness.errors import SourceError
from harness.finding import Direction, Finding, Judgement, Kind, Observed, Rule, Severity
from harness.spec.node import Mark
from harness.use.rules import EXPIRED, EXPIRES_SOON, SAME_DAY, UNUSED
from harness.use.waivers import Scope, Waiver, apply_waivers, read_waivers

TODAY = date(2026, 11, 20)
MODEL = "acme/clip@2026-07-01"
DEFAULT = Rule(id="diff.request-default", kind=Kind.DRIFT, severity=Severity.ERROR, summary="s", advice="a")
DIFF = Scope(areas=frozenset({"diff"}), whole=True)
UNSEEN = Rule(id="docs.gone", severity=Severity.WARNING, summary="s", advice="a", inconclusive=True)


def found(**members: Any) -> Finding:
    """A default that went from 5 to 10."""
    return Finding(
        **{
            "rule": DEFAULT,
            "message": "default was 5, is 10",
            "field": "/duration",
            "model": MODEL,
            "operation": "submit",
            "direction": Direction.REQUEST,
            "facet": "default",
            "expected": 5,
            "observed": 10,
            **members,
        }
    )


def waiver(finding: Finding | None = None, **members: Any) -> Waiver:
    """A waiver of a finding, long enough not to warn."""
    one = finding or found()
    return Waiver(
        **{
            "fingerprint": one.fingerprint,
            "reason": "agreed",
            "until": date(2027, 3, 1),
            "rule": one.rule.id,
            "model": one.model,
            "operation": one.operation,
            "direction": one.direction.value if one.direction else None,
            "field": one.field,
            "facet": one.facet,
            "mark": Mark("waivers.yaml", 4, 3),
            **members,
        }
    )


def judged(*findings: Finding, **members: Any) -> Judgement:
    """A judgement that observed the model."""
    return Judgement(**{"findings": findings, "observed": Observed(facts=9), "models": (MODEL,), **members})


def own(judgement: Judgement, *waivers: Waiver, scope: Scope = DIFF) -> list[tuple[str, str]]:
    """What is said of the waivers themselves."""
    after = apply_waivers(judgement, waivers, today=TODAY, scope=scope)
    rules = (UNUSED, EXPIRED, EXPIRES_SOON, SAME_DAY)
    return [(f.rule.id, f.message) for f in after.findings if f.rule in rules]


def test_a_waived_finding_counts_no_more() -> None:
    """It is still shown, and nothing is said of the waiver."""
    after = apply_waivers(judged(found()), [waiver()], today=TODAY, scope=DIFF)
    assert [f.waived for f in after.findings] == [True]
    assert after.worst() is None
    assert own(judged(found()), waiver()) == []


def test_a_waiver_is_for_one_fingerprint_alone() -> None:
    """Another model's finding stands."""
    other = found(model="bolt/clip")
    after = apply_waivers(judged(found(), other), [waiver()], today=TODAY, scope=DIFF)
    assert [f.waived for f in after.findings] == [True, False]


def test_other_values_are_reported_and_the_message_says_so() -> None:
    """The fingerprint is another one; the waiver is not called unused besides."""
    changed = found(observed=15, message="default was 5, is 15")
    one = waiver()
    after = apply_waivers(judged(changed), [one], today=TODAY, scope=DIFF)
    assert [f.message for f in after.findings] == [
        f"default was 5, is 15; waiver {one.fingerprint}, until 2027-03-01, is for other values of this: it "
        "does not cover these"
    ]
    assert after.findings[0].fingerprint == changed.fingerprint
    assert not after.findings[0].waived


@pytest.mark.parametrize(
    "other",
    [
        {"field": "/mode"},
        {"facet": "enum"},
        {"operation": "generate"},
        {"model": "bolt/clip"},
    ],
)
def test_a_finding_of_something_else_is_not_taken_for_other_values(other: dict[str, Any]) -> None:
    """Rule, model, operation, field and facet must be the same; the revision need not."""
    after = apply_waivers(judged(found(**other)), [waiver()], today=TODAY, scope=DIFF)
    assert "waiver" not in after.findings[0].message
    newer = found(model="acme/clip@2026-09-01")
    after = apply_waivers(judged(newer), [waiver()], today=TODAY, scope=DIFF)
    assert "is for other values of this" in after.findings[0].message


def test_unused_though_its_subject_was_observed() -> None:
    """The deviation is gone: that is a finding."""
    one = waiver()
    assert own(judged(), one) == [
        (
            "waiver.unused",
            f"waiver {one.fingerprint} waives nothing: diff.request-default {MODEL} submit /duration was "
            "observed and is not found",
        )
    ]


@pytest.mark.parametrize(
    ("judgement", "scope"),
    [
        (judged(observed=Observed()), DIFF),
        (judged(models=("bolt/clip",)), DIFF),
        (judged(unobserved=frozenset({MODEL})), DIFF),
        (judged(Finding(rule=UNSEEN, message="m", field="", model=MODEL)), DIFF),
        (judged(Finding(rule=UNSEEN, message="m", field="")), DIFF),
        (judged(), Scope(areas=frozenset({"request"}), whole=True)),
    ],
)
def test_unused_because_nothing_was_observed_is_no_finding(judgement: Judgement, scope: Scope) -> None:
    """Nothing seen, another model, an outage, or a command that judges something else."""
    assert own(judgement, waiver(), scope=scope) == []


def test_where_less_than_everything_was_looked_at_only_that_was_observed() -> None:
    """One page of a provider's several says nothing of what stands on another."""
    page = judged(subjects=frozenset({("submit", "request", "/prompt")}))
    assert own(page, waiver()) == []
    page = judged(subjects=frozenset({("submit", "request", "/duration")}))
    assert [rule for rule, _ in own(page, waiver())] == ["waiver.unused"]


def test_a_waiver_that_nobody_knows_the_subject_of_is_never_unused() -> None:
    """Without its rule it cannot be said what would have to be observed."""
    bare = waiver(rule=None, model=None, operation=None, direction=None, field=None, facet=None)
    assert own(judged(), bare) == []


def test_what_belongs_to_no_model_is_observed_by_a_whole_run_alone() -> None:
    """A comparison of some sellers has other fingerprints than one of all."""
    one = waiver(model=None)
    assert own(judged(), one, scope=Scope(areas=frozenset({"diff"}), whole=False)) == []
    assert [rule for rule, _ in own(judged(), one)] == ["waiver.unused"]


@pytest.mark.parametrize(
    ("days", "rule", "words"),
    [
        (
            -1,
            "waiver.expired",
            "ended on 2026-11-19: diff.request-default acme/clip@2026-07-01 submit /duration",
        ),
        (0, "waiver.expires-soon", "ends today: "),
        (1, "waiver.expires-soon", "ends in 1 day, on 2026-11-21: "),
        (14, "waiver.expires-soon", "ends in 14 days, on 2026-12-04: "),
        (15, None, ""),
    ],
)
def test_the_last_day(days: int, rule: str | None, words: str) -> None:
    """It holds to the end of its last day, warns 14 days ahead, and is reported when it is over."""
    one = waiver(until=TODAY + timedelta(days=days), owner="ops")
    after = apply_waivers(judged(found()), [one], today=TODAY, scope=DIFF)
    assert after.findings[0].waived == (days >= 0)
    told = own(judged(found()), one)
    assert [name for name, _ in told] == ([rule] if rule else [])
    assert all(message.startswith(f"waiver {one.fingerprint} (ops) {words}") for _, message in told)


def test_an_expired_waiver_of_what_is_gone_is_expired_and_not_unused_as_well() -> None:
    """One fault is one finding."""
    assert [r for r, _ in own(judged(), waiver(until=date(2026, 1, 1)))] == ["waiver.expired"]


def test_many_that_end_on_one_day_are_to_be_spread() -> None:
    """From three on."""
    three = [waiver(found(observed=n)) for n in (20, 30, 40)]
    findings = judged(*(found(observed=n) for n in (20, 30, 40)))
    assert own(findings, *three) == [
        ("waiver.same-day", "3 waivers end on 2027-03-01: spread their last days")
    ]
    assert own(findings, *three[:2]) == []


TEXT = """\
format: 1
waivers:
  "0123456789ab":
    reason: agreed with the provider
    owner: ops
    until: "2027-03-01"
    rule: diff.request-default
    model: acme/clip
    operation: submit
    direction: request
    field: /duration
    facet: default
  abcdefabcdef: {reason: known, until: "2027-01-01"}
"""


def test_reading() -> None:
    """Every member, and a waiver with no more than it needs."""
    whole, bare = read_waivers(TEXT, "waivers.yaml")
    assert (whole.fingerprint, whole.owner, whole.until) == ("0123456789ab", "ops", date(2027, 3, 1))
    assert (whole.rule, whole.field, whole.mark) == (
        "diff.request-default",
        "/duration",
        Mark("waivers.yaml", 3, 3),
    )
    assert (bare.rule, bare.owner, bare.field) == (None, None, None)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "abcdefabcdef",
            "abcdef",
            "13:3: /waivers/abcdef: expected a fingerprint of 12 hex digits, got 'abcdef'",
        ),
        (
            '"2027-01-01"',
            '"2027-1-1"',
            "13:40: /waivers/abcdefabcdef/until: expected a day such as 2026-12-31, got '2027-1-1'",
        ),
        ("reason: known, ", "", "13:3: /waivers/abcdefabcdef: missing key 'reason'"),
        (
            "direction: request",
            "direction: out",
            "10:16: /waivers/0123456789ab/direction: expected one of request, response, webhook, event, "
            "document, spec, got 'out'",
        ),
        ("owner: ops", "oner: ops", "5:5: /waivers/0123456789ab: unknown key 'oner'; did you mean 'owner'?"),
    ],
)
def test_faults_have_a_place(before: str, after: str, message: str) -> None:
    """Line, column, and what was expected."""
    with pytest.raises(SourceError) as caught:
        read_waivers(TEXT.replace(before, after), "w.yaml")
    assert str(caught.value) == f"w.yaml:{message}"
