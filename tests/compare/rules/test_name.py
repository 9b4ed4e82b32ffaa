"""Rules for what is called otherwise: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.name import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("guidance: {type", "cfg_scale: {type"), ("guidance: /guidance", "guidance: /cfg_scale")),
        rule="diff.request-property-renamed",
        severity=Severity.ERROR,
        field="/guidance",
        facet="name",
        expected="guidance",
        observed="cfg_scale",
        impact=(Impact.OUTPUT, Impact.BREAKS),
        message=(
            "request of submit, /guidance: called /cfg_scale now; under the old name it is "
            "refused, or ignored and its default applies"
        ),
    ),
    Case(
        new=(
            (
                "properties: {id: {type: string}}\n        job: {id: /id}",
                "properties: {key: {type: string}}\n        job: {id: /key}",
            ),
            ("required: [id]\n", "required: [key]\n"),
            ("sample: {value: {id: job-1}", "sample: {value: {key: job-1}"),
        ),
        rule="diff.response-property-renamed",
        severity=Severity.ERROR,
        field="/id",
        facet="name",
        expected="id",
        observed="key",
        impact=(Impact.BREAKS,),
        message=(
            "answer 201 of submit, /id: called /key now; a client that reads the old name finds nothing"
        ),
    ),
    Case(
        new=(
            ("done: succeeded", "finished: succeeded"),
            ("enum: [waiting, done, broken]", "enum: [waiting, finished, broken]"),
        ),
        rule="diff.status-word-renamed",
        severity=Severity.ERROR,
        field="/done",
        facet="name",
        expected="done",
        observed="finished",
        impact=(Impact.BREAKS,),
        message=(
            "answer 200 of poll, /done: called finished now; a client that does not know the "
            "word waits for ever"
        ),
    ),
    Case(
        new=(("name: video-1, source: page#Title}", "name: video-one, source: page#Title}"),),
        rule="diff.model-name",
        severity=Severity.ERROR,
        field="/model/name",
        facet="name",
        expected="video-1",
        observed="video-one",
        impact=(Impact.BREAKS,),
        message=('/model/name: name was "video-1", is "video-one"; requests for the old name may be refused'),
    ),
    Case(
        new=(('version: "1"', 'version: "2"'),),
        rule="diff.model-version",
        severity=Severity.ERROR,
        field="/model/version",
        facet="name",
        expected="1",
        observed="2",
        impact=(Impact.OUTPUT,),
        message='/model/version: name was "1", is "2"; another model makes other videos',
    ),
    Case(
        new=(("tier: undocumented", "tier: pro"),),
        rule="diff.model-version",
        severity=Severity.WARNING,
        field="/model/tier",
        facet="name",
        observed="pro",
        message='/model/tier: name was undocumented, is "pro"; it is said now',
    ),
    Case(
        old=(("tier: undocumented", "tier: pro"),),
        rule="diff.model-version",
        severity=Severity.WARNING,
        field="/model/tier",
        facet="name",
        expected="pro",
        message='/model/tier: name was "pro", is undocumented; it is not said any more',
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.message[:60])
def test_change_is_one_finding(case: Case) -> None:
    """The change is reported once, by the rule that it belongs to, with old and new value."""
    assert_case(case)


def test_every_rule_has_a_case() -> None:
    """Every rule fires in a case and is silent in another."""
    assert_every_rule(RULES, CASES)
