"""What most tests of the client stand on: a server, a client that is quick, and what it observed."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client
from harness.client.journal import Journal
from harness.client.keys import Binding, Keyring
from harness.client.limits import Limits
from harness.finding import Finding
from harness.spec.model import Spec
from harness.wire.clock import Clock
from harness.wire.message import Delivery, Event, Exchange
from tests.client.server import Received, Server, answer, serving
from tests.client.specs import full

__all__ = [
    "BODY",
    "KEY",
    "World",
    "clock",
    "done",
    "messages",
    "move",
    "rules_of",
    "run",
    "sequence",
    "utc_now",
    "waiting",
    "world",
]

KEY = "sk-planted-0123456789/abc+def"
BODY = {"prompt": "a fox"}


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs one test's coroutine; one that hangs fails."""

    async def bounded() -> Any:
        async with asyncio.timeout(60):
            return await coroutine

    return asyncio.run(bounded())


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def clock(scale: float = 100.0) -> Clock:
    """The machine's clock, with provider seconds that pass faster."""
    return Clock(monotonic=time.monotonic, utc_now=utc_now, sleep=asyncio.sleep).scaled(scale)


@dataclass(slots=True)
class World:
    """One server of one provider, and the client that uses it."""

    server: Server
    client: Client
    journal: Journal
    spec: Spec
    keyring: Keyring
    seen: list[Exchange | Event | Delivery] = field(default_factory=list)

    def bodies(self) -> list[Any]:
        """The bodies of the submits that the server saw."""
        return [request.json for request in self.server.seen("POST")]


@asynccontextmanager
async def world(
    path: Path,
    *,
    spec: Spec | None = None,
    scale: float = 100.0,
    limits: Limits | None = None,
    budget: Budget | None = None,
    key: str = KEY,
    **options: Any,
) -> AsyncIterator[World]:
    """A server and a client of its provider, which is that of the full small spec unless told otherwise."""
    spec = spec or full()
    async with serving() as server:
        slot = spec.provider.credential
        host = server.base_url.removeprefix("http://")
        keyring = Keyring.from_environment(
            {"THE_KEY": key}, (Binding(slot=slot, variable="THE_KEY", hosts=(host,)),)
        )
        journal = Journal.open(path / "journal.sqlite", utc_now=utc_now)
        seen: list[Exchange | Event | Delivery] = []
        client = Client(
            (spec,),
            keyring=keyring,
            journal=journal,
            clock=clock(scale),
            limits=limits,
            budget=budget,
            observer=seen.append,
            endpoints=Endpoints(overrides={spec.provider_id: server.base_url}),
            rng=random.Random(1),
            **options,
        )
        try:
            async with client:
                yield World(server, client, journal, spec, keyring, seen)
        finally:
            journal.close()


def move(w: World, base_url: str) -> None:
    """From now on the provider is elsewhere on this machine."""
    overrides = w.client._session.endpoints.overrides
    overrides[w.spec.provider_id] = base_url  # type: ignore[index] - a dict, as every test gives one
    slot = w.spec.provider.credential
    w.keyring._bindings[slot] = w.keyring._bindings[slot].also("127.0.0.1")


def waiting(request: Received) -> dict[str, Any]:
    """The poll answer of a job that runs."""
    return {"id": request.path.rsplit("/", 1)[-1], "status": "waiting"}


def done(request: Received) -> dict[str, Any]:
    """The poll answer of a job that succeeded."""
    job_id = request.path.rsplit("/", 1)[-1]
    return {"id": job_id, "status": "done", "videos": [{"url": f"https://cdn.example.com/{job_id}.mp4"}]}


def sequence(*values: Any) -> Any:
    """A handler that answers with each value in turn, the last for ever. Handlers stand for themselves."""
    handlers = [value if asyncio.iscoroutinefunction(value) else answer(value) for value in values]
    count = iter(range(10**9))

    async def handler(request: Received) -> None:
        await handlers[min(next(count), len(handlers) - 1)](request)

    return handler


def rules_of(findings: tuple[Finding, ...]) -> list[str]:
    """The rules that fired, in order."""
    return [finding.rule.id for finding in findings]


def messages(findings: tuple[Finding, ...]) -> dict[str, str]:
    """Rule -> message."""
    return {finding.rule.id: finding.message for finding in findings}
