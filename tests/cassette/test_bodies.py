"""Content codings and base64."""

from __future__ import annotations

import base64
import gzip
import zlib

import pytest

from harness.cassette.bodies import Undecodable, from_base64, without_coding

TEXT = b'{"id": "a"}'


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (TEXT, None),
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), " X-GZIP "),
        (zlib.compress(TEXT), "deflate"),
        (zlib.compress(gzip.compress(TEXT, mtime=0)), "gzip, deflate"),
        (TEXT, "gzip"),  # the recorder has decoded it and kept the header
        (TEXT, "deflate"),
    ],
)
def test_codings_are_undone(body, coding):
    """Whatever the coding, and whether or not the recorder has undone it, the body is as it was meant."""
    assert without_coding(body, coding) == TEXT


def test_an_empty_body_has_no_coding():
    """The answer to a HEAD request may name a coding, and has no body."""
    assert without_coding(b"", "br") == b""


@pytest.mark.parametrize(
    ("body", "coding", "why"),
    [
        (b"\x0b\x02", "br", "the body is coded as 'br', which is not read here"),
        (gzip.compress(TEXT, mtime=0)[:-9], "gzip", "the body cannot be decompressed: its end is missing"),
        (
            b"\x1f\x8b\x08\xff",
            "gzip",
            "the body cannot be decompressed: Error -3 while decompressing data: unknown header flags set",
        ),
    ],
)
def test_what_cannot_be_decoded_says_why(body, coding, why):
    """A body that nobody can read is not judged as if it had been read."""
    assert without_coding(body, coding) == Undecodable(why)


def test_a_bomb_is_not_blown_up():
    """A small file does not fill the memory."""
    body = gzip.compress(b"0" * 100_000)
    assert without_coding(body, "gzip", limit_bytes=1000) == Undecodable(
        "the body decompresses to more than 1000 bytes"
    )


def test_base64_is_read_strictly():
    """Anything else than base64 is refused, instead of being skipped."""
    assert from_base64(base64.b64encode(b"\x00\xff").decode()) == b"\x00\xff"
    with pytest.raises(ValueError, match=r"^not base64: "):
        from_base64("a*b=")
