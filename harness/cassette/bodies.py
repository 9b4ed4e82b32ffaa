"""Bodies as they were meant: content codings undone, base64 decoded."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass

__all__ = ["MAX_BYTES", "Undecodable", "canonical", "from_base64", "same_body", "without_coding"]

MAX_BYTES = 512 * 1024 * 1024
"""No body is blown up beyond this."""

_AS_IS = ("", "identity")
# Coding -> how its bytes begin, and what zlib calls it.
_CODINGS = {
    "gzip": (b"\x1f\x8b", zlib.MAX_WBITS | 16),
    "x-gzip": (b"\x1f\x8b", zlib.MAX_WBITS | 16),
    "deflate": (b"\x78", zlib.MAX_WBITS),
}


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


def without_coding(
    body: bytes, content_encoding: str | None, *, limit_bytes: int = MAX_BYTES
) -> bytes | Undecodable:
    """A body with its content codings undone (RFC 9110, section 8.4).

    Recorders differ in whether they keep the coded bytes; a body labelled gzip that does not begin as gzip
    does has been decoded by the recorder.
    """
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    for coding in reversed(codings):
        if coding in _AS_IS or not body:
            continue
        if coding not in _CODINGS:
            return Undecodable(f"the body is coded as {coding!r}, which is not read here")
        magic, window_bits = _CODINGS[coding]
        found = _inflate(body, window_bits, limit_bytes) if body.startswith(magic) else body
        if isinstance(found, Undecodable):
            return found
        body = found
    return body


def _inflate(body: bytes, window_bits: int, limit_bytes: int) -> bytes | Undecodable:
    decoder = zlib.decompressobj(window_bits)
    try:
        decoded = decoder.decompress(body, limit_bytes)
    except zlib.error as error:
        return Undecodable(f"the body cannot be decompressed: {error}")
    if decoder.eof:
        return decoded
    if len(decoded) >= limit_bytes:
        return Undecodable(f"the body decompresses to more than {limit_bytes} bytes")
    return Undecodable("the body cannot be decompressed: its end is missing")


def same_body(ours: bytes, theirs: bytes) -> bool:
    """Whether two bodies say the same: as JSON, if both are JSON, with `5`, `5.0` and `"5"` told apart."""
    return ours == theirs or (canonical(ours) is not None and canonical(ours) == canonical(theirs))


def canonical(body: bytes) -> str | None:
    """JSON in one of its many ways of writing; None for what is no JSON."""
    try:
        return json.dumps(json.loads(body), sort_keys=True)
    except (ValueError, RecursionError):
        return None
