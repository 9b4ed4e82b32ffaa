"""The client: submit, wait, cancel, resume and fetch, for any provider that has a spec.

    async with Client(specs, keyring=…, journal=…, budget=…, clock=…) as client:
        handle = await client.submit(spec, {"prompt": "a fox"})
        result = await client.wait(handle)

What a provider or a network does is never raised out of a wait: it is in the result, and in its findings.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from harness.client.book import Book
from harness.client.budget import Budget
from harness.client.calls import Endpoints, json_body, with_values
from harness.client.cancelling import cancel
from harness.client.deliveries import Deliveries, Received
from harness.client.entry import Entry
from harness.client.events import EventHub
from harness.client.fetch import Fetched, fetch
from harness.client.journal import Journal
from harness.client.keys import Keyring
from harness.client.limits import Limits
from harness.client.receiver import Receiver, ReceiverOptions
from harness.client.results import CancelResult, JobHandle, JobResult, Mode
from harness.client.resuming import taken_up
from harness.client.session import Session
from harness.client.submission import Order, place, prepare
from harness.client.tracked import TrackedJob, unanswered
from harness.client.transport import Network, Observer, Transport
from harness.client.watch import Pacing, look, watch
from harness.errors import OperatorError
from harness.finding import Finding
from harness.spec.model import Spec
from harness.wire.clock import Clock

__all__ = ["Client", "modes_of"]


def modes_of(spec: Spec) -> tuple[Mode, ...]:
    """The ways in which a provider lets the end of a job be waited for."""
    with_operation = {Mode.BLOCKING: "generate", Mode.EVENTS: "events"}
    found = [mode for mode, operation in with_operation.items() if operation in spec.operations]
    return (Mode.POLL, *found, *((Mode.WEBHOOK,) if spec.webhook.value is not None else ()))


class Client:
    """One client for many providers and jobs, inside `async with`.

    `specs` are those whose jobs it may resume. Without `live` and a budget it makes jobs on this machine
    alone. `observer` gets every exchange, event and webhook call, without secrets; its subjects bear `name`.
    With `keeps_sightings`, a result has every message about its job, and when it came.
    """

    def __init__(  # noqa: PLR0913 - each part of the world is a parameter
        self,
        specs: Iterable[Spec] = (),
        *,
        keyring: Keyring,
        journal: Journal,
        clock: Clock,
        budget: Budget | None = None,
        limits: Limits | None = None,
        observer: Observer | None = None,
        endpoints: Endpoints | None = None,
        network: Network | None = None,
        receiver: ReceiverOptions | None = None,
        rng: random.Random | None = None,
        live: bool = False,
        keeps_sightings: bool = False,
        name: str = "live",
    ) -> None:
        limits, clock = limits or Limits(), _from_now(clock)
        see = observer or (lambda _message: None)
        self._session = Session(
            transport=Transport(
                clock=clock, limits=limits, keyring=keyring, observer=see, network=network, name=name
            ),
            endpoints=endpoints or Endpoints(),
            keyring=keyring,
            book=Book(journal),
            budget=budget,
            clock=clock,
            limits=limits,
            rng=rng or random.Random(),  # noqa: S311 - it spreads polls and guards nothing
            live=live,
            keeps_sightings=keeps_sightings,
        )
        self._specs = {spec.ref: spec for spec in specs}
        self._jobs: dict[str, TrackedJob] = {}
        self._blocking: dict[str, asyncio.Task[tuple[TrackedJob, ...]]] = {}
        self._hub, self._deliveries = EventHub(self._session), Deliveries(self._session)
        self._receiver_options, self._starting = receiver or ReceiverOptions(), asyncio.Lock()
        self._receiver: Receiver | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends every connection. Jobs that have not ended stay open in the journal."""
        for task in self._blocking.values():
            task.cancel()
        await asyncio.gather(*self._blocking.values(), return_exceptions=True)
        await self._hub.close()
        if self._receiver is not None:
            await self._receiver.close()
        await self._session.transport.close()
        self._session.book.close()

    @property
    def clock(self) -> Clock:
        """The clock by which its messages are timed: provider seconds since it was made."""
        return self._session.clock

    @property
    def deliveries(self) -> tuple[Received, ...]:
        """Every webhook call that came, and what was made of it."""
        return tuple(self._deliveries.received)

    def findings(self, handle: JobHandle) -> tuple[Finding, ...]:
        """What was found of a job by now; webhook calls that came after its end are judged, too."""
        job = self._jobs.get(handle.entry_id)
        redactor = self._session.keyring.redactor
        return () if job is None else tuple(redactor.finding(finding) for finding in job.findings.all)

    async def submit(
        self,
        spec: Spec,
        body: Mapping[str, Any],
        *,
        mode: Mode | str = Mode.POLL,
        even_if_invalid: bool = False,
        allow_redirected_bill: bool = False,
    ) -> JobHandle:
        """Makes a job, or several, if the body asks for more than one (see `JobHandle.others`).

        `mode` is how its end will be waited for: it decides what is opened before and sent along. A blocking
        call goes on beside the caller, who waits for it as for any job. Raises OperatorError for a request
        that cannot be sent (or breaks the documents, unless `even_if_invalid`) and BudgetError for one that
        may not; what the provider makes of it, `wait` tells.
        """
        mode = _mode(spec, mode)
        if mode is Mode.WEBHOOK:
            body = with_values(body, await self._webhook_values(spec))
        order = await prepare(
            self._session,
            spec,
            body,
            json_body(body),
            mode=mode,
            even_if_invalid=even_if_invalid,
            allow_redirected_bill=allow_redirected_bill,
        )
        if mode is Mode.BLOCKING:
            return self._held(order)
        if mode is Mode.EVENTS:
            await self._hub.join(spec)
        jobs = await place(self._session, order)
        for job in jobs:
            self._jobs[job.handle.entry_id] = job
            self._claim(job, mode)
        return jobs[0].handle

    def _held(self, order: Order) -> JobHandle:
        """A call that is answered when its job is done, as a task."""
        task = asyncio.create_task(place(self._session, order), name=f"blocking {order.entry.id}")
        self._blocking[order.entry.id] = task
        return JobHandle(entry_id=order.entry.id, spec=order.spec, mode=order.mode, job_id=None)

    def _claim(self, job: TrackedJob, mode: Mode) -> None:
        if job.outcome is None and mode is Mode.EVENTS:
            self._hub.claim(job)
        elif job.outcome is None and mode is Mode.WEBHOOK:
            self._deliveries.claim(job)

    async def _webhook_values(self, spec: Spec) -> dict[str, str]:
        """What a body says of the webhook: its address, and the secret where the documents have one."""
        async with self._starting:
            if self._receiver is None:
                receiver = Receiver(self._receiver_options, self._deliveries)
                await receiver.start()
                self._receiver = receiver
        webhook = spec.webhook.value
        if webhook is None:
            raise AssertionError("the mode was checked")
        values = {webhook.request_field: self._receiver.address(spec)}
        if webhook.secret_field.value is not None:
            values[webhook.secret_field.value] = self._deliveries.secret
        return values

    async def wait(
        self,
        handle: JobHandle,
        *,
        mode: Mode | str | None = None,
        pacing: Pacing | None = None,
        timeout_s: float | None = None,
    ) -> JobResult:
        """Waits for the end of a job, for at most `timeout_s` provider seconds (`Limits.job_s`).

        `mode` is that of the handle, unless it is `poll`. `pacing` says when to poll, else the documents.
        Raises OperatorError for a handle of another client.
        """
        timeout_s = self._session.limits.job_s if timeout_s is None else timeout_s
        task = self._blocking.get(handle.entry_id)
        if task is not None:
            return await self._wait_held(handle, task, timeout_s)
        job = self._jobs.get(handle.entry_id)
        if job is None:
            raise OperatorError(f"job {handle.entry_id} was not made by this client; resume it")
        wanted = handle.mode if mode is None else _mode(handle.spec, mode)
        if wanted not in (handle.mode, Mode.POLL):
            raise OperatorError(
                f"job {handle.entry_id} was submitted to be waited for by {handle.mode}, not by {wanted}"
            )
        await watch(self._session, job, mode=wanted, pacing=pacing, timeout_s=timeout_s)
        if job.outcome is not None:
            self._hub.leave(job)
        return job.result(self._session.checker, self._session.keyring.redactor)

    async def _wait_held(
        self, handle: JobHandle, task: asyncio.Task[tuple[TrackedJob, ...]], timeout_s: float
    ) -> JobResult:
        await asyncio.wait((task,), timeout=self._session.limits.real(timeout_s, self._session.clock))
        if not task.done():
            return unanswered(handle, timeout_s)
        job, *others = task.result()
        del self._blocking[handle.entry_id]
        for made in (job, *others):
            self._jobs[made.handle.entry_id] = made
        return await self.wait(job.handle, timeout_s=timeout_s)

    async def run(
        self, spec: Spec, body: Mapping[str, Any], *, mode: Mode | str = Mode.POLL, **options: Any
    ) -> JobResult:
        """`submit`, then `wait`. `options` are those of `wait`."""
        return await self.wait(await self.submit(spec, body, mode=mode), **options)

    async def cancel(self, handle: JobHandle) -> CancelResult:
        """Asks for a job to be cancelled. Raises OperatorError where the documents give no way."""
        job = self._jobs.get(handle.entry_id)
        if job is None:
            raise OperatorError(f"job {handle.entry_id} was not made by this client; resume it")
        return await cancel(self._session, job)

    async def resume(
        self, entry: Entry, *, pacing: Pacing | None = None, timeout_s: float | None = None
    ) -> JobResult:
        """Finishes what a journal entry began, without ever sending its request again.

        A job with an id is polled to its end; one that may have been sent is possibly billed; one that was
        not is given up. Raises OperatorError where its model or its server is not at hand, or a running
        process works on it.
        """
        job = await taken_up(self._session, entry, self._specs)
        self._jobs[entry.id] = job
        return await self.wait(job.handle, pacing=pacing, timeout_s=timeout_s)

    async def fetch(
        self,
        spec: Spec,
        url: str,
        *,
        to: Path | None = None,
        start: int = 0,
        length: int | None = None,
        most_bytes: int | None = None,
    ) -> Fetched:
        """Downloads an output, or a part of it, without any key. See `harness.client.fetch`."""
        return await fetch(self._session, spec, url, to=to, start=start, length=length, most_bytes=most_bytes)

    async def look(self, handle: JobHandle) -> None:
        """Asks about a job once more, and judges the answer: its end may have been told otherwise."""
        job = self._jobs.get(handle.entry_id)
        if job is not None:
            await look(self._session, job)


def _from_now(clock: Clock) -> Clock:
    """The same clock, whose seconds count from now on: times of messages are those of the recording."""
    start_s = clock.monotonic()
    return replace(clock, monotonic=lambda: clock.monotonic() - start_s)


def _mode(spec: Spec, mode: Mode | str) -> Mode:
    known = modes_of(spec)
    if mode not in known:
        raise OperatorError(f"{spec.ref} documents no {mode}; it documents: {', '.join(known)}")
    return Mode(mode)
