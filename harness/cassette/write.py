"""Recordings into vcrpy cassettes: through vcrpy's own serialiser, whole or not at all, and without secrets.

A cassette has fewer than 100 interactions (vcrpy's replay is quadratic in them); what is longer goes on in
`NAME.part2.yaml` and so on.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from harness.cassette.json_lines import as_body, exchange_line
from harness.cassette.metadata import FORMAT
from harness.cassette.scan import scan
from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.wire.message import Delivery, Event, Exchange, HttpResponse, Provenance, Recording
from harness.wire.video import DeliveredVideo, facts_json

__all__ = ["MAX_INTERACTIONS", "cassette_files", "spec_digest", "write_cassette"]

MAX_INTERACTIONS = 99
_OF_THE_TRANSFER = frozenset({"connection", "content-encoding", "keep-alive", "transfer-encoding"})


def spec_digest(spec: Spec) -> str:
    """SHA-256 of a spec's merged document, as `sha256:…`: it changes with the facts and with nothing else."""
    document = json.dumps(spec.root.plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(document.encode()).hexdigest()}"


def cassette_files(path: Path) -> tuple[Path, ...]:
    """The files that a recording at a path fills by now: none, it alone, or it and its further parts."""
    parts = sorted(path.parent.glob(f"{_glob_safe(path.stem)}.part*{path.suffix}"))
    return tuple(file for file in (path, *parts) if file.is_file())


def write_cassette(
    recording: Recording, path: Path, *, secrets: Iterable[str] = (), overwrite: bool = False
) -> tuple[Path, ...]:
    """Writes a recording, whose messages have been scrubbed, and gives the files that it fills.

    Each file is written beside its place, searched for the secrets, and moved there only then. Raises
    OperatorError where there is a cassette already, where a file cannot be written, and where one would hold
    a secret: that one is deleted.
    """
    if recording.provenance is Provenance.UNKNOWN:
        raise ValueError("a recording is documented, simulated or live")
    old = cassette_files(path)
    if old and not overwrite:
        raise OperatorError(f"{old[0]}: is there already; nothing is recorded anew unasked")
    parts = _parts(recording)
    targets = [path, *(path.with_name(f"{path.stem}.part{n}{path.suffix}") for n in range(2, len(parts) + 1))]
    with ExitStack() as stack:
        drafts = []
        for index, (part, target) in enumerate(zip(parts, targets, strict=True)):
            draft = _draft(_serialized(recording, part, (index + 1, len(parts), path.name)), target)
            stack.callback(_remove, draft)
            _refuse_leaks(draft, target, secrets)
            drafts.append(draft)
        for draft, target in zip(drafts, targets, strict=True):
            draft.replace(target)
    for stale in set(old) - set(targets):
        stale.unlink()
    _sync_directory(path.parent)
    return tuple(targets)


def _glob_safe(stem: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in stem)


