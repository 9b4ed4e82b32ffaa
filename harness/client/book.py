"""The journal as the event loop uses it: written by one thread of its own, and never half."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from harness.client.journal import Journal

__all__ = ["Book"]

P = ParamSpec("P")
T = TypeVar("T")


class Book:
    """Runs the journal's methods beside the event loop: a disk that takes its time delays no poll."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def do(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls a method of the journal. What was begun is finished before a cancellation goes on."""
        future = self._thread.submit(partial(method, *args, **kwargs))
        try:
            return await asyncio.shield(asyncio.wrap_future(future))
        except asyncio.CancelledError:
            future.exception()
            raise

    def close(self) -> None:
        """Waits for what was begun. The journal itself stays open: it is its maker's to close."""
        self._thread.shutdown(wait=True)
