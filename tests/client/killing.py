"""A run of many jobs against a simulator, to be killed: `killing.py DIR SCALE BASE_URLS_AS_JSON`."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from pathlib import Path
from typing import Any

from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client, modes_of
from harness.client.journal import Journal
from harness.client.keys import Keyring, default_bindings
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.client.world import clock, utc_now

__all__ = ["JOBS", "body_of", "client_at"]

JOBS = 30


def body_of(spec: Spec, number: int) -> dict[str, Any]:
    """A request that can be told from others."""
    request = spec.operations["submit"].request
    assert request is not None
    minimal = [
        example.value for example in request.examples if example.role == "minimal" and example.has_value
    ]
    pointer = spec.mapping["prompt"]
    body: dict[str, Any] = json.loads(json.dumps(minimal[0])) if minimal else {}
    target = body
    *parents, name = pointer.split("/")[1:]
    for parent in parents:
        target = target[parent]
    target[name] = f"fox {number}"
    return body


def client_at(base_urls: dict[str, str], scale: float, journal: Journal, **options: Any) -> Client:
    """A client of every shipped model, each at the simulator."""
    specs = SpecStore().all()
    hosts = [url.removeprefix("http://") for url in base_urls.values()]
    bindings = [binding.also(*hosts) for binding in default_bindings(specs)]
    return Client(
        specs,
        keyring=Keyring.from_environment({}, bindings),
        journal=journal,
        clock=clock(scale),
        endpoints=Endpoints(overrides=base_urls),
        **options,
    )


async def main(directory: str, scale: str, base_urls: str) -> None:
    """Thirty jobs over all models and modes, a few at a time."""
    journal = Journal.open(Path(directory) / "journal.sqlite", utc_now=utc_now)
    async with client_at(
        json.loads(base_urls), float(scale), journal, budget=Budget(max_jobs=JOBS)
    ) as client:
        kinds = itertools.cycle([(spec, mode) for spec in SpecStore().all() for mode in modes_of(spec)])
        gate = asyncio.Semaphore(8)

        async def one(number: int, spec: Spec, mode: str) -> None:
            async with gate:
                await client.run(spec, body_of(spec, number), mode=mode)

        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.gather(*(one(number, *kind) for number, kind in zip(range(JOBS), kinds, strict=False)))
    journal.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
