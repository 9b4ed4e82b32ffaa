"""What a job delivered, had whole or in ranges, and looked at."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.client.limits import Limits
from harness.recorder.delivered import Delivered, Viewing, fetch_parts, fetch_whole, look_inside
from harness.wire.video import VideoProblem
from tests.check.videos import moved_index, sound
from tests.client.server import Handler, Received, Server, answer, html, serving
from tests.client.world import run, world

FAST = Limits(shortest_real_s=0.1, backoff_s=0.01, download_s=300.0)


def ranged(content: bytes) -> Handler:
    """A server that gives ranges of a file."""

    async def give(request: Received) -> None:
        wanted = request.headers.get("range", "")
        if not wanted:
            await answer(content)(request)
            return
        first, last = wanted.removeprefix("bytes=").split("-")
        piece = content[int(first) : int(last) + 1]
        place = f"bytes {first}-{int(first) + len(piece) - 1}/{len(content)}"
        await answer(piece, status=206, headers={"content-range": place})(request)

    return give


def came(path: Path, handler: Handler, fetch: Any = fetch_parts, **options: Any) -> tuple[Delivered, Server]:
    """What is made of an address."""

    async def one() -> tuple[Delivered, Server]:
        async with serving() as cdn, world(path, limits=FAST) as w:
            cdn.on("GET", "/", handler)
            directory = path / "viewed"
            directory.mkdir()
            viewing = Viewing(directory=directory, **options)
            return await fetch(w.client, w.spec, f"{cdn.base_url}/v.mp4", viewing), cdn

    found: tuple[Delivered, Server] = run(one())
    return found


def padded(content: bytes, size: int) -> bytes:
    """The file with so many bytes between its samples and its index, which nobody has to read."""
    at = content.index(b"moov") - 4
    return content[:at] + size.to_bytes(4, "big") + b"free" + bytes(size - 8) + content[at:]


def test_only_its_ends_are_fetched(tmp_path: Path):
    """The index stands behind eight megabytes that are not needed."""
    content = padded(sound(), 8_000_000)
    found, cdn = came(tmp_path, ranged(content), frame_px=64)
    assert found.facts is not None
    assert (found.facts.problem, found.facts.duration_s) == (None, 2.0)
    assert found.facts.size_bytes == len(content)
    assert found.frame_png is not None
    assert found.fetched is not None
    assert found.fetched.size_bytes < 3_000_000
    assert found.fetched.sha256 is None
    assert cdn.requests[0].headers["range"] == "bytes=0-262143"
    assert len(cdn.requests) == 2


def test_a_small_file_comes_in_one_range_with_its_digest(tmp_path: Path):
    """It is all there."""
    found, cdn = came(tmp_path, ranged(moved_index(sound())))
    assert found.facts is not None
    assert found.facts.problem is None
    assert found.fetched is not None
    assert (found.fetched.size_bytes, len(cdn.requests)) == (len(sound()), 1)
    assert found.fetched.sha256 is not None


@pytest.mark.parametrize("handler", [answer(sound()), answer(sound(), headers={"etag": '"x"'})])
def test_without_ranges_all_of_it_is_fetched(tmp_path: Path, handler: Handler):
    """Whatever the server makes of the wish."""
    found, cdn = came(tmp_path, handler)
    assert found.facts is not None
    assert found.facts.duration_s == 2.0
    assert "range" not in cdn.requests[-1].headers


@pytest.mark.parametrize("fetch", [fetch_parts, fetch_whole])
def test_what_does_not_come_is_not_judged(tmp_path: Path, fetch: Any):
    """It is said why."""
    found, _ = came(tmp_path, html(500), fetch)
    assert (found.facts, found.why) == (None, "status 500 instead of the output")


@pytest.mark.parametrize("fetch", [fetch_parts, fetch_whole])
def test_a_page_in_place_of_a_video(tmp_path: Path, fetch: Any):
    """Status 200, and no video."""
    found, _ = came(tmp_path, html(200), fetch)
    assert found.facts is not None
    assert found.facts.problem is VideoProblem.NOT_A_VIDEO


def test_a_server_that_lies_about_the_size(tmp_path: Path):
    """Ten gigabytes are claimed: nothing more is fetched, and that is a finding."""

    async def lying(request: Received) -> None:
        head = sound()[:1000]
        place = f"bytes 0-{len(head) - 1}/{10**10}"
        await answer(head, status=206, headers={"content-range": place})(request)

    found, cdn = came(tmp_path, lying)
    assert found.facts is not None
    assert found.facts.problem is VideoProblem.OVER_LIMIT
    assert len(cdn.requests) == 1


def test_a_video_in_the_answer_itself(tmp_path: Path):
    """In base64; what is not that is no video."""
    viewing = Viewing(directory=tmp_path)
    found = run(look_inside(base64.b64encode(sound()).decode(), viewing))
    assert found.facts is not None
    assert found.facts.duration_s == 2.0
    broken = run(look_inside("not base64!", viewing))
    assert broken.facts.problem is VideoProblem.NOT_A_VIDEO
    assert replace(broken.facts, problem=None).note == "the answer's video is not base64"
