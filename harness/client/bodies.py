"""Reading bodies that may be too large, too slow, or packed so as to unfold to more than they seem."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx

from harness.errors import TransportError

__all__ = ["BoundedLines", "OverLimitError", "kept_headers", "pieces_of", "read_body"]

_CODINGS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class OverLimitError(TransportError):
    """More came than is read."""


async def pieces_of(response: httpx.Response, between_s: float) -> AsyncGenerator[bytes, None]:
    """The body's pieces as they come. Raises TimeoutError where the pause between two is too long."""
    stream: Any = response.stream
    async with aclosing(aiter(stream)) as pieces:
        while True:
            async with asyncio.timeout(between_s):
                piece = await anext(pieces, None)
            if piece is None:
                return
            yield piece


async def read_body(
    response: httpx.Response, *, limit_bytes: int, between_s: float
) -> tuple[bytes, str | None]:
    """The body, and why it is not whole, if it is not.

    `between_s` is the longest pause between two pieces, in real seconds. A packed body is unpacked (nobody
    asked for one) under the same limit. Raises httpx's errors, and TimeoutError.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    unpack = None
    if coding not in ("identity", ""):
        if coding not in _CODINGS:
            return b"", f"the body comes in the coding {coding[:40]!r}, which was not asked for"
        unpack = zlib.decompressobj(_CODINGS[coding])
    body = bytearray()
    try:
        async with aclosing(pieces_of(response, between_s)) as pieces:
            async for piece in pieces:
                body += piece if unpack is None else unpack.decompress(piece, limit_bytes + 1 - len(body))
                if len(body) > limit_bytes:
                    return bytes(body[:limit_bytes]), f"the body is larger than {limit_bytes} bytes"
    except zlib.error as error:
        return bytes(body), f"the body says that it is packed with {coding}, and is not: {error}"
    return bytes(body), None


def kept_headers(
    response: httpx.Response, *, limit_count: int, limit_bytes: int
) -> tuple[tuple[tuple[str, str], ...], str | None]:
    """The headers up to the limits, and what is wrong with their number or size, if anything is."""
    kept: list[tuple[str, str]] = []
    size_bytes = 0
    every = response.headers.raw
    for name, value in every:
        size_bytes += len(name) + len(value)
        if len(kept) == limit_count or size_bytes > limit_bytes:
            return tuple(kept), f"the answer has {len(every)} headers; the first {len(kept)} are kept"
        kept.append((name.decode("latin-1"), value.decode("latin-1")))
    return tuple(kept), None


class BoundedLines(httpx.AsyncByteStream):
    """A stream of which no line is longer than `limit_bytes`, and no pause longer than `between_s`.

    Raises OverLimitError, and TimeoutError. `seen` holds the bytes so far, up to `kept_bytes`.
    """

    def __init__(
        self, response: httpx.Response, *, limit_bytes: int, between_s: float, kept_bytes: int
    ) -> None:
        self.seen = bytearray()
        self.is_cut = False
        self._response = response
        self._limit_bytes = limit_bytes
        self._between_s = between_s
        self._kept_bytes = kept_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        unfinished_bytes = 0
        async for piece in pieces_of(self._response, self._between_s):
            self._keep(piece)
            lines = piece.replace(b"\r", b"\n").split(b"\n")
            unfinished_bytes += len(lines[0])
            if max(unfinished_bytes, *map(len, lines)) > self._limit_bytes:
                raise OverLimitError(f"a line of the stream is longer than {self._limit_bytes} bytes")
            if len(lines) > 1:
                unfinished_bytes = len(lines[-1])
            yield piece

    def _keep(self, piece: bytes) -> None:
        room = self._kept_bytes - len(self.seen)
        self.seen += piece[:room]
        self.is_cut = self.is_cut or len(piece) > room

    async def aclose(self) -> None:
        """Lets go of the connection."""
        await self._response.aclose()
