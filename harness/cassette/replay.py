"""Playing a vcrpy cassette back, with the network out of reach.

vcrpy alone would make a live request, and so a paid job, where a cassette is missing, empty or undecodable,
and takes another body for the same request. Here nothing is ever recorded or written, a cassette that
cannot be played is an error at once, and the body counts.
"""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable, Container, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NoReturn
from unittest import mock

from harness.cassette.bodies import same_body
from harness.cassette.members import NotARecordingError
from harness.cassette.scrub import Scrubber
from harness.cassette.vcr_format import is_cassette_name, read_cassette, serializer_name
from harness.errors import OperatorError
from harness.spec.store import read_text
from harness.wire.message import Exchange, HttpRequest, Recording

__all__ = ["Replay", "Rhythm", "blocked_network", "load_for_replay", "replaying"]

Rhythm = Literal["at_once", "recorded"]

_LOOPBACK = ("127.0.0.1", "::1")
_MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "same_body")


class Replay:
    """A cassette that is being played, or was."""

    def __init__(self, recording: Recording, cassette: Any) -> None:
        self.recording = recording
        self._cassette = cassette

    @property
    def unplayed(self) -> tuple[Exchange, ...]:
        """The exchanges that nobody has asked for so far; after the end of the replay, those left over."""
        counts = self._cassette.play_counts
        return tuple(
            exchange
            for exchange in self.recording.exchanges
            if exchange.subject.index is not None and not counts[exchange.subject.index]
        )


@contextmanager
def replaying(
    path: Path | str,
    *,
    rhythm: Rhythm = "at_once",
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    scrubber: Scrubber | None = None,
    now: datetime | None = None,
) -> Iterator[Replay]:
    """Answers every HTTP request inside the block from a cassette; identical requests in recorded order.

    A request counts as recorded if method, scheme, host, port, path, query and body are the same; JSON
    bodies are compared as JSON, with `5`, `5.0` and `"5"` told apart. With `rhythm="recorded"` no answer
    comes before its time on the timeline, counted from the first request by `clock` (seconds, monotonic);
    `sleep` blocks, in an asynchronous client too. `scrubber` takes secrets out of what is asked before it is
    compared, as was done with what was recorded; without one, by name and look alone.

    The patches are the process's, so one replay at a time. Raises OperatorError for a cassette that is
    missing, empty, not to be decoded, or expired by `now` (UTC), and at a request that the cassette does not
    hold (any more).
    """
    recording = load_for_replay(Path(path), now=now)
    if recording.part is not None:
        raise OperatorError(f"{path}: fills several files; `harness replay` plays it")
    if rhythm == "recorded" and recording.timeline is None:
        raise OperatorError(f"{path}: has no timeline to keep to; replay it at once")
    with ExitStack() as stack:
        stack.enter_context(blocked_network(f"while {path} is replayed"))
        cassette = stack.enter_context(_vcr_cassette(path, scrubber or Scrubber()))
        cassette.can_play_response_for = _refusing(cassette, str(path))
        if rhythm == "recorded":
            cassette.play_response = _paced(cassette, recording, sleep, clock)
        yield Replay(recording, cassette)


