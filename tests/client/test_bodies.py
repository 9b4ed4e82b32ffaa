"""Streams whose lines are bounded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from harness.client.bodies import BoundedLines, OverLimitError
from tests.client.world import run


class Pieces(httpx.AsyncByteStream):
    """A body in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def through(*pieces: bytes, limit: int = 10, kept: int = 1000) -> BoundedLines:
    """A stream that was read to its end."""

    async def read() -> BoundedLines:
        lines = BoundedLines(
            httpx.Response(200, stream=Pieces(*pieces)), limit_bytes=limit, between_s=5.0, kept_bytes=kept
        )
        assert b"".join([piece async for piece in lines]) == b"".join(pieces)
        await lines.aclose()
        return lines

    found: BoundedLines = run(read())
    return found


@pytest.mark.parametrize(
    "pieces",
    [
        (b"0123456789\n" * 50,),
        (b"01234", b"56789", b"\n0123456789"),
        (b"01234\r56789\r\n0123456789",),
        (b"0\n", b"0123456789", b"\n"),
    ],
)
def test_lines_up_to_the_limit(pieces: tuple[bytes, ...]):
    """Any number of them, however they are cut into pieces."""
    assert bytes(through(*pieces).seen) == b"".join(pieces)


@pytest.mark.parametrize(
    "pieces",
    [(b"0123456789x",), (b"01234", b"56789", b"x"), (b"0\n0123456789x\n0",), (b"0\n012345", b"6789x")],
)
def test_a_line_too_long(pieces: tuple[bytes, ...]):
    """Wherever it begins and ends."""
    with pytest.raises(OverLimitError) as caught:
        through(*pieces)
    assert str(caught.value) == "a line of the stream is longer than 10 bytes"


def test_what_is_kept_is_bounded():
    """An endless stream fills no memory."""
    lines = through(b"01234\n", b"56789\n", kept=8)
    assert (bytes(lines.seen), lines.is_cut) == (b"01234\n56", True)
