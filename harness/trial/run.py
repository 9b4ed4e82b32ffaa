"""The jobs of a trial, all at once: each made, watched, fetched, looked at, recorded; or taken up again."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from harness.cassette.scrub import Scrubber
from harness.cassette.unfinished import journal_path, read_journal
from harness.cassette.write import cassette_files, spec_digest
from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client
from harness.client.entry import Entry, EntryState
from harness.client.journal import Journal
from harness.client.keys import Keyring, is_loopback, origin
from harness.client.limits import Limits
from harness.client.receiver import ReceiverOptions
from harness.client.results import JobResult, Outcome
from harness.client.transport import Network, Observer
from harness.client.watch import documented_interval_s
from harness.errors import HarnessError
from harness.finding import Finding
from harness.recorder.delivered import Viewing
from harness.recorder.record import Order, RecordedJob, deliver
from harness.recorder.tape import Tape
from harness.spec.model import Spec
from harness.trial.kept import Ran, ran_of
from harness.trial.plan import Errand
from harness.trial.state import TrialState
from harness.wire.clock import Clock
from harness.wire.match import Match, match
from harness.wire.message import Delivery, Event, Exchange, Provenance, Recording

__all__ = ["FRAME_PX", "World", "run_errands"]

FRAME_PX = 320
"""Pixels of the longer side of the picture that a report shows."""

_PART_SUFFIX = ".1"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What all jobs of a trial share. `expires` is when a live recording begins to fail.

    `with_utc` is to be False where provider time is not the wall clock's.
    """

    state: TrialState
    journal: Journal
    keyring: Keyring
    endpoints: Endpoints
    clock: Clock
    budget: Budget | None
    limits: Limits
    network: Network | None
    receiver: ReceiverOptions
    live: bool
    now: datetime
    expires: datetime | None
    title: str | None
    overwrite: bool
    with_utc: bool
    lifetime_share: float | None = None

    def entry_of(self, spec: Spec) -> Entry | None:
        """What an earlier call of this trial left in the journal of one seller, if it may have been sent."""
        found = [
            entry
            for entry in self.journal.entries()
            if entry.scope == self.state.scope
            and entry.model == spec.ref
            and (entry.state is not EntryState.ABANDONED or entry.counted)
        ]
        return found[0] if found else None


async def run_errands(errands: Sequence[Errand], world: World) -> tuple[Ran, ...]:
    """What came of every errand, in their order. What happens to one does not stop the others."""
    return tuple(await asyncio.gather(*(_run(errand, world) for errand in errands)))


async def _run(errand: Errand, world: World) -> Ran:
    kept = world.state.kept(errand.spec.ref)
    if kept is not None and cassette_files(errand.path):
        return ran_of(errand.spec.ref, *kept)
    try:
        ran = await _one(errand, world)
    except HarnessError as error:
        made = world.entry_of(errand.spec) is not None  # then there may be a job to go on with
        outcome = Outcome.UNFINISHED.value if made else "not_sent"
        return Ran(model=errand.spec.ref, outcome=outcome, note=str(error))
    if ran.outcome != Outcome.UNFINISHED:
        world.state.keep(errand.spec.ref, ran.told(), ran.frame_png)
    return ran


async def _one(errand: Errand, world: World) -> Ran:
    entry = world.entry_of(errand.spec)
    if entry is not None and entry.state is EntryState.RESERVED:
        await _give_back(errand, world, entry)  # it was never sent
        entry = None
    tape = _tape(errand, world, entry)
    try:
        with tempfile.TemporaryDirectory(prefix="harness-trial-") as directory:
            job, late = await _job(errand, world, tape, entry, Path(directory))
    except BaseException:
        tape.give_up()
        raise
    files: tuple[Path, ...] = ()
    if tape.is_empty or job.result.outcome is Outcome.UNFINISHED:
        tape.give_up()  # what was recorded stays, to be gone on with
    else:
        files = tape.finish(overwrite=world.overwrite or entry is not None, videos=job.videos)
    return Ran.of(errand.spec.ref, job, late, files)


