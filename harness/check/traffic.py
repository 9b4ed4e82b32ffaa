"""Recorded exchanges against the specs: each message by itself, then each job's life cycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.check.body import Judges
from harness.check.job import JobTrace, Look, look_findings
from harness.check.request import request_findings
from harness.check.response import Unreadable, decode, payload_findings, response_findings
from harness.check.rules import rule
from harness.finding import Direction, Finding, Judgement, Location, Observed, Skipped
from harness.spec.model import Job, Payload, Spec
from harness.wire.events import read_events
from harness.wire.job import job_views
from harness.wire.match import NoMatch, match
from harness.wire.message import Delivery, Event, Exchange, HttpResponse, Provenance, Recording

__all__ = ["RecordingCheck", "TracedJob", "check_recording", "nothing_observed"]

_OUTAGE = frozenset({401, 403, 408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedJob:
    """One job of a recording, and the model that it is a job of."""

    model: str
    trace: JobTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingCheck:
    """What one recording came to. `judged` counts its messages by model."""

    recording: Recording
    judgement: Judgement
    jobs: tuple[TracedJob, ...]
    judged: Mapping[str, int]


def nothing_observed(where: str) -> Finding:
    """The finding that keeps an empty directory from passing."""
    return Finding(
        rule=rule("traffic.nothing-observed"),
        message=f"{where}: no recorded exchange that belongs to a known model",
        field="",
        subject=Location(file=where),
    )


def check_recording(recording: Recording, specs: Sequence[Spec], judges: Judges) -> RecordingCheck:
    """The judgement on one recording.

    `specs` are the candidates, one revision for each model; where the recording names its model, that spec
    alone. What matches none of them is skipped, with the reason.
    """
    check = _Check(recording=recording, specs=tuple(specs), judges=judges)
    for exchange in recording.exchanges:
        check.exchange(exchange)
    for delivery in recording.deliveries:
        check.delivery(delivery)
    for event in recording.events:
        check.lone_event(event)
    return check.result()


@dataclass(slots=True, kw_only=True)
class _Check:
    """One recording while it is being read, in the order in which it was recorded."""

    recording: Recording
    specs: tuple[Spec, ...]
    judges: Judges
    findings: list[Finding] = field(default_factory=list)
    outages: list[tuple[Spec, str, Finding]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    traces: dict[tuple[str, str], JobTrace] = field(default_factory=dict)
    judged: Counter[str] = field(default_factory=Counter)

    def exchange(self, exchange: Exchange) -> None:
        found = match(self._candidates(exchange), exchange.request)
        if isinstance(found, NoMatch):
            self.skipped.append(Skipped(what=str(exchange.subject), why=found.reason))
            return
        self.judged[found.spec.ref] += 1
        self._request(found.spec, found.operation, exchange)
        response = exchange.response
        if response is None:
            self._unanswered(found.spec, found.operation, exchange)
        elif self._is_outage(response):
            self._outage(found.spec, found.operation, exchange, response)
        else:
            self._answered(found.spec, found.operation)
            self._response(found.spec, found.operation, exchange, response, found.job_id)

    def _candidates(self, exchange: Exchange) -> tuple[Spec, ...]:
        """The specs that an exchange may belong to: where a job is known, its own model's goes first."""
        known = {model for model, _ in self.traces}
        return tuple(sorted(self.specs, key=lambda spec: spec.ref not in known))

    def _request(self, spec: Spec, operation: str, exchange: Exchange) -> None:
        request = spec.operations[operation].request
        if request is None or self.recording.other_model is not None:
            return
        document = decode(exchange.request.body, exchange.subject.file or "")
        if isinstance(document, Unreadable):
            self.findings.append(
                Finding(
                    rule=rule("request.not-json"),
                    message=f"the body: {document.why}",
                    field="",
                    pointer="",
                    model=spec.ref,
                    operation=operation,
                    direction=Direction.REQUEST,
                    facet="json",
                    expected="JSON",
                    observed=document.start,
                    source=spec.location_at(f"{request.at}/schema"),
                    subject=exchange.subject,
                )
            )
            return
        self.findings += request_findings(
            spec, operation, request, document, subject=exchange.subject, judges=self.judges
        )

    def _is_outage(self, response: HttpResponse) -> bool:
        """Whether an answer says that the provider did not serve us. What a document prints is no outage."""
        documented = self.recording.provenance is Provenance.DOCUMENTED
        return not documented and (response.status in _OUTAGE or response.status >= 500)

    def _outage(self, spec: Spec, operation: str, exchange: Exchange, response: HttpResponse) -> None:
        if spec.responses_for(operation, response.status) is not None:
            self.findings += self._body(spec, operation, exchange, response)
        message = f"{operation}: status {response.status}; nothing can be said of the contract"
        self._defer(spec, operation, exchange, "traffic.unavailable", message, response.status)

    def _unanswered(self, spec: Spec, operation: str, exchange: Exchange) -> None:
        message = f"{operation}: no answer was recorded" + (f": {exchange.error}" if exchange.error else "")
        self._defer(spec, operation, exchange, "traffic.no-answer", message, None)

    def _defer(
        self, spec: Spec, operation: str, exchange: Exchange, rule_id: str, message: str, observed: object
    ) -> None:
        finding = Finding(
            rule=rule(rule_id),
            message=message,
            field="",
            model=spec.ref,
            operation=operation,
            direction=Direction.RESPONSE,
            facet="status",
            observed=observed,
            subject=exchange.subject,
        )
        self.outages.append((spec, operation, finding))

    def _answered(self, spec: Spec, operation: str) -> None:
        """An answer after an outage: the outage has cost time and nothing else."""
        self.outages = [entry for entry in self.outages if entry[:2] != (spec, operation)]

    def _body(self, spec: Spec, operation: str, exchange: Exchange, response: HttpResponse) -> list[Finding]:
        return list(
            response_findings(
                spec,
                operation,
                response.status,
                response.body,
                subject=exchange.subject,
                judges=self.judges,
                content_type=response.header("content-type"),
            )
        )

    def _response(
        self, spec: Spec, operation: str, exchange: Exchange, response: HttpResponse, asked_for: str | None
    ) -> None:
        documented = spec.responses_for(operation, response.status)
        if documented is not None and documented.events:
            self._stream(spec, exchange, response)
            return
        found = self._body(spec, operation, exchange, response)
        self.findings += found
        if documented is not None and documented.job is not None:
            look = _LookAt(
                spec=spec,
                job=documented.job,
                direction=Direction.RESPONSE,
                operation=operation,
                subject=exchange.subject,
                asked_for=asked_for,
                sent_s=exchange.sent_s,
                received_s=exchange.received_s,
            )
            self._look(look, response.body, found)

    def _stream(self, spec: Spec, exchange: Exchange, response: HttpResponse) -> None:
        for event in read_events(response.body, exchange.subject):
            self._event(spec, event)

    def lone_event(self, event: Event) -> None:
        """An event that the recording holds by itself."""
        streaming = [spec for spec in self.specs if "events" in spec.operations]
        if len(streaming) == 1:
            self._event(streaming[0], event)
        else:
            self.skipped.append(Skipped(what=str(event.subject), why="no single model here has events"))

    def _event(self, spec: Spec, event: Event) -> None:
        payload = next(
            (
                response.events[event.name]
                for response in spec.operations["events"].responses.values()
                if event.name in response.events
            ),
            None,
        )
        if payload is None:
            why = f"event {event.name!r} is none of this model's"
            self.skipped.append(Skipped(what=str(event.subject), why=why))
            return
        self.judged[spec.ref] += 1
        self._payload(
            spec, payload, Direction.EVENT, "events", event.data.encode(), event.subject, event.received_s
        )

    def delivery(self, delivery: Delivery) -> None:
        """A webhook call."""
        calling = [spec for spec in self.specs if spec.webhook.value is not None]
        if len(calling) != 1 or calling[0].webhook.value is None:
            self.skipped.append(Skipped(what=str(delivery.subject), why="no single model here has webhooks"))
            return
        spec, payload = calling[0], calling[0].webhook.value.payload
        self.judged[spec.ref] += 1
        self._payload(
            spec, payload, Direction.WEBHOOK, None, delivery.body, delivery.subject, delivery.received_s
        )

    def _payload(
        self,
        spec: Spec,
        payload: Payload,
        direction: Direction,
        operation: str | None,
        body: bytes,
        subject: Location,
        received_s: float | None,
    ) -> None:
        found: list[Finding] = []
        if payload.schema is not None:
            found = list(
                payload_findings(
                    spec,
                    direction,
                    payload.schema,
                    f"{payload.at}/schema",
                    body,
                    operation=operation,
                    subject=subject,
                    judges=self.judges,
                )
            )
            self.findings += found
        if payload.job is not None:
            look = _LookAt(
                spec=spec,
                job=payload.job,
                direction=direction,
                operation=operation,
                subject=subject,
                received_s=received_s,
            )
            self._look(look, body, found)

    def _look(self, at: _LookAt, body: bytes, found: list[Finding]) -> None:
        document = decode(body, at.subject.file or "")
        if isinstance(document, Unreadable):
            return  # said already
        covered = frozenset(finding.pointer for finding in found if finding.pointer is not None)
        for view in job_views(at.job, document.root.plain()):
            look = Look(
                view=view,
                job=at.job,
                direction=at.direction,
                operation=at.operation,
                subject=at.subject,
                asked_for=at.asked_for,
                sent_s=at.sent_s,
                received_s=at.received_s,
                covered=covered,
            )
            job_id = at.asked_for or view.id
            trace = self.traces.get((at.spec.ref, job_id)) if job_id else None
            self.findings += look_findings(at.spec, trace, look)
            if job_id:
                trace = self.traces.setdefault((at.spec.ref, job_id), JobTrace(id=job_id))
                trace.take(look)

    def result(self) -> RecordingCheck:
        self.findings += [finding for _, _, finding in self.outages]
        exchanges = sum(self.judged.values())
        models = tuple(self.judged)
        unobserved = {spec.ref for spec, _, _ in self.outages}
        return RecordingCheck(
            recording=self.recording,
            judgement=Judgement(
                findings=tuple(self.findings),
                observed=Observed(exchanges=exchanges, skipped=tuple(self.skipped)),
                models=models,
                unobserved=frozenset(unobserved & set(models)),
            ),
            jobs=tuple(TracedJob(model=model, trace=trace) for (model, _), trace in self.traces.items()),
            judged=dict(self.judged),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookAt:
    """A message that is about to be read for what it says of jobs."""

    spec: Spec
    job: Job
    direction: Direction
    operation: str | None
    subject: Location
    asked_for: str | None = None
    sent_s: float | None = None
    received_s: float | None = None
