"""Fetching what a job delivered: no key goes with it, whatever the address, and only so much is read."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import re
from contextlib import AbstractContextManager, aclosing, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from harness.client.bodies import kept_headers, pieces_of
from harness.client.calls import Call
from harness.client.keys import is_loopback, origin
from harness.client.session import Session
from harness.client.transport import words_of
from harness.errors import OperatorError, TransportError
from harness.spec.model import Spec
from harness.wire.message import Cut, Exchange, HttpRequest, HttpResponse

__all__ = ["Fetched", "fetch"]

_HEAD_BYTES = 4096
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ATTEMPTS = 3
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_UNSETTLED = frozenset({403, 404, 410})
"""What a store may answer for a moment about what has just been put there: it is asked again, too."""
_TOTAL = re.compile(r"bytes [0-9]+-[0-9]+/([0-9]{1,18})")
_ACCEPT = (("accept", "*/*"), ("accept-encoding", "identity"))


class _BusyError(TransportError):
    """The output did not come now; it may when it is asked for again."""


class _NoOutputError(TransportError):
    """The output will not come, however often it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came from an output's address.

    `head` is the beginning of what was fetched, `sha256` the digest of all that was asked for (None: it is
    not all there). `error` says why there is nothing, or not all. `sent_s` is when it was last asked for,
    `answered_s` when the head of that answer came, `received_s` when all of it had, on the client's clock;
    `date` and `last_modified` are headers of that answer, the date only where it comes from no cache.
    """

    status: int | None
    size_bytes: int
    sha256: str | None
    content_type: str | None
    head: bytes = field(repr=False)
    error: str | None
    sent_s: float | None = None
    answered_s: float | None = None
    received_s: float | None = None
    date: str | None = None
    last_modified: str | None = None
    total_bytes: int | None = None
    """The size of the whole file, where a part of it was asked for and the server says so."""

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked for is there."""
        return self.error is None


@dataclass(slots=True, kw_only=True)
class _Transfer:
    """One download, over as many connections as it takes."""

    spec: Spec
    url: str
    start: int
    length: int | None
    sink: BinaryIO | None
    kept_bytes: int
    most_bytes: int
    total_bytes: int | None = None
    sent_s: float | None = None
    answered_s: float | None = None
    digest: Any = field(default_factory=hashlib.sha256)
    head: bytearray = field(default_factory=bytearray)
    size_bytes: int = 0
    validator: str | None = None
    response: HttpResponse | None = None

    def take(self, piece: bytes) -> None:
        self.size_bytes += len(piece)
        self.digest.update(piece)
        self.head += piece[: max(0, self.kept_bytes - len(self.head))]
        if self.sink is not None:
            self.sink.write(piece)

    def received(self) -> Cut:
        """What has come, of which the head alone is kept."""
        return Cut(size_bytes=self.size_bytes, sha256=self.digest.hexdigest())

    def restart(self) -> None:
        """What has come is of no use: the rest cannot be joined to it."""
        self.size_bytes, self.digest, self.head = 0, hashlib.sha256(), bytearray()
        if self.sink is not None:
            self.sink.seek(0)
            self.sink.truncate()

    def headers(self) -> tuple[tuple[str, str], ...]:
        """A range where a part is wanted or a part is here; the latter only if the file is still the same."""
        first = self.start + self.size_bytes
        last = "" if self.length is None else str(self.start + self.length - 1)
        wanted: tuple[tuple[str, str], ...] = ()
        if first or last:
            wanted = (("range", f"bytes={first}-{last}"),)
        if self.size_bytes and self.validator is not None:
            wanted += (("if-range", self.validator),)
        return (*_ACCEPT, *wanted)


async def fetch(
    session: Session,
    spec: Spec,
    url: str,
    *,
    to: Path | None = None,
    start: int = 0,
    length: int | None = None,
    kept_bytes: int = _HEAD_BYTES,
    most_bytes: int | None = None,
) -> Fetched:
    """Downloads an output, or `length` bytes of it from `start` on.

    With `to`, it is written there, under another name until it is whole. A transfer that breaks off goes on
    where it broke, if the file is still the same. No more than `most_bytes` are taken, `Limits.output_bytes`
    if it is None. Nothing is raised for what the network does; raises OperatorError when the file cannot be
    written.
    """
    part = None if to is None else to.with_name(f"{to.name}.part")
    try:
        with _opened(part) as sink:
            transfer = _Transfer(
                spec=spec,
                url=url,
                start=start,
                length=length,
                sink=sink,
                kept_bytes=kept_bytes,
                most_bytes=session.limits.output_bytes if most_bytes is None else most_bytes,
            )
            error = await _attempts(session, transfer)
        if part is not None and to is not None:
            part.replace(to) if error is None else part.unlink()
    except OSError as fault:
        raise OperatorError(f"{to}: {fault.strerror or fault}") from None
    return _fetched(transfer, error, session.clock.monotonic())


def _fetched(transfer: _Transfer, error: str | None, received_s: float) -> Fetched:
    response = transfer.response
    return Fetched(
        status=None if response is None else response.status,
        size_bytes=transfer.size_bytes,
        sha256=transfer.digest.hexdigest() if error is None else None,
        content_type=None if response is None else response.header("content-type"),
        head=bytes(transfer.head),
        error=error,
        sent_s=transfer.sent_s,
        answered_s=transfer.answered_s,
        received_s=received_s,
        date=response.header("date") if response is not None and _is_fresh(response) else None,
        last_modified=None if response is None else response.header("last-modified"),
        total_bytes=transfer.total_bytes,
    )


