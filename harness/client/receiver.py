"""Where a provider's webhook calls arrive: a small server on this machine, behind the operator's public URL.

It listens on loopback unless told otherwise, at a path that nobody can guess, new for each run. What a call
says is believed only where it carries the secret; every call is answered at once, and recorded.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from harness.client.deliveries import Deliveries, Verdict
from harness.client.keys import is_loopback, origin
from harness.errors import OperatorError
from harness.spec.model import Spec

__all__ = ["Receiver", "ReceiverOptions"]

_READ_S = 5.0
"""How long a caller may take to send its body, in real seconds: documented senders give up after 30."""

_STATUS = {
    Verdict.FORGED: 401,
    Verdict.OVERSIZED: 413,
    Verdict.MALFORMED: 400,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverOptions:
    """Where to listen, and under which address the provider reaches that.

    `public_url` is a tunnel's or a proxy's; without one only a provider on this machine can call.
    """

    public_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        if self.public_url is None:
            return
        scheme, host, _ = origin(self.public_url)
        if scheme != "https" and not is_loopback(host):
            raise OperatorError(f"public URL at {host}: expected https, the secret travels through it")


def _server(take: Callable[[Any], Awaitable[Any]]) -> Any:
    """A server for one handler. It leaves the process's signals alone: they are the command line's.

    Raises OperatorError, with the remedy, where its libraries are not installed.
    """
    try:
        import uvicorn
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ImportError as error:
        raise OperatorError(
            f"webhooks need {error.name}: pip install 'video-api-harness[simulator]'"
        ) from None

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        Starlette(routes=[Route("/{rest:path}", take, methods=["POST"])]),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=200,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
    )
    return Server(config)


class Receiver:
    """The server, its secret, and its paths, one for each spec."""

    def __init__(self, options: ReceiverOptions, deliveries: Deliveries) -> None:
        self._options = options
        self._deliveries = deliveries
        self._tokens: dict[str, Spec] = {}
        self._server: Any = None
        self._task: asyncio.Task[None] | None = None
        self._base = ""

    async def start(self) -> None:
        """Listens. Raises OperatorError when the port is taken."""
        self._server = _server(self._take)
        listening = self._bound()
        host = f"[{self._options.host}]" if ":" in self._options.host else self._options.host
        scheme_host_port = f"http://{host}:{listening.getsockname()[1]}"
        self._base = (self._options.public_url or scheme_host_port).rstrip("/")
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]), name="webhook receiver")
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.001)

    def _bound(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._options.host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._options.host, self._options.port))
        except OSError as error:
            listening.close()
            where = f"{self._options.host}:{self._options.port}"
            raise OperatorError(f"webhook receiver at {where}: {error.strerror or error}") from None
        return listening

    async def close(self) -> None:
        """Listens no more."""
        if self._task is not None:
            self._server.should_exit = True
            await self._task

    def address(self, spec: Spec) -> str:
        """The address that the calls for jobs of a spec go to.

        Raises OperatorError where the provider could not reach it.
        """
        if self._options.public_url is None and not is_loopback(origin(self._deliveries.server(spec))[1]):
            raise OperatorError(f"{spec.ref}: webhooks need a public URL that leads to this machine")
        token = next((token for token, known in self._tokens.items() if known is spec), None)
        if token is None:
            token = secrets.token_urlsafe(24)
            self._tokens[token] = spec
            self._deliveries.keep_secret(token)
        return f"{self._base}/{token}"

    def _spec_at(self, path: str) -> Spec | None:
        """The spec whose path this is. Every path is compared, each in constant time."""
        last = path.rsplit("/", 1)[-1].encode()
        found = None
        for token, spec in self._tokens.items():
            if hmac.compare_digest(token.encode(), last):
                found = spec
        return found

    async def _take(self, request: Any) -> Any:
        from starlette.requests import ClientDisconnect
        from starlette.responses import Response

        spec = self._spec_at(request.url.path)
        if spec is None:
            return Response(status_code=404)
        limit_bytes = self._deliveries.limit_bytes
        body = bytearray()
        try:
            async with asyncio.timeout(_READ_S):
                async for piece in request.stream():
                    body += piece[: limit_bytes + 1 - len(body)]
                    if len(body) > limit_bytes:
                        break
        except TimeoutError:
            return Response(status_code=408)
        except ClientDisconnect:
            return Response(status_code=400)
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        )
        verdict = self._deliveries.take(spec, headers, bytes(body))
        return Response(status_code=_STATUS.get(verdict, 200))
