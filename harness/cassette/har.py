"""HAR 1.2 files, as browsers and proxies export them: http://www.softwareishard.com/blog/har-12-spec/"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from harness.cassette.bodies import from_base64
from harness.cassette.members import Members
from harness.finding import Location
from harness.wire.message import Exchange, HttpRequest, HttpResponse, Provenance, Recording

__all__ = ["read_har"]

_LONGEST_MS = 365 * 24 * 3600 * 1000


def read_har(data: Any, file: str) -> Recording:
    """The recording in a parsed HAR file, in the order in which the requests were sent.

    A HAR body has no content coding any more, whatever the headers say. `subject.index` counts the entries
    as the file has them. Raises OperatorError where the format is broken.
    """
    log = Members(data, file).object("log")
    entries = list(log.objects("entries"))
    starts = [_start(entry) for entry in entries]
    first = min(starts, default=None)
    exchanges = [
        _exchange(entry, Location(file=file, index=index), start, start - first if first else timedelta())
        for index, (entry, start) in enumerate(zip(entries, starts, strict=True))
    ]
    exchanges.sort(key=lambda exchange: exchange.sent_s or 0.0)
    return Recording(
        file=file,
        provenance=Provenance.UNKNOWN,
        exchanges=tuple(exchanges),
        timeline="recorded" if exchanges else None,
    )


def _start(entry: Members) -> datetime:
    text = entry.text("startedDateTime")
    try:
        start = datetime.fromisoformat(text)
        if start.tzinfo is not None:
            return start.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise entry.fault("startedDateTime", "a date and time with its offset from UTC")


def _exchange(entry: Members, subject: Location, start: datetime, since_first: timedelta) -> Exchange:
    took = _took(entry)
    response = entry.object("response")
    status = response.integer("status")
    answered = status > 0
    words = [response.maybe_text("_error"), response.maybe_text("statusText")]
    return Exchange(
        request=_request(entry.object("request")),
        response=_response(response, status) if answered else None,
        subject=subject,
        sent_s=since_first.total_seconds(),
        received_s=None if took is None else (since_first + took).total_seconds(),
        sent_utc=start,
        received_utc=None if took is None else start + took,
        error=None if answered else next(filter(None, words), "no answer"),
    )


def _took(entry: Members) -> timedelta | None:
    """How long a request took; -1 stands for unknown, and so does what is left out or cannot be."""
    elapsed_ms = entry.value.get("time")
    if not isinstance(elapsed_ms, (int, float)) or isinstance(elapsed_ms, bool):
        return None
    return timedelta(milliseconds=elapsed_ms) if 0 <= elapsed_ms <= _LONGEST_MS else None


def _request(request: Members) -> HttpRequest:
    post = request.object("postData") if request.has("postData") else None
    return HttpRequest(
        method=request.text("method").upper(),
        url=request.text("url"),
        headers=_headers(request),
        body=_body(post),
    )


def _response(response: Members, status: int) -> HttpResponse:
    content = response.object("content") if response.has("content") else None
    return HttpResponse(status=status, headers=_headers(response), body=_body(content))


def _headers(message: Members) -> tuple[tuple[str, str], ...]:
    return tuple((header.text("name"), header.text("value", "")) for header in message.objects("headers"))


def _body(content: Members | None) -> bytes:
    if content is None:
        return b""
    text = content.text("text", "")
    if content.maybe_text("encoding") != "base64":
        return text.encode()
    try:
        return from_base64(text)
    except ValueError:
        raise content.fault("text", "base64") from None
