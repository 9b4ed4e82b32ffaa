"""The journal of a recording that is under way: JSON Lines, each on the disk before the next message.

A job is paid for whether or not the recording is finished: so nothing waits for the end. The first line
says what the recording is; every other is `{"exchange": …}`, `{"event": …}` or `{"delivery": …}`, scrubbed.
The last line may be torn, where the process was killed while it wrote.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.cassette.json_lines import as_body, exchange_line, read_body, read_exchange
from harness.cassette.members import Members, utc_at
from harness.errors import OperatorError
from harness.finding import Location
from harness.spec.store import read_text
from harness.wire.message import Delivery, Event, Exchange, Provenance, Recording

__all__ = ["JOURNAL_SUFFIX", "RecordingJournal", "journal_path", "read_journal"]

JOURNAL_SUFFIX = ".journal"
_FORMAT = 1


def journal_path(cassette: Path) -> Path:
    """Where the journal of a cassette stands: `job.yaml` -> `job.yaml.journal`."""
    return cassette.with_name(f"{cassette.name}{JOURNAL_SUFFIX}")


class RecordingJournal:
    """One journal, open for appending. Each method returns when its line is on the disk."""

    def __init__(self, path: Path, start: Recording) -> None:
        """A new journal. Raises OperatorError where there is one already: it may hold what was paid for."""
        self.path = path
        if path.exists():
            raise OperatorError(
                f"{path}: a recording was not finished here; `harness record --recover {path}` keeps what it "
                "has, deleting the file gives it up"
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("x", encoding="utf-8", newline="\n")
        except OSError as error:
            raise OperatorError(f"{path}: {error.strerror or error}") from None
        self._write({"recording": {"format": _FORMAT, **_start(start)}})

    def append(self, message: Exchange | Event | Delivery) -> None:
        """Keeps one message, which must be without secrets."""
        match message:
            case Exchange():
                self._write({"exchange": exchange_line(message)})
            case Event():
                line = {"name": message.name, "data": message.data, "received_s": message.received_s}
                self._write({"event": line})
            case Delivery():
                headers = [list(pair) for pair in message.headers]
                body = as_body(message.body)
                self._write({"delivery": {"headers": headers, **body, "received_s": message.received_s}})

    def close(self) -> None:
        """Lets go of the file, which stays."""
        self._file.close()

    def discard(self) -> None:
        """Deletes the file: the cassette is there."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def _start(recording: Recording) -> dict[str, Any]:
    values = {
        "provenance": recording.provenance.value,
        "model": recording.model,
        "title": recording.title,
        "spec_digest": recording.spec_digest,
        "recorded_at": recording.recorded_at and recording.recorded_at.isoformat(),
        "expires": recording.expires and recording.expires.isoformat(),
        "timeline": recording.timeline,
    }
    return {name: value for name, value in values.items() if value is not None}


def read_journal(path: Path) -> tuple[Recording, tuple[Exchange | Event | Delivery, ...]]:
    """`(what the recording is, its messages as they came)`, as far as it got.

    Raises OperatorError for a file that is no such journal.
    """
    lines = list(_lines(read_text(path, str(path)), str(path)))
    if not lines or not lines[0].has("recording"):
        raise OperatorError(f"{path}: expected the journal of a recording, which begins with what it is")
    start = _read_start(lines[0].object("recording"), str(path))
    return start, tuple(
        _message(line, Location(file=str(path), index=index)) for index, line in enumerate(lines[1:])
    )


def _message(line: Members, place: Location) -> Exchange | Event | Delivery:
    readers: Mapping[str, Callable[[Members, Location], Exchange | Event | Delivery]]
    readers = {"exchange": read_exchange, "event": _event, "delivery": _delivery}
    found = [reader(line.object(kind), place) for kind, reader in readers.items() if line.has(kind)]
    line.finish()
    if len(found) != 1:
        raise OperatorError(f"{line.place}: expected one of {', '.join(readers)}")
    return found[0]


def _lines(text: str, file: str) -> Iterator[Members]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        try:
            value = json.loads(line) if line else None
        except (ValueError, RecursionError):
            if number == len(lines):
                return  # torn: it was never whole
            raise OperatorError(f"{file}:{number}: not JSON") from None
        if value is not None:
            yield Members(value, f"{file}:{number}")


def _read_start(members: Members, file: str) -> Recording:
    if members.integer("format") != _FORMAT:
        raise members.fault("format", str(_FORMAT))
    recording = Recording(
        file=file,
        provenance=Provenance(members.one_of("provenance", ("live", "simulated"))),
        model=members.maybe_text("model"),
        title=members.maybe_text("title"),
        spec_digest=members.maybe_text("spec_digest"),
        recorded_at=utc_at(members, "recorded_at"),
        expires=utc_at(members, "expires"),
        timeline=members.maybe_text("timeline"),
    )
    members.finish()
    return recording


def _event(members: Members, subject: Location) -> Event:
    event = Event(
        name=members.text("name"),
        data=members.text("data"),
        subject=subject,
        received_s=members.maybe_seconds("received_s"),
    )
    members.finish()
    return event


def _delivery(members: Members, subject: Location) -> Delivery:
    delivery = Delivery(
        headers=tuple((name, value) for name, value in members.items("headers")),
        body=read_body(members),
        subject=subject,
        received_s=members.maybe_seconds("received_s"),
    )
    members.finish()
    return delivery