async def _job(
    errand: Errand, world: World, tape: Tape, entry: Entry | None, directory: Path
) -> tuple[RecordedJob, tuple[Finding, ...]]:
    """The job from its request, or from where it was left, to its video; and what was found of it late."""
    spec, interval_s = errand.spec, documented_interval_s(errand.spec)
    order = Order(
        spec=spec,
        body=errand.body,
        mode=errand.mode,
        timeout_s=world.limits.job_s,
        pacing=lambda _elapsed_s: interval_s,
        viewing=Viewing(directory=directory, frame_px=FRAME_PX, in_ranges=True),
    )
    async with _client(errand, world, tape) as client:
        if entry is None:
            handle = await client.submit(spec, errand.body, mode=errand.mode, even_if_invalid=True)
            result = await client.wait(handle, pacing=order.pacing, timeout_s=order.timeout_s)
        else:
            result = await client.resume(entry, pacing=order.pacing, timeout_s=order.timeout_s)
            result = _with_output(result, world.journal.entry(entry.id))
        if result.seen_by in ("events", "webhook") or (entry is not None and result.value is None):
            await client.look(result.handle)  # what a poll says of the end is to be seen, too
        given_s = world.clock.monotonic()
        job = await deliver(client, order, result)
        await _outlive(client, world, result, given_s)
        return job, client.findings(result.handle)


def _with_output(result: JobResult, entry: Entry) -> JobResult:
    """Of a job that had ended before, the journal knows where its video is."""
    if result.outcome is Outcome.SUCCEEDED and result.output is None and result.inline is None:
        return replace(result, output=entry.output)
    return result


async def _outlive(client: Client, world: World, result: JobResult, given_s: float) -> None:
    """Asks for the first byte once more when most of the documented time of the address has passed."""
    spec = result.handle.spec
    stated_s = spec.output.url_lifetime_s.value
    if world.lifetime_share is None or result.output is None or not isinstance(stated_s, (int, float)):
        return
    await world.clock.sleep(max(0.0, given_s + stated_s * world.lifetime_share - world.clock.monotonic()))
    await client.fetch(spec, result.output, length=1)


def _client(errand: Errand, world: World, observer: Observer) -> Client:
    return Client(
        [errand.spec],
        keyring=world.keyring,
        journal=world.journal,
        clock=world.clock,
        budget=world.budget,
        limits=world.limits,
        observer=observer,
        endpoints=world.endpoints,
        network=world.network,
        receiver=world.receiver,
        live=world.live,
        name=str(errand.path),
    )


async def _give_back(errand: Errand, world: World, entry: Entry) -> None:
    """What was reserved and never sent does not count."""
    async with _client(errand, world, lambda _message: None) as client:
        await client.resume(entry)


def _tape(errand: Errand, world: World, entry: Entry | None) -> Tape:
    """A new recording, or the one of before, continued on its own timeline."""
    spec, path = errand.spec, errand.path
    left = journal_path(path)
    aside = left.with_name(f"{left.name}{_PART_SUFFIX}")
    if left.exists() and not aside.exists():
        left.replace(aside)
    old: tuple[Recording, tuple[Exchange | Event | Delivery, ...]] | None = None
    if aside.exists():
        left.unlink(missing_ok=True)  # it was being written again, from the one aside
        if entry is not None:
            old = read_journal(aside)
    server = world.endpoints.server(spec)
    here, there = (urlsplit(url)._replace(path="").geturl() for url in (server, spec.server))
    tape = Tape(
        start=_start(errand, world, server) if old is None else old[0],
        path=path,
        scrubber=Scrubber.of([spec], world.keyring.secrets),
        start_s=0.0 if old is None or entry is None else -_elapsed_s(spec, old[1], entry, world),
        moved={here: there} if here != there else {},
        with_utc=world.with_utc,
    )
    tape.adopt(() if old is None else old[1])
    aside.unlink(missing_ok=True)
    return tape


def _start(errand: Errand, world: World, server: str) -> Recording:
    is_local = is_loopback(origin(server)[1])
    return Recording(
        file=str(errand.path),
        provenance=Provenance.SIMULATED if is_local else Provenance.LIVE,
        model=errand.spec.ref,
        title=world.title,
        timeline="recorded",
        recorded_at=world.now,
        expires=None if is_local else world.expires,
        spec_digest=spec_digest(errand.spec),
    )


def _elapsed_s(spec: Spec, messages: Iterable[object], entry: Entry, world: World) -> float:
    """Provider seconds from the start of the recording to now: the journal knows when the job was sent, and
    the recording where on its timeline that was. Never before the last of what was recorded.
    """
    exchanges = [message for message in messages if isinstance(message, Exchange)]
    moments = [m for e in exchanges for m in (e.sent_s, e.received_s) if m is not None]
    last_s = max(moments, default=0.0)
    made = next((e for e in exchanges if _makes_job(spec, e)), None)
    if made is None or made.sent_s is None or entry.sent_utc is None:
        return last_s
    ago_s = (world.clock.utc_now() - datetime.fromisoformat(entry.sent_utc)).total_seconds()
    return max(last_s, made.sent_s + ago_s * world.clock.scale)


def _makes_job(spec: Spec, exchange: Exchange) -> bool:
    hit = match([spec], exchange.request)
    return isinstance(hit, Match) and hit.operation == "submit"
