"""Judging on the way: once for each fault, and outages taken back."""

from __future__ import annotations

from dataclasses import replace

from harness.check.jobs import Heard
from harness.client.answer import Answer, Flaw
from harness.client.calls import Call
from harness.client.checking import Checker, Findings, Reading, is_outage
from harness.finding import Direction, Finding, Location
from harness.spec.model import JobState
from harness.wire.message import HttpResponse
from tests.client.specs import full
from tests.client.world import rules_of

SPEC = full()


def judged(
    checker: Checker, findings: Findings, status: int, body: bytes, flaw: Flaw | None = None
) -> Reading:
    """One poll of job j."""
    call = Call(spec=SPEC, operation="poll", method="GET", url="http://x", headers=(), job_id="j")
    response = HttpResponse(status=status, headers=(("content-type", "application/json"),), body=body)
    answer = Answer(
        call=call,
        response=None if flaw is Flaw.NO_ANSWER else response,
        subject=Location(file="t", index=0),
        sent_s=1.0,
        received_s=2.0,
        flaw=flaw,
        error=None if flaw is None else "because",
    )
    return checker.answer(answer, findings)


def test_an_answer_is_read():
    """What it says of the job, by the spec's pointers."""
    reading = judged(Checker(), Findings(), 200, b'{"id": "j", "status": "waiting", "progress": 5}')

    assert reading.served
    (view,) = reading.views
    assert (view.id, view.state, view.progress_percent) == ("j", JobState.RUNNING, 5)


def test_one_fault_is_one_finding():
    """However many polls show it, with whatever value."""
    checker, findings = Checker(), Findings()
    for value in (b"7", b"8", b'"x"'):
        judged(checker, findings, 200, b'{"id": "j", "status": ' + value + b"}")

    assert rules_of(findings.all) == ["response.type", "response.enum"]


def test_an_outage_is_taken_back():
    """By an answer to the same operation."""
    checker, findings = Checker(), Findings()
    judged(checker, findings, 503, b"")
    assert rules_of(findings.all) == ["traffic.unavailable"]
    judged(checker, findings, 200, b"", Flaw.NO_ANSWER)
    assert rules_of(findings.all) == ["traffic.no-answer"]

    judged(checker, findings, 200, b'{"id": "j", "status": "waiting"}')
    assert findings.all == ()


def test_what_was_cut_stays_said():
    """A later answer that is whole does not make the other one so."""
    checker, findings = Checker(), Findings()
    assert not judged(checker, findings, 200, b'{"id": "j', Flaw.OVER_LIMIT).served
    judged(checker, findings, 200, b'{"id": "j", "status": "waiting"}')

    assert rules_of(findings.all) == ["traffic.over-limit"]
    assert findings.all[0].message == "poll: because"


def test_a_success_with_another_status_is_read():
    """As the documented one: a paid job is named in it."""
    findings = Findings()
    reading = judged(Checker(), findings, 202, b'{"id": "j", "status": "done", "videos": [{"url": "u"}]}')

    assert [view.state for view in reading.views] == [JobState.SUCCEEDED]
    assert rules_of(findings.all) == ["response.status-undocumented"]


def test_an_answer_may_be_as_old_as_its_request():
    """A poll sent before the end was heard of, and answered after, contradicts nothing."""
    checker, findings, webhook = Checker(), Findings(), SPEC.webhook.value
    assert webhook is not None
    heard = Heard(spec=SPEC, operation=None, direction=Direction.WEBHOOK, subject=Location(), received_s=1.5)
    body = b'{"id": "j", "state": "ok", "url": "u"}'
    checker.payload(heard, webhook.payload, body, findings)
    judged(checker, findings, 200, b'{"id": "j", "status": "waiting"}')  # sent at 1.0, received at 2.0
    assert findings.all == ()

    late = Checker()
    late.payload(replace(heard, received_s=0.5), webhook.payload, body, findings)
    judged(late, findings, 200, b'{"id": "j", "status": "waiting"}')
    assert rules_of(findings.all) == ["job.terminal-changed"]


def test_the_trace_keeps_no_looks():
    """Thousands of jobs are in flight for hours."""
    checker = Checker()
    for _ in range(10):
        judged(checker, Findings(), 200, b'{"id": "j", "status": "waiting"}')
    trace = checker.trace(SPEC, "j")

    assert trace is not None
    assert (trace.polls, trace.looks) == (10, [])


def test_what_is_not_believed_leaves_no_trace():
    """Anybody may have sent it."""
    checker, webhook = Checker(), SPEC.webhook.value
    assert webhook is not None
    heard = Heard(spec=SPEC, operation=None, direction=Direction.WEBHOOK, subject=Location(), received_s=1.0)
    body = b'{"id": "j", "state": "ok", "url": "u"}'
    reading = checker.payload(heard, webhook.payload, body, Findings(), believed=False)
    assert [view.state for view in reading.views] == [JobState.SUCCEEDED]
    assert checker.trace(SPEC, "j") is None

    checker.payload(heard, webhook.payload, body, Findings())
    assert checker.trace(SPEC, "j") is not None


def test_findings_are_bounded():
    """A provider that invents a member for each poll fills no memory."""
    findings = Findings()
    checker = Checker()
    for number in range(400):
        judged(checker, findings, 200, b'{"id": "j", "status": "waiting", "x%d": 1}' % number)

    assert len(findings.all) == 200
    assert findings.copy().all == findings.all
    assert all(isinstance(finding, Finding) for finding in findings.all)


def test_outages():
    """What says that the provider did not serve us."""
    assert [status for status in (200, 400, 401, 403, 404, 408, 422, 429, 500, 503) if is_outage(status)] == [
        *(401, 403, 408, 429),
        *(500, 503),
    ]
