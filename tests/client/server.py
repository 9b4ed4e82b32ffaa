"""A small HTTP/1.1 server on loopback that does exactly what a test says, byte by byte if need be."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

__all__ = ["Handler", "Received", "Server", "answer", "html", "raw", "redirect", "reset", "serving", "stall"]


@dataclass(slots=True)
class Received:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    at_s: float
    writer: asyncio.StreamWriter

    @property
    def path(self) -> str:
        """The path, percent-decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, list[str]]:
        """The query parameters."""
        return parse_qs(urlsplit(self.target).query)

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


Handler = Callable[[Received], Awaitable[None]]


@dataclass(slots=True)
class Server:
    """Routes by method and the beginning of the path, the longest first; what has none gets a 404.

    `requests` holds every request in the order of arrival, `connections` counts the connections.
    """

    base_url: str = ""
    routes: dict[tuple[str, str], Handler] = field(default_factory=dict)
    requests: list[Received] = field(default_factory=list)
    connections: int = 0

    def on(self, method: str, path: str, handler: Handler) -> None:
        """Answers requests to paths that begin so."""
        self.routes[method, path] = handler

    def seen(self, method: str, path: str = "/") -> list[Received]:
        """The requests of one kind so far."""
        return [r for r in self.requests if r.method == method and r.path.startswith(path)]

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = first.split(" ")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        request = Received(method, target, headers, body, time.monotonic(), writer)
        self.requests.append(request)
        matching = [key for key in self.routes if key[0] == method and request.path.startswith(key[1])]
        if matching:
            await self.routes[max(matching, key=lambda key: len(key[1]))](request)
        else:
            await answer({"message": "not found"}, status=404)(request)
        await writer.drain()
        return not writer.is_closing()


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """A server on a free port."""
    server = Server()
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, limit=10_000_000)
    server.base_url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        if hasattr(listening, "close_clients"):
            listening.close_clients()


def answer(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
    """JSON; or, of a callable, the JSON of what it makes of the request."""

    async def handler(request: Received) -> None:
        made = value(request) if callable(value) else value
        shown = status
        if isinstance(made, tuple):
            shown, made = made
        content = made if isinstance(made, bytes) else json.dumps(made).encode()
        lines = {"content-type": "application/json", "content-length": str(len(content)), **(headers or {})}
        head = "".join(f"{name}: {text}\r\n" for name, text in lines.items())
        request.writer.write(f"HTTP/1.1 {shown} X\r\n{head}\r\n".encode("latin-1") + content)

    return handler


def html(status: int = 200) -> Handler:
    """A page for people where JSON should be."""
    return answer(b"<html>gateway</html>", status=status, headers={"content-type": "text/html"})


def redirect(location: str, status: int = 307) -> Handler:
    """Somewhere else."""
    return answer(b"", status=status, headers={"location": location})


def raw(*pieces: bytes | float, close: bool = True) -> Handler:
    """These bytes; a number is a pause in seconds."""

    async def handler(request: Received) -> None:
        for piece in pieces:
            if isinstance(piece, bytes):
                request.writer.write(piece)
                await request.writer.drain()
            else:
                await asyncio.sleep(piece)
        if close:
            request.writer.close()

    return handler


async def reset(request: Received) -> None:
    """Drops the connection with a RST once the request was read."""
    connection = request.writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.writer.transport.abort()


async def stall(request: Received) -> None:
    """Never answers."""
    while not request.writer.is_closing():
        await asyncio.sleep(0.05)