def _draft(text: str, target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OperatorError(f"{target}: {error.strerror or error}") from None
    Path(name).chmod(0o644)  # a cassette is for the repository, unlike what mkstemp is for
    return Path(name)


def _refuse_leaks(draft: Path, target: Path, secrets: Iterable[str]) -> None:
    leaks = scan(draft, secrets)
    if leaks:
        places = "; ".join(dict.fromkeys(str(leak) for leak in leaks))
        raise OperatorError(f"{target}: not kept, it would hold a secret: {places}")


def _remove(draft: Path) -> None:
    with suppress(FileNotFoundError):
        draft.unlink()


def _sync_directory(directory: Path) -> None:
    """A move is durable once its directory is; where directories cannot be opened, the system sees to it."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class _Part:
    """The messages of one file."""

    def __init__(self) -> None:
        self.answered: list[Exchange] = []
        self.unanswered: list[tuple[int, Exchange]] = []
        self.deliveries: list[Delivery] = []
        self.events: list[Event] = []
        self.start_s: float | None = None

    def take(self, exchange: Exchange) -> None:
        if self.start_s is None:
            self.start_s = exchange.sent_s
        if exchange.response is None:
            self.unanswered.append((len(self.answered), exchange))
        else:
            self.answered.append(exchange)


def _parts(recording: Recording) -> list[_Part]:
    """The exchanges in the order in which they were sent, so many to a file, and what came meanwhile."""
    exchanges = list(recording.exchanges)
    if all(exchange.sent_s is not None for exchange in exchanges):
        exchanges.sort(key=lambda exchange: exchange.sent_s or 0.0)
    parts = [_Part()]
    for exchange in exchanges:
        if exchange.response is not None and len(parts[-1].answered) == MAX_INTERACTIONS:
            parts.append(_Part())
        parts[-1].take(exchange)
    for delivery in recording.deliveries:
        _at(parts, delivery.received_s).deliveries.append(delivery)
    for event in recording.events:
        _at(parts, event.received_s).events.append(event)
    return parts


def _at(parts: Sequence[_Part], moment_s: float | None) -> _Part:
    begun = [part for part in parts if moment_s is not None and (part.start_s or 0.0) <= moment_s]
    return begun[-1] if begun else parts[0]


def _serialized(recording: Recording, part: _Part, place: tuple[int, int, str]) -> str:
    from vcr.request import Request
    from vcr.serialize import serialize
    from vcr.serializers import yamlserializer

    requests = [
        Request(e.request.method, e.request.url, e.request.body, dict(e.request.headers))
        for e in part.answered
    ]
    responses = [_response(e.response) for e in part.answered if e.response is not None]
    metadata = {"harness": dict(_metadata(recording, part, place))}
    cassette = {"requests": requests, "responses": responses, "metadata": metadata}
    text: str = serialize(cassette, yamlserializer)
    return text


def _response(response: HttpResponse) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        stale = name.lower() == "content-length" and value != str(len(response.body))
        if name.lower() not in _OF_THE_TRANSFER and not stale:  # the body is kept as it was read
            headers.setdefault(name, []).append(value)
    try:
        message = HTTPStatus(response.status).phrase
    except ValueError:
        message = ""
    return {
        "status": {"code": response.status, "message": message},
        "headers": headers,
        "body": {"string": response.body},
    }


def _metadata(recording: Recording, part: _Part, place: tuple[int, int, str]) -> Iterator[tuple[str, Any]]:
    yield "format", FORMAT
    yield "provenance", recording.provenance.value
    texts = {
        "model": recording.model,
        "title": recording.title,
        "spec_digest": recording.spec_digest,
        "recorded_at": recording.recorded_at and recording.recorded_at.isoformat(),
        "expires": recording.expires and recording.expires.isoformat(),
        "expects": "unavailable" if recording.shows_outage else None,
    }
    yield from ((name, text) for name, text in texts.items() if text)
    if recording.other_model:
        yield "other_model", recording.other_model
    if recording.substituted and place[1] == 1:  # its entries count the exchanges of one file
        yield "substituted", list(recording.substituted)
    if recording.source:
        yield "source", recording.source.split("; ")
    if place[1] > 1:
        yield "part", dict(zip(("index", "of", "first"), place, strict=True))
    if recording.timeline is not None:
        entries = [_times(exchange) for exchange in part.answered]
        yield "timeline", {"kind": recording.timeline, "exchanges": entries}
    lists = {
        "cut": [
            {"at": f"{index}/response", **asdict(exchange.response.cut)}
            for index, exchange in enumerate(part.answered)
            if exchange.response is not None and exchange.response.cut is not None
        ],
        "unanswered": [{"before": before, **exchange_line(e)} for before, e in part.unanswered],
        "deliveries": [_delivery(delivery) for delivery in part.deliveries],
        "events": [_event(event) for event in part.events],
        "videos": [_video(video) for video in recording.videos] if place[0] == 1 else [],
    }
    yield from ((name, entries) for name, entries in lists.items() if entries)


def _video(video: DeliveredVideo) -> dict[str, Any]:
    return {**({} if video.job is None else {"job": video.job}), **facts_json(video.facts)}


def _times(exchange: Exchange) -> dict[str, Any]:
    entry = {
        "sent_s": exchange.sent_s,
        "received_s": exchange.received_s,
        "sent_utc": exchange.sent_utc and exchange.sent_utc.isoformat(),
        "received_utc": exchange.received_utc and exchange.received_utc.isoformat(),
        "error": exchange.error,
        "events_s": list(exchange.events_s) or None,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    entry = {"headers": dict(delivery.headers), **as_body(delivery.body), "received_s": delivery.received_s}
    return {name: value for name, value in entry.items() if value is not None}


def _event(event: Event) -> dict[str, Any]:
    entry = {"name": event.name, "data": event.data, "received_s": event.received_s}
    return {name: value for name, value in entry.items() if value is not None}
