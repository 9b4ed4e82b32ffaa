"""Taking up what an earlier process left in the journal. Nothing is ever sent a second time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from harness.client.entry import ENDED, Entry, EntryState
from harness.client.keys import is_loopback, origin
from harness.client.results import JobHandle, Mode, Outcome
from harness.client.session import Session
from harness.client.sighting import Sighting
from harness.client.tracked import TrackedJob
from harness.errors import OperatorError
from harness.finding import Direction
from harness.spec.model import Spec

__all__ = ["taken_up"]

_OUTCOMES = {
    EntryState.DONE: Outcome.SUCCEEDED,
    EntryState.FAILED: Outcome.FAILED,
    EntryState.CANCELLED: Outcome.CANCELLED,
    EntryState.REFUSED: Outcome.REFUSED,
    EntryState.POSSIBLY_BILLED: Outcome.POSSIBLY_BILLED,
    EntryState.ABANDONED: Outcome.UNSENT,
}


async def taken_up(session: Session, entry: Entry, specs: Mapping[str, Spec]) -> TrackedJob:
    """The job of an entry, ready to be waited for; one that cannot be waited for has ended.

    Raises OperatorError where its model or its server is not at hand, or a running process works on it.
    """
    spec = specs.get(entry.model)
    if spec is None:
        raise OperatorError(f"job {entry.id}: no spec {entry.model} at hand; give its directory (--specs)")
    journal = session.book.journal
    if entry.state is EntryState.SUBMITTED:
        _check_server(session, entry, spec)
    if entry.state not in ENDED:
        owned = await session.book.do(journal.take_over, entry.id)
        if owned is None:
            raise OperatorError(f"job {entry.id}: a running process works on it")
        entry = owned
    handle = JobHandle(entry_id=entry.id, spec=spec, mode=Mode.POLL, job_id=entry.job_id)
    job = TrackedJob(entry=entry, handle=handle, sightings=[] if session.keeps_sightings else None)
    _recall(session, job)
    if entry.state is EntryState.RESERVED:
        job.outcome, job.note = Outcome.UNSENT, "the process ended before it was sent: nothing was billed"
        await session.book.do(journal.ended, entry.id, EntryState.ABANDONED, counted=False, note=job.note)
    elif entry.state is EntryState.SENT:
        why = "the process ended before the answer was read"
        job.outcome, job.note = Outcome.POSSIBLY_BILLED, f"{why}: the job may exist, and is not sent again"
        job.find("job.possibly-billed", f"{entry.operation}: {why}", Direction.RESPONSE)
        await session.book.do(journal.ended, entry.id, EntryState.POSSIBLY_BILLED, note=job.note)
    elif entry.state in ENDED:
        job.outcome, job.note = _OUTCOMES[entry.state], entry.note
    return job


def _recall(session: Session, job: TrackedJob) -> None:
    """When its request was sent, and answered, by the journal: the monotonic clock of then has gone."""
    entry, clock = job.entry, session.clock
    if entry.sent_utc is None or entry.submitted_utc is None:
        return

    def moment_s(utc: str) -> float:
        ago_s = (clock.utc_now() - datetime.fromisoformat(utc)).total_seconds()
        return clock.monotonic() - ago_s * clock.scale

    job.sent_s = moment_s(entry.sent_utc)
    received_s = moment_s(entry.submitted_utc)
    job.saw(Sighting(operation="submit", sent_s=job.sent_s, received_s=received_s, recovered=True))


def _check_server(session: Session, entry: Entry, spec: Spec) -> None:
    """A job is asked about where it was made, or, on this machine, wherever the operator says now."""
    url = session.endpoints.server(spec)
    scheme, host, port = origin(url)
    now = f"{scheme}://{host}:{port}"
    if now == entry.server:
        session.keyring.check_host(spec, url)
        return
    was_local, is_local = is_loopback(origin(entry.server)[1]), is_loopback(host)
    if was_local and is_local:
        return
    raise OperatorError(
        f"job {entry.id} was made at {entry.server}, and {spec.provider_id} is at {now} now; "
        f"say where it is (--base-url {spec.provider_id}={entry.server})"
    )
