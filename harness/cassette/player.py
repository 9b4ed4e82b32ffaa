"""A recording in the place of a network: answers an asynchronous httpx client, event by event where need be.

vcrpy hands a stream over at once, when it has ended, and sleeps in the event loop. This waits by a clock that
is given to it, answers many requests at a time, and calls the webhook that the request named.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from harness.cassette.bodies import same_body
from harness.cassette.forms import PLACEHOLDER
from harness.cassette.scrub import Scrubber
from harness.errors import OperatorError
from harness.spec.model import Webhook
from harness.spec.pointer import MISSING, resolve, split
from harness.wire.clock import Clock
from harness.wire.events import is_stream, split_stream
from harness.wire.message import Delivery, Exchange, HttpRequest, Recording

__all__ = ["Player", "own_members", "remove"]

_KEEP_ALIVE_S = 10.0
_NOT_ON = frozenset({"connection", "content-length", "host", "transfer-encoding"})


@dataclass(slots=True, eq=False)
class _Track:
    """One exchange of the recording. `following` is the next one with the same request."""

    exchange: Exchange
    key: tuple[Any, ...]
    played: bool = False
    following: _Track | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Player(httpx.AsyncBaseTransport):
    """Plays one recording. Identical requests are answered in recorded order.

    No answer, event or webhook call comes before its time on the timeline, counted from the first request by
    `clock`; without a timeline, at once. `base_url` is where the client believes the provider to be, and
    `server` where the recording has it. `webhook` names the members of a request that are the operator's
    own, new for each run: they are not compared. `busy` keeps a clock that can jump from doing so while
    something takes real time. `beyond` are requests that the recording no longer holds an answer to: they
    are answered by a broken connection. Raises OperatorError at a request that it never held.
    """

    recording: Recording
    clock: Clock
    scrubber: Scrubber = field(default_factory=Scrubber)
    base_url: str = ""
    server: str = ""
    webhook: Webhook | None = None
    busy: Callable[[], AbstractContextManager[object]] = nullcontext
    open_ports: set[int] = field(default_factory=set)
    beyond: list[HttpRequest] = field(default_factory=list)
    _tracks: list[_Track] = field(default_factory=list)
    _start_s: float | None = None
    _calls: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        last: dict[tuple[Any, ...], _Track] = {}
        for exchange in self.recording.exchanges:
            track = _Track(exchange, _key(exchange.request))
            if track.key in last:
                last[track.key].following = track
            last[track.key] = track
            self._tracks.append(track)

    @property
    def unplayed(self) -> tuple[Exchange, ...]:
        """The exchanges that nobody has asked for so far."""
        return tuple(track.exchange for track in self._tracks if not track.played)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The recorded answer, at its time."""
        content = await request.aread()
        headers = tuple((name, value) for name, value in request.headers.multi_items())
        url = str(request.url)
        if self.base_url and url.startswith(self.base_url):
            url = self.server + url.removeprefix(self.base_url)
        asked = HttpRequest(method=request.method, url=url, headers=headers, body=content)
        track = self._track_of(self.scrubber.request(asked))
        await _announce(request)
        if track is None:
            self.beyond.append(asked)
            await self.clock.sleep(1.0)
            raise httpx.ReadError("the recording holds no further answer to this", request=request)
        track.played = True
        exchange = track.exchange
        if self._start_s is None:
            self._start_s = self.clock.monotonic() - (exchange.sent_s or 0.0)
            self._call_webhooks(asked)
        if exchange.response is not None and is_stream(exchange):
            return _response(exchange, _Stream(self._events(track)))
        await self._wait_until(exchange.received_s)
        if exchange.response is None:
            raise httpx.ReadError(exchange.error or "no answer", request=request)
        return _response(exchange, httpx.ByteStream(exchange.response.body))

    async def aclose(self) -> None:
        """Ends the webhook calls that are still to come."""
        for task in self._calls:
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _track_of(self, asked: HttpRequest) -> _Track | None:
        """The next exchange with this request; None where all of them have been played."""
        key = _key(asked)
        alike = [track for track in self._tracks if track.key == key and self._same(asked, track)]
        if not alike:
            shown = f"{asked.method} {asked.url}"
            near = any(track.key == key for track in self._tracks)
            why = f"holds {shown} with another body" if near else f"does not hold {shown}"
            raise OperatorError(f"{self.recording.file}: {why}")
        return next((track for track in alike if not track.played), None)

    def _same(self, asked: HttpRequest, track: _Track) -> bool:
        recorded = track.exchange.request.body
        if same_body(asked.body, recorded):
            return True
        return self.webhook is not None and same_body(
            self._comparable(asked.body), self._comparable(recorded)
        )

    def _comparable(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except ValueError:
            return body
        for pointer in own_members(self.webhook):
            remove(value, pointer)
        return json.dumps(value).encode()

    async def _wait_until(self, moment_s: float | None) -> None:
        if moment_s is not None and self._start_s is not None:
            left_s = self._start_s + moment_s - self.clock.monotonic()
            if left_s > 0:
                await self.clock.sleep(left_s)

    async def _events(self, track: _Track) -> AsyncIterator[bytes]:
        """The stream as it was recorded, with comments where it was silent for long: a client may give up."""
        exchange = track.exchange
        body = exchange.response.body if exchange.response is not None else b""
        pieces = split_stream(body)
        times: tuple[float | None, ...] = exchange.events_s
        if len(times) != len(pieces) - 1:
            times = (exchange.received_s,) * (len(pieces) - 1)
        for piece, moment_s in zip(pieces, times, strict=False):
            async for comment in self._kept_alive(moment_s):
                yield comment
            yield piece
        async for comment in self._kept_alive(exchange.received_s if track.following else None):
            yield comment
        if track.following is None:
            await asyncio.get_running_loop().create_future()  # it ended because the client had what it wanted
        yield pieces[-1]

    async def _kept_alive(self, moment_s: float | None) -> AsyncIterator[bytes]:
        if moment_s is None or self._start_s is None:
            return
        while (left_s := self._start_s + moment_s - self.clock.monotonic()) > 0:
            await self.clock.sleep(min(left_s, _KEEP_ALIVE_S))
            if left_s > _KEEP_ALIVE_S:
                yield b":\n\n"

    def _call_webhooks(self, asked: HttpRequest) -> None:
        """Makes the recorded calls to the address that this request names, which must be on this machine."""
        if self.webhook is None or not self.recording.deliveries:
            return
        value = _json(asked.body)
        url = resolve(value, self.webhook.request_field)
        secret = (
            resolve(value, self.webhook.secret_field.value) if self.webhook.secret_field.value else MISSING
        )
        if not isinstance(url, str) or urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
            return
        self.open_ports.add(urlsplit(url).port or 80)
        for delivery in self.recording.deliveries:
            task = asyncio.ensure_future(self._call(delivery, url, secret))
            self._calls.add(task)

    async def _call(self, delivery: Delivery, url: str, secret: Any) -> None:
        await self._wait_until(delivery.received_s)
        name = self.webhook.secret_header.value if self.webhook is not None else None
        headers = [pair for pair in delivery.headers if pair[0].lower() not in _NOT_ON]
        if name is not None and isinstance(secret, str):
            headers = [(n, secret if _is(n, name) and v == PLACEHOLDER else v) for n, v in headers]
        with self.busy():
            async with httpx.AsyncClient(trust_env=False) as client:
                await client.post(url, content=delivery.body, headers=headers)


def _is(name: str, other: str) -> bool:
    return name.lower() == other.lower()


def _key(request: HttpRequest) -> tuple[Any, ...]:
    """What makes two requests the same but for their bodies: method, scheme, host, port, path, query."""
    url = urlsplit(request.url)
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    query = tuple(sorted(parse_qsl(url.query, keep_blank_values=True)))
    return request.method.upper(), url.scheme, url.hostname, port, url.path or "/", query


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def own_members(webhook: Webhook | None) -> Iterator[str]:
    """The pointers of what a request says of the operator's own webhook: its address and its secret."""
    if webhook is not None:
        yield webhook.request_field
        if webhook.secret_field.value is not None:
            yield webhook.secret_field.value


def remove(value: Any, pointer: str) -> None:
    """Takes a member out of a JSON value, if it is there."""
    *parents, last = split(pointer)
    for name in parents:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value.pop(last, None)


def _response(exchange: Exchange, stream: httpx.AsyncByteStream) -> httpx.Response:
    if exchange.response is None:
        raise AssertionError("it was asked before")
    return httpx.Response(exchange.response.status, headers=list(exchange.response.headers), stream=stream)


async def _announce(request: httpx.Request) -> None:
    """As a real connection does: from here on the request may have reached the provider."""
    trace = request.extensions.get("trace")
    if trace is not None:
        await trace("http11.send_request_headers.started", {})


class _Stream(httpx.AsyncByteStream):
    """A body that comes piece by piece."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            yield piece
