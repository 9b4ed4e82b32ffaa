"""Every fault of the simulator against every model: what the client makes of each, over real sockets.

One simulator for each fault, a process of its own, serves all models; each job is recorded and judged as
`harness record` does it. Nothing here asserts: a cell holds what happened, and `problems` what must not.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.cassette.scrub import Scrubber
from harness.cassette.write import spec_digest
from harness.check.body import Judges
from harness.cli.exit_codes import exit_code
from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client
from harness.client.entry import Entry, EntryState
from harness.client.journal import Journal
from harness.client.limits import Limits
from harness.client.results import Mode
from harness.client.transport import Network
from harness.finding import Judgement
from harness.recorder.delivered import Viewing
from harness.recorder.record import Order, RecordedJob, run_job
from harness.recorder.tape import Tape
from harness.report.json import findings_json
from harness.run import check_traffic
from harness.simulator.faults.fault import EventFault, Fault, OutputFault, VideoFault, WebhookFault
from harness.simulator.faults.order import parse_order
from harness.simulator.faults.table import FAULTS
from harness.simulator.process import running
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.message import Delivery, Event, Exchange, Provenance, Recording
from tests.integration.world import body_of, clock, held_forms, keyring_of, ledger_of, wished

__all__ = ["SECTIONS", "STORE", "Cell", "Section", "play", "rows_of"]

STORE = SpecStore()
SCALE = 100.0
WITHIN_S = 60.0
"""Real seconds after which a cell counts as hung: its longest part is the client's own patience."""

