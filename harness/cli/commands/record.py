"""`harness record`."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from harness.cli.clock import system_clock
from harness.cli.exit_codes import ExitCode
from harness.cli.live import (
    budget_of,
    clock_of,
    endpoints_of,
    journal_of,
    keyring_of,
    needs_live,
    network_of,
    use_of,
)
from harness.cli.output import deliver, note, read_input, store_of
from harness.errors import HarnessError, OperatorError
from harness.finding import Finding, Judgement
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.message import Provenance, Recording

if TYPE_CHECKING:
    from harness.client.calls import Endpoints
    from harness.client.journal import Journal
    from harness.client.keys import Keyring
    from harness.recorder.record import Order, RecordedJob
    from harness.recorder.tape import Tape

__all__ = ["run"]

_LIVE_DAYS = 90


def run(arguments: argparse.Namespace) -> int:
    """Runs one job and writes its cassette, or finishes a recording that was cut short."""
    needs_live("record")
    if arguments.recover is not None:
        return _recover(arguments)
    if arguments.model is None or arguments.to is None:
        raise OperatorError("record: expected MODEL and --to DIR, or --recover FILE")
    store = store_of(arguments)
    spec = store.get(arguments.model)
    order = _order(arguments, spec)
    path = _path(arguments, spec)
    _refuse_what_is_there(path, arguments)
    return _record(arguments, store, _Plan(spec=spec, order=order, path=path))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be recorded, and where to."""

    spec: Spec
    order: Order
    path: Path

    def viewed_in(self, directory: Path) -> _Plan:
        """The same, with the video looked at, which is kept there meanwhile."""
        from harness.recorder.delivered import Viewing

        return replace(self, order=replace(self.order, viewing=Viewing(directory=directory)))


class _Reach(NamedTuple):
    """Where the provider is, and the key to it."""

    endpoints: Endpoints
    keyring: Keyring


def _order(arguments: argparse.Namespace, spec: Spec) -> Order:
    from harness.client.results import Mode
    from harness.recorder.record import Order, default_body

    mode = Mode(arguments.mode)
    body = default_body(spec, mode) if arguments.body is None else _body(arguments.body)
    return Order(spec=spec, body=body, mode=mode, timeout_s=arguments.timeout)


def _body(name: str) -> Mapping[str, Any]:
    content, shown = read_input(name)
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise OperatorError(f"{shown}: not JSON") from None
    if not isinstance(body, dict):
        raise OperatorError(f"{shown}: expected a JSON object")
    return body


def _path(arguments: argparse.Namespace, spec: Spec) -> Path:
    provider, slug = spec.ref.split("/", 1)
    return Path(arguments.to) / provider / f"{slug}.{arguments.mode}.yaml"


def _refuse_what_is_there(path: Path, arguments: argparse.Namespace) -> None:
    """Before anything is sent, and so paid for."""
    from harness.cassette.write import cassette_files

    old = cassette_files(path)
    if old and not arguments.overwrite:
        raise OperatorError(f"{old[0]}: is there already; --overwrite records it anew")


def _record(arguments: argparse.Namespace, store: SpecStore, plan: _Plan) -> int:
    endpoints = endpoints_of(arguments)
    keyring = keyring_of(
        endpoints, [(plan.spec.provider_id, plan.spec.provider.credential)], use_of(arguments)
    )
    tape = _tape(arguments, plan, endpoints, keyring)
    try:
        journal = journal_of(arguments, must_exist=False)
        if journal is None:
            raise AssertionError("it is made where there is none")
        try:
            with tempfile.TemporaryDirectory(prefix="harness-video-") as directory:
                viewed = plan.viewed_in(Path(directory))
                job = asyncio.run(_run_job(arguments, viewed, _Reach(endpoints, keyring), tape, journal))
        finally:
            journal.close()
        files = tape.finish(overwrite=arguments.overwrite, videos=job.videos)
    except (HarnessError, KeyboardInterrupt):
        _say_what_is_left(tape)
        raise
    return _told(arguments, store, plan, job, files)


async def _run_job(
    arguments: argparse.Namespace, plan: _Plan, reach: _Reach, tape: Tape, journal: Journal
) -> RecordedJob:
    from harness.client.client import Client
    from harness.client.receiver import ReceiverOptions
    from harness.recorder.record import run_job

    spec = plan.spec
    client = Client(
        [spec],
        keyring=reach.keyring,
        journal=journal,
        clock=clock_of(arguments),
        budget=budget_of(arguments, scope=f"{plan.path} {tape.start.recorded_at}"),
        observer=tape,
        endpoints=reach.endpoints,
        network=network_of(),
        receiver=ReceiverOptions(public_url=arguments.public_url),
        live=arguments.live,
        name=str(plan.path),
    )
    async with client:
        return await run_job(client, plan.order)


