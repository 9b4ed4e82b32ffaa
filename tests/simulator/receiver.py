"""A webhook receiver for tests: takes calls on loopback and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Delivered", "Receiver"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One call: its headers in lower case, its body, and when it came (monotonic seconds)."""

    headers: dict[str, str]
    payload: dict[str, Any]
    received_s: float


class Receiver(ThreadingHTTPServer):
    """Answers the first calls with the given statuses and all later ones with 200.

    The first answer takes `slow_s`.
    """

    def __init__(self, *statuses: int, slow_s: float = 0.0) -> None:
        self.statuses = list(statuses)
        self.slow_s = slow_s
        self.calls: list[Delivered] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def wait(self, count: int) -> None:
        """Until so many calls have come."""
        limit = time.monotonic() + 10
        while len(self.calls) < count and time.monotonic() < limit:
            time.sleep(0.005)
        assert len(self.calls) == count

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        super().__exit__(*args)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        delivered = Delivered(
            headers={name.lower(): value for name, value in self.headers.items()},
            payload=json.loads(body),
            received_s=time.monotonic(),
        )
        self.server.calls.append(delivered)
        pause_s, self.server.slow_s = self.server.slow_s, 0.0
        time.sleep(pause_s)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
            self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""
