"""The transports under the requests: what an ASGI application does not see and a fault must break."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Connection", "Connections"]

_LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Connection:
    """One TCP connection of a client."""

    transport: asyncio.Transport

    @property
    def is_closed(self) -> bool:
        """Whether one of the two ends has gone."""
        return self.transport.is_closing()

    def reset(self) -> None:
        """Closes it with a TCP reset: what was sent and not yet read is lost on the way."""
        peer: socket.socket | None = self.transport.get_extra_info("socket")
        if peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.transport.abort()


@dataclass(slots=True)
class Connections:
    """The open connections of one server, by the client's address, which ASGI tells with each request."""

    _open: dict[tuple[str, int], Connection] = field(default_factory=dict)

    def of(self, scope: Mapping[str, Any]) -> Connection | None:
        """The connection that a request came by; None once it has gone."""
        host, port = scope["client"][:2]
        return self._open.get((host, port))

    def close_all(self) -> None:
        """Drops every connection, whatever is still being said on it."""
        for connection in list(self._open.values()):
            connection.transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """A uvicorn protocol that enters its connections here."""
        entered = self._open

        class _Entered(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    entered[self.client] = Connection(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                if self.client is not None:
                    entered.pop(self.client, None)

        return _Entered
