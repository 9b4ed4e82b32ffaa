"""Submitters of one budget: `python -m tests.integration.submitters JOURNAL MODEL JOBS COUNT BASE_URLS`.

Prints how many of them the budget let through. Here nobody waits for the jobs.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.client.budget import Budget
from harness.client.client import Client
from harness.errors import BudgetError
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.integration.world import body_of, connected

__all__ = ["submit_all"]


async def _one(client: Client, spec: Spec, body: Mapping[str, Any], *, waits: bool) -> bool:
    try:
        handle = await client.submit(spec, body, even_if_invalid=True)
    except BudgetError:
        return False
    if waits:
        await client.wait(handle)
    return True


async def submit_all(
    journal: Path,
    spec: Spec,
    bodies: list[dict[str, Any]],
    max_jobs: int,
    base_urls: Mapping[str, str],
    *,
    waits: bool = False,
) -> int:
    """Submits all at once, and waits for the jobs, if asked to; gives how many the budget let through."""
    budget = Budget(max_jobs=max_jobs, scope="shared")
    async with connected(base_urls, (spec,), journal, scale=200.0, budget=budget) as client:
        return sum(await asyncio.gather(*(_one(client, spec, body, waits=waits) for body in bodies)))


async def _main(journal: Path, model: str, max_jobs: int, count: int, base_urls: dict[str, str]) -> None:
    spec = SpecStore().get(model)
    passed = await submit_all(journal, spec, [body_of(spec)] * count, max_jobs, base_urls)
    print(passed)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    asyncio.run(
        _main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), json.loads(sys.argv[5]))
    )
