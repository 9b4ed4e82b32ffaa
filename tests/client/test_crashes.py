"""`kill -9` between every two steps of the journal, then resume: no job twice, none forgotten."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from harness.client.budget import Budget
from harness.client.entry import OPEN, Entry, EntryState
from harness.errors import BudgetError
from tests.client.crashing import STEPS
from tests.client.server import answer
from tests.client.world import BODY, done, run, waiting, world
from tests.client.world import sequence as in_turn
from tests.shared import PROJECT

# step, when -> (requests that made a job, the entry's state after resuming, whether it counts)
EXPECTED = {
    ("reserve", "before"): (0, None, False),
    ("reserve", "after"): (0, EntryState.ABANDONED, False),
    ("sent", "before"): (0, EntryState.ABANDONED, False),
    ("sent", "after"): (0, EntryState.POSSIBLY_BILLED, True),
    ("submitted", "before"): (1, EntryState.POSSIBLY_BILLED, True),
    ("submitted", "after"): (1, EntryState.DONE, True),
    ("ended", "before"): (1, EntryState.DONE, True),
    ("ended", "after"): (1, EntryState.DONE, True),
}


@pytest.mark.parametrize(("step", "when"), EXPECTED)
def test_killed_at(tmp_path: Path, step: str, when: str):
    """What the journal knows afterwards is what happened, or the worst of what may have."""
    assert step in STEPS
    posts, state, counted = EXPECTED[step, when]

    async def killed_and_resumed() -> tuple[int, tuple[Entry, ...]]:
        async with world(tmp_path, budget=Budget(max_jobs=1)) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
            w.server.on("GET", "/v1/videos/", in_turn(waiting, done))
            process = await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    "-m",
                    "tests.client.crashing",
                    str(tmp_path),
                    w.server.base_url,
                    step,
                    when,
                ),
                cwd=PROJECT,
            )
            assert await process.wait() == -signal.SIGKILL
            for entry in w.journal.entries(OPEN):
                await w.client.resume(entry)
            if counted:  # what may have been paid for still counts
                with pytest.raises(BudgetError):
                    await w.client.submit(w.spec, BODY)
            return len(w.server.seen("POST")), w.journal.entries()

    seen, entries = run(killed_and_resumed())
    assert seen == posts
    assert [(entry.state, entry.counted) for entry in entries] == (
        [] if state is None else [(state, counted)]
    )
    assert list(tmp_path.glob("*.owner-*")) == []
