"""What a client sees, on its way into a cassette: addressed as at the provider, scrubbed, cut, journalled."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.cassette.cut import LARGE_BYTES, cut_response
from harness.cassette.gather import gathered
from harness.cassette.scrub import Scrubber
from harness.cassette.unfinished import RecordingJournal, journal_path
from harness.cassette.write import write_cassette
from harness.wire.message import (
    Cut,
    Delivery,
    Event,
    Exchange,
    HttpRequest,
    HttpResponse,
    Provenance,
    Recording,
)

__all__ = ["SIMULATOR", "Tape"]

SIMULATOR = "harness-simulator"
"""What the simulator calls itself in the header `Server` of every answer."""


@dataclass(slots=True, kw_only=True)
class Tape:
    """An observer for one client. Every message is on the disk before the next one is taken.

    `start` says what the recording is; its times are those of the messages, less `start_s`. `moved` are
    origins (`http://127.0.0.1:40001`) with those that stand for them in the cassette. `with_utc` is to be
    False where provider time is not the wall clock's.
    """

    start: Recording
    path: Path
    scrubber: Scrubber
    start_s: float = 0.0
    moved: Mapping[str, str] = field(default_factory=dict)
    with_utc: bool = True
    _journal: RecordingJournal = field(init=False)
    _messages: list[Exchange | Event | Delivery] = field(default_factory=list)
    _from_simulator: bool = False

    def __post_init__(self) -> None:
        self._journal = RecordingJournal(journal_path(self.path), self.start)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was seen so far."""
        return not self._messages

    @property
    def journal(self) -> Path:
        """Where the messages are until the cassette is written."""
        return self._journal.path

    def __call__(self, message: Exchange | Event | Delivery) -> None:
        """Takes one message."""
        match message:
            case Exchange():
                kept: Exchange | Event | Delivery = self._exchange(message)
            case Event():
                kept = self.scrubber.event(replace(message, data=self._text(message.data)))
            case Delivery():
                kept = self.scrubber.delivery(replace(message, body=self._content(message.body)))
        if not isinstance(kept, Exchange):
            received_utc = kept.received_utc if self.with_utc else None
            kept = replace(kept, received_s=self._since(kept.received_s), received_utc=received_utc)
        self._messages.append(kept)
        self._journal.append(kept)

    def adopt(self, messages: Iterable[Exchange | Event | Delivery]) -> None:
        """Takes what an earlier process recorded of the same job, as it stands: it was scrubbed then."""
        for message in messages:
            self._messages.append(message)
            self._journal.append(message)

    def finish(self, *, overwrite: bool = False, **members: Any) -> tuple[Path, ...]:
        """Writes the cassette and takes the journal away; gives the files.

        `members` are those of the recording that are known by now. Raises OperatorError, and leaves the
        journal, where the cassette cannot be kept.
        """
        self._journal.close()
        files = write_cassette(
            self.recording(**members), self.path, secrets=self.scrubber.secrets, overwrite=overwrite
        )
        self._journal.discard()
        return files

    def recording(self, **members: Any) -> Recording:
        """What was seen so far."""
        provenance = Provenance.SIMULATED if self._from_simulator else self.start.provenance
        return gathered(replace(self.start, provenance=provenance, **members), self._messages)

    def give_up(self) -> None:
        """Closes the journal; it goes where nothing is in it."""
        if self.is_empty:
            self._journal.discard()
        else:
            self._journal.close()

    def _exchange(self, exchange: Exchange) -> Exchange:
        request, response = exchange.request, exchange.response
        original = b"" if response is None else response.body
        response = None if response is None else _head_of_large(response)
        if response is not None and response.header("server") == SIMULATOR:
            self._from_simulator = True
        moved = replace(
            exchange,
            request=HttpRequest(
                method=request.method,
                url=self._text(request.url),
                headers=self._headers(request.headers),
                body=self._content(request.body),
            ),
            response=None if response is None else self._response(response),
            error=None if exchange.error is None else self._text(exchange.error),
            sent_s=self._since(exchange.sent_s),
            received_s=self._since(exchange.received_s),
            sent_utc=exchange.sent_utc if self.with_utc else None,
            received_utc=exchange.received_utc if self.with_utc else None,
        )
        scrubbed = self.scrubber.exchange(moved)
        if response is None or scrubbed.response is None:
            return scrubbed
        return replace(scrubbed, response=cut_response(scrubbed.response, original))

    def _response(self, response: HttpResponse) -> HttpResponse:
        return replace(response, headers=self._headers(response.headers), body=self._content(response.body))

    def _headers(self, headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, self._text(value)) for name, value in headers)

    def _since(self, moment_s: float | None) -> float | None:
        return None if moment_s is None else max(0.0, round(moment_s - self.start_s, 6))

    def _text(self, text: str) -> str:
        for pattern, origin in self._patterns():
            text = pattern.sub(origin, text)
        return text

    def _content(self, content: bytes) -> bytes:
        if not any(_host_name(origin).encode() in content for origin in self.moved):
            return content
        return self._text(content.decode("latin-1")).encode("latin-1")

    def _patterns(self) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
        return [(_origin_pattern(here), _standing_for(there)) for here, there in self.moved.items()]


def _head_of_large(response: HttpResponse) -> HttpResponse:
    """The answer with no more of its body than what is kept of it can depend on.

    Only JSON is cut by what is in it. Of the rest just the beginning stays, and looking for secrets in
    megabytes that do not would hold up every job of the process for seconds.
    """
    body = response.body
    if len(body) <= LARGE_BYTES or body.lstrip()[:1] in (b"{", b"[") or response.cut is not None:
        return response
    cut = Cut(size_bytes=len(body), sha256=hashlib.sha256(body).hexdigest())
    return replace(response, body=body[:LARGE_BYTES], cut=cut)


def _host_name(origin: str) -> str:
    return origin.partition("://")[2].partition(":")[0]


def _origin_pattern(origin: str) -> re.Pattern[str]:
    """An origin in a text, its slashes escaped as JSON may have them or percent-encoded."""
    scheme, _, host = origin.partition("://")
    slash = r"(?:\\?/|%2[fF])"
    colon = r"(?::|%3[aA])"
    name, _, port = host.partition(":")
    host_pattern = f"{re.escape(name)}{colon}{re.escape(port)}" if port else re.escape(name)
    return re.compile(f"{re.escape(scheme)}{colon}({slash}){slash}{host_pattern}(?![0-9])")


def _standing_for(origin: str) -> Callable[[re.Match[str]], str]:
    def written(found: re.Match[str]) -> str:
        if found[1].startswith("%"):
            return origin.replace(":", "%3A").replace("/", "%2F")
        return origin.replace("/", found[1])

    return written
