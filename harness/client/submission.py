"""Sending the one request that makes a job, and knowing afterwards what may have been paid for.

The order is what makes it safe: the worst case is on disk before a byte is sent, that it is being sent is on
disk before the first byte, and the job's id is on disk before anybody is told of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt

from harness.client.answer import Answer, Progress
from harness.client.backoff import next_pause_s, retry_after_s
from harness.client.billing import Prices, WorstCase, worst_case
from harness.client.calls import Call
from harness.client.checking import Findings, Reading
from harness.client.entry import Entry, EntryState, of_job
from harness.client.keys import is_loopback, origin
from harness.client.results import JobHandle, Mode, Outcome
from harness.client.session import Session
from harness.client.sighting import Sighting, sighting_of
from harness.client.tracked import TrackedJob
from harness.errors import BudgetError, OperatorError, TransportError
from harness.finding import Direction, Finding, Severity
from harness.spec.model import Response, Spec
from harness.spec.pointer import resolve
from harness.wire.job import JobView
from harness.wire.lifecycle import TERMINAL
from harness.wire.message import HttpResponse

__all__ = ["Order", "place", "prepare"]

_KEPT_REQUEST = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request that may be sent: it was judged, its worst case is reserved."""

    spec: Spec
    mode: Mode
    call: Call
    entry: Entry
    findings: Findings


async def prepare(
    session: Session,
    spec: Spec,
    body: Mapping[str, Any],
    content: bytes,
    *,
    mode: Mode,
    even_if_invalid: bool,
    allow_redirected_bill: bool,
) -> Order:
    """Judges the request, asks the budget, and reserves. `content` is the body as it will be sent.

    Raises OperatorError for what cannot be sent and BudgetError for what may not; then nothing was sent.
    """
    operation = "generate" if mode is Mode.BLOCKING else "submit"
    call = session.call(spec, operation, body=content)
    findings = Findings()
    faults = session.checker.request(spec, operation, content, session.transport.subject())
    findings.add(faults)
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    if errors and not even_if_invalid:
        said = session.keyring.redactor.text(_said(errors))
        raise OperatorError(f"{spec.ref}: not sent, the request breaks the documents: {said}")
    _check_may_spend(session, call)
    budget = session.budget
    prices = budget.prices if budget is not None else Prices()
    try:
        case = worst_case(spec, body, prices, allow_redirected_bill=allow_redirected_bill)
    except BudgetError as error:
        raise BudgetError(session.keyring.redactor.text(str(error))) from None
    allows = budget.refusal(case, spec.ref) if budget is not None else lambda _: None
    draft = _draft(session, call, case, budget.scope if budget is not None else "")
    entry = await session.book.do(session.book.journal.reserve, draft, allows=allows)
    return Order(spec=spec, mode=mode, call=call, entry=entry, findings=findings)


def _draft(session: Session, call: Call, case: WorstCase, scope: str) -> Entry:
    """The entry as far as it is known before the journal has it."""
    scheme, host, port = origin(call.url)
    request = call.body[:_KEPT_REQUEST].decode("utf-8", "replace")
    return Entry(
        id="",
        scope=scope,
        model=call.spec.ref,
        provider=call.spec.provider_id,
        operation=call.operation,
        server=f"{scheme}://{host}:{port}",
        state=EntryState.RESERVED,
        jobs=case.jobs,
        cost_microusd=case.cost_microusd,
        counted=True,
        owner="",
        request=session.keyring.redactor.text(request),
        reserved_utc="",
    )


def _said(errors: list[Finding]) -> str:
    shown = "; ".join(error.message for error in errors[:3])
    return shown if len(errors) <= 3 else f"{shown}; and {len(errors) - 3} more"


def _check_may_spend(session: Session, call: Call) -> None:
    host = origin(call.url)[1]
    if is_loopback(host):
        return
    if not session.live:
        raise OperatorError(f"{call.spec.ref}: a job at {host} costs money; say that it may (--live)")
    if session.budget is None:
        raise BudgetError(f"{call.spec.ref}: a job at {host} costs money, and there is no budget")


