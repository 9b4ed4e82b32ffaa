"""`harness replay`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.clock import system_clock
from harness.cli.live import needs_live
from harness.cli.output import deliver, store_of
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.finding import Judgement
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.recorder.replay import Replayed
    from harness.recorder.story import Step

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Plays a cassette through the client, shows the life of its job, and judges it."""
    needs_live("replay")
    from harness.recorder.replay import replay, whole_recording
    from harness.recorder.story import steps

    store, path = store_of(arguments), Path(arguments.cassette)
    recording = whole_recording(path)
    if recording.model is None:
        raise OperatorError(f"{path}: does not say which model it is of, so no client can be set up for it")
    spec = store.get(recording.model)
    with tempfile.TemporaryDirectory(prefix="harness-replay-") as directory:
        replayed = asyncio.run(
            replay(
                path,
                spec,
                rhythm="recorded" if arguments.rhythm == "recorded" else "at_once",
                real=system_clock(),
                directory=Path(directory),
            )
        )
    told = steps(replayed.seen, spec)
    if arguments.format == "text":
        write_stdout("\n".join((*_lines(replayed, told), "", "")))
    judgement = _judgement(store, path)
    return deliver(judgement, arguments, extra={"replay": _document(replayed, told)})


def _judgement(store: SpecStore, path: Path) -> Judgement:
    """Of the recording as it stands in the file, its age included."""
    from harness.cli.commands.check import judges_for
    from harness.run import check_traffic

    now = system_clock().utc_now().replace(microsecond=0)
    return check_traffic(store, [path], judges_for(store), now=now).judgement


def _lines(replayed: Replayed, told: tuple[Step, ...]) -> Iterator[str]:
    from harness.report.visible import visible

    recording = replayed.recording
    made = f", recorded {recording.recorded_at:%Y-%m-%d %H:%M} UTC" if recording.recorded_at else ""
    title = f"{visible(recording.title)}; " if recording.title else ""
    yield f"{recording.file}: {title}{recording.provenance.value}{made}"
    for step in told:
        moment = f"{step.moment_s:9.1f} s" if step.moment_s is not None else " " * 11
        yield f"{moment}  {step.operation:9}{visible(step.what, 100)}"
    yield from (f"  {visible(line)}" for line in _result_lines(replayed))


def _result_lines(replayed: Replayed) -> Iterator[str]:
    result = replayed.result
    if result is not None:
        high = f", not more than {result.high_s:.1f} s" if result.high_s is not None else ""
        low = f"; took more than {result.low_s:.1f} s{high}" if result.low_s is not None else ""
        yield f"{result.outcome.value}{low}; {result.polls} polls"
        if result.note:
            yield result.note
    if replayed.output is not None:
        cut = replayed.output
        yield f"video: {cut.size_bytes} bytes, sha256 {cut.sha256}; only its first bytes are in the cassette"
    if replayed.unplayed:
        yield f"{len(replayed.unplayed)} recorded exchanges were not asked for"
    if replayed.beyond:
        yield f"{replayed.beyond} requests more than were recorded"


def _document(replayed: Replayed, told: tuple[Step, ...]) -> dict[str, Any]:
    result, cut = replayed.result, replayed.output
    return {
        "file": replayed.recording.file,
        "provenance": replayed.recording.provenance.value,
        "outcome": None if result is None else result.outcome.value,
        "job": None if result is None else result.handle.job_id,
        "output": None if result is None else result.output,
        "polls": None if result is None else result.polls,
        "low_s": None if result is None else result.low_s,
        "high_s": None if result is None else result.high_s,
        "video": None if cut is None else {"size_bytes": cut.size_bytes, "sha256": cut.sha256},
        "unplayed": len(replayed.unplayed),
        "beyond": replayed.beyond,
        "steps": [
            {"moment_s": step.moment_s, "operation": step.operation, "what": step.what} for step in told
        ],
    }