def _tape(arguments: argparse.Namespace, plan: _Plan, endpoints: Endpoints, keyring: Keyring) -> Tape:
    from harness.cassette.scrub import Scrubber
    from harness.cassette.write import spec_digest
    from harness.client.keys import is_loopback, origin
    from harness.recorder.tape import Tape

    spec, now = plan.spec, system_clock().utc_now().replace(microsecond=0)
    server = endpoints.server(spec)
    is_local = is_loopback(origin(server)[1])
    days = arguments.expires_days if arguments.expires_days is not None else None if is_local else _LIVE_DAYS
    start = Recording(
        file=str(plan.path),
        provenance=Provenance.SIMULATED if is_local else Provenance.LIVE,
        model=spec.ref,
        title=arguments.title,
        timeline="recorded",
        recorded_at=now,
        expires=now + timedelta(days=days) if days is not None else None,
        spec_digest=spec_digest(spec),
    )
    here, there = (urlsplit(url)._replace(path="").geturl() for url in (server, spec.server))
    return Tape(
        start=start,
        path=plan.path,
        scrubber=Scrubber.of([spec], keyring.secrets),
        moved={here: there} if here != there else {},
        with_utc=arguments.time_scale == 1.0,
    )


def _say_what_is_left(tape: Tape) -> None:
    tape.give_up()
    if not tape.is_empty:
        note(f"harness: what was recorded is in {tape.journal}; harness record --recover keeps it")


def _told(
    arguments: argparse.Namespace, store: SpecStore, plan: _Plan, job: RecordedJob, files: tuple[Path, ...]
) -> int:
    result = job.result
    from harness.wire.video import facts_json

    words = f"{result.outcome.value}; {result.note}" if result.note else result.outcome.value
    if job.delivered is not None and job.delivered.why is not None:
        words = f"{words}; {job.delivered.why}"
    note(f"{plan.spec.ref}: {words}; wrote {', '.join(str(file) for file in files)}")
    extra = {
        "files": [str(file) for file in files],
        "outcome": result.outcome.value,
        "job": result.handle.job_id,
        "polls": result.polls,
        "note": result.note,
        "video": None
        if job.fetched is None
        else {
            "size_bytes": job.fetched.size_bytes,
            "sha256": job.fetched.sha256,
            "error": job.fetched.error,
            "facts": facts_json(job.videos[0].facts) if job.videos else None,
        },
    }
    return _judged(arguments, store, files, {"recording": extra}, job.findings)


def _judged(
    arguments: argparse.Namespace,
    store: SpecStore,
    files: tuple[Path, ...],
    extra: Mapping[str, Any],
    seen: tuple[Finding, ...] = (),
) -> ExitCode:
    """What was recorded is judged as it stands in the file; `seen` is what the file cannot show."""
    from harness.cli.commands.check import judges_for
    from harness.run import check_traffic

    judgement = check_traffic(store, files[:1], judges_for(store)).judgement + Judgement(findings=seen)
    return deliver(judgement, arguments, extra=extra)


def _recover(arguments: argparse.Namespace) -> int:
    from harness.cassette.gather import gathered
    from harness.cassette.unfinished import JOURNAL_SUFFIX, read_journal
    from harness.cassette.write import write_cassette

    journal = Path(arguments.recover)
    if not journal.name.endswith(JOURNAL_SUFFIX):
        raise OperatorError(f"{journal}: expected the {JOURNAL_SUFFIX} file of a recording")
    start, messages = read_journal(journal)
    if not messages:
        raise OperatorError(f"{journal}: nothing was recorded; delete it")
    store = store_of(arguments)
    target = journal.with_name(journal.name.removesuffix(JOURNAL_SUFFIX))
    recording = replace(gathered(start, messages), file=str(target))
    secrets = keyring_of(endpoints_of(arguments), [], use_of(arguments)).secrets
    files = write_cassette(recording, target, secrets=secrets, overwrite=arguments.overwrite)
    journal.unlink()
    note(f"wrote {', '.join(str(file) for file in files)}")
    extra = {"files": [str(file) for file in files], "outcome": None}
    return _judged(arguments, store, files, {"recording": extra})
