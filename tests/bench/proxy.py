"""A TCP proxy on loopback that can cut, refuse and stall: a network that goes away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["Proxy", "proxied"]


class Proxy:
    """Passes bytes between its port and another one, as long as it likes."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._flows = threading.Event()
        self._flows.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends what is connected now; who connects anew is served."""
        for open_ in self._sockets:
            with suppress(OSError):
                open_.shutdown(socket.SHUT_RDWR)
        self._sockets = []

    def close(self) -> None:
        """Ends what is connected, and refuses what comes."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._flows.set()
        self.cut()

    def stall(self) -> None:
        """Takes bytes, and passes none on."""
        self._flows.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError), one, other:
            while data := one.recv(65536):
                self._flows.wait()
                other.sendall(data)


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    """A proxy before a port of loopback for as long as the block lasts."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
