"""What every test here stands on: a simulator in a process of its own, a client, and what truly happened."""

from __future__ import annotations

import asyncio
import base64
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from harness.client.budget import Budget
from harness.client.calls import Endpoints, with_values
from harness.client.client import Client
from harness.client.journal import Journal
from harness.client.keys import Binding, Keyring
from harness.client.limits import Limits
from harness.spec.model import Spec
from harness.spec.pointer import split
from harness.wire.clock import Clock
from harness.wire.message import Delivery, Event, Exchange

__all__ = [
    "KEY",
    "Wish",
    "body_of",
    "clock",
    "connected",
    "entries_of",
    "held_forms",
    "keyring_of",
    "ledger_of",
    "run",
    "wished",
]

KEY = "sk-planted+integration/0123456789abcdef=="
"""A key whose URL-encoded form differs from the raw one, and that stands nowhere else."""


def clock(scale: float) -> Clock:
    """The machine's clock, counting provider seconds."""
    return Clock(monotonic=time.monotonic, utc_now=lambda: datetime.now(UTC), sleep=asyncio.sleep).scaled(
        scale
    )


def run(coroutine: Coroutine[Any, Any, Any], *, within_s: float = 60.0) -> Any:
    """Runs a test's coroutine; one that hangs fails."""

    async def bounded() -> Any:
        async with asyncio.timeout(within_s):
            return await coroutine

    return asyncio.run(bounded())


def keyring_of(specs: Mapping[str, Spec] | tuple[Spec, ...], base_urls: Mapping[str, str]) -> Keyring:
    """One key for every provider, bound to the place where it is served."""
    every = specs.values() if isinstance(specs, Mapping) else specs
    hosts = {spec.provider.credential: urlsplit(base_urls[spec.provider_id]).netloc for spec in every}
    bindings = [Binding(slot=slot, variable="KEY", hosts=(host,)) for slot, host in hosts.items()]
    return Keyring.from_environment({"KEY": KEY}, bindings)


@asynccontextmanager
async def connected(
    base_urls: Mapping[str, str],
    specs: tuple[Spec, ...],
    journal: Path,
    *,
    scale: float,
    limits: Limits | None = None,
    budget: Budget | None = None,
    observer: Callable[[Exchange | Event | Delivery], None] | None = None,
) -> AsyncIterator[Client]:
    """A client of some specs at a simulator, with its journal."""
    opened = Journal.open(journal, utc_now=lambda: datetime.now(UTC))
    client = Client(
        specs,
        keyring=keyring_of(specs, base_urls),
        journal=opened,
        clock=clock(scale),
        budget=budget,
        limits=limits,
        observer=observer,
        endpoints=Endpoints(overrides=dict(base_urls)),
        rng=random.Random(1),
    )
    try:
        async with client:
            yield client
    finally:
        opened.close()


def ledger_of(base_urls: Mapping[str, str]) -> dict[str, Any]:
    """What truly happened."""
    base_url = next(iter(base_urls.values()))
    found: dict[str, Any] = httpx.get(f"{base_url}/__ledger__", trust_env=False, timeout=20).json()
    return found


def entries_of(journal: Path) -> list[Any]:
    """Every entry of a journal that nobody has open for writing."""
    opened = Journal.open(journal, utc_now=lambda: datetime.now(UTC))
    try:
        return list(opened.entries())
    finally:
        opened.close()


def body_of(spec: Spec, operation: str = "submit", **canonical: Any) -> dict[str, Any]:
    """A request by canonical words: what is required, a prompt, and what else is given."""
    request = spec.operations[operation].request
    assert request is not None
    values: dict[str, Any] = {"prompt": "A red fox runs through fresh snow at dawn.", **canonical}
    if "model" in spec.mapping:
        values.setdefault("model", spec.model.name)
    if "version" in request.schema.get("required", ()):
        values.setdefault("model_version", "0.0.1")
    return with_values({}, {spec.mapping[word]: value for word, value in values.items()})


def _schema_of(spec: Spec, operation: str, word: str) -> Mapping[str, Any] | None:
    """The schema of the parameter that a canonical word stands for, None where there is none."""
    request, pointer = spec.operations[operation].request, spec.mapping.get(word)
    if request is None or pointer is None:
        return None
    schema: Mapping[str, Any] | None = request.schema
    for part in split(pointer):
        schema = schema.get("properties", {}).get(part) if schema is not None else None
    return schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A video as it is asked for: canonical words to send, and what is to come of it."""

    sent: Mapping[str, Any]
    duration_s: float
    aspect_ratio: str
    has_audio: bool


def wished(spec: Spec, operation: str, kind: str) -> Wish:
    """The documented defaults, or of everything another value than the default."""
    sent: dict[str, Any] = {}
    came: dict[str, Any] = {"duration_s": 5, "aspect_ratio": "16:9", "audio": "audio" in spec.mapping}
    for word, own in tuple(came.items()):
        schema = _schema_of(spec, operation, word)
        if schema is None:
            continue
        default = came[word] = schema.get("default", own)
        choices = [True, False] if word == "audio" else schema.get("enum", [])
        others = [value for value in choices if value != default]
        if kind == "other" and others:
            sent[word] = came[word] = others[0]
    return Wish(
        sent=sent,
        duration_s=float(came["duration_s"]),
        aspect_ratio=came["aspect_ratio"],
        has_audio=came["audio"],
    )


def held_forms(content: bytes | str, secret: str = KEY) -> list[str]:
    """The forms in which a secret stands in what somebody may read: raw, URL-encoded, base64."""
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    forms = {"raw": [secret], "url": [quote(secret, safe="")], "base64": []}
    for shift in range(3):
        digits = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        # the first group depends on what stands before, the last on what stands after
        forms["base64"].append(digits[4:-4])
        forms["base64"].append(digits[4:-4].replace("+", "-").replace("/", "_"))
    return [name for name, texts in forms.items() if any(form in text for form in texts)]
