"""A process that submits a job and kills itself at a step of the journal: `crashing.py DIR URL STEP WHEN`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.client import Client
from harness.client.journal import Journal
from harness.client.keys import Binding, Keyring
from tests.client.specs import full
from tests.client.world import BODY, clock, utc_now

__all__ = ["STEPS"]

STEPS = ("reserve", "sent", "submitted", "ended")


def kill_at(step: str, when: str) -> None:
    """From now on, this step of any journal is the last, or the one before."""
    real = getattr(Journal, step)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        made = real(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
        return made

    setattr(Journal, step, wrapped)


async def main(directory: str, base_url: str, step: str, when: str) -> None:
    """Submits and waits, as far as it comes."""
    kill_at(step, when)
    spec, host = full(), base_url.removeprefix("http://")
    client = Client(
        (spec,),
        keyring=Keyring.from_environment({}, (Binding(slot="example", variable="K", hosts=(host,)),)),
        journal=Journal.open(Path(directory) / "journal.sqlite", utc_now=utc_now),
        clock=clock(),
        budget=Budget(max_jobs=1),
        endpoints=Endpoints(overrides={"example": base_url}),
    )
    async with client:
        await client.run(spec, BODY)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
