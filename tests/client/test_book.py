"""The journal beside the event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from harness.client.book import Book
from tests.client.entries import opened
from tests.client.world import run


def test_the_loop_goes_on(tmp_path: Path):
    """A disk that takes its time delays nothing else."""

    async def slow() -> float:
        journal = opened(tmp_path)
        book = Book(journal)
        writing = asyncio.ensure_future(book.do(time.sleep, 0.3))
        longest = last = 0.0
        begun = last = time.monotonic()
        while not writing.done():
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        book.close()
        journal.close()
        assert time.monotonic() - begun >= 0.3
        return longest

    assert run(slow()) < 0.15


def test_what_was_begun_is_finished(tmp_path: Path):
    """A cancellation waits for it: an entry is never half known."""
    finished = threading.Event()

    def write() -> None:
        time.sleep(0.1)
        finished.set()

    async def cancelled() -> None:
        journal = opened(tmp_path)
        book = Book(journal)
        task = asyncio.ensure_future(book.do(write))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert finished.is_set()
        book.close()
        journal.close()

    run(cancelled())
