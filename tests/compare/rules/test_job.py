"""Rules for the job in an answer: each case is one change and must give exactly one finding."""

from __future__ import annotations

import pytest

from harness.compare.rules.job import RULES
from harness.finding import Impact, Severity
from tests.compare.drift import ONE_EVENT, Case, assert_case, assert_every_rule

CASES: tuple[Case, ...] = (
    Case(
        new=(("status: /status\n", "status: /state\n"),),
        rule="diff.job-place",
        severity=Severity.ERROR,
        field="",
        facet="job.status",
        expected="/status",
        observed="/state",
        impact=(Impact.BREAKS,),
        message=(
            'answer 200 of poll: job.status was "/status", is "/state"; a client that reads the '
            "old place finds nothing"
        ),
    ),
    Case(
        new=(("progress_percent: /progress", "progress_percent: /done"),),
        rule="diff.job-place",
        severity=Severity.WARNING,
        field="",
        facet="job.progress_percent",
        expected="/progress",
        observed="/done",
        message=(
            'answer 200 of poll: job.progress_percent was "/progress", is "/done"; a client that '
            "reads the old place finds nothing"
        ),
    ),
    Case(
        old=(("          progress_percent: /progress\n", ""),),
        rule="diff.job-place",
        severity=Severity.INFO,
        field="",
        facet="job.progress_percent",
        observed="/progress",
        message=(
            'answer 200 of poll: job.progress_percent was undocumented, is "/progress"; it can be read now'
        ),
    ),
    Case(
        new=(
            ("broken: failed\n", "broken: failed\n            gone: failed\n"),
            ("enum: [waiting, done, broken]", "enum: [waiting, done, broken, gone]"),
        ),
        rule="diff.status-word-added",
        severity=Severity.ERROR,
        field="/gone",
        facet="job.states",
        observed="failed",
        impact=(Impact.BREAKS,),
        message=(
            "answer 200 of poll, /gone: new, means failed; a client does not know 'gone' and waits for ever"
        ),
    ),
    Case(
        old=(
            ("broken: failed\n", "broken: failed\n            gone: failed\n"),
            ("enum: [waiting, done, broken]", "enum: [waiting, done, broken, gone]"),
        ),
        rule="diff.status-word-removed",
        severity=Severity.WARNING,
        field="/gone",
        facet="job.states",
        expected="failed",
        message=(
            "answer 200 of poll, /gone: gone, meant failed; a client that waits for 'gone' waits for ever"
        ),
    ),
    Case(
        new=(("waiting: running", "waiting: queued"),),
        rule="diff.status-word-meaning",
        severity=Severity.ERROR,
        field="/waiting",
        facet="job.states",
        expected="running",
        observed="queued",
        impact=(Impact.BREAKS,),
        message=(
            'answer 200 of poll, /waiting: job.states was "running", is "queued"; a client takes '
            "one state for another"
        ),
    ),
    Case(
        old=(ONE_EVENT,),
        new=((ONE_EVENT[0], ONE_EVENT[1].replace("buffered: false", "buffered: true")),),
        rule="diff.event-stream",
        severity=Severity.WARNING,
        field="",
        facet="stream",
        expected={"keep_alive_s": 15, "buffered": False, "states_without_event": []},
        observed={"keep_alive_s": 15, "buffered": True, "states_without_event": []},
        message=(
            "answer 200 of events: stream: buffered was false, is true; a client may miss the end of a job"
        ),
    ),
    Case(
        new=(
            (
                'validation: {at_submit: ["*"], at_run: [/duration]',
                'validation: {at_submit: ["*"], at_run: [/prompt]',
            ),
        ),
        rule="diff.validation",
        severity=Severity.ERROR,
        field="",
        facet="validation",
        expected={"at_submit": ["*"], "at_run": ["/duration"]},
        observed={"at_submit": ["*"], "at_run": ["/prompt"]},
        impact=(Impact.BILL,),
        message=(
            'request of submit: validation: at_run was ["/duration"], is ["/prompt"]; what was '
            "refused free of charge may become a paid job"
        ),
    ),
    Case(
        new=(
            (
                'validation: {at_submit: ["*"], at_run: [/duration], source: page#Create}',
                "validation: undocumented",
            ),
        ),
        rule="diff.validation",
        severity=Severity.WARNING,
        field="",
        facet="validation",
        expected={"at_submit": ["*"], "at_run": ["/duration"]},
        impact=(Impact.BILL,),
        message=(
            'request of submit: validation was {"at_submit": ["*"], "at_run": ["/duration"]}, is '
            "undocumented; it is not said any more"
        ),
    ),
    Case(
        old=(
            (
                'validation: {at_submit: ["*"], at_run: [/duration], source: page#Create}',
                "validation: undocumented",
            ),
        ),
        rule="diff.validation",
        severity=Severity.WARNING,
        field="",
        facet="validation",
        observed={"at_submit": ["*"], "at_run": ["/duration"]},
        impact=(Impact.BILL,),
        message=(
            'request of submit: validation was undocumented, is {"at_submit": ["*"], "at_run": '
            '["/duration"]}; it is said now'
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
