"""Judging every message on its way: the same judgement as of recorded traffic, one message at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.check.body import Judges
from harness.check.job import JobTrace
from harness.check.jobs import Heard, JobTraces
from harness.check.request import request_findings
from harness.check.response import (
    Content,
    Unreadable,
    decode,
    payload_findings,
    response_findings,
    unreadable_request,
)
from harness.check.rules import rule as check_rule
from harness.client.answer import Answer, Flaw
from harness.client.rules import rule
from harness.finding import Direction, Finding, Location, Rule, Severity
from harness.spec.model import Job, Payload, Response, Spec
from harness.wire.job import JobView, job_views
from harness.wire.message import HttpResponse

__all__ = ["Checker", "Findings", "Reading", "is_outage"]

_OUTAGE = frozenset({401, 403, 408, 425, 429})
_HARMLESS = frozenset({"duplicate-key", "surrogate"})
_MOST = 200
_FLAWS = {
    Flaw.NO_ANSWER: check_rule("traffic.no-answer"),
    Flaw.OVER_LIMIT: rule("traffic.over-limit"),
    Flaw.HEADERS_CUT: rule("traffic.over-limit"),
    Flaw.REDIRECT: rule("traffic.redirect-refused"),
}


def is_outage(status: int) -> bool:
    """Whether a status says that the provider did not serve us: then nothing is said of its contract."""
    return status in _OUTAGE or status >= 500


@dataclass(slots=True)
class Findings:
    """What was found of one job: each fault once, however many polls show it.

    What was not served stands apart, by operation: an answer to the same operation later takes it back.
    """

    _found: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    _outages: dict[str, Finding] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding]) -> None:
        """Takes findings; of more than a hundred different ones the rest says nothing new."""
        for finding in findings:
            key = (finding.rule.id, finding.operation, finding.direction, finding.field, finding.facet)
            if len(self._found) < _MOST:
                self._found.setdefault((*key, repr(finding.expected)), finding)

    def outage(self, operation: str, finding: Finding) -> None:
        """An operation was not served."""
        self._outages[operation] = finding

    def served(self, operation: str) -> None:
        """An operation was served."""
        self._outages.pop(operation, None)

    def copy(self) -> Findings:
        """The same so far, apart from now on."""
        return Findings(_found=dict(self._found), _outages=dict(self._outages))

    @property
    def all(self) -> tuple[Finding, ...]:
        """Everything that stands."""
        return (*self._found.values(), *self._outages.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a message says: its JSON value (None: it has none), and the jobs in it.

    `served` is False where the provider did not answer, or answered that it does not serve.
    """

    served: bool
    value: Any = None
    job: Job | None = None
    views: tuple[JobView, ...] = ()


