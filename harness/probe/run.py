"""Sending a plan and judging what comes: one result for each probe, one judgement for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harness.check.body import Judges
from harness.client.answer import Answer
from harness.client.client import Client
from harness.client.results import Outcome
from harness.finding import Direction, Finding, Judgement, Observed, Severity, Verdict
from harness.probe import judge
from harness.probe.metadata import read_metadata
from harness.probe.plan import Kind, Plan, Probe
from harness.probe.result import Result
from harness.probe.sending import Sender, other_ways
from harness.wire.message import HttpResponse

__all__ = ["Prober", "judgement_of"]

_REFUSED = frozenset({401, 403})


@dataclass(slots=True, kw_only=True)
class Prober:
    """Sends the probes of one run, one at a time. `prices` are those accepted, by model reference.

    `client` places the requests of T2, under its budget and with its journal; None where there are none.
    """

    sender: Sender
    client: Client | None = None
    prices: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    judges: Judges = field(default_factory=Judges)
    _reached: dict[str, tuple[Result, HttpResponse | None]] = field(default_factory=dict)

    async def run(self, plan: Plan) -> tuple[Result, ...]:
        """One result for each probe of a model. Raises OperatorError where the host is not bound."""
        done: dict[str, Result] = {}
        nowhere: HttpResponse | None = None
        for probe in plan.probes:
            ground = done.get(probe.rests_on or "")
            if ground is not None and (ground.is_gone or ground.verdict is Verdict.INCONCLUSIVE):
                note = f"not sent: {ground.probe.name} failed" if ground.was_sent else ground.note
                done[probe.name] = Result(probe=probe, verdict=Verdict.INCONCLUSIVE, note=note)
            elif probe.kind is Kind.REACH:
                done[probe.name], nowhere = await self._reach(probe)
            elif probe.kind is Kind.INVALID:
                done[probe.name] = await self._invalid(probe)
            else:
                done[probe.name] = await self._ask(probe, nowhere)
        return tuple(done.values())

    async def _reach(self, probe: Probe) -> tuple[Result, HttpResponse | None]:
        """Whether a server is there is asked once, however many models it has."""
        server = self.sender.endpoints.server(probe.spec)
        if server not in self._reached:
            answer = await self.sender.send(probe)
            self._reached[server] = (self._result(probe, answer, _unserved(probe, answer)), answer.response)
        result, response = self._reached[server]
        if result.probe is not probe:
            findings = tuple(f.but(model=probe.spec.ref) for f in result.findings)
            result = replace(result, probe=probe, findings=findings, sent_utc=None, note="asked already")
        return result, response

    async def _ask(self, probe: Probe, nowhere: HttpResponse | None) -> Result:
        answer = await self.sender.send(probe)
        found = _unserved(probe, answer)
        response = answer.response
        if found or response is None:
            return self._result(probe, answer, found)
        if probe.with_key and response.status in _REFUSED:
            return self._result(probe, answer, [await self._elsewhere(probe, response.status)])
        if probe.kind is Kind.METADATA:
            return self._metadata(probe, answer, response)
        if probe.kind is Kind.UNKNOWN_JOB:
            found = list(judge.judge_unknown_job(probe, response, self.judges))
        elif probe.kind is Kind.WRONG_METHOD:
            found = list(judge.judge_wrong_method(probe, response))
        else:
            found = list(judge.judge_key(probe, response, nowhere, self.judges))
        return self._result(probe, answer, found)

    async def _elsewhere(self, probe: Probe, status: int) -> Finding:
        """Why a key was refused: because it travels otherwise now, or because it is no good."""
        ways = other_ways(probe.spec, probe.operation or "") if probe.method == "GET" else ()
        for way in ways:
            answer = await self.sender.send_otherwise(probe, way)
            response = answer.response
            if response is not None and response.status not in _REFUSED and not _unserved(probe, answer):
                return judge.key_elsewhere(probe, way, response.status)
        message = f"status {status}: the key is refused; it may have expired"
        return judge.finding(probe, "wire.key-refused", message, facet="availability", observed=status)

    def _metadata(self, probe: Probe, answer: Answer, response: HttpResponse) -> Result:
        if response.status in (404, 410):
            message = f"status {response.status}: {probe.spec.model.name} is not known"
            gone = judge.finding(
                probe,
                "wire.model-gone",
                message,
                facet="presence",
                expected=probe.spec.model.name,
                observed=response.status,
            )
            return self._result(probe, answer, [gone])
        if response.status >= 300:
            return self._result(probe, answer, list(judge.body_findings(probe, response, self.judges)))
        read = read_metadata(probe, response, self.judges, self.prices.get(probe.spec.ref))
        result = self._result(probe, answer, list(read.findings))
        return replace(result, price=read.price, looked_at=read.looked_at)

    async def _invalid(self, probe: Probe) -> Result:
        """A request that is documented to be refused, under the budget: it may make a job all the same."""
        if self.client is None or probe.invalid is None:
            raise AssertionError("T2 is sent with a client and a budget alone")
        clock = self.sender.transport.clock
        sent_s, sent_utc = clock.monotonic(), clock.utc_now()
        handle = await self.client.submit(probe.spec, probe.invalid.body, even_if_invalid=True)
        latency_s = clock.monotonic() - sent_s
        status, found = None, list[Finding]()
        if handle.job_id is not None:
            message = f"{probe.invalid.pointer}: {probe.invalid.value!r} made the job {handle.job_id}"
            row = "wire.invalid-accepted"
            found = [judge.finding(probe, row, message, facet="validation", observed=True)]
        else:
            end = await self.client.wait(handle)
            status = end.status
            found = _refusal_findings(probe, end.outcome, status, end.findings)
        return Result(
            probe=probe,
            verdict=_verdict(found),
            findings=tuple(found),
            note=_note(found),
            server=self.sender.endpoints.server(probe.spec),
            sent_utc=sent_utc,
            status=status,
            latency_s=latency_s,
        )

    def _result(self, probe: Probe, answer: Answer, found: Sequence[Finding]) -> Result:
        redactor = self.sender.keyring.redactor
        findings = tuple(redactor.finding(each) for each in found)
        latency_s = answer.received_s - answer.sent_s
        return Result(
            probe=probe,
            verdict=_verdict(findings),
            findings=findings,
            note=_note(findings),
            server=self.sender.endpoints.server(probe.spec),
            sent_utc=self.sender.transport.clock.utc_now(),
            status=answer.response.status if answer.response is not None else None,
            error=answer.error,
            latency_s=latency_s if answer.response is not None else None,
            is_gone=any(each.rule.id in judge.GONE for each in findings),
        )


def _refusal_findings(
    probe: Probe, outcome: Outcome, status: int | None, found: Iterable[Finding]
) -> list[Finding]:
    """What the refusal of an invalid request comes to; that the request is invalid was meant."""
    if outcome is not Outcome.REFUSED or status in (401, 402, 403, 408, 425, 429):
        message = f"{outcome.value}, status {status}; nothing can be said of the contract"
        unseen = judge.finding(probe, "wire.unavailable", message, facet="availability", observed=status)
        return [unseen, *(each for each in found if each.rule.id == "job.possibly-billed")]
    spec = probe.spec
    documented = next((r for s in (400, 422) if (r := spec.responses_for("submit", s)) is not None), None)
    if documented is not None and status is not None and spec.responses_for("submit", status) is None:
        message = f"expected status {documented.status} as documented, got {status}"
        expected = documented.status
        return [judge.finding(probe, "wire.invalid-status", message, expected=expected, observed=status)]
    return [each for each in found if each.rule.area == "response"]


def _unserved(probe: Probe, answer: Answer) -> list[Finding]:
    found = judge.unserved(probe, answer)
    return [] if found is None else [found]


def _verdict(found: Sequence[Finding]) -> Verdict:
    if any(f.verdict is Verdict.VIOLATES and f.severity is Severity.ERROR for f in found):
        return Verdict.VIOLATES
    if any(f.verdict is Verdict.INCONCLUSIVE for f in found):
        return Verdict.INCONCLUSIVE
    return Verdict.CONFORMS


def _note(found: Sequence[Finding]) -> str:
    return "; ".join(dict.fromkeys(each.rule.id for each in found))


def _asked(result: Result) -> frozenset[tuple[str | None, str | None, str]]:
    """What a probe that was answered says something of, beside what was compared."""
    if not result.was_sent or result.verdict is Verdict.INCONCLUSIVE:
        return frozenset()
    return frozenset({(result.probe.operation, Direction.RESPONSE.value, "")})


def judgement_of(plans: Sequence[Plan], results: Sequence[Result]) -> Judgement:
    """All results as one judgement: what was not sent because another probe failed is one finding a model."""
    found: list[Finding] = []
    said: set[str] = set()
    for finding in (each for result in results for each in result.findings):
        if finding.fingerprint not in said:  # a missing and a wrong key get the same answer
            said.add(finding.fingerprint)
            found.append(finding)
    for plan in plans:
        left = [r for r in results if r.probe.spec.ref == plan.spec.ref and r.note.startswith("not sent")]
        if left:
            names = ", ".join(result.probe.name for result in left)
            message = f"{len(left)} probes were {left[0].note}: {names}"
            found.append(
                judge.finding(left[0].probe, "wire.not-sent", message, facet="availability", observed=None)
            )
    answered = [r for r in results if r.was_sent and r.status is not None and r.probe.kind is not Kind.REACH]
    seen = {r.probe.spec.ref for r in answered if r.verdict is not Verdict.INCONCLUSIVE}
    models = tuple(plan.spec.ref for plan in plans)
    return Judgement(
        findings=tuple(found),
        observed=Observed(
            exchanges=len(answered), skipped=tuple(each for plan in plans for each in plan.skipped)
        ),
        models=models,
        unobserved=frozenset(models) - seen,
        subjects=frozenset().union(*(result.looked_at | _asked(result) for result in results)),
    )
