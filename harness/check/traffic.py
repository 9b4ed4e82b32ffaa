"""Recorded exchanges against the specs: each message by itself, then each job's life cycle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harness.check.body import Judges
from harness.check.job import JobTrace
from harness.check.jobs import Heard, JobTraces
from harness.check.outputs import OutputTraces
from harness.check.request import request_findings
from harness.check.response import Unreadable, decode, payload_findings, response_findings, unreadable_request
from harness.check.rules import rule
from harness.finding import Direction, Finding, Judgement, Location, Observed, Severity, Skipped
from harness.spec.model import Payload, Spec
from harness.wire.events import in_time, is_stream, read_events
from harness.wire.match import Match, NoMatch, match
from harness.wire.message import Delivery, Event, Exchange, HttpResponse, Provenance, Recording

__all__ = ["RecordingCheck", "TracedJob", "check_recording", "nothing_observed"]

_OUTAGE = frozenset({401, 403, 408, 425, 429})
_HARMLESS = frozenset({"duplicate-key", "surrogate"})  # the value is there all the same


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
    for message in _in_order(recording):
        match message:
            case Exchange():
                check.exchange(message)
            case Delivery():
                check.delivery(message)
            case Event():
                check.lone_event(message)
    return check.result()


def _in_order(recording: Recording) -> Iterator[Exchange | Delivery | Event]:
    """The messages by time, where each has one: a webhook may come between two polls."""
    exchanges = (message for exchange in recording.exchanges for message in in_time(exchange))
    messages: list[Exchange | Delivery | Event] = [*exchanges, *recording.deliveries, *recording.events]
    timed = [(time_s, message) for message in messages if (time_s := _time_s(message)) is not None]
    if len(timed) < len(messages):
        yield from messages
    else:
        yield from (message for _, message in sorted(timed, key=lambda entry: entry[0]))


def _time_s(message: Exchange | Delivery | Event) -> float | None:
    """When a message was true at the earliest: an answer may be as old as its request, an event is not."""
    if isinstance(message, Exchange) and not is_stream(message):
        return message.sent_s
    return message.received_s


@dataclass(slots=True)
class _Outages:
    """What the provider did not serve. An answer to the same operation later takes it back.

    A call that creates a job and was never answered stays: it may have been billed, whatever came after.
    """

    entries: list[tuple[str, str, Finding]] = field(default_factory=list)

    def add(self, heard: Heard, rule_id: str, message: str, observed: object) -> None:
        finding = Finding(
            rule=rule(rule_id),
            message=message,
            field="",
            model=heard.spec.ref,
            operation=heard.operation,
            direction=Direction.RESPONSE,
            facet="status",
            observed=observed,
            subject=heard.subject,
        )
        self.entries.append((heard.spec.ref, heard.operation or "", finding))

    def answered(self, heard: Heard) -> None:
        key = (heard.spec.ref, heard.operation)
        self.entries = [entry for entry in self.entries if entry[:2] != key or _may_be_billed(entry[2])]


def _may_be_billed(finding: Finding) -> bool:
    return finding.rule.id == "traffic.no-answer" and finding.operation in ("submit", "generate")


@dataclass(slots=True, kw_only=True)
class _Check:
    """One recording while it is being read, in the order in which it was recorded."""

    recording: Recording
    specs: tuple[Spec, ...]
    judges: Judges
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)
    outages: _Outages = field(default_factory=_Outages)
    jobs: JobTraces = field(default_factory=JobTraces)
    outputs: OutputTraces = field(default_factory=OutputTraces)
    streams: set[Location] = field(default_factory=set)

    def exchange(self, exchange: Exchange) -> None:
        """One request and its answer, if it has one."""
        other = self.recording.other_model is not None
        found = match(self.specs, exchange.request, any_model=other)
        if isinstance(found, NoMatch):
            self._unmatched(exchange, found)
            return
        heard = Heard(
            spec=self._spec_of(found),
            operation=found.operation,
            direction=Direction.RESPONSE,
            subject=exchange.subject,
            asked_for=found.job_id,
            sent_s=exchange.sent_s,
            received_s=exchange.received_s,
        )
        self.judged[heard.spec.ref] += 1
        if found.operation in ("submit", "generate"):
            self.outputs.made[exchange.subject] = (found.operation, exchange.request.body)
        if not other:
            self._request(heard, found.operation, exchange.request.body)
        self._answer(heard, found.operation, exchange)

    def _unmatched(self, exchange: Exchange, found: NoMatch) -> None:
        """The address of an output, or a stranger's."""
        given = self.jobs.given(exchange.request.url)
        if given is None:
            self._skip(exchange.subject, found.reason)
            return
        self.outputs.visited(exchange, given)
        if not self.recording.videos:
            self._skip(exchange.subject, "a job's output, which is not judged by its bytes here")

    def _spec_of(self, found: Match) -> Spec:
        """Of several models that a poll may belong to: one seen with the job, else one seen at all."""
        with_the_job = [spec for spec in found.specs if self.jobs.knows(spec, found.job_id)]
        seen = [spec for spec in found.specs if spec.ref in self.judged]
        return next(iter((*with_the_job, *seen)), found.spec)

    def _skip(self, subject: Location, why: str) -> None:
        self.skipped.append(Skipped(what=str(subject), why=why))

    def _request(self, heard: Heard, operation: str, body: bytes) -> None:
        request = heard.spec.operations[operation].request
        if request is None:
            return
        document = decode(body, heard.subject.file or "")
        if isinstance(document, Unreadable):
            at = f"{request.at}/schema"
            self.findings.append(unreadable_request(heard.spec, at, document, operation, heard.subject))
            return
        found = request_findings(
            heard.spec, operation, request, document, subject=heard.subject, judges=self.judges
        )
        if self.recording.provenance is Provenance.DOCUMENTED:
            found = (_as_declared(heard.spec, finding) for finding in found)
        self.findings += found

    def _answer(self, heard: Heard, operation: str, exchange: Exchange) -> None:
        response = exchange.response
        if response is None or (exchange.error and not is_stream(exchange)):  # a stream ends as it may
            what = "no answer" if response is None else "no whole answer"
            why = f": {exchange.error}" if exchange.error else ""
            status = response.status if response else None
            self.outages.add(heard, "traffic.no-answer", f"{operation}: {what} was recorded{why}", status)
            return
        documented = heard.spec.responses_for(operation, response.status)
        if self._is_outage(response):
            if documented is not None:
                judged = self._body(heard, operation, response)
                self.findings += [finding for finding in judged if not finding.rule.inconclusive]
            message = f"{operation}: status {response.status}; nothing can be said of the contract"
            self.outages.add(heard, "traffic.unavailable", message, response.status)
            return
        self.outages.answered(heard)
        if documented is not None and documented.events:
            self.streams.add(heard.subject)
            for event in read_events(response.body, heard.subject, heard.received_s):
                self._event(heard.spec, event)
            return
        if response.cut is not None and not response.cut.strings:
            self._skip(
                heard.subject, f"of a body of {response.cut.size_bytes} bytes, only the first are kept"
            )
            return
        found = self._body(heard, operation, response)
        self.findings += found
        if documented is not None and documented.job is not None:
            self.findings += self.jobs.hear(heard, documented.job, response.body, _covered(found))

    def _is_outage(self, response: HttpResponse) -> bool:
        """Whether an answer says that the provider did not serve us. What a document prints is no outage."""
        documented = self.recording.provenance is Provenance.DOCUMENTED
        return not documented and (response.status in _OUTAGE or response.status >= 500)

    def _body(self, heard: Heard, operation: str, response: HttpResponse) -> list[Finding]:
        found = response_findings(
            heard.spec,
            operation,
            response.status,
            response.body,
            subject=heard.subject,
            judges=self.judges,
            content_type=response.header("content-type"),
        )
        if self.recording.provenance is Provenance.SIMULATED:
            found = (_as_own_choice(finding) for finding in found)
        return list(found)

    def lone_event(self, event: Event) -> None:
        """An event that the recording holds by itself."""
        streaming = [spec for spec in self.specs if "events" in spec.operations]
        if len(streaming) != 1:
            self._skip(event.subject, "no single model here has events")
        elif self._event(streaming[0], event) and event.subject not in self.streams:
            self.judged[streaming[0].ref] += 1

    def _event(self, spec: Spec, event: Event) -> bool:
        """Judges an event, and tells whether it was one of the model's. A stream was counted as exchange."""
        responses = spec.operations["events"].responses.values()
        payloads = [response.events[event.name] for response in responses if event.name in response.events]
        if not payloads:
            self._skip(event.subject, f"event {event.name!r} is none of this model's")
            return False
        heard = Heard(
            spec=spec,
            operation="events",
            direction=Direction.EVENT,
            subject=event.subject,
            received_s=event.received_s,
        )
        self._payload(heard, payloads[0], event.data.encode())
        return True

    def delivery(self, delivery: Delivery) -> None:
        """A webhook call."""
        calling = [spec for spec in self.specs if spec.webhook.value is not None]
        if len(calling) != 1 or calling[0].webhook.value is None:
            self._skip(delivery.subject, "no single model here has webhooks")
            return
        heard = Heard(
            spec=calling[0],
            operation=None,
            direction=Direction.WEBHOOK,
            subject=delivery.subject,
            received_s=delivery.received_s,
        )
        self.judged[heard.spec.ref] += 1
        self._payload(heard, calling[0].webhook.value.payload, delivery.body)

    def _payload(self, heard: Heard, payload: Payload, body: bytes) -> None:
        found: list[Finding] = []
        if payload.schema is not None:
            found += payload_findings(
                heard.spec,
                heard.direction,
                payload.schema,
                f"{payload.at}/schema",
                body,
                operation=heard.operation,
                subject=heard.subject,
                judges=self.judges,
            )
        self.findings += found
        if payload.job is not None:
            self.findings += self.jobs.hear(heard, payload.job, body, _covered(found))

    def result(self) -> RecordingCheck:
        """What the recording came to."""
        specs = {spec.ref: spec for spec in self.specs}
        for found in self.outputs.findings(self.recording, self.jobs, specs):
            if isinstance(found, Skipped):
                self.skipped.append(found)
            else:
                self.findings.append(found)
        outages = [finding for _, _, finding in self.outages.entries]
        if self.recording.shows_outage:
            outages = [_as_expected(finding) for finding in outages]
        judgement = Judgement(
            findings=(*self.findings, *outages),
            observed=Observed(exchanges=self.judged.total(), skipped=tuple(self.skipped)),
            models=tuple(self.judged),
        )
        return RecordingCheck(
            recording=self.recording,
            judgement=judgement,
            jobs=tuple(TracedJob(model=model, trace=t) for (model, _), t in self.jobs.by_job.items()),
            judged=dict(self.judged),
        )


