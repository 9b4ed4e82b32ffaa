"""The end of a job, told to those who listen for events and to the webhook that its request named."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.simulator.answer import as_json
from harness.simulator.book import JobBook
from harness.simulator.demand import secret_of, webhook_of
from harness.simulator.drafts import Drafts, success_of
from harness.simulator.events import Broadcast, Hub
from harness.simulator.faults.fault import EventFault, WebhookFault
from harness.simulator.faults.order import FaultPlan
from harness.simulator.job import Look, SimulatedJob
from harness.simulator.timeline import Timeline
from harness.simulator.webhooks import Call, WebhookCaller
from harness.spec.model import EventStream, Job, JobState, Payload, Spec

__all__ = ["Announcer"]

_FORGED_OUTPUT = "http://127.0.0.1:9/forged.mp4"  # the discard port: nobody answers there


@dataclass(slots=True, kw_only=True)
class Announcer:
    """Waits for the end of each job that somebody is to be told of."""

    book: JobBook
    drafts: Drafts
    hub: Hub
    caller: WebhookCaller
    faults: FaultPlan
    timeline: Timeline
    _waiting: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _background: set[asyncio.Task[None]] = field(default_factory=set)

    def watch(self, job: SimulatedJob) -> None:
        """Announces the job's end when it comes; called again for a job whose course has changed."""
        if "events" not in job.spec.operations and webhook_of(job.spec, job.request) is None:
            return
        earlier = self._waiting.pop(job.id, None)
        if earlier is not None:
            earlier.cancel()
        task = asyncio.get_running_loop().create_task(self._announce(job))
        self._waiting[job.id] = task
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Gives up all that is still to be said."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _announce(self, job: SimulatedJob) -> None:
        url = webhook_of(job.spec, job.request)
        tricks = self.faults.striking(WebhookFault, job.spec, subject=str(job.ordinal)) if url else []
        plan = job.plan
        if any(trick.is_forged for trick in tricks) and plan.outcome is not JobState.CANCELLED:
            await self.timeline.sleep_until((plan.started_s + plan.ended_s) / 2)
            if (forged := self._call(job, url, self._forged(job))) is not None:
                await self.caller.attempts(replace(forged, is_forged=True))
        await self.timeline.sleep_until(plan.ended_s)
        look = self.book.look(job)
        self._send_events(job, look)
        if (call := self._call(job, url, look)) is not None:
            await self.caller.deliver(call, tricks)

    def _forged(self, job: SimulatedJob) -> Look:
        truth = self.book.look(job)
        now_s = self.timeline.now_s()
        return replace(
            truth, state=JobState.SUCCEEDED, fraction=1.0, ended_s=now_s, output_url=_FORGED_OUTPUT
        )

    def _call(self, job: SimulatedJob, url: str | None, look: Look) -> Call | None:
        terms = job.spec.webhook.value
        if terms is None or url is None or look.state in (terms.states_without_delivery.value or ()):
            return None
        if not _has_word(terms.payload.job, look.state):
            return None
        body = as_json(self.drafts.payload(job.spec, terms.payload, look)).encode("ascii")
        return Call(
            url=url,
            body=body,
            terms=terms,
            secret=secret_of(job.spec, job.request),
            record=job.webhooks.append,
        )

    def _send_events(self, job: SimulatedJob, look: Look) -> None:
        for name, stream, payload in _events(job.spec):
            silent = stream.states_without_event if stream is not None else ()
            if look.state in silent or not _has_word(payload.job, look.state):
                continue
            faults = self.faults.striking(EventFault, job.spec, subject=str(job.ordinal))
            is_buffered = stream is not None and bool(stream.buffered)
            if any(fault.is_strange for fault in faults):
                stranger = replace(look, id=look.id[::-1])
                self._send(job, name, payload, stranger, is_buffered=is_buffered, cuts=False)
            cuts = any(fault.cuts for fault in faults)
            self._send(job, name, payload, look, is_buffered=is_buffered, cuts=cuts)

    def _send(
        self, job: SimulatedJob, name: str, payload: Payload, look: Look, *, is_buffered: bool, cuts: bool
    ) -> None:
        def sent() -> None:
            if look.id == job.id:
                now_s, unix_s = self.timeline.now_s(), self.timeline.true_utc().timestamp()
                job.events_sent.append({"sent_s": now_s, "sent_unix_s": unix_s})

        data = as_json(self.drafts.payload(job.spec, payload, look))
        event = Broadcast(name=name, data=data, on_sent=sent, cuts=cuts)
        self.hub.send(job.owner, event, is_buffered=is_buffered)


def _events(spec: Spec) -> Iterator[tuple[str, EventStream | None, Payload]]:
    operation = spec.operations.get("events")
    response = success_of(operation)[1] if operation is not None else None
    if response is not None:
        for name, payload in response.events.items():
            yield name, response.stream, payload


def _has_word(job: Job | None, state: JobState) -> bool:
    return job is not None and (job.status is None or state in job.states.values())