async def place(session: Session, order: Order) -> tuple[TrackedJob, ...]:
    """Sends the request, once, and gives its jobs; of one that made none, one job that has ended.

    It is sent again only when it certainly did not reach the provider: no byte of it had been written.
    """
    progress, kept = Progress(), False
    try:
        await session.throttle.take_place(order.spec)
    except BaseException:
        _give_up(session, order.entry, progress)
        raise
    try:
        with session.throttle.busy(order.spec):
            answer = await _sent(session, order, progress)
            jobs = await _settle(session, order, answer)
        kept = jobs[0].place_taken = jobs[0].outcome is None
        return jobs
    finally:
        if not kept:
            session.throttle.free_place(order.spec)


def _give_up(session: Session, entry: Entry, progress: Progress) -> None:
    """The wait was cut short from this side: what may have been sent stays counted."""
    journal = session.book.journal
    with suppress(TransportError):  # what made us give up may be the journal itself; that is told already
        if progress.wrote:
            note = "given up while the answer was awaited: the job may exist, and is not sent again"
            journal.ended(entry.id, EntryState.POSSIBLY_BILLED, note=note)
        else:
            note = "given up before it was sent"
            journal.ended(entry.id, EntryState.ABANDONED, counted=False, note=note)


async def _sent(session: Session, order: Order, progress: Progress) -> Answer:
    """The answer. Where the wait for it is cut short, the journal says what may have been sent."""
    try:
        await session.throttle.request(order.spec, order.call.operation)
        await session.book.do(session.book.journal.sent, order.entry.id)
        return await _attempts(session, order, progress)
    except BaseException:
        _give_up(session, order.entry, progress)
        raise


async def _attempts(session: Session, order: Order, progress: Progress) -> Answer:
    limits = session.limits
    hold_s = limits.job_s if order.mode is Mode.BLOCKING else None

    def pause_s(state: RetryCallState) -> float:
        usual_s, failures = limits.backoff_s, state.attempt_number - 1
        return next_pause_s(usual_s, failures, None, limits=limits, rng=session.rng)

    def last(state: RetryCallState) -> Answer:
        if state.outcome is None:
            raise AssertionError("it is asked after an attempt")
        answer: Answer = state.outcome.result()
        return answer

    retrying = AsyncRetrying(
        sleep=session.clock.sleep,
        stop=stop_after_attempt(limits.post_attempts),
        wait=pause_s,
        retry=retry_if_result(lambda answer: not answer.reached),
        retry_error_callback=last,
    )
    answer: Answer = await retrying(session.transport.send, order.call, hold_s=hold_s, progress=progress)
    return answer


async def _settle(session: Session, order: Order, answer: Answer) -> tuple[TrackedJob, ...]:
    """What the answer means for the jobs and for the journal."""
    reading = session.checker.answer(answer, order.findings)
    job = _tracked(session, order, order.entry, answer)
    status = answer.response.status if answer.response is not None else None
    job.status = status
    job.times_s = (0.0, answer.received_s - answer.sent_s)
    if not reading.views:
        job.saw(sighting_of(answer, state=None, answered=reading.served))
    if not answer.reached:
        job.outcome, job.note = Outcome.UNSENT, f"never reached the provider: {answer.error}"
        await _end(session, job, EntryState.ABANDONED, counted=False)
    elif status is not None and 200 <= status < 300 and reading.views:
        return await _made(session, order, job, answer, reading)
    elif answer.response is not None and 400 <= answer.response.status < 500:
        await _refused(session, order, job, answer.response, reading)
    else:
        await _possibly_billed(session, job, answer, _why(answer, status))
    return (job,)


def _why(answer: Answer, status: int | None) -> str:
    if answer.error is not None:
        return answer.error
    return f"the answer cannot be read (status {status})" if status == 200 else f"status {status}"


def _tracked(
    session: Session, order: Order, entry: Entry, answer: Answer, others: tuple[JobHandle, ...] = ()
) -> TrackedJob:
    handle = JobHandle(
        entry_id=entry.id, spec=order.spec, mode=order.mode, job_id=entry.job_id, others=others
    )
    wake = asyncio.Event() if order.mode in (Mode.EVENTS, Mode.WEBHOOK) else None
    return TrackedJob(
        entry=entry,
        handle=handle,
        findings=order.findings.copy(),
        wake=wake,
        sent_s=answer.sent_s,
        sightings=[] if session.keeps_sightings else None,
    )


