"""Fetching an output: without a key, under a limit, and on from where it broke off."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

from harness.client.fetch import Fetched
from harness.client.keys import Binding, Keyring
from harness.client.limits import Limits
from harness.errors import OperatorError
from harness.wire.message import Exchange
from tests.client.server import Handler, Received, Server, answer, html, raw, redirect, reset, serving, stall
from tests.client.world import KEY, World, run, world

VIDEO = random.Random(1).randbytes(100_000)
SHA256 = hashlib.sha256(VIDEO).hexdigest()
FAST = Limits(shortest_real_s=0.1, first_byte_s=20.0, between_bytes_s=20.0, download_s=300.0)


async def video(request: Received) -> None:
    """The file, and ranges of it."""
    wanted = request.headers.get("range", "")
    headers = {"content-type": "video/mp4", "etag": '"v1"'}
    if not wanted:
        await answer(VIDEO, headers=headers)(request)
        return
    first, last = wanted.removeprefix("bytes=").split("-")
    end = int(last) + 1 if last else len(VIDEO)
    piece = VIDEO[int(first) : end]
    headers["content-range"] = f"bytes {first}-{int(first) + len(piece) - 1}/{len(VIDEO)}"
    await answer(piece, status=206, headers=headers)(request)


def fetched(path: Path, handler: Handler, **options: Any) -> tuple[Fetched, World, Server]:
    """What comes of an address on another host than the provider's."""
    limits = options.pop("limits", FAST)

    async def one() -> tuple[Fetched, World, Server]:
        async with serving() as cdn, world(path, limits=limits) as w:
            cdn.on("GET", "/", handler)
            return await w.client.fetch(w.spec, f"{cdn.base_url}/v.mp4?sig=1", **options), w, cdn

    found: tuple[Fetched, World, Server] = run(one())
    return found


class TestWhole:
    def test_a_video(self, tmp_path: Path):
        """On disk, with its digest; no key went with it."""
        target = tmp_path / "v.mp4"
        got, w, cdn = fetched(tmp_path, video, to=target)

        assert (got.status, got.size_bytes, got.sha256, got.content_type, got.error) == (
            *(200, len(VIDEO), SHA256),
            *("video/mp4", None),
        )
        assert got.is_whole
        assert got.head == VIDEO[:4096]
        assert target.read_bytes() == VIDEO
        assert not list(tmp_path.glob("*.part"))
        assert set(cdn.requests[0].headers) == {"host", "accept", "accept-encoding"}
        (exchange,) = w.seen
        assert isinstance(exchange, Exchange)
        assert exchange.response is not None
        assert exchange.response.body == VIDEO[:4096]
        assert exchange.response.cut is not None
        assert (exchange.response.cut.size_bytes, exchange.response.cut.sha256) == (len(VIDEO), SHA256)

    def test_without_a_file(self, tmp_path: Path):
        """Size and digest alone."""
        got, _, _ = fetched(tmp_path, video)
        assert (got.size_bytes, got.sha256) == (len(VIDEO), SHA256)

    def test_a_range(self, tmp_path: Path):
        """A part of it, and its digest."""
        got, _, cdn = fetched(tmp_path, video, start=10, length=100)

        assert (got.status, got.head, got.is_whole) == (206, VIDEO[10:110], True)
        assert got.total_bytes == len(VIDEO)
        assert cdn.requests[0].headers["range"] == "bytes=10-109"

    def test_redirects(self, tmp_path: Path):
        """To other hosts too: there is no key to lose."""

        async def two_hosts() -> tuple[Fetched, Server]:
            async with serving() as far, serving() as cdn, world(tmp_path) as w:
                far.on("GET", "/", video)
                cdn.on("GET", "/", redirect(f"{far.base_url}/real.mp4", 302))
                return await w.client.fetch(w.spec, f"{cdn.base_url}/v.mp4"), far

        got, far = run(two_hosts())
        assert got.sha256 == SHA256
        assert KEY not in repr([request.headers for request in far.requests])