_PATIENCE_S = {Mode.BLOCKING: 3000.0}
_USUAL_PATIENCE_S = 600.0
_STALLS = frozenset({"stalled-body"})
_BODY_BYTES = 1_000_000
_AT_ONCE = 4
_TRUSTED = ssl.create_default_context()  # made once: it takes longer than many a job here
_OTHER_VALUES = frozenset({"parameter-ignored", "wrong-aspect", "wrong-duration"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Faults of one place: the operation that they are ordered for (None: their own)."""

    title: str
    operation: str | None = None
    mode: Mode = Mode.POLL

    def faults(self) -> tuple[Fault, ...]:
        """Those that can strike there, and do not in the section before."""
        if self.operation is None:
            return FAULTS
        return tuple(fault for fault in FAULTS if self.operation in fault.reach and self._adds(fault))

    def _adds(self, fault: Fault) -> bool:
        return self.operation == "generate" or self.operation not in fault.operations

    def order(self, fault: Fault) -> str:
        """The fault as `--fault` has it."""
        return fault.name if self.operation is None else f"{fault.name}.{self.operation}"

    def mode_of(self, fault: Fault) -> Mode:
        """The way to wait in which the fault shows."""
        kinds = {EventFault: Mode.EVENTS, WebhookFault: Mode.WEBHOOK}
        return next((mode for kind, mode in kinds.items() if isinstance(fault, kind)), self.mode)


SECTIONS: tuple[Section, ...] = (
    Section(title="Every fault where it strikes by itself"),
    Section(title="The same on the request that makes the job", operation="submit"),
    Section(title="The same on a blocking call", operation="generate", mode=Mode.BLOCKING),
    Section(title="The same on the download of the video", operation="output"),
)


@dataclass(slots=True, kw_only=True)
class Cell:
    """What one fault did to one job. `impossible` says why the model cannot show it.

    `rules`, `verdict` and `exit_code` are those of `harness record`; `exit_code_of_file` is what
    `harness check traffic` makes of its cassette alone.
    """

    order: str
    model: str
    impossible: str | None = None
    outcome: str = ""
    video: str = ""
    rules: tuple[str, ...] = ()
    verdict: str = ""
    exit_code: int = -1
    exit_code_of_file: int = -1
    fetch_error: str | None = None
    posts: int = 0
    polls: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Stand:
    """Where one job is played: its files, and what was seen of it."""

    spec: Spec
    path: Path
    base_urls: Mapping[str, str]
    seen: list[Exchange | Event | Delivery] = field(default_factory=list)

    def journal(self) -> Path:
        return self.path / "journal.sqlite"

    def posts(self) -> int:
        """Requests that may make a job, as often as one was sent."""
        return sum(isinstance(one, Exchange) and one.request.method == "POST" for one in self.seen)


def play(section: Section, faults: Sequence[Fault], path: Path) -> Iterator[Cell]:
    """The cells of some faults of a section, model by model."""
    yield from asyncio.run(_play_all(section, faults, path))


async def _play_all(section: Section, faults: Sequence[Fault], path: Path) -> list[Cell]:
    slots = asyncio.Semaphore(_AT_ONCE)
    strange: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: strange.append(str(context)))

    async def one(fault: Fault) -> list[Cell]:
        async with slots:
            return await _play_fault(section, fault, path)

    cells = [cell for cells in await asyncio.gather(*map(one, faults)) for cell in cells]
    for cell in cells[:1]:
        cell.problems += strange
    return cells


async def _play_fault(section: Section, fault: Fault, path: Path) -> list[Cell]:
    text = section.order(fault)
    specs = STORE.all()
    order = parse_order(text, specs)
    cells = [Cell(order=text, model=spec.id, impossible=order.impossible(spec)) for spec in specs]
    played = [cell for cell in cells if cell.impossible is None]
    simulator = running("--time-scale", str(SCALE), "--seed", "1", "--fault", text)
    base_urls = await asyncio.to_thread(simulator.__enter__)
    try:
        stands = {cell.model: _stand(cell, path, base_urls) for cell in played}
        await asyncio.gather(*(_fill(cell, stands[cell.model], section, fault) for cell in played))
        truth = await asyncio.to_thread(ledger_of, base_urls)
    finally:
        await asyncio.to_thread(simulator.__exit__, None, None, None)
    for cell in played:
        _judge(cell, stands[cell.model], truth["jobs"])
    sent = sum(isinstance(one, Exchange) for stand in stands.values() for one in stand.seen)
    if truth["requests"] != sent:
        cells[0].problems.append(f"the simulator saw {truth['requests']} requests, the observers {sent}")
    if any(visit["has_key"] for visit in truth["elsewhere"]):
        cells[0].problems.append("a key went to another host")
    return cells


def _stand(cell: Cell, path: Path, base_urls: Mapping[str, str]) -> _Stand:
    place = path / cell.order / cell.model.replace("/", "--")
    place.mkdir(parents=True)
    return _Stand(spec=STORE.get(cell.model), path=place, base_urls=base_urls)


async def _fill(cell: Cell, stand: _Stand, section: Section, fault: Fault) -> None:
    """Plays the job and notes what came of it."""
    try:
        async with asyncio.timeout(WITHIN_S):
            tape = _tape(stand)
            job = await _job(stand, tape, section, fault)
    except TimeoutError:
        cell.problems.append(f"hung: not done within {WITHIN_S:g} s")
        return
    except Exception:
        cell.problems.append(traceback.format_exc())
        return
    result = job.result
    cell.outcome, cell.polls = result.outcome.value, result.polls
    cell.fetch_error = job.fetched.error if job.fetched is not None else None
    cell.video = "none" if job.fetched is None else "whole" if job.fetched.is_whole else "not to be had"
    files = tape.finish(videos=job.videos)
    in_file = check_traffic(STORE, files[:1], Judges()).judgement
    judgement = in_file + Judgement(findings=job.findings)
    cell.rules = tuple(sorted({finding.rule.id for finding in judgement.findings}))
    cell.verdict, cell.exit_code = judgement.verdict.value, _exit_code(judgement)
    cell.exit_code_of_file = _exit_code(in_file)
    said = json.dumps([findings_json(judgement), [str(finding) for finding in result.findings], str(job)])
    (stand.path / "said.json").write_text(said, encoding="utf-8")


def _exit_code(judgement: Judgement) -> int:
    return int(exit_code(judgement, fail_on="error", inconclusive="fail"))


async def _job(stand: _Stand, tape: Tape, section: Section, fault: Fault) -> RecordedJob:
    spec, mode = stand.spec, section.mode_of(fault)
    patience_s = _PATIENCE_S.get(mode, _USUAL_PATIENCE_S)
    operation = "generate" if mode is Mode.BLOCKING else "submit"
    wish = wished(spec, operation, "other" if fault.name in _OTHER_VALUES else "default")
    journal = Journal.open(stand.journal(), utc_now=lambda: datetime.now(UTC))

    def observe(message: Exchange | Event | Delivery) -> None:
        stand.seen.append(message)
        tape(message)

    client = Client(
        (spec,),
        keyring=keyring_of((spec,), stand.base_urls),
        journal=journal,
        clock=clock(SCALE),
        budget=Budget(max_jobs=1),
        limits=Limits(
            job_s=patience_s,
            body_bytes=_BODY_BYTES,
            # Real time-outs: short where one is to strike, long where a busy machine must not cause one.
            shortest_real_s=2.0 if fault.name in _STALLS else 20.0,
        ),
        observer=observe,
        endpoints=Endpoints(overrides=dict(stand.base_urls)),
        network=Network(verify=_TRUSTED),
        rng=random.Random(1),
    )
    try:
        async with client:
            body = body_of(spec, operation, **wish.sent)
            viewing = _viewing(stand, section, fault)
            order = Order(spec=spec, body=body, mode=mode, timeout_s=patience_s, viewing=viewing)
            return await run_job(client, order)
    finally:
        journal.close()


def _viewing(stand: _Stand, section: Section, fault: Fault) -> Viewing | None:
    """As `harness record` looks at a video, where a fault may have spoilt it; all of them take minutes."""
    if section.operation != "output" and not isinstance(fault, (VideoFault, OutputFault)):
        return None
    directory = stand.path / "video"
    directory.mkdir()
    return Viewing(directory=directory)


def _tape(stand: _Stand) -> Tape:
    spec = stand.spec
    path = stand.path / "cassette.yaml"
    server = urlsplit(spec.server)._replace(path="").geturl()
    return Tape(
        start=Recording(
            file=str(path),
            provenance=Provenance.SIMULATED,
            model=spec.ref,
            timeline="recorded",
            recorded_at=datetime.now(UTC).replace(microsecond=0),
            spec_digest=spec_digest(spec),
        ),
        path=path,
        scrubber=Scrubber.of([spec], keyring_of((spec,), stand.base_urls).secrets),
        moved={stand.base_urls[spec.provider_id]: server},
        with_utc=False,
    )


def _judge(cell: Cell, stand: _Stand, jobs: Sequence[Mapping[str, Any]]) -> None:
    """What must not be: a second POST, a second or a lost job, a secret in anything that was written."""
    cell.posts = stand.posts()
    mine = [job for job in jobs if job["model"] == stand.spec.ref]
    if cell.posts != 1:
        cell.problems.append(f"{cell.posts} POSTs were sent")
    if len(mine) > 1:
        cell.problems.append(f"{len(mine)} jobs were made")
    entries = _entries(stand.journal())
    for job in mine:
        if not any(_knows(entry, job, cell.rules) for entry in entries):
            cell.problems.append(f"the journal does not know job {job['id']}")
    for file in sorted(stand.path.rglob("*")):
        if file.is_file() and held_forms(file.read_bytes()):
            cell.problems.append(f"{file.name} holds the key: {held_forms(file.read_bytes())}")


def _entries(journal: Path) -> Sequence[Entry]:
    opened = Journal.open(journal, utc_now=lambda: datetime.now(UTC))
    try:
        return opened.entries()
    finally:
        opened.close()


def _knows(entry: Entry, job: Mapping[str, Any], rules: Sequence[str]) -> bool:
    """By its id; a job whose answer never came, or that no answer names, as possibly billed or ended; one
    that was named otherwise as open, with the finding that the provider does not know it.
    """
    if entry.job_id is not None:
        misnamed = entry.state is EntryState.SUBMITTED and "job.not-found" in rules
        return entry.job_id == job["id"] or misnamed
    ended_without_a_name = job["operation"] == "generate" and entry.state is EntryState.DONE
    return entry.state is EntryState.POSSIBLY_BILLED or ended_without_a_name


def rows_of(cells: Sequence[Cell]) -> Iterator[tuple[Cell, tuple[str, ...]]]:
    """The cells of one fault, those that are alike together: one of them, and the models of all."""
    groups: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        key = (
            cell.impossible,
            cell.outcome,
            cell.video,
            cell.rules,
            cell.verdict,
            cell.exit_code,
            cell.exit_code_of_file,
        )
        groups.setdefault(key, []).append(cell)
    for alike in groups.values():
        yield alike[0], tuple(cell.model for cell in alike)