@contextmanager
def blocked_network(when: str, *, open_ports: Container[int] = ()) -> Iterator[None]:
    """Refuses every connection, datagram and name look-up of this process inside the block, to loopback too.

    `open_ports` are ports of this machine's own loopback that stay. `when` ends the sentence "the network is
    blocked …". Unix sockets stay. Raises ConnectionRefusedError at the attempt. Libraries that open sockets
    without Python's `socket` are out of its reach.
    """

    def refuse(target: object) -> NoReturn:
        message = f"the network is blocked {when}: no connection to {target}"
        raise ConnectionRefusedError(errno.ECONNREFUSED, message)

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(own: socket.socket, *arguments: Any) -> Any:
            if own.family in (socket.AF_INET, socket.AF_INET6):
                host, port, *_ = arguments[-1]
                if host not in _LOOPBACK or port not in open_ports:
                    refuse(f"{host}:{port}")
            return real(own, *arguments)

        return call

    real_look_up = socket.getaddrinfo

    def look_up(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host not in _LOOPBACK or port not in open_ports:
            refuse(f"{host}:{port}")
        return real_look_up(host, port, *arguments, **options)

    with ExitStack() as stack:
        for name in ("connect", "connect_ex", "sendto"):
            replacement = guarded(getattr(socket.socket, name))
            stack.enter_context(mock.patch.object(socket.socket, name, replacement))
        stack.enter_context(mock.patch.object(socket, "getaddrinfo", look_up))
        yield


def load_for_replay(path: Path, *, now: datetime | None = None) -> Recording:
    """The recording in a cassette that can be played.

    Raises OperatorError for one that is missing, empty, not to be decoded, or expired by `now` (UTC).
    """
    shown = str(path)
    if not path.is_file():
        raise OperatorError(f"{shown}: no such cassette")
    if not is_cassette_name(path.name):
        raise OperatorError(f"{shown}: only vcrpy cassettes (.yaml, .yml, .json) can be replayed")
    text = read_text(path, shown)
    if not text.strip():
        raise OperatorError(f"{shown}: the file is empty")
    try:
        recording = read_cassette(text, shown)
    except NotARecordingError as error:
        raise OperatorError(f"{shown}: {error}") from None
    if not recording.exchanges:
        raise OperatorError(f"{shown}: holds no exchange to replay")
    if now is not None and recording.expires is not None and now >= recording.expires:
        day = recording.expires.date().isoformat()
        raise OperatorError(f"{shown}: expired on {day}; nothing is recorded anew unasked")
    return recording


def _vcr_cassette(path: Path | str, scrubber: Scrubber) -> Any:
    from vcr import VCR

    recorder = VCR(before_record_request=_scrubbing(scrubber))
    recorder.register_matcher("same_body", _same_body)
    recorder.register_persister(_ReadOnly)
    return recorder.use_cassette(
        str(path), record_mode="none", match_on=_MATCH_ON, serializer=serializer_name(str(path))
    )


def _scrubbing(scrubber: Scrubber) -> Callable[[Any], Any]:
    """Compares without secrets: the recorded request has none."""

    def scrubbed(request: Any) -> Any:
        from vcr.request import Request
        from vcr.util import read_body

        body = read_body(request) or b""
        plain = scrubber.request(HttpRequest(method=request.method, url=request.uri, body=body))
        if plain.url == request.uri and plain.body == body:
            return request
        return Request(request.method, plain.url, plain.body, dict(request.headers))

    return scrubbed


class _ReadOnly:
    """Where vcrpy reads cassettes from; it has no way to write one."""

    @staticmethod
    def load_cassette(cassette_path: str, serializer: Any) -> Any:
        from vcr.serialize import deserialize

        return deserialize(Path(cassette_path).read_text(encoding="utf-8-sig"), serializer)

    @staticmethod
    def save_cassette(cassette_path: str, *_: object, **__: object) -> NoReturn:
        raise AssertionError(f"{cassette_path}: a replay must not write")


def _same_body(request: Any, recorded: Any) -> bool:
    """Whether two vcrpy requests have the same body."""
    from vcr.util import read_body

    return same_body(read_body(request) or b"", read_body(recorded) or b"")


def _refusing(cassette: Any, shown: str) -> Callable[[Any], bool]:
    can_play = cassette.can_play_response_for

    def can_play_or_refuse(request: Any) -> bool:
        if can_play(request):
            return True
        raise OperatorError(f"{shown}: {_why_not(cassette, request)}")

    return can_play_or_refuse


def _why_not(cassette: Any, request: Any) -> str:
    """In place of vcrpy's own message, which tells how to record the request, and so to pay for it."""
    asked = f"{request.method} {request.uri}"
    nearest = cassette.find_requests_with_most_matches(request)
    if not nearest:
        return f"holds nothing like {asked}"
    _, _, differing = nearest[0]
    if not differing:
        return f"holds no further answer to {asked}; all {len(nearest)} recorded were played"
    names = ", ".join(name.removeprefix("_same_") for name, _ in differing)
    return f"does not hold {asked}; the nearest recorded request differs in {names}"


def _paced(
    cassette: Any, recording: Recording, sleep: Callable[[float], None], clock: Callable[[], float]
) -> Callable[[Any], Any]:
    play = cassette.play_response
    start_s: float | None = None
    by_index = {exchange.subject.index: exchange for exchange in recording.exchanges}

    def play_in_time(request: Any) -> Any:
        nonlocal start_s
        before = dict(cassette.play_counts)
        response = play(request)
        index = next(i for i, count in cassette.play_counts.items() if count != before.get(i, 0))
        exchange = by_index[index]
        if start_s is None:
            start_s = clock() - (exchange.sent_s or 0.0)
        if exchange.received_s is not None:
            left_s = exchange.received_s - (clock() - start_s)
            if left_s > 0:
                sleep(left_s)
        return response

    return play_in_time
