"""Taking up what an earlier process left: nothing is sent twice, nothing is forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.client.entry import Entry, EntryState
from harness.client.journal import Journal
from harness.client.results import JobResult, Outcome
from harness.errors import OperatorError
from tests.client.entries import opened, reserved
from tests.client.server import answer
from tests.client.world import World, done, rules_of, run, sequence, utc_now, waiting, world


def left(path: Path, server: str, steps: int, **changes: Any) -> Entry:
    """What a process leaves that ended after so many steps: reserved, sent, submitted, done."""
    journal = opened(path)
    entry = reserved(journal, server=server, **changes)
    if steps > 0:
        journal.sent(entry.id)
    if steps > 1:
        (entry,) = journal.submitted(entry.id, ["job-1"])
    if steps > 2:
        journal.ended(entry.id, EntryState.DONE)
    entry = journal.entry(entry.id)
    journal.close()
    return entry


def resumed(path: Path, steps: int, **changes: Any) -> tuple[JobResult, Entry, World]:
    """What resuming it comes to."""

    async def one() -> tuple[JobResult, Entry, World]:
        async with world(path) as w:
            w.server.on("GET", "/v1/videos/", sequence(waiting, done))
            entry = left(path, changes.pop("server", w.server.base_url), steps, **changes)
            result = await w.client.resume(entry)
            return result, w.journal.entry(entry.id), w

    found: tuple[JobResult, Entry, World] = run(one())
    return found


def test_reserved(tmp_path: Path):
    """It was never sent: the reservation is given back."""
    result, entry, w = resumed(tmp_path, 0)

    assert (result.outcome, entry.state, entry.counted) == (Outcome.UNSENT, EntryState.ABANDONED, False)
    assert result.note == "the process ended before it was sent: nothing was billed"
    assert w.server.requests == []


def test_sent(tmp_path: Path):
    """It may have been heard: counted, said, and not sent again."""
    result, entry, w = resumed(tmp_path, 1)

    assert (result.outcome, entry.state, entry.counted) == (
        *(Outcome.POSSIBLY_BILLED, EntryState.POSSIBLY_BILLED),
        True,
    )
    assert rules_of(result.findings) == ["job.possibly-billed"]
    assert w.server.requests == []


def test_submitted(tmp_path: Path):
    """It is polled to its end."""
    result, entry, w = resumed(tmp_path, 2)

    assert (result.outcome, result.output) == (Outcome.SUCCEEDED, "https://cdn.example.com/job-1.mp4")
    assert (entry.state, entry.output) == (EntryState.DONE, "https://cdn.example.com/job-1.mp4")
    assert w.server.seen("POST") == []


def test_ended(tmp_path: Path):
    """Nothing is left to do, and nothing is sent."""
    result, _, w = resumed(tmp_path, 3)

    assert result.outcome is Outcome.SUCCEEDED
    assert w.server.requests == []


def test_a_model_that_is_not_at_hand(tmp_path: Path):
    """The entry stays as it is."""
    with pytest.raises(OperatorError) as caught:
        resumed(tmp_path, 2, model="example/other")
    assert str(caught.value).endswith(": no spec example/other at hand; give its directory (--specs)")
    journal = opened(tmp_path)
    assert [entry.state for entry in journal.entries()] == [EntryState.SUBMITTED]
    journal.close()


def test_another_server(tmp_path: Path):
    """A job of the provider itself is not asked of a simulator, nor the other way round."""
    with pytest.raises(OperatorError) as caught:
        resumed(tmp_path, 2, server="https://api.example.com:443")
    assert "was made at https://api.example.com:443, and example is at http://127.0.0.1:" in str(caught.value)
    assert str(caught.value).endswith("(--base-url example=https://api.example.com:443)")


def test_a_simulator_may_have_moved(tmp_path: Path):
    """On this machine, the job is where the operator says now."""
    result, _, _ = resumed(tmp_path, 2, server="http://127.0.0.1:1")
    assert result.outcome is Outcome.SUCCEEDED


def test_a_running_process_keeps_its_jobs(tmp_path: Path):
    """What it reserved is not given back, what it sent is not called lost."""

    async def held() -> None:
        async with world(tmp_path) as w:
            other = Journal.open(tmp_path / "journal.sqlite", utc_now=utc_now)
            entry = reserved(other, server=w.server.base_url)
            with pytest.raises(OperatorError) as caught:
                await w.client.resume(entry)
            assert str(caught.value) == f"job {entry.id}: a running process works on it"
            assert w.journal.entry(entry.id).state is EntryState.RESERVED
            other.close()

    run(held())


def test_what_the_client_left_itself(tmp_path: Path):
    """A wait that ran out of time may be taken up by the same process."""

    async def again() -> list[Outcome]:
        async with world(tmp_path) as w:
            w.server.on("POST", "/v1/videos", answer({"id": "job-1"}, status=201))
            w.server.on("GET", "/v1/videos/", sequence(waiting, waiting, done))
            first = await w.client.run(w.spec, {"prompt": "x"}, timeout_s=3.0)
            return [first.outcome, (await w.client.resume(w.journal.entries()[0])).outcome]

    assert run(again()) == [Outcome.UNFINISHED, Outcome.SUCCEEDED]
