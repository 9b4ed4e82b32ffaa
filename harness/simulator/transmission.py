"""Putting an answer on the wire, as it should be or as a fault wants it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from harness.simulator.answer import Answer, Ending
from harness.simulator.connection import Connection
from harness.simulator.timeline import Timeline

__all__ = ["transmit"]

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_CHUNK_BYTES = 64 * 1024
_BLANKS = b" " * _CHUNK_BYTES


async def transmit(
    answer: Answer, connection: Connection, timeline: Timeline, receive: Receive, send: Send
) -> None:
    """Sends the answer. Returns when it is out, or when the client has gone."""
    if answer.delay_s:
        await timeline.sleep(answer.delay_s)
    if answer.ending is Ending.RESET:
        connection.reset()
        return
    await send({"type": "http.response.start", "status": answer.status, "headers": _headers(answer)})
    for start in range(0, answer.padding_bytes, _CHUNK_BYTES):
        if connection.is_closed:
            return
        blanks = _BLANKS[: answer.padding_bytes - start]
        await send({"type": "http.response.body", "body": blanks, "more_body": True})
    if answer.ending is Ending.STALL:
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await _until_gone(receive)
        return
    await send({"type": "http.response.body", "body": answer.body})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(answer: Answer) -> list[tuple[bytes, bytes]]:
    headers = list(answer.headers)
    if answer.content_type is not None:
        headers.append(("content-type", answer.content_type))
    if not answer.padding_bytes:
        headers.append(("content-length", str(len(answer.body))))
    return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
