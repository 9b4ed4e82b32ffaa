"""Playing a vcrpy cassette back, with the network out of reach.

vcrpy alone would make a live request, and so a paid job, where a cassette is missing, empty or undecodable,
and takes another body for the same request. Here nothing is ever recorded or written, a cassette that
cannot be played is an error at once, and the body counts.
"""

from __future__ import annotations

import errno
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, NoReturn
from unittest import mock

from harness.cassette.members import NotARecordingError
from harness.cassette.vcr_format import is_cassette_name, read_cassette, serializer_name
from harness.errors import OperatorError
from harness.spec.store import read_text
from harness.wire.message import Exchange, Recording

__all__ = ["Replay", "Rhythm", "blocked_network", "replaying"]

Rhythm = Literal["at_once", "recorded"]

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
        return tuple(exchange for index, exchange in enumerate(self.recording.exchanges) if not counts[index])


@contextmanager
def replaying(
    path: Path | str,
    *,
    rhythm: Rhythm = "at_once",
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Replay]:
    """Answers every HTTP request inside the block from a cassette; identical requests in recorded order.

    A request counts as recorded if method, scheme, host, port, path, query and body are the same; JSON
    bodies are compared as JSON, with `5`, `5.0` and `"5"` told apart. With `rhythm="recorded"` no answer
    comes before its time on the timeline, counted from the first request by `clock` (seconds, monotonic);
    `sleep` blocks, in an asynchronous client too.

    The patches are the process's, so one replay at a time. Raises OperatorError for a cassette that is
    missing, empty or not to be decoded, and at a request that the cassette does not hold (any more).
    """
    recording = _load(Path(path), str(path))
    if rhythm == "recorded" and recording.timeline is None:
        raise OperatorError(f"{path}: has no timeline to keep to; replay it at once")
    with ExitStack() as stack:
        stack.enter_context(blocked_network(f"while {path} is replayed"))
        cassette = stack.enter_context(_vcr_cassette(path))
        cassette.can_play_response_for = _refusing(cassette, str(path))
        if rhythm == "recorded":
            cassette.play_response = _paced(cassette, recording, sleep, clock)
        yield Replay(recording, cassette)


@contextmanager
def blocked_network(when: str) -> Iterator[None]:
    """Refuses every connection, datagram and name look-up of this process inside the block, to loopback too.

    `when` ends the sentence "the network is blocked …". Unix sockets stay. Raises ConnectionRefusedError at
    the attempt. Libraries that open sockets without Python's `socket` are out of its reach.
    """

    def refuse(target: object) -> NoReturn:
        message = f"the network is blocked {when}: no connection to {target}"
        raise ConnectionRefusedError(errno.ECONNREFUSED, message)

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(own: socket.socket, *arguments: Any) -> Any:
            if own.family in (socket.AF_INET, socket.AF_INET6):
                host, port, *_ = arguments[-1]
                refuse(f"{host}:{port}")
            return real(own, *arguments)

        return call

    def look_up(host: Any, port: Any, *_: Any, **__: Any) -> NoReturn:
        refuse(f"{host}:{port}")

    with ExitStack() as stack:
        for name in ("connect", "connect_ex", "sendto"):
            replacement = guarded(getattr(socket.socket, name))
            stack.enter_context(mock.patch.object(socket.socket, name, replacement))
        stack.enter_context(mock.patch.object(socket, "getaddrinfo", look_up))
        yield


def _load(path: Path, shown: str) -> Recording:
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
    return recording


def _vcr_cassette(path: Path | str) -> Any:
    from vcr import VCR

    recorder = VCR()
    recorder.register_matcher("same_body", _same_body)
    recorder.register_persister(_ReadOnly)
    return recorder.use_cassette(
        str(path), record_mode="none", match_on=_MATCH_ON, serializer=serializer_name(str(path))
    )


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
    """Whether two vcrpy requests have the same body, as JSON if both are JSON."""
    from vcr.util import read_body

    ours, theirs = read_body(request) or b"", read_body(recorded) or b""
    return bool(ours == theirs) or (_canonical(ours) is not None and _canonical(ours) == _canonical(theirs))


def _canonical(body: bytes) -> str | None:
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        return None


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

    def play_in_time(request: Any) -> Any:
        nonlocal start_s
        before = dict(cassette.play_counts)
        response = play(request)
        index = next(i for i, count in cassette.play_counts.items() if count != before.get(i, 0))
        exchange = recording.exchanges[index]
        if start_s is None:
            start_s = clock() - (exchange.sent_s or 0.0)
        if exchange.received_s is not None:
            left_s = exchange.received_s - (clock() - start_s)
            if left_s > 0:
                sleep(left_s)
        return response

    return play_in_time