class TestBroken:
    def test_it_goes_on_where_it_broke_off(self, tmp_path: Path):
        """With a range, if the file is still the same."""
        requests: list[dict[str, str]] = []

        async def breaking(request: Received) -> None:
            requests.append(request.headers)
            if len(requests) == 1:
                head = f'HTTP/1.1 200 X\r\netag: "v1"\r\ncontent-length: {len(VIDEO)}\r\n\r\n'
                await raw(head.encode() + VIDEO[:30_000])(request)
            else:
                await video(request)

        target = tmp_path / "v.mp4"
        got, _, _ = fetched(tmp_path, breaking, to=target)

        assert (got.sha256, target.read_bytes() == VIDEO) == (SHA256, True)
        assert (requests[1]["range"], requests[1]["if-range"]) == ("bytes=30000-", '"v1"')

    def test_it_begins_again_where_it_must(self, tmp_path: Path):
        """A server without ranges, or a file that has changed, sends all of it."""
        count = iter(range(9))

        async def breaking(request: Received) -> None:
            if next(count) == 0:
                await raw(b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nabc")(request)
            else:
                await answer(VIDEO)(request)

        target = tmp_path / "v.mp4"
        got, _, _ = fetched(tmp_path, breaking, to=target)
        assert (got.sha256, target.read_bytes() == VIDEO) == (SHA256, True)

    def test_another_range_than_asked_for(self, tmp_path: Path):
        """It cannot be joined to what is here."""

        async def wrong(request: Received) -> None:
            await answer(b"x" * 50, status=206, headers={"content-range": "bytes 0-49/100"})(request)

        got, _, _ = fetched(tmp_path, wrong, start=10, length=50)
        assert (got.sha256, got.error) == (
            None,
            "the server gives another range of bytes than the one asked for",
        )

    @pytest.mark.parametrize(
        ("handler", "error"),
        [
            (answer({}, status=403), "status 403 instead of the output"),
            (answer({}, status=404), "status 404 instead of the output"),
            (html(500), "status 500 instead of the output"),
            (reset, "the transfer broke off: the connection broke while the answer was being read"),
            (stall, "the transfer broke off: no answer in time"),
            (redirect("/v.mp4?sig=1"), "the output's address leads in a loop, or on and on"),
            (redirect("file:///etc/passwd"), "the output's address: expected an absolute http or https URL"),
            (redirect("http://u:p@127.0.0.1/"), "the output's address: a URL of host 127.0.0.1 carries"),
        ],
    )
    def test_it_never_raises(self, tmp_path: Path, handler: Handler, error: str):
        """It says what is wrong, and leaves no half file."""
        target = tmp_path / "v.mp4"
        got, _, _ = fetched(tmp_path, handler, to=target)

        assert got.sha256 is None
        assert got.error is not None
        assert got.error.startswith(error)
        assert not target.exists()
        assert not list(tmp_path.glob("*.part"))

    @pytest.mark.parametrize("status", [403, 404, 410])
    def test_what_is_not_there_yet_is_asked_for_again(self, tmp_path: Path, status: int):
        """A store may not know for a moment what has just been put there."""
        count = iter(range(9))

        async def late(request: Received) -> None:
            await (video(request) if next(count) else answer({}, status=status)(request))

        got, _, cdn = fetched(tmp_path, late)
        assert (got.sha256, len(cdn.requests)) == (SHA256, 2)

    def test_larger_than_a_caller_wants(self, tmp_path: Path):
        """Whatever the client would take."""
        got, _, _ = fetched(tmp_path, video, most_bytes=20_000)
        assert (got.error, got.sha256) == ("the output is larger than 20000 bytes", None)

    def test_larger_than_allowed(self, tmp_path: Path):
        """Cut off."""
        got, _, _ = fetched(tmp_path, video, limits=Limits(output_bytes=10_000))
        assert got.error == "the output is larger than 10000 bytes"

    def test_a_file_that_cannot_be_written(self, tmp_path: Path):
        """That is the operator's."""
        with pytest.raises(OperatorError, match="No such file or directory"):
            fetched(tmp_path, video, to=tmp_path / "nowhere" / "v.mp4")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/v.mp4",
        "http://localhost/v.mp4",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/v.mp4",
        "http://[::1]/v.mp4",
        "http://0.0.0.0/v.mp4",
    ],
)
def test_a_provider_out_there_has_no_address_in_here(tmp_path: Path, url: str):
    """What it calls its video may be a service of ours: it is not asked."""

    async def inside() -> Fetched:
        async with world(tmp_path) as w:
            object.__setattr__(w.client._session, "endpoints", type(w.client._session.endpoints)())
            return await w.client.fetch(w.spec, url)

    got = run(inside())
    assert got.error is not None
    assert got.error.startswith("the output's address leads to ")
    assert got.error.endswith(", which is not out there")


def test_no_key_even_to_the_providers_own_host(tmp_path: Path):
    """An output at the API's host is still an output."""

    async def own() -> list[Received]:
        async with world(tmp_path) as w:
            w.server.on("GET", "/files/", video)
            assert (await w.client.fetch(w.spec, f"{w.server.base_url}/files/v.mp4")).is_whole
            return w.server.requests

    (request,) = run(own())
    assert "authorization" not in request.headers
    assert isinstance(Keyring((Binding(slot="a", variable="B", hosts=()),), {}), Keyring)
