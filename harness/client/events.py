"""Streams of events: one connection for all jobs of a provider, open before the first of them is made.

What fires while nobody listens may be lost. So a job whose stream breaks off is polled at once and at its
usual interval until the stream is back, and once more then.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from httpx_sse import ServerSentEvent

from harness.check.jobs import Heard
from harness.check.response import Unreadable, decode
from harness.client.backoff import next_pause_s
from harness.client.calls import Call
from harness.client.results import Mode
from harness.client.session import Session
from harness.client.sighting import pushed_sighting
from harness.client.stream import StreamLostError, listen
from harness.client.tracked import Push, TrackedJob
from harness.finding import Direction
from harness.spec.model import Payload, Spec
from harness.wire.job import job_views
from harness.wire.message import Event

__all__ = ["EventHub"]

_UNCLAIMED = 1000
"""Events of jobs that nobody has named yet: one may come before the answer that names its job is read."""

_CANCEL_AGAIN_S = 1.0
_SILENCE_S = 60.0
"""How long a stream may be silent where no keep-alive is documented; else it is three of them."""


def _payload(spec: Spec, name: str) -> Payload | None:
    responses = spec.operations["events"].responses.values()
    return next((response.events[name] for response in responses if name in response.events), None)


def _silence_s(spec: Spec) -> float:
    streams = [response.stream for response in spec.operations["events"].responses.values()]
    known = [stream.keep_alive_s for stream in streams if stream is not None and stream.keep_alive_s]
    return 3 * max(known) if known else _SILENCE_S


@dataclass(slots=True, eq=False, kw_only=True)
class _Stream:
    """One stream, connected again whenever it breaks off while anybody uses it."""

    session: Session
    call: Call
    jobs: dict[str, TrackedJob] = field(default_factory=dict)
    specs: dict[str, Spec] = field(default_factory=dict)
    unclaimed: deque[Event] = field(default_factory=lambda: deque(maxlen=_UNCLAIMED))
    connected: bool = False
    error: str = "not connected yet"
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Listens until it is cancelled."""
        failures, last_id, retry_s = 0, "", 0.0
        limits, rng = self.session.limits, self.session.rng
        while True:
            try:
                async for event in listen(
                    self.session, self.call, silence_s=_silence_s(self.call.spec), last_id=last_id
                ):
                    if event is None:
                        failures = 0
                        self._open()
                    else:
                        last_id, retry_s = event.id or last_id, (event.retry or 0) / 1000
                        if event.data:  # the standard has a block without data ignored
                            self._heard(event)
            except StreamLostError as lost:
                failures += 1
                self._lost(str(lost))
            usual_s = max(limits.backoff_s, retry_s)
            await self.session.clock.sleep(next_pause_s(usual_s, failures - 1, None, limits=limits, rng=rng))

    async def settled(self) -> None:
        """Returns when it is open, or is not. Raises what ended the listening, which is a fault of ours."""
        if self.task is None:
            raise AssertionError("it is listened to")
        tried = asyncio.ensure_future(self.tried.wait())
        try:
            await asyncio.wait((tried, self.task), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tried.cancel()
        if self.task.done():
            self.task.result()

    async def close(self) -> None:
        """Ends the listening. A cancellation that a library swallows on its way is asked for again."""
        while self.task is not None and not self.task.done():
            self.task.cancel()
            await asyncio.wait((self.task,), timeout=_CANCEL_AGAIN_S)

    def _open(self) -> None:
        self.connected = True
        self.tried.set()
        for job in self.jobs.values():
            job.needs_polls = False
            job.nudge()  # a last look at what the gap may have swallowed

    def _lost(self, error: str) -> None:
        self.connected, self.error = False, error
        self.tried.set()
        for job in self.jobs.values():
            self._told(job)

    def _told(self, job: TrackedJob) -> None:
        job.needs_polls = job.stream_gap = True
        job.find("event.stream-lost", f"{self.error}; the job is polled", Direction.EVENT)
        job.nudge()

    def _heard(self, sse: ServerSentEvent) -> None:
        session = self.session
        event = Event(
            name=sse.event,
            data=sse.data,
            subject=session.transport.subject(),
            received_s=session.clock.monotonic(),
            received_utc=session.clock.utc_now(),
        )
        session.transport.observe(event, frozenset())
        if not self._deliver(event):
            self.unclaimed.append(event)

    def _deliver(self, event: Event) -> bool:
        """Tells the jobs that an event speaks of. Whether there was one, or it is nobody's at all."""
        known = False
        for spec in self.specs.values():
            payload = _payload(spec, event.name)
            if payload is None or payload.job is None:
                continue
            known = True
            document = decode(event.data.encode(), "")
            value = None if isinstance(document, Unreadable) else document.root.plain()
            views = tuple(job_views(payload.job, value))
            waiting = [job for job in self.jobs.values() if job.spec is spec]
            named = {view.id for view in views if view.id}
            # A fault that is nobody's is told to one job, so that it is told once.
            mine = [job for job in waiting if job.job_id in named] if named else waiting[:1]
            for job in mine:
                self._judge(job, payload, event)
            if mine:
                return True
        return not known

    def _judge(self, job: TrackedJob, payload: Payload, event: Event) -> None:
        heard = Heard(
            spec=job.spec,
            operation="events",
            direction=Direction.EVENT,
            subject=event.subject,
            received_s=event.received_s,
        )
        reading = self.session.checker.payload(heard, payload, event.data.encode(), job.findings)
        view = next((view for view in reading.views if view.id == job.job_id), None)
        if view is not None:
            job.saw(pushed_sighting("event", event.received_s, view.state, payload.job, reading.value))
            job.pushed(Push(view=view, reading=reading, via=Mode.EVENTS, trusted=True))

    def claim(self, job: TrackedJob) -> None:
        """From now on the job's events are told to it; those that have come already, at once."""
        self.jobs[job.job_id or ""] = job
        self.specs[job.spec.ref] = job.spec
        left = [event for event in self.unclaimed if not self._deliver(event)]
        self.unclaimed = deque(left, maxlen=_UNCLAIMED)
        if not self.connected:
            self._told(job)


class EventHub:
    """The streams of one client."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._streams: dict[tuple[str, str], _Stream] = {}

    async def join(self, spec: Spec) -> None:
        """Opens the stream on which the jobs of a spec will be spoken of; returns when it is open, or is not.

        A stream of one job alone is opened when the job is known.
        """
        if spec.operations["events"].job_id_parameter is None:
            stream = self._stream(self._session.call(spec, "events"))
            stream.specs[spec.ref] = spec
            await stream.settled()

    def claim(self, job: TrackedJob) -> None:
        """A job is known: events that name it are its own."""
        one = job.spec.operations["events"].job_id_parameter is not None
        job_id = job.job_id if one else None
        self._stream(self._session.call(job.spec, "events", job_id=job_id)).claim(job)

    def leave(self, job: TrackedJob) -> None:
        """Nobody waits for a job any more."""
        for stream in self._streams.values():
            stream.jobs.pop(job.job_id or "", None)

    def _stream(self, call: Call) -> _Stream:
        key = (call.url, call.spec.provider.credential)
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = _Stream(session=self._session, call=call)
            stream.task = asyncio.create_task(stream.run(), name=f"events {call.spec.provider_id}")
        return stream

    async def close(self) -> None:
        """Ends every stream."""
        for stream in self._streams.values():
            await stream.close()
