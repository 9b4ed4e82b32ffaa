"""One connection to a stream of server-sent events, under limits, observed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

import httpx
from httpx_sse import EventSource, ServerSentEvent, SSEError

from harness.client.answer import Progress
from harness.client.bodies import BoundedLines, OverLimitError, kept_headers
from harness.client.calls import Call
from harness.client.session import Session
from harness.errors import TransportError
from harness.wire.message import Exchange, HttpRequest, HttpResponse

__all__ = ["StreamLostError", "listen"]


_TIMES = 100_000


class StreamLostError(TransportError):
    """The stream could not be opened, or has ended; the message says how, without secrets."""


@dataclass(slots=True, kw_only=True)
class _Opened:
    """What there is to observe of a connection, as far as it got."""

    response: HttpResponse | None = None
    body: BoundedLines | None = None
    error: str | None = None
    events_s: list[float] = field(default_factory=list)


async def listen(
    session: Session, call: Call, *, silence_s: float, last_id: str
) -> AsyncIterator[ServerSentEvent | None]:
    """None once the stream is open, then every event. Ends by raising StreamLostError, never otherwise."""
    if last_id:
        others = tuple(pair for pair in call.headers if pair[0] != "last-event-id")
        call = Call(
            spec=call.spec,
            operation=call.operation,
            method=call.method,
            url=call.url,
            headers=(*others, ("last-event-id", last_id)),
            job_id=call.job_id,
        )
    opened, sent_s, sent_utc = _Opened(), session.clock.monotonic(), session.clock.utc_now()
    subject = session.transport.subject()
    try:
        async with aclosing(_events(session, call, silence_s, opened)) as events:
            async for event in events:
                if event is not None and event.data and len(opened.events_s) < _TIMES:
                    opened.events_s.append(session.clock.monotonic())
                yield event
        opened.error = "the provider closed the stream"
        raise StreamLostError(opened.error)
    except (httpx.HTTPError, httpx.InvalidURL, SSEError, OverLimitError, TimeoutError, OSError) as fault:
        opened.error = session.keyring.redactor.text(_words(fault, opened))
        raise StreamLostError(opened.error) from None
    finally:
        exchange = Exchange(
            request=HttpRequest(method=call.method, url=call.url, headers=call.headers),
            response=_response(opened),
            subject=subject,
            sent_s=sent_s,
            received_s=session.clock.monotonic(),
            error=opened.error,
            sent_utc=sent_utc,
            received_utc=session.clock.utc_now(),
            events_s=tuple(opened.events_s),
        )
        session.transport.observe(exchange, session.keyring.secret_headers(call.spec))


async def _events(
    session: Session, call: Call, silence_s: float, opened: _Opened
) -> AsyncGenerator[ServerSentEvent | None, None]:
    limits = session.limits
    async with session.transport.held_open(call, Progress()) as raw:
        headers, _ = kept_headers(raw, limit_count=limits.header_count, limit_bytes=limits.header_bytes)
        opened.response = HttpResponse(status=raw.status_code, headers=headers)
        if not 200 <= raw.status_code < 300:
            raise SSEError(f"status {raw.status_code}")
        for name, expected in (("content-type", "text/event-stream"), ("content-encoding", "identity")):
            if raw.headers.get(name, expected).partition(";")[0].strip().lower() != expected:
                raise SSEError(f"{name} {raw.headers[name][:60]!r} instead of {expected}")
        opened.body = BoundedLines(
            raw,
            limit_bytes=limits.event_line_bytes,
            between_s=limits.real(silence_s, session.clock),
            kept_bytes=limits.body_bytes,
        )
        yield None
        source = EventSource(
            httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=opened.body)
        )
        async with aclosing(source.aiter_sse()) as events:
            async for event in events:
                yield event


def _words(fault: Exception, opened: _Opened) -> str:
    if isinstance(fault, TimeoutError):
        return "no answer in time" if opened.body is None else "the stream fell silent"
    if opened.body is None:
        return f"the stream could not be opened: {fault}"
    return f"the stream broke off: {fault}"


def _response(opened: _Opened) -> HttpResponse | None:
    if opened.response is None or opened.body is None:
        return opened.response
    return HttpResponse(
        status=opened.response.status, headers=opened.response.headers, body=bytes(opened.body.seen)
    )
