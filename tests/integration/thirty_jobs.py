"""A run of thirty jobs, to be killed: `python -m tests.integration.thirty_jobs JOURNAL NAME SCALE BASE_URLS`.

Six jobs of each model, in every way to wait that it has, each with a prompt of its own. Prints `ready` before
the first request and `done` after the last job.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from harness.client.budget import Budget
from harness.client.client import Client, modes_of
from harness.client.results import Mode
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.integration.world import body_of, connected

__all__ = ["EACH", "MODELS"]

MODELS = SpecStore().ids
EACH = 6


async def one(client: Client, spec: Spec, mode: Mode, prompt: str) -> None:
    """One job, to its end."""
    body = body_of(spec, "generate" if mode is Mode.BLOCKING else "submit", prompt=prompt)
    await client.wait(await client.submit(spec, body, mode=mode))


async def main(journal: Path, name: str, scale: float, base_urls: dict[str, str]) -> None:
    """All of them at once."""
    specs = tuple(SpecStore().get(model) for model in MODELS)
    budget = Budget(max_jobs=EACH * len(specs), scope=name)
    async with connected(base_urls, specs, journal, scale=scale, budget=budget) as client:
        print("ready", flush=True)  # noqa: T201 - the parent waits for it
        jobs = []
        for spec in specs:
            modes = modes_of(spec)
            for number in range(EACH):
                prompt = f"{name} {spec.id} {number}"
                jobs.append(one(client, spec, modes[number % len(modes)], prompt))
        await asyncio.gather(*jobs)
    print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4])))
