"""Asking for a job to be cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.client.results import CancelResult, JobResult, Outcome
from harness.errors import OperatorError
from tests.client.server import Handler, answer, reset
from tests.client.world import BODY, World, run, sequence, waiting, world
from tests.minimal import minimal


def cancelled(path: Path, handler: Handler, *polls: object) -> tuple[CancelResult, JobResult, World]:
    """The answer to the wish, and what became of the job."""

    async def one() -> tuple[CancelResult, JobResult, World]:
        async with world(path) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job/1"}, status=201))
            w.server.on("DELETE", "/v1/videos/", handler)
            w.server.on("GET", "/v1/videos/", sequence(*polls))
            handle = await w.client.submit(w.spec, BODY)
            return await w.client.cancel(handle), await w.client.wait(handle, timeout_s=40.0), w

    found: tuple[CancelResult, JobResult, World] = run(one())
    return found


def test_the_job_is_seen_cancelled(tmp_path: Path):
    """The answer accepts; that it is cancelled, a poll says."""
    stopped = {"id": "job/1", "status": "stopped"}
    wish, result, w = cancelled(tmp_path, answer({"id": "job/1"}), waiting, stopped)

    assert (wish.accepted, wish.status, wish.note) == (True, 200, None)
    assert result.outcome is Outcome.CANCELLED
    assert [r.target for r in w.server.seen("DELETE")] == ["/v1/videos/job%2F1"]


@pytest.mark.parametrize(
    ("handler", "note"),
    [
        (answer({"message": "?"}, status=404), "status 404"),
        (reset, "the connection broke while the answer was being read"),
    ],
)
def test_a_wish_that_is_not_granted(tmp_path: Path, handler: Handler, note: str):
    """It is sent once, and the job goes on."""
    wish, result, w = cancelled(tmp_path, handler, waiting)

    assert (wish.accepted, wish.note) == (False, note)
    assert (result.outcome, len(w.server.seen("DELETE"))) == (Outcome.UNFINISHED, 1)


def test_where_nothing_is_documented(tmp_path: Path):
    """The operator hears it."""

    async def none() -> None:
        async with world(tmp_path, spec=minimal()) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "j"}, status=201))
            await w.client.cancel(await w.client.submit(w.spec, BODY))

    with pytest.raises(OperatorError, match="documents no operation 'cancel'"):
        run(none())


def test_a_job_without_an_id(tmp_path: Path):
    """There is nothing to name."""

    async def refused() -> None:
        async with world(tmp_path) as w:
            w.server.on("POST", "/v1/videos", answer({}, status=422))
            await w.client.cancel(await w.client.submit(w.spec, BODY))

    with pytest.raises(OperatorError, match="has no id to cancel it by"):
        run(refused())