def _is_fresh(response: HttpResponse) -> bool:
    return response.header("age") in (None, "0")


def _opened(part: Path | None) -> AbstractContextManager[BinaryIO | None]:
    return nullcontext() if part is None else part.open("wb")


async def _attempts(session: Session, transfer: _Transfer) -> str | None:
    """Why the output is not whole, None when it is."""
    limits, error = session.limits, ""
    try:
        async with (
            session.transport.download_place,
            asyncio.timeout(limits.real(limits.download_s, session.clock)),
        ):
            for attempt in range(_ATTEMPTS):
                if attempt:
                    await session.clock.sleep(limits.backoff_s * 2**attempt * session.rng.uniform(0.5, 1.0))
                try:
                    await _follow(session, transfer)
                except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as fault:
                    error = session.keyring.redactor.text(f"the transfer broke off: {words_of(fault)}")
                except _BusyError as fault:
                    error = str(fault)
                else:
                    return None
    except TimeoutError:
        return "the transfer took too long"
    except _NoOutputError as refused:
        return session.keyring.redactor.text(str(refused))
    return error


async def _follow(session: Session, transfer: _Transfer) -> None:
    """One try at the rest of the output, over redirects, each to a host that may be asked."""
    url, seen = transfer.url, {transfer.url}
    while True:
        _check_address(session, transfer.spec, url)
        location = await _one(session, transfer, url)
        if location is None:
            return
        try:
            url = str(httpx.URL(url).join(location))
        except (httpx.InvalidURL, ValueError):
            raise _NoOutputError("the output's address leads to no URL") from None
        if url in seen or len(seen) > session.limits.redirects:
            raise _NoOutputError("the output's address leads in a loop, or on and on")
        seen.add(url)


def _check_address(session: Session, spec: Spec, url: str) -> None:
    """A provider out there has no business with addresses inside: those are not asked for it."""
    try:
        host = origin(url)[1]
    except OperatorError as error:
        raise _NoOutputError(f"the output's address: {error}") from None
    if is_loopback(origin(session.endpoints.server(spec))[1]):
        return
    inside = host == "localhost"
    with suppress(ValueError):
        inside = not ipaddress.ip_address(host).is_global
    if inside:
        raise _NoOutputError(f"the output's address leads to {host}, which is not out there")


async def _one(session: Session, transfer: _Transfer, url: str) -> str | None:
    """One request. Gives the address that it redirects to, None when the output has come."""
    clock, headers = session.clock, transfer.headers()
    call = Call(spec=transfer.spec, operation="output", method="GET", url=url, headers=headers)
    exchange = Exchange(
        request=HttpRequest(method="GET", url=url, headers=headers),
        response=None,
        subject=session.transport.subject(),
        sent_s=clock.monotonic(),
        sent_utc=clock.utc_now(),
    )
    transfer.response, error, had_bytes = None, None, transfer.size_bytes
    transfer.sent_s, transfer.answered_s = exchange.sent_s, None
    try:
        async with session.transport.output(call) as raw:
            return await _read(session, transfer, raw)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, _BusyError, _NoOutputError) as fault:
        error = str(fault) if isinstance(fault, TransportError) else words_of(fault)
        raise
    finally:
        response = transfer.response
        if response is not None:
            is_cut = transfer.size_bytes > len(transfer.head) and not had_bytes
            response = replace(
                response, body=bytes(transfer.head), cut=transfer.received() if is_cut else None
            )
        received = {"received_s": clock.monotonic(), "received_utc": clock.utc_now()}
        exchange = replace(exchange, response=response, error=error, **received)  # type: ignore[arg-type]
        session.transport.observe(exchange, session.keyring.secret_headers(transfer.spec))


async def _read(session: Session, transfer: _Transfer, raw: httpx.Response) -> str | None:
    limits = session.limits
    kept, _ = kept_headers(raw, limit_count=limits.header_count, limit_bytes=limits.header_bytes)
    transfer.response = HttpResponse(status=raw.status_code, headers=kept)
    transfer.answered_s = session.clock.monotonic()
    if raw.status_code in _REDIRECTS and "location" in raw.headers:
        return raw.headers["location"]
    _prepare(transfer, raw)
    async with aclosing(pieces_of(raw, limits.real(limits.between_bytes_s, session.clock))) as pieces:
        async for piece in pieces:
            transfer.take(piece)
            if transfer.size_bytes > transfer.most_bytes:
                raise _NoOutputError(f"the output is larger than {transfer.most_bytes} bytes")
    return None


def _prepare(transfer: _Transfer, raw: httpx.Response) -> None:
    """Sees that what comes can be joined to what is here. Raises _NoOutputError where there is no output."""
    asked = any(name == "range" for name, _ in transfer.headers())
    if raw.status_code == 206 and asked:
        begin = f"bytes {transfer.start + transfer.size_bytes}-"
        if not raw.headers.get("content-range", "").startswith(begin):
            raise _NoOutputError("the server gives another range of bytes than the one asked for")
        total = _TOTAL.fullmatch(raw.headers.get("content-range", ""))
        transfer.total_bytes = int(total[1]) if total else None
        transfer.validator = raw.headers.get("etag") or raw.headers.get("last-modified")
        return
    if raw.status_code != 200:
        fault = _BusyError if raw.status_code in _BUSY | _UNSETTLED else _NoOutputError
        raise fault(f"status {raw.status_code} instead of the output")
    if transfer.start or transfer.length is not None:
        raise _NoOutputError("the server does not give ranges of bytes")
    if transfer.size_bytes:
        transfer.restart()
    transfer.validator = raw.headers.get("etag") or raw.headers.get("last-modified")
