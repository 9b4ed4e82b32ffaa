"""Output URLs: expiry, ranges, HEAD, ETag."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import httpx
import pytest

from tests.simulator.serving import Served, serving

NOVITA = "novita/kling-v1.6-t2v"  # the one model whose documents give a lifetime: 3600 s


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Undisturbed."""
    with serving(models=(NOVITA, "oxen")) as found:
        yield found


@pytest.fixture(scope="module")
def url(served: Served) -> str:
    """A delivered video."""
    caller = served.caller("oxen")
    output = caller.view("poll", caller.wait(caller.submit())[-1]).output
    assert isinstance(output, str)
    return output


def test_the_whole(served: Served, url: str):
    """Length, type, and that ranges are taken."""
    answer = served.client.get(url)
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert (answer.headers["content-type"], answer.headers["accept-ranges"]) == ("video/mp4", "bytes")
    assert answer.content[4:8] == b"ftyp"


def test_the_head(served: Served, url: str):
    """The same headers, no body."""
    whole, head = served.client.get(url), served.client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "etag", "content-type", "last-modified"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None)]
)
def test_a_part(served: Served, url: str, asked: str, start: int, stop: int | None):
    """206 with the bytes that were asked for."""
    whole = served.client.get(url).content
    part = served.client.get(url, headers={"Range": asked})
    assert (part.status_code, part.content) == (206, whole[start:stop])
    first = start if start >= 0 else len(whole) + start
    last = (stop or len(whole)) - 1
    assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"


def test_a_download_in_two_parts(served: Served, url: str):
    """The second part goes on only if the file is still the same."""
    whole = served.client.get(url)
    etag = whole.headers["etag"]
    rest = served.client.get(url, headers={"Range": "bytes=1000-", "If-Range": etag})
    assert (rest.status_code, whole.content[:1000] + rest.content) == (206, whole.content)
    other = served.client.get(url, headers={"Range": "bytes=1000-", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole.content)


def test_beyond_the_end(served: Served, url: str):
    """416, with the size."""
    answer = served.client.get(url, headers={"Range": "bytes=9999999-"})
    assert answer.status_code == 416


def test_unchanged(served: Served, url: str):
    """304 for who has it already."""
    etag = served.client.get(url).headers["etag"]
    answer = served.client.get(url, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_no_key_is_needed(served: Served, url: str):
    """The address is the secret; another one leads nowhere, another method is not taken."""
    assert httpx.get(url, trust_env=False).status_code == 200
    assert served.client.get(url.replace("/video.mp4", "0/video.mp4")).status_code == 404
    assert served.client.post(url).status_code == 405


def test_it_expires_as_documented():
    """After 3600 provider seconds: 403, whose form is the simulator's own, not its moment."""
    with serving(models=(NOVITA,), time_scale=20_000) as served:
        caller = served.caller()
        view = caller.view("poll", caller.wait(caller.submit())[-1])
        assert served.client.get(view.output).status_code == 200
        codes = set[int]()
        while 403 not in codes:
            answer = served.client.get(view.output)
            codes.add(answer.status_code)
        (job,) = served.ledger()["jobs"]
        assert 403 in codes <= {200, 403}
        assert answer.headers["x-simulator-own"] == "status, error-body"
        assert job["downloads"] >= 2


def test_its_lifetime_where_no_document_says(served: Served, url: str):
    """Marked as the simulator's own, on the file and in the ledger."""
    assert served.client.get(url).headers["x-simulator-own"] == "expiry"
    assert served.ledger()["own"]["oxen/kling-video-v2-6-pro-text-to-video"]["output_lifetime_s"] == 3600.0
    assert "output_lifetime_s" not in served.ledger()["own"][NOVITA]


def test_not_before_the_end():
    """An address that was guessed too early leads nowhere."""
    with serving(models=("oxen",), seed=3) as fast:
        caller = fast.caller()
        early = httpx.URL(caller.view("poll", caller.wait(caller.submit())[-1]).output)
    with serving(models=("oxen",), seed=3, time_scale=1) as slow:
        caller = slow.caller()
        caller.submit()
        assert slow.client.get(caller.base_url + early.path).status_code == 404


def test_in_full_resolution():
    """Only where it is asked for."""
    with serving(models=("oxen",), full_resolution=True) as served:
        caller = served.caller()
        view = caller.view("poll", caller.wait(caller.submit(aspect_ratio="9:16"))[-1])
        with av.open(io.BytesIO(served.client.get(view.output).content)) as container:
            picture = container.streams.video[0]
            assert (picture.width, picture.height) == (1080, 1920)
