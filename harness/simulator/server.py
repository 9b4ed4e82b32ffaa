"""The simulator: every provider on a port of its own, in one event loop, for as long as a `with` lasts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator, Mapping, Sequence
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.errors import OperatorError
from harness.simulator.announce import Announcer
from harness.simulator.book import JobBook
from harness.simulator.connection import Connections
from harness.simulator.drafts import Drafts
from harness.simulator.events import Hub
from harness.simulator.faults.order import FaultPlan, parse_order
from harness.simulator.ledger import LEDGER_PATH, ledger
from harness.simulator.limits import Limiter
from harness.simulator.operations import Operations
from harness.simulator.options import Options
from harness.simulator.output import Outputs
from harness.simulator.provider import Provider
from harness.simulator.timeline import Timeline
from harness.simulator.validation import RequestJudge
from harness.simulator.video import VideoFiles
from harness.simulator.webhooks import WebhookCaller
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.wire.clock import Clock

__all__ = ["Simulator", "served_specs"]

_KEEP_ALIVE_S = 75  # longer than the poll intervals of the documents: no connection closes under a poll

_PATIENCE_S = 0.2


def served_specs(store: SpecStore, options: Options) -> tuple[Spec, ...]:
    """The specs that the options name, one revision for each model.

    Raises OperatorError for a model that is not known, or named in two revisions.
    """
    found: dict[str, Spec] = {}
    for reference in options.models or store.ids:
        model_id, _ = store.resolve(reference)
        if "@" not in reference and options.revision is not None:
            reference = f"{model_id}@{options.revision}"  # noqa: PLW2901 - the reference, completed
        spec = store.get(reference)
        if spec.id in found and found[spec.id].ref != spec.ref:
            raise OperatorError(f"simulate: {found[spec.id].ref} and {spec.ref}: one revision of each model")
        found[spec.id] = spec
    return tuple(found.values())


class _Server(uvicorn.Server):
    """A uvicorn server that says when it listens, stops when it is told, and leaves signals to its owner."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()
        self.is_to_stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    async def main_loop(self) -> None:
        await self.is_to_stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Closes the listeners. Its owner has dropped the connections: there is nothing to wait for."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class Simulator:
    """All providers of some specs as HTTP servers on loopback: `async with Simulator(…) as simulator:`.

    Raises OperatorError for options that do not fit the specs, and for a port that is taken.
    """

    def __init__(self, store: SpecStore, options: Options, *, clock: Clock) -> None:
        self.options = options
        self.specs = served_specs(store, options)
        orders = tuple(parse_order(text, self.specs) for text in options.faults)
        self.faults = FaultPlan(orders=orders, seed=options.seed)
        self._clock = clock
        self._providers: dict[str, Provider] = {}
        self._servers: list[tuple[_Server, Connections, asyncio.Task[None]]] = []
        self._announcers: list[Announcer] = []
        self._caller: WebhookCaller | None = None
        self._directory: TemporaryDirectory[str] | None = None

    @property
    def base_urls(self) -> Mapping[str, str]:
        """Provider -> the URL that stands in place of its scheme and host."""
        return {name: provider.base_url for name, provider in self._providers.items()}

    @property
    def notes(self) -> Sequence[str]:
        """What was asked for and cannot be, for the person."""
        return self.faults.notes(self.specs)

    async def __aenter__(self) -> Simulator:
        timeline = Timeline.starting_now(self._clock, self.options.time_scale)
        self._caller = caller = WebhookCaller(timeline=timeline)
        self._directory = TemporaryDirectory(prefix="harness-simulator-")
        files = VideoFiles(directory=Path(self._directory.name))
        names = sorted({spec.provider_id for spec in self.specs})
        try:
            for index, name in enumerate(names):
                port = self.options.port + index if self.options.port else 0
                listener = _listen(self.options.host, port)
                await self._serve(name, listener, timeline, caller, files)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for announcer in self._announcers:
            await announcer.close()
        for server, connections, _ in self._servers:
            server.should_exit = server.force_exit = True
            server.is_to_stop.set()
            connections.close_all()
        await self._end_requests()
        await asyncio.gather(*(task for _, _, task in self._servers), return_exceptions=True)
        if self._caller is not None:
            await self._caller.close()
        if self._directory is not None:
            self._directory.cleanup()

    async def _end_requests(self) -> None:
        """Requests that can end do, now that their connections have gone; the others are cancelled."""
        tasks = [task for server, _, _ in self._servers for task in server.server_state.tasks]
        if tasks:
            _, waiting = await asyncio.wait(tasks, timeout=_PATIENCE_S)
            for task in waiting:
                task.cancel()

    async def _serve(
        self,
        name: str,
        listener: socket.socket,
        timeline: Timeline,
        caller: WebhookCaller,
        files: VideoFiles,
    ) -> None:
        """Starts the server of one provider and waits until it listens."""
        host, port = listener.getsockname()[:2]
        connections = Connections()
        provider = self._provider(name, f"http://{host}:{port}", timeline, caller, files, connections)
        self._providers[name] = provider
        config = uvicorn.Config(
            self._application(provider, timeline),
            http=connections.protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
        )
        server = _Server(config)
        task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
        self._servers.append((server, connections, task))
        await server.listens.wait()

    def _provider(
        self,
        name: str,
        base_url: str,
        timeline: Timeline,
        caller: WebhookCaller,
        files: VideoFiles,
        connections: Connections,
    ) -> Provider:
        seed = self.options.seed
        outputs = Outputs(
            files=files, timeline=timeline, seed=seed, full_resolution=self.options.full_resolution
        )
        book = JobBook(base_url=base_url, timeline=timeline, faults=self.faults, outputs=outputs, seed=seed)
        drafts = Drafts(base_url=base_url, timeline=timeline)
        hub = Hub()
        announcer = Announcer(
            book=book, drafts=drafts, hub=hub, caller=caller, faults=self.faults, timeline=timeline
        )
        self._announcers.append(announcer)
        operations = Operations(
            book=book,
            drafts=drafts,
            announcer=announcer,
            judge=RequestJudge(),
            limiter=Limiter(),
            faults=self.faults,
            timeline=timeline,
        )
        return Provider(
            specs=tuple(spec for spec in self.specs if spec.provider_id == name),
            base_url=base_url,
            drafts=drafts,
            hub=hub,
            outputs=outputs,
            operations=operations,
            connections=connections,
            seed=seed,
        )

    def _application(self, provider: Provider, timeline: Timeline) -> ASGIApp:
        async def show_ledger(_: Request) -> JSONResponse:
            return JSONResponse(ledger(self._providers.values()))

        routes = [Route(LEDGER_PATH, show_ledger, methods=["GET"]), Mount("/", app=provider)]
        return _dated(Starlette(routes=routes), timeline)


def _listen(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's algorithm off only where it is: 40 ms an answer.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise OperatorError(f"--port: {host}:{port}: {why}") from None
    listener.setblocking(False)
    return listener


def _dated(application: ASGIApp, timeline: Timeline) -> ASGIApp:
    """The application with the headers that every answer has: the provider's date, and who is speaking."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                if not any(name.lower() == b"date" for name, _ in headers):
                    headers.append((b"date", format_datetime(timeline.utc_now(), usegmt=True).encode()))
                headers.append((b"server", b"harness-simulator"))
                message = {**message, "headers": headers}
            await send(message)

        await application(scope, receive, send_dated)

    return call