def _as_own_choice(finding: Finding) -> Finding:
    """A status that no document lists says nothing of the provider where the simulator made it up."""
    if finding.rule.id != "response.status-undocumented":
        return finding
    message = f"{finding.message}; here it is the simulator's own choice"
    return finding.but(severity_override=Severity.INFO, message=message)


def _as_expected(outage: Finding) -> Finding:
    """An outage that the recording was made to show leaves nothing open; it is still seen."""
    expected = outage.rule.id == "traffic.unavailable"
    return outage.but(rule=rule("traffic.unavailable-expected")) if expected else outage


def _as_declared(spec: Spec, finding: Finding) -> Finding:
    """What is wrong with a request that a document prints: information where the spec declares it."""
    for contradiction in spec.contradictions:
        if (finding.pointer, finding.facet) in contradiction.violates:
            message = f"{finding.message} (declared contradiction {contradiction.id})"
            return finding.but(severity_override=Severity.INFO, impact_override=(), message=message)
    return finding


def _covered(found: Sequence[Finding]) -> frozenset[str]:
    """Where a body breaks its schema: what else is wrong there, or below, is the same fault."""
    return frozenset(
        finding.pointer
        for finding in found
        if finding.pointer is not None
        and finding.severity is Severity.ERROR
        and finding.facet not in _HARMLESS
    )
