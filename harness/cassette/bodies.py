"""Bodies as they were meant: content codings undone, base64 decoded."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass

__all__ = ["MAX_BYTES", "Undecodable", "from_base64", "without_coding"]

MAX_BYTES = 512 * 1024 * 1024
"""No body is blown up beyond this."""

_GZIP_MAGIC = b"\x1f\x8b"
_AS_IS = ("", "identity")


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A body that cannot be had, and why."""

    why: str


def from_base64(text: str) -> bytes:
    """The bytes that a base64 text stands for. Raises ValueError for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None


def without_coding(body: bytes, content_encoding: str | None) -> bytes | Undecodable:
    """A body with its content codings undone (RFC 9110, section 8.4).

    Recorders differ in whether they keep the coded bytes; a body labelled gzip that is not gzip has been
    decoded by the recorder.
    """
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    for coding in reversed(codings):
        if coding in ("gzip", "x-gzip"):
            found = _inflate(body, zlib.MAX_WBITS | 16) if body.startswith(_GZIP_MAGIC) else body
        elif coding == "deflate":
            found = _inflate(body, zlib.MAX_WBITS)
        elif coding in _AS_IS or not body:
            found = body
        else:
            return Undecodable(f"the body is coded as {coding!r}, which is not read here")
        if isinstance(found, Undecodable):
            return found
        body = found
    return body


def _inflate(body: bytes, window_bits: int) -> bytes | Undecodable:
    decoder = zlib.decompressobj(window_bits)
    try:
        decoded = decoder.decompress(body, MAX_BYTES)
    except zlib.error as error:
        return Undecodable(f"the body cannot be decompressed: {error}")
    if decoder.unconsumed_tail:
        return Undecodable(f"the body decompresses to more than {MAX_BYTES} bytes")
    return decoded
