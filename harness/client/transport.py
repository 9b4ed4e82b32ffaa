"""One HTTP request and its answer, under limits, observed.

What is sent to a provider goes through here. Nothing is raised for what a network or a provider does: that
is an `Answer` with its flaw. Redirects of a GET are followed to hosts that the operator bound, never those of
anything else; cookies are neither kept nor sent.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from harness.client.answer import Answer, Flaw, Progress
from harness.client.bodies import kept_headers, read_body
from harness.client.calls import Call
from harness.client.keys import Keyring, origin
from harness.client.limits import Limits
from harness.errors import OperatorError
from harness.finding import Location
from harness.wire.clock import Clock
from harness.wire.message import Delivery, Event, Exchange, HttpRequest, HttpResponse

__all__ = ["Network", "Observer", "Transport", "words_of"]

Observer = Callable[[Exchange | Event | Delivery], None]
"""Gets every message as it is complete, without secrets. A stream comes event by event, then as a whole."""

_IDLE_S = 20.0
"""How long a connection stays open unused: the pool looks at each of them before each request."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How this machine reaches others: certificates to trust, and a proxy for HTTPS, if there is one.

    `transport` answers in place of any network: a recording that is played.
    """

    verify: ssl.SSLContext | bool = True
    proxy: str | None = None
    transport: httpx.AsyncBaseTransport | None = None


class Transport:
    """The connections of one client. To be used inside `async with`."""

    def __init__(
        self,
        *,
        clock: Clock,
        limits: Limits,
        keyring: Keyring,
        observer: Observer,
        network: Network | None = None,
        name: str,
    ) -> None:
        self.clock = clock
        self.limits = limits
        self.keyring = keyring
        self._observer = observer
        self._name = name
        self._count = 0
        self._short = asyncio.Semaphore(limits.in_flight)
        self._held = asyncio.Semaphore(limits.held)
        self.download_place = asyncio.Semaphore(limits.downloads)
        network = network or Network()
        verify = network.verify if network.verify is not True else httpx.create_ssl_context(trust_env=False)
        self._pools = {
            kind: _pool(network, verify, size, keep)
            for kind, size, keep in (
                ("get", limits.in_flight, limits.in_flight),
                (
                    "write",
                    limits.in_flight,
                    0,
                ),  # a connection that was idle may be dead: a POST gets a new one
                ("held", limits.held, 0),
                ("output", limits.downloads, 0),
            )
        }

    async def close(self) -> None:
        """Closes every connection."""
        for direct, proxied in self._pools.values():
            await direct.aclose()
            if proxied is not None:
                await proxied.aclose()

    def subject(self) -> Location:
        """The place of the next message in what this client sees."""
        self._count += 1
        return Location(file=self._name, index=self._count - 1)

    def observe(self, message: Exchange | Event | Delivery, secret_names: frozenset[str]) -> None:
        """Hands a message on, without secrets."""
        redactor = self.keyring.redactor
        match message:
            case Exchange():
                self._observer(redactor.exchange(message, secret_names))
            case Event():
                self._observer(redactor.event(message))
            case Delivery():
                self._observer(redactor.delivery(message, secret_names))

    async def send(
        self, call: Call, *, hold_s: float | None = None, progress: Progress | None = None
    ) -> Answer:
        """The answer to a call, after at most `limits.redirects` redirects.

        `hold_s` marks a call that the provider answers only when its job is done, and says how long that may
        take; it does not count among the requests in flight.
        """
        seen = {call.url}
        while True:
            async with self._short if hold_s is None else self._held:
                answer = await self._exchange(call, hold_s, progress or Progress())
            response = answer.response
            if response is None or response.status not in _REDIRECTS:
                return answer
            target = self._target(call, response, seen)
            if isinstance(target, str):
                return replace(answer, flaw=Flaw.REDIRECT, error=target)
            call = target
            seen.add(call.url)

    def _target(self, call: Call, response: HttpResponse, seen: set[str]) -> Call | str:
        """The call that a redirect asks for, or why it is not made."""
        location = response.header("location")
        if call.method != "GET":
            return f"status {response.status}: redirects of a {call.method} are not followed"
        if location is None:
            return f"status {response.status} says nothing of where to go"
        try:
            url = str(httpx.URL(call.url).join(location))
            keys = self.keyring.headers_for(call.spec, call.operation, url)
        except (httpx.InvalidURL, ValueError, OperatorError) as error:
            return self.keyring.redactor.text(f"the redirect is not followed: {error}")
        if url in seen or len(seen) > self.limits.redirects:
            return f"the redirect is not followed: {'a loop' if url in seen else 'one too many'}"
        names = {name.lower() for name in keys}
        others = tuple(pair for pair in call.headers if pair[0].lower() not in names)
        return replace(call, url=url, headers=(*others, *keys.items()))

    async def _exchange(self, call: Call, hold_s: float | None, progress: Progress) -> Answer:
        exchange = Exchange(
            request=HttpRequest(method=call.method, url=call.url, headers=call.headers, body=call.body),
            response=None,
            subject=self.subject(),
            sent_s=self.clock.monotonic(),
            sent_utc=self.clock.utc_now(),
        )
        flaw: Flaw | None = Flaw.NO_ANSWER
        error: str | None = "interrupted"
        try:
            response, flaw, error = await self._perform(call, hold_s, progress)
            exchange = replace(exchange, response=response)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, ValueError) as fault:
            error = self.keyring.redactor.text(words_of(fault, wrote=progress.wrote))
        finally:
            exchange = replace(
                exchange,
                received_s=self.clock.monotonic(),
                received_utc=self.clock.utc_now(),
                error=error,
            )
            self.observe(exchange, self.keyring.secret_headers(call.spec))
        return Answer(
            call=call,
            response=exchange.response,
            subject=exchange.subject,
            sent_s=exchange.sent_s or 0.0,
            received_s=exchange.received_s or 0.0,
            reached=progress.wrote,
            flaw=flaw,
            error=error,
        )

    async def _perform(
        self, call: Call, hold_s: float | None, progress: Progress
    ) -> tuple[HttpResponse, Flaw | None, str | None]:
        limits, clock = self.limits, self.clock
        whole_s = limits.real(limits.whole_s if hold_s is None else hold_s, clock)
        first_s = limits.first_byte_s if hold_s is None else hold_s
        kind = "held" if hold_s is not None else "get" if call.method == "GET" else "write"
        opened = self._opened(call, progress, first_s=first_s, kind=kind)
        async with asyncio.timeout(whole_s), opened as raw:
            between_s = limits.real(limits.between_bytes_s, clock)
            headers, too_many = kept_headers(
                raw, limit_count=limits.header_count, limit_bytes=limits.header_bytes
            )
            body, cut = await read_body(raw, limit_bytes=limits.body_bytes, between_s=between_s)
        response = HttpResponse(status=raw.status_code, headers=_as_read(headers), body=body)
        if cut is not None:
            return response, Flaw.OVER_LIMIT, cut
        return response, Flaw.HEADERS_CUT if too_many else None, too_many

    @asynccontextmanager
    async def held_open(self, call: Call, progress: Progress) -> AsyncIterator[httpx.Response]:
        """The answer to a call up to its first byte; its body is the caller's to read, at leisure.

        Raises httpx's errors, and TimeoutError.
        """
        opened = self._opened(call, progress, first_s=self.limits.first_byte_s, kind="held")
        async with self._held, opened as raw:
            yield raw

    def output(self, call: Call) -> AbstractAsyncContextManager[httpx.Response]:
        """The answer of an output's address up to its first byte. Raises httpx's errors, and TimeoutError."""
        return self._opened(call, Progress(), first_s=self.limits.first_byte_s, kind="output")

    @asynccontextmanager
    async def _opened(
        self, call: Call, progress: Progress, *, first_s: float, kind: str
    ) -> AsyncIterator[httpx.Response]:
        limits, clock = self.limits, self.clock
        connect_s, write_s = (limits.real(s, clock) for s in (limits.connect_s, limits.write_s))
        request = httpx.Request(
            call.method,
            call.url,
            headers=list(call.headers),
            content=call.body or None,
            extensions={
                "timeout": {"connect": connect_s, "read": None, "write": write_s, "pool": None},
                **_tracing(call, progress),
            },
        )
        async with asyncio.timeout(connect_s + write_s + limits.real(first_s, clock)):
            response = await self._pool(call, kind).handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()

    def _pool(self, call: Call, kind: str) -> httpx.AsyncBaseTransport:
        direct, proxied = self._pools[kind]
        return direct if proxied is None or origin(call.url)[0] == "http" else proxied


def _pool(
    network: Network, verify: ssl.SSLContext | bool, size: int, keep: int
) -> tuple[httpx.AsyncBaseTransport, httpx.AsyncBaseTransport | None]:
    """Connections without a proxy, and through it, if there is one."""
    if network.transport is not None:
        return network.transport, None

    def one(through: str | None) -> httpx.AsyncHTTPTransport:
        return httpx.AsyncHTTPTransport(
            verify=verify,
            trust_env=False,
            proxy=through,
            limits=httpx.Limits(
                max_connections=size, max_keepalive_connections=keep, keepalive_expiry=_IDLE_S
            ),
        )

    return one(None), None if network.proxy is None else one(network.proxy)


def _tracing(call: Call, progress: Progress) -> dict[str, Any]:
    """Notes the moment at which the request itself begins to be written; of a GET it does not matter."""
    if call.method == "GET":
        progress.wrote = True
        return {}

    async def trace(event: str, _info: Any) -> None:
        if event.endswith(".send_request_headers.started"):
            progress.wrote = True

    return {"trace": trace}


def _as_read(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The headers of the body as it was read: unpacked."""
    if any(name.lower() == "content-encoding" for name, _ in headers):
        return tuple(p for p in headers if p[0].lower() not in ("content-encoding", "content-length"))
    return headers


_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "could not connect in time"),
    (httpx.ConnectError, "could not connect"),
    (httpx.ProxyError, "the proxy refused"),
    (httpx.WriteTimeout, "the request could not be written in time"),
    (httpx.WriteError, "the connection broke while the request was being written"),
    (httpx.RemoteProtocolError, "the answer is not HTTP, or broke off"),
    (httpx.ReadError, "the connection broke while the answer was being read"),
    (TimeoutError, "no answer in time"),
)


def words_of(fault: Exception, *, wrote: bool = True) -> str:
    """What happened, for a person. It may still hold what a provider said."""
    what = next((words for kind, words in _WORDS if isinstance(fault, kind)), "no answer")
    if isinstance(fault, TimeoutError) and not wrote:
        what = "could not connect in time"
    detail = str(fault)
    return f"{what}: {detail}" if detail else what