@dataclass(slots=True)
class Checker:
    """The validators of one client, and what it saw of each job."""

    judges: Judges = field(default_factory=Judges)
    traces: JobTraces = field(default_factory=JobTraces)

    def trace(self, spec: Spec, job_id: str) -> JobTrace | None:
        """What was seen of a job."""
        return self.traces.by_job.get((spec.ref, job_id))

    def request(self, spec: Spec, operation: str, body: bytes, subject: Location) -> tuple[Finding, ...]:
        """Every fault of a request body."""
        request = spec.operations[operation].request
        if request is None:
            return ()
        document = decode(body, subject.file or "the request")
        if isinstance(document, Unreadable):
            return (unreadable_request(spec, f"{request.at}/schema", document, operation, subject),)
        return tuple(
            request_findings(spec, operation, request, document, subject=subject, judges=self.judges)
        )

    def answer(self, answer: Answer, findings: Findings) -> Reading:
        """Judges an answer and reads it. Nothing is read from one that is not whole."""
        spec, operation = answer.call.spec, answer.call.operation
        if answer.flaw is Flaw.NO_ANSWER:
            findings.outage(operation, _flaw_finding(answer, answer.flaw))
        elif answer.flaw is not None:
            findings.add((_flaw_finding(answer, answer.flaw),))
        response = answer.response
        if response is None or not answer.is_whole:
            return Reading(served=False)
        content = decode(response.body, answer.subject.file or "the body")
        judged = self._judged(answer, response, content)
        documented = spec.responses_for(operation, response.status)
        if is_outage(response.status):
            judged = tuple(finding for finding in judged if not finding.rule.inconclusive)
            findings.add(judged if documented is not None else ())
            findings.outage(operation, _outage_finding(answer, response.status))
            return Reading(served=False, value=_value(content))
        findings.add(judged)
        findings.served(operation)
        read_as = documented or _success(spec, operation, response.status)
        job = read_as.job if read_as is not None else None
        heard = Heard(
            spec=spec,
            operation=operation,
            direction=Direction.RESPONSE,
            subject=answer.subject,
            asked_for=answer.call.job_id,
            sent_s=answer.sent_s,
            received_s=answer.received_s,
        )
        return self._read(heard, job, content, judged, findings)

    def _judged(self, answer: Answer, response: HttpResponse, content: Content) -> tuple[Finding, ...]:
        return tuple(
            response_findings(
                answer.call.spec,
                answer.call.operation,
                response.status,
                content,
                subject=answer.subject,
                judges=self.judges,
                content_type=response.header("content-type"),
            )
        )

    def payload(
        self, heard: Heard, payload: Payload, body: bytes, findings: Findings, *, believed: bool = True
    ) -> Reading:
        """Judges an event or a webhook call and reads it.

        What is not `believed`, because anybody may have sent it, is no part of the job's life.
        """
        judged: tuple[Finding, ...] = ()
        content = decode(body, heard.subject.file or "the body")
        if payload.schema is not None:
            judged = tuple(
                payload_findings(
                    heard.spec,
                    heard.direction,
                    payload.schema,
                    f"{payload.at}/schema",
                    content,
                    operation=heard.operation,
                    subject=heard.subject,
                    judges=self.judges,
                )
            )
        findings.add(judged)
        if believed:
            return self._read(heard, payload.job, content, judged, findings)
        value = _value(content)
        views = () if value is None or payload.job is None else tuple(job_views(payload.job, value))
        return Reading(served=True, value=value, job=payload.job, views=views)

    def _read(
        self, heard: Heard, job: Job | None, content: Content, judged: Sequence[Finding], findings: Findings
    ) -> Reading:
        value = _value(content)
        if job is None:
            return Reading(served=True, value=value)
        findings.add(self.traces.hear(heard, job, content, _covered(judged)))
        views = () if value is None else tuple(job_views(job, value))
        for job_id in dict.fromkeys(heard.asked_for or view.id for view in views):
            trace = self.trace(heard.spec, job_id or "")
            if trace is not None:
                trace.looks.clear()  # thousands of jobs are in flight; what counts of a look is in the trace
        return Reading(served=True, value=value, job=job, views=views)


def _success(spec: Spec, operation: str, status: int) -> Response | None:
    """How a success with an undocumented status is read: as the documented one. A paid job is named in it."""
    documented = spec.operations[operation].responses
    return next((documented[key] for key in documented if status // 100 == 2 and key[0] == "2"), None)


def _value(content: Content) -> Any:
    """The JSON value of a body, None where it has none."""
    document = decode(content, "")
    return None if isinstance(document, Unreadable) else document.root.plain()


def _covered(judged: Sequence[Finding]) -> frozenset[str]:
    """Where a body breaks its schema: what else is wrong there is the same fault."""
    return frozenset(
        finding.pointer
        for finding in judged
        if finding.pointer is not None
        and finding.severity is Severity.ERROR
        and finding.facet not in _HARMLESS
    )


def _traffic_finding(answer: Answer, row: Rule, message: str, facet: str, observed: object) -> Finding:
    return Finding(
        rule=row,
        message=message,
        field="",
        model=answer.call.spec.ref,
        operation=answer.call.operation,
        direction=Direction.RESPONSE,
        facet=facet,
        observed=observed,
        subject=answer.subject,
    )


def _flaw_finding(answer: Answer, flaw: Flaw) -> Finding:
    message = f"{answer.call.operation}: {answer.error}"
    return _traffic_finding(answer, _FLAWS[flaw], message, flaw.value, None)


def _outage_finding(answer: Answer, status: int) -> Finding:
    message = f"{answer.call.operation}: status {status}; nothing can be said of the contract"
    return _traffic_finding(answer, check_rule("traffic.unavailable"), message, "status", status)
