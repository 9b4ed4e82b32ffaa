"""What a recording keeps of a body that is too large for it: its hash, its size and how it begins.

A video is never kept whole, and no other answer above 64 KiB. JSON with a long string in it (a video in
base64) stays JSON: only the string is cut. The answer then carries the header `X-Harness-Cut`, so that a
reader of a replay knows; the metadata of the cassette has the same as `cut`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

from harness.wire.message import Cut, HttpResponse

__all__ = ["KEPT_BYTES", "LARGE_BYTES", "MARKER", "cut_response"]

LARGE_BYTES = 64 * 1024
KEPT_BYTES = 512
MARKER = "X-Harness-Cut"

_LONG_STRING = 16 * 1024
_BASE64_LENGTH = 680  # a multiple of four, for no more than KEPT_BYTES
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}")


def cut_response(response: HttpResponse, original: bytes | None = None) -> HttpResponse:
    """The answer as a recording keeps it; itself, where its body is small or has been cut already.

    `original` is the body as it was received, where this one is without its secrets.
    """
    body, cut = response.body, response.cut
    if response.header(MARKER) is not None and cut is not None:
        return response
    content_type = (response.header("content-type") or "").lower()
    if cut is not None:  # by whoever read it
        kept = body[:KEPT_BYTES]
    elif len(body) > LARGE_BYTES or (content_type.startswith("video/") and len(body) > KEPT_BYTES):
        kept, strings = _kept(body)
        received = body if original is None else original
        cut = Cut(size_bytes=len(received), sha256=hashlib.sha256(received).hexdigest(), strings=strings)
    else:
        return response
    marker = f"size={cut.size_bytes}; sha256={cut.sha256}; strings={cut.strings}"
    return replace(response, body=kept, cut=cut, headers=(*response.headers, (MARKER, marker)))


def _kept(body: bytes) -> tuple[bytes, int]:
    """`(what is kept, how many strings were cut in it)`."""
    if body.lstrip()[:1] in (b"{", b"["):
        long = sum(1 for found in _STRING.finditer(body) if len(found[0]) > _LONG_STRING)
        shorter = _STRING.sub(_shortened, body) if long else body
        if len(shorter) <= LARGE_BYTES:
            return shorter, long
    return body[:KEPT_BYTES], 0


def _shortened(found: re.Match[bytes]) -> bytes:
    if len(found[0]) <= _LONG_STRING:
        return found[0]
    try:
        text = json.loads(found[0], strict=False)
    except ValueError:
        return b'""'
    kept = text[:_BASE64_LENGTH] if _BASE64.fullmatch(text) else text[:KEPT_BYTES]
    return json.dumps(kept).encode()
