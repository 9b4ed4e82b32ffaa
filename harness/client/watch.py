"""Waiting for the end of one job: by polls on a grid, or by what is pushed, with polls behind it.

Nothing that happens to a poll ends the wait: it only comes later. The wait ends with the job, or with the
time given to it; then the job stays open in the journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from harness.client.answer import Answer
from harness.client.backoff import next_pause_s, retry_after_s
from harness.client.checking import Reading, is_outage
from harness.client.entry import of_job
from harness.client.results import Mode
from harness.client.session import Session
from harness.client.sighting import sighting_of
from harness.client.tracked import TrackedJob
from harness.errors import TransportError
from harness.finding import Direction
from harness.spec.model import JobState, Spec
from harness.wire.job import JobView
from harness.wire.lifecycle import TERMINAL

__all__ = ["Pacing", "documented_interval_s", "look", "watch"]

Pacing = Callable[[float], float]
"""Provider seconds since the job was submitted -> provider seconds until the next poll.

It is called with 0.0 first, and then after each poll; a random phase is its own business.
"""

_UNDOCUMENTED_POLL_S = 10.0
_UNKNOWN = frozenset({404, 410})
_GRACE_S = 10.0
"""How long after a poll has shown the end an event or a webhook call may still come without being missing."""
_LEAST_REAL_S = 2.0
"""No shorter than this by a real clock, however fast time is made to pass: a stalled machine is no fault."""


def documented_interval_s(spec: Spec) -> float:
    """The interval that a provider's documents ask for; the slowest where they name several, else 10 s."""
    intervals = spec.poll_interval.value or ()
    return max((interval.min_s for interval in intervals), default=_UNDOCUMENTED_POLL_S)


@dataclass(slots=True)
class _Schedule:
    """When the next poll is due. Our own polls keep a grid: a slow answer does not shift the next one."""

    session: Session
    pacing: Pacing
    start_s: float
    due_s: float
    keeps_grid: bool
    failures: int = 0

    def succeeded(self, now_s: float) -> None:
        pause_s = self.pacing(now_s - self.start_s)
        self.failures = 0
        begin_s = min(self.due_s, now_s) if self.keeps_grid else now_s  # a push may bring a look early
        next_s = begin_s + pause_s
        self.due_s = next_s if next_s > now_s else now_s + pause_s

    def failed(self, now_s: float, asked_s: float | None) -> None:
        session, usual_s = self.session, self.pacing(now_s - self.start_s)
        self.failures += 1
        self.due_s = now_s + next_pause_s(
            usual_s, self.failures, asked_s, limits=session.limits, rng=session.rng
        )


async def watch(
    session: Session, job: TrackedJob, *, mode: Mode, pacing: Pacing | None, timeout_s: float
) -> None:
    """Waits until the job has ended, or for `timeout_s`. What became of it stands in the job."""
    async with job.turn:
        if job.outcome is not None or job.job_id is None:
            return
        job.is_left = False
        try:
            with session.throttle.busy(job.spec):
                await _watch(session, job, mode, pacing, timeout_s)
        finally:
            job.is_left = True
            if job.place_taken:
                job.place_taken = False
                session.throttle.free_place(job.spec)


async def _watch(
    session: Session, job: TrackedJob, mode: Mode, pacing: Pacing | None, timeout_s: float
) -> None:
    clock = session.clock
    is_push = mode in (Mode.EVENTS, Mode.WEBHOOK) and job.wake is not None
    end_s = clock.monotonic() + timeout_s
    schedule = _callers(session, job, pacing) if pacing is not None else _own(session, job, is_push=is_push)
    while True:
        await _pause(session, job, min(schedule.due_s, end_s))
        if await _take_push(session, job):
            return
        if clock.monotonic() >= end_s:
            await _out_of_time(session, job, timeout_s)
            return
        if await _look(session, job, schedule):
            await _await_push(session, job, mode if is_push else Mode.POLL)
            return


def _callers(session: Session, job: TrackedJob, pacing: Pacing) -> _Schedule:
    """Polls as the caller wants them, in every mode."""
    start_s = session.clock.monotonic() if job.sent_s is None else job.sent_s
    return _Schedule(session, pacing, start_s, start_s + pacing(0.0), keeps_grid=False)


