"""What is kept of a body that is too large."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from harness.cassette.cut import KEPT_BYTES, LARGE_BYTES, cut_response
from harness.wire.message import Cut, HttpResponse


def response(body: bytes, content_type: str = "application/json") -> HttpResponse:
    return HttpResponse(status=200, headers=(("Content-Type", content_type),), body=body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"x" * LARGE_BYTES, "text/plain"), (b"x" * KEPT_BYTES, "video/mp4"), (b"", "")],
)
def test_a_small_body_is_kept_whole(body, content_type):
    """Up to 64 KiB, and of a video what is no more than its header."""
    found = response(body, content_type)
    assert cut_response(found) is found


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x" * (LARGE_BYTES + 1), "text/plain"),
        (b"x" * (KEPT_BYTES + 1), "Video/MP4"),
        (b"\x00" * 70_000, ""),
    ],
)
def test_a_large_body_is_kept_as_hash_size_and_header_bytes(body, content_type):
    """The answer bears a header that says so."""
    found = cut_response(response(body, content_type))
    digest = hashlib.sha256(body).hexdigest()
    assert found.body == body[:KEPT_BYTES]
    assert found.cut == Cut(size_bytes=len(body), sha256=digest)
    assert found.header("X-Harness-Cut") == f"size={len(body)}; sha256={digest}; strings=0"
    assert cut_response(found) is found


def test_json_with_a_video_in_it_stays_json():
    """Only the long string is cut, at a place where base64 can be read."""
    video = base64.b64encode(b"\x01\x02\x03" * 50_000).decode()
    body = json.dumps({"videos": [{"b64_json": video, "n": 1}], "text": "x" * 100}).encode()
    found = cut_response(response(body))
    assert found.cut == Cut(size_bytes=len(body), sha256=hashlib.sha256(body).hexdigest(), strings=1)
    kept = json.loads(found.body)
    assert kept["videos"][0]["n"] == 1
    assert base64.b64decode(kept["videos"][0]["b64_json"]) == (b"\x01\x02\x03" * 171)[:510]


def test_a_long_text_is_cut_between_characters():
    """Escapes and letters beyond ASCII stay whole."""
    body = json.dumps({"a": "ä\n" * 40_000, "b": "é" * 10}, ensure_ascii=False).encode()
    found = cut_response(response(body))
    assert json.loads(found.body) == {"a": "ä\n" * 256, "b": "é" * 10}


@pytest.mark.parametrize(
    "body",
    [json.dumps(list(range(30_000))).encode(), b'{"a": "' + b"x" * 70_000, b'["' + b"\\q" * 40_000 + b'"]'],
)
def test_json_that_cannot_be_shortened_is_cut_like_any_body(body):
    """Many short values, no end, or escapes that are none."""
    found = cut_response(response(body))
    assert found.cut is not None
    assert found.body in (body[:KEPT_BYTES], b'[""]')


def test_the_hash_is_of_what_was_received():
    """Where secrets were taken out before, size and hash are those of the original."""
    original, scrubbed = b"k" * 70_000, b"r" * 69_000
    found = cut_response(response(scrubbed), original)
    assert found.cut == Cut(size_bytes=70_000, sha256=hashlib.sha256(original).hexdigest())