async def _end(session: Session, job: TrackedJob, state: EntryState, *, counted: bool = True) -> None:
    result = job.result(session.checker, session.keyring.redactor)
    output = None if result.output is None else session.keyring.redactor.text(result.output)
    await session.book.do(
        session.book.journal.ended, job.entry.id, state, counted=counted, output=output, note=job.note
    )


async def _made(
    session: Session, order: Order, job: TrackedJob, answer: Answer, reading: Reading
) -> tuple[TrackedJob, ...]:
    """The provider has made jobs. A blocking call has brought its end with it, and names none as a rule."""
    views = {name: view for view in reading.views if (name := _name(view, reading))}
    first = reading.views[0]
    if not views:
        job.saw(_seen(answer, reading, first))
        if order.mode is Mode.BLOCKING and first.state in TERMINAL:
            return (await _ended_at_once(session, job, first, reading),)
        await _possibly_billed(session, job, None, "the answer does not name the job")
        return (job,)
    entries = await session.book.do(session.book.journal.submitted, order.entry.id, tuple(views))
    handles = tuple(_tracked(session, order, entry, answer).handle for entry in entries[1:])
    jobs = [
        _tracked(session, order, entry, answer, handles if not at else ()) for at, entry in enumerate(entries)
    ]
    for made, view in zip(jobs, views.values(), strict=True):
        made.status = job.status
        made.saw(_seen(answer, reading, view))
        if view.state in TERMINAL:
            await _ended_at_once(session, made, view, reading)
    return tuple(jobs)


def _seen(answer: Answer, reading: Reading, view: JobView) -> Sighting:
    return sighting_of(answer, state=view.state, answered=True, job=reading.job, value=reading.value)


def _name(view: JobView, reading: Reading) -> str | None:
    """The job's id; where it comes as a number, that is a fault, and still the name of a paid job."""
    found = None if view.id_pointer is None else resolve(reading.value, view.id_pointer)
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return str(found) if is_number else view.id


async def _ended_at_once(session: Session, job: TrackedJob, view: JobView, reading: Reading) -> TrackedJob:
    state = job.see_end(view, reading, "blocking" if job.handle.mode is Mode.BLOCKING else "submit")
    await _end(session, job, of_job(state))
    return job


async def _refused(
    session: Session, order: Order, job: TrackedJob, response: HttpResponse, reading: Reading
) -> None:
    """It will not do it. Unless the documents say that such an answer is free, it counts as if it was not."""
    documented = order.spec.responses_for(order.call.operation, response.status)
    is_free = documented is not None and documented.billed is False
    job.outcome = Outcome.REFUSED
    job.retry_after_s = retry_after_s(response, utc_now=session.clock.utc_now(), limits=session.limits)
    job.note = f"status {response.status}{_words(session, documented, reading)}"
    if not is_free:
        job.note += "; whether it is billed is not documented"
    await _end(session, job, EntryState.REFUSED, counted=not is_free)


def _words(session: Session, documented: Response | None, reading: Reading) -> str:
    """What the provider says to a person, where the documents say that it does."""
    pointer = documented.error_message if documented is not None else None
    said = resolve(reading.value, pointer) if pointer is not None else None
    return f": {session.keyring.redactor.text(said[:300])}" if isinstance(said, str) and said else ""


async def _possibly_billed(session: Session, job: TrackedJob, answer: Answer | None, why: str) -> None:
    job.outcome, job.note = Outcome.POSSIBLY_BILLED, f"{why}: the job may exist, and is not sent again"
    received = answer is not None and answer.response is not None
    message = f"{job.entry.operation}: {why}; the job may exist and be billed, and its id is not known"
    job.find("job.possibly-billed", message, Direction.RESPONSE, observed="answered" if received else None)
    await _end(session, job, EntryState.POSSIBLY_BILLED)