def _own(session: Session, job: TrackedJob, *, is_push: bool) -> _Schedule:
    """Polls at the usual interval with a random phase; few where the end is pushed."""
    usual, start_s = _usual(session, job.spec), session.clock.monotonic()

    def paced(elapsed_s: float) -> float:
        usual_s = usual(elapsed_s)
        return max(usual_s, session.limits.fallback_s) if is_push and not job.needs_polls else usual_s

    first_s = paced(0.0) * (1.0 if is_push else session.rng.random())
    return _Schedule(session, paced, start_s, start_s + first_s, keeps_grid=True)


def _usual(session: Session, spec: Spec) -> Pacing:
    poll_s = session.limits.poll_s
    interval_s = documented_interval_s(spec) if poll_s is None else poll_s
    return lambda _elapsed_s: interval_s


async def _pause(session: Session, job: TrackedJob, until_s: float) -> None:
    """Waits until a time, or until something is pushed."""
    left_s = until_s - session.clock.monotonic()
    if left_s <= 0:
        return
    if job.wake is None:
        await session.clock.sleep(left_s)
        return
    sleeping = asyncio.ensure_future(session.clock.sleep(left_s))
    waiting = asyncio.ensure_future(job.wake.wait())
    try:
        await asyncio.wait((sleeping, waiting), return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        waiting.cancel()
    job.wake.clear()


async def _take_push(session: Session, job: TrackedJob) -> bool:
    """Whether what was pushed is the end of the job. What is not to be trusted only brings the next poll."""
    push = job.push
    if push is None:
        return False
    if _is_told(job):
        await _end(session, job, push.view, push.reading, push.via.value)
        return True
    job.push, job.needs_polls = None, job.needs_polls or push.view.state in TERMINAL
    return False


async def _look(session: Session, job: TrackedJob, schedule: _Schedule) -> bool:
    """One poll. Whether it shows the end of the job."""
    await session.throttle.request(job.spec, "poll")
    answer = await _answer_or_push(session, job)
    if answer is None:
        return False
    job.polls += 1
    reading = session.checker.answer(answer, job.findings)
    view = _view_of(job, reading)
    state = view.state if view is not None else None
    told = sighting_of(answer, state=state, answered=view is not None, job=reading.job, value=reading.value)
    job.saw(told)
    now_s = session.clock.monotonic()
    if view is None:
        _note_failure(session, job, answer)
        asked_s = retry_after_s(answer.response, utc_now=session.clock.utc_now(), limits=session.limits)
        schedule.failed(now_s, asked_s)
        return False
    job.note = None
    if view.state not in TERMINAL:
        job.unconfirmed = None
    schedule.succeeded(now_s)
    if view.state not in TERMINAL or not _is_final(session, job, view, reading):
        return False
    await _end(session, job, view, reading, "poll")
    return True


async def look(session: Session, job: TrackedJob) -> None:
    """One poll of a job that has ended already: it is judged, and decides nothing."""
    if job.job_id is None or "poll" not in job.spec.operations:
        return
    await session.throttle.request(job.spec, "poll")
    answer = await session.transport.send(session.call(job.spec, "poll", job_id=job.job_id))
    session.checker.answer(answer, job.findings)


async def _answer_or_push(session: Session, job: TrackedJob) -> Answer | None:
    """The answer to a poll; None where the end was pushed before it came."""
    call = session.call(job.spec, "poll", job_id=job.job_id)
    if job.wake is None:
        return await session.transport.send(call)
    sending = asyncio.ensure_future(session.transport.send(call))
    try:
        nudged = False
        while not sending.done() and not _is_told(job):
            waiting = asyncio.ensure_future(job.wake.wait())
            await asyncio.wait((sending, waiting), return_when=asyncio.FIRST_COMPLETED)
            nudged = nudged or waiting.done()
            waiting.cancel()
            job.wake.clear()
        if nudged:
            job.nudge()  # this poll may be older than what brought the nudge
        return sending.result() if sending.done() else None
    finally:
        sending.cancel()


def _is_told(job: TrackedJob) -> bool:
    """Whether the end of the job was pushed, and is believed."""
    push = job.push
    if push is None or not push.trusted or push.view.state not in TERMINAL:
        return False
    return push.view.state is not JobState.SUCCEEDED or bool(push.view.output)


def _view_of(job: TrackedJob, reading: Reading) -> JobView | None:
    """What an answer says of this job; None where it says nothing of it."""
    if not reading.served or reading.job is None:
        return None
    of_this = [view for view in reading.views if view.id in (None, job.job_id)]
    return next((view for view in of_this if view.word is not None or view.state is not None), None)


def _note_failure(session: Session, job: TrackedJob, answer: Answer) -> None:
    response = answer.response
    if response is not None and response.status in _UNKNOWN:
        message = f"status {response.status} for job {job.job_id!r}, which the provider had made"
        job.find("job.not-found", message, Direction.RESPONSE, observed=response.status)
    if answer.error is not None:
        words = answer.error
    elif response is not None and (is_outage(response.status) or not 200 <= response.status < 300):
        words = f"status {response.status}"
    else:
        words = "the answer says nothing of the job"
    job.note = f"the last poll failed: {session.keyring.redactor.text(words)}"


def _is_final(session: Session, job: TrackedJob, view: JobView, reading: Reading) -> bool:
    """Whether an end is believed. One without a video is asked for again: it is paid for, and may be taken
    back; a success that does not say where its video is gets a few more looks.
    """
    before, job.unconfirmed = job.unconfirmed, (view, reading)
    if view.state is not JobState.SUCCEEDED:
        return before is not None and before[0].state is view.state
    job.empty_polls += not view.output
    return bool(view.output) or job.empty_polls > session.limits.output_polls


async def _await_push(session: Session, job: TrackedJob, mode: Mode) -> None:
    """A poll has shown the end, and nothing was pushed: gives it a moment, then says that it is missing."""
    if mode is Mode.POLL or job.was_pushed or job.wake is None:
        return
    end_s = session.clock.monotonic() + max(_GRACE_S, session.clock.scale * _LEAST_REAL_S)
    while not job.was_pushed and not job.stream_gap and session.clock.monotonic() < end_s:
        await _pause(session, job, end_s)
    if not job.was_pushed and not job.stream_gap and _is_due(job, mode):
        what = "event" if mode is Mode.EVENTS else "webhook call"
        rule_id = "event.missing" if mode is Mode.EVENTS else "webhook.missing"
        direction = Direction.EVENT if mode is Mode.EVENTS else Direction.WEBHOOK
        job.find(rule_id, f"the job has ended as {job.outcome}; its {what} has not come", direction)


def _is_due(job: TrackedJob, mode: Mode) -> bool:
    """Whether the documents promise an event or a call for this end."""
    state = job.view.state if job.view is not None else None
    if mode is Mode.WEBHOOK:
        webhook = job.spec.webhook.value
        return webhook is not None and state not in (webhook.states_without_delivery.value or ())
    responses = job.spec.operations["events"].responses.values()
    streams = [response.stream for response in responses if response.stream is not None]
    return all(state not in stream.states_without_event for stream in streams)


async def _end(session: Session, job: TrackedJob, view: JobView, reading: Reading, via: str) -> None:
    """The job has ended. Whoever waited for a paid job gets it, even if the journal cannot be written."""
    state = of_job(job.see_end(view, reading, via))
    redactor = session.keyring.redactor
    job.note = None
    result = job.result(session.checker, redactor)
    output = None if result.output is None else redactor.text(result.output)
    try:
        await session.book.do(
            session.book.journal.ended, job.entry.id, state, output=output, note=result.error
        )
    except TransportError as error:
        job.note = f"the journal does not know of the end: {error}"


async def _out_of_time(session: Session, job: TrackedJob, timeout_s: float) -> None:
    if job.unconfirmed is not None:
        view, reading = job.unconfirmed
        await _end(session, job, view, reading, "poll")
        return
    message = f"the job has not ended within {timeout_s:g} s; it is open in the journal"
    job.find("job.unfinished", message, Direction.RESPONSE)
    job.note = message if job.note is None else f"{message}; {job.note}"
