"""What becomes of a webhook call: believed, confirmed by a poll, or refused; always recorded."""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from harness.check.jobs import Heard
from harness.check.response import Unreadable, decode
from harness.client.results import Mode
from harness.client.session import Session
from harness.client.sighting import pushed_sighting
from harness.client.tracked import Push, TrackedJob
from harness.finding import Direction
from harness.spec.model import Spec, Webhook
from harness.wire.job import job_views
from harness.wire.lifecycle import TERMINAL
from harness.wire.message import Delivery

__all__ = ["Deliveries", "Received", "Verdict"]

_KEPT = 10_000
_UNCLAIMED = 1000


class Verdict(StrEnum):
    """What was made of a call."""

    ACCEPTED = "accepted"
    UNVERIFIED = "unverified"  # no secret is documented, so a poll confirms it
    DUPLICATE = "duplicate"
    LATE = "late"  # the end had been seen otherwise
    UNKNOWN_JOB = "unknown_job"  # of nobody's job; or its name is not known yet
    FORGED = "forged"
    OVERSIZED = "oversized"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One call, without secrets, and what was made of it."""

    delivery: Delivery
    verdict: Verdict
    model: str
    job_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    spec: Spec
    webhook: Webhook
    delivery: Delivery
    job_id: str | None
    trusted: bool


class Deliveries:
    """The calls of one run and the jobs that wait for them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jobs: dict[str, TrackedJob] = {}
        self._unclaimed: deque[_Call] = deque(maxlen=_UNCLAIMED)
        self.received: deque[Received] = deque(maxlen=_KEPT)
        self.limit_bytes = session.limits.delivery_bytes
        self.secret = secrets.token_urlsafe(32)
        self.keep_secret(self.secret)

    def keep_secret(self, text: str) -> None:
        """Keeps a text out of everything that is shown or recorded."""
        self._session.keyring.redactor.add(text)

    def server(self, spec: Spec) -> str:
        """Where a spec's provider is."""
        return self._session.endpoints.server(spec)

    def claim(self, job: TrackedJob) -> None:
        """A job is known: calls that name it are its own, those that have come already too."""
        self._jobs[job.job_id or ""] = job
        waiting = [call for call in self._unclaimed if call.job_id == job.job_id]
        for call in waiting:
            self._unclaimed.remove(call)
            self._tell(job, call)

    def take(self, spec: Spec, headers: tuple[tuple[str, str], ...], body: bytes) -> Verdict:
        """One call that came to a spec's address. The answer to it depends on nothing slow."""
        session, webhook = self._session, spec.webhook.value
        if webhook is None:
            raise AssertionError("only specs with webhooks have an address")
        delivery = Delivery(
            body=body[: self.limit_bytes],
            subject=session.transport.subject(),
            headers=headers,
            received_s=session.clock.monotonic(),
            received_utc=session.clock.utc_now(),
        )
        header = webhook.secret_header.value
        checked = header is not None and webhook.secret_field.value is not None
        genuine = not checked or self._has_secret(headers, header or "")
        job_id = _job_id(webhook, delivery.body) if len(body) <= self.limit_bytes else None
        call = _Call(
            spec=spec, webhook=webhook, delivery=delivery, job_id=job_id, trusted=checked and genuine
        )
        verdict = self._verdict(call, genuine=genuine, is_whole=len(body) <= self.limit_bytes)
        self._record(call, verdict)
        return verdict

    def _has_secret(self, headers: tuple[tuple[str, str], ...], name: str) -> bool:
        given = [value for key, value in headers if key.lower() == name.lower()]
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), self.secret.encode())

    def _verdict(self, call: _Call, *, genuine: bool, is_whole: bool) -> Verdict:
        job = self._jobs.get(call.job_id or "")
        if not genuine:
            message = "the call does not carry the secret that the provider was given; it was refused"
            self._blame(call, job, "webhook.forged", message)
            return Verdict.FORGED
        if not is_whole:
            message = f"the call is larger than {self.limit_bytes} bytes; it was refused"
            self._blame(call, job, "webhook.oversized", message)
            return Verdict.OVERSIZED
        if call.job_id is None:
            self._blame(call, job, "webhook.malformed", "the call does not name its job; it was refused")
            return Verdict.MALFORMED
        if job is None:
            self._unclaimed.append(call)
            return Verdict.UNKNOWN_JOB
        return self._tell(job, call)

    def _blame(self, call: _Call, job: TrackedJob | None, rule_id: str, message: str) -> None:
        """A fault that names no job is told to the first that waits, so that it is told once."""
        waiting = (known for known in self._jobs.values() if known.spec is call.spec and not known.outcome)
        told = job or next(waiting, None)
        if told is not None:
            told.find(rule_id, message, Direction.WEBHOOK)
            told.nudge()  # what it should have said is asked for

    def _tell(self, job: TrackedJob, call: _Call) -> Verdict:
        """Gives a call to its job. A repetition is judged as well: it may say something else."""
        was_told, had_ended = job.calls > 0, job.outcome is not None
        job.calls += 1
        heard = Heard(
            spec=job.spec,
            operation=None,
            direction=Direction.WEBHOOK,
            subject=call.delivery.subject,
            received_s=call.delivery.received_s,
        )
        reading = self._session.checker.payload(
            heard, call.webhook.payload, call.delivery.body, job.findings, believed=call.trusted
        )
        if was_told:
            job.find("webhook.duplicate", f"the call for job {job.job_id!r} came again", Direction.WEBHOOK)
            return Verdict.DUPLICATE
        if had_ended and not job.is_left:  # a poll was quicker by a moment
            job.was_pushed = True
            job.nudge()
            return Verdict.ACCEPTED if call.trusted else Verdict.UNVERIFIED
        if had_ended:
            message = f"the call for job {job.job_id!r} came after its end had been seen"
            job.find("webhook.late", message, Direction.WEBHOOK)
            return Verdict.LATE
        view = next((view for view in reading.views if view.id == job.job_id), None)
        if view is not None and call.trusted:  # what anybody may have sent bounds nothing
            payload = call.webhook.payload
            received_s = call.delivery.received_s
            job.saw(pushed_sighting("webhook", received_s, view.state, payload.job, reading.value))
        if view is not None and view.state in TERMINAL:
            job.pushed(Push(view=view, reading=reading, via=Mode.WEBHOOK, trusted=call.trusted))
        else:
            job.nudge()
        return Verdict.ACCEPTED if call.trusted else Verdict.UNVERIFIED

    def _record(self, call: _Call, verdict: Verdict) -> None:
        session = self._session
        header = call.webhook.secret_header.value
        names = frozenset() if header is None else frozenset({header.lower()})
        if verdict not in (Verdict.FORGED, Verdict.OVERSIZED):  # those are not the provider's, or not whole
            session.transport.observe(call.delivery, names)
        clean = session.keyring.redactor.delivery(call.delivery, names)
        self.received.append(
            Received(delivery=clean, verdict=verdict, model=call.spec.ref, job_id=call.job_id)
        )


def _job_id(webhook: Webhook, body: bytes) -> str | None:
    """The job that a call names, None where it names none."""
    document = decode(body, "")
    if isinstance(document, Unreadable) or webhook.payload.job is None:
        return None
    return next((view.id for view in job_views(webhook.payload.job, document.root.plain()) if view.id), None)
