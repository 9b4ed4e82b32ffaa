"""Sending a plan: one request after the other, its jobs waited for beside, never more of them than meant."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.client.client import Client
from harness.client.results import CancelResult, JobHandle
from harness.conform.narrow import Narrowed, narrowed
from harness.conform.plan import Plan, Sending
from harness.conform.sent import Sent
from harness.errors import BudgetError
from harness.finding import Skipped
from harness.generate.case import Case, Kind

__all__ = ["Ran", "Runner"]

_UNSERVED_IN_A_ROW = 2
"""After so many requests that were not served, no more is risked: each of them may have been billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a plan. `narrowed` are the smallest requests that were refused though they are valid."""

    sent: tuple[Sent, ...]
    narrowed: tuple[Narrowed, ...]
    skipped: tuple[Skipped, ...]


@dataclass(slots=True, kw_only=True)
class Runner:
    """Sends one plan through a client. `timeout_s` are the provider seconds that each job is waited for."""

    client: Client
    plan: Plan
    timeout_s: float
    _created: int = 0
    _unserved: int = 0
    _sent: list[Sent] = field(default_factory=list)
    _waits: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> Ran:
        """Sends what the plan names. Raises what the client raises before anything is sent."""
        left: dict[str, int] = {}
        try:
            for sending in self.plan.sendings:
                reason = self._reason_to_stop()
                if reason is None:
                    await self._send(sending)
                else:
                    left[reason] = left.get(reason, 0) + 1
            await asyncio.gather(*self._waits)
            found = await self._narrow()
        finally:
            for wait in self._waits:
                wait.cancel()
            await asyncio.gather(*self._waits, return_exceptions=True)
        skipped = [Skipped(what=f"{self.plan.spec.ref}: {n} requests", why=why) for why, n in left.items()]
        return Ran(sent=tuple(self._sent), narrowed=found, skipped=tuple(skipped))

    def _reason_to_stop(self) -> str | None:
        if self._unserved >= _UNSERVED_IN_A_ROW:
            return f"{self._unserved} requests in a row were not served"
        most = self.plan.most_created
        if most is not None and self._created >= most:
            return f"{self._created} jobs were made, and no more than {most} are meant to be"
        return None

    async def _send(self, sending: Sending, *, is_extra: bool = False) -> JobHandle:
        handle = await self.client.submit(self.plan.spec, sending.case.body, even_if_invalid=True)
        if handle.job_id is None:
            await self._finish(sending, handle, is_extra=is_extra)
            self._created += self._sent[-1].jobs
            self._unserved = 0 if self._sent[-1].is_answered else self._unserved + 1
        else:
            self._created += 1 + len(handle.others)
            self._unserved = 0
            self._waits.append(asyncio.create_task(self._finish(sending, handle, is_extra=is_extra)))
        return handle

    async def _finish(self, sending: Sending, handle: JobHandle, *, is_extra: bool) -> None:
        """The end of every job of a request; the first of them stands for it."""
        cancelled = await self._cancel(sending, handle)
        result = await self.client.wait(handle, timeout_s=self.timeout_s)
        for other in handle.others:
            await self.client.wait(other, timeout_s=self.timeout_s)
        self._sent.append(Sent(sending=sending, result=result, cancelled=cancelled, is_extra=is_extra))

    async def _cancel(self, sending: Sending, handle: JobHandle) -> CancelResult | None:
        """A job that nobody wanted is cancelled, where there is a way."""
        unwanted = sending.case.kind is Kind.INVALID and not sending.is_late
        if handle.job_id is None or not unwanted or "cancel" not in self.plan.spec.operations:
            return None
        return await self.client.cancel(handle)

    # ---- the smallest request that shows it

    async def _narrow(self) -> tuple[Narrowed, ...]:
        valid = [sent for sent in self._sent if sent.sending.case.kind is Kind.VALID]
        accepted = [sent.sending.case.body for sent in valid if sent.result.handle.job_id is not None]
        found: list[Narrowed] = []
        for sent in sorted((each for each in valid if each.is_refused), key=_size):
            if not any(one.explains(sent.sending.case.body) for one in found):
                case = await narrowed(sent.sending.case, self.plan.base, accepted, self._is_refused)
                found.append(case)
        return tuple(found)

    async def _is_refused(self, case: Case) -> bool | None:
        """Whether one more request is refused; None where it may not be sent, or was not served."""
        if self._reason_to_stop() is not None:
            return None
        sending = Sending(case=case, is_late=False, worst=self.plan.sendings[0].worst)
        try:
            handle = await self._send(sending, is_extra=True)
        except BudgetError:
            return None
        if handle.job_id is not None:
            return False
        last: Sequence[Sent] = self._sent[-1:]
        return True if last[0].is_refused else None


def _size(sent: Sent) -> int:
    return len(sent.sending.case.content)
