"""`harness resume`, against a server on loopback."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.client.entry import EntryState
from tests.cli.calling import HARNESS, call
from tests.client.entries import opened, reserved
from tests.client.server import Received, Server, answer, serving
from tests.client.world import done, waiting
from tests.minimal import MINIMAL, write_specs
from tests.shared import PROJECT


@contextmanager
def in_thread() -> Iterator[Server]:
    """A server that runs beside the test."""
    loop, started, holder = asyncio.new_event_loop(), threading.Event(), {}

    async def serve() -> None:
        async with serving() as server:
            holder["server"], holder["stop"] = server, asyncio.Event()
            started.set()
            await holder["stop"].wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    started.wait()
    try:
        yield holder["server"]
    finally:
        loop.call_soon_threadsafe(holder["stop"].set)
        thread.join()
        loop.close()


def left(path: Path, server: str, *steps: int) -> list[str]:
    """A journal of a process that is gone, with an entry for each number of steps it took."""
    journal, ids = opened(path), []
    for number, count in enumerate(steps):
        entry = reserved(journal, server=server)
        if count > 0:
            journal.sent(entry.id)
        if count > 1:
            journal.submitted(entry.id, [f"job-{number}"])
        ids.append(entry.id)
    journal.close()
    return ids


def options(path: Path, server: Server, *more: object) -> list[object]:
    """The command's options for a test."""
    specs = write_specs(path / "specs", {"example/video-1-text-to-video": MINIMAL})
    return [
        *("resume", "--journal", path / "journal.sqlite", "--specs", specs, "--time-scale", "200"),
        *("--base-url", f"example={server.base_url}", *more),
    ]


def test_everything_is_finished(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """What was submitted is polled to its end, what may have been sent is said, what was not is free."""
    with in_thread() as server:
        server.on("GET", "/v1/videos/", answer(done))
        ids = left(tmp_path, server.base_url, 2, 1, 0, 2)

        got = call(capsys, *options(tmp_path, server, "--format", "json"))

    assert got.code == 3  # one may have been billed, and nobody can say
    found = {job["entry"]: (job["state"], job["outcome"]) for job in got.json["jobs"]}
    assert found == {
        ids[0]: ("done", "succeeded"),
        ids[1]: ("possibly_billed", "possibly_billed"),
        ids[2]: ("abandoned", "unsent"),
        ids[3]: ("done", "succeeded"),
    }
    assert got.json["open"] == 0
    assert [finding["rule"] for finding in got.json["findings"]] == ["job.possibly-billed"]
    assert [request.method for request in server.requests] == ["GET", "GET"]


def test_text(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A line for each job, what it gave, and how many are left."""
    with in_thread() as server:
        server.on("GET", "/v1/videos/", answer(done))
        (entry,) = left(tmp_path, server.base_url, 2)
        got = call(capsys, *options(tmp_path, server))
        again = call(capsys, *options(tmp_path, server))

    assert (got.code, again.code) == (0, 0)
    assert got.out == (
        f"{entry}  succeeded  example/video-1-text-to-video  job job-0\n"
        "    output   https://cdn.example.com/job-0.mp4\n"
        "1 of 1 finished, 0 open\n"
    )
    assert again.out == "0 of 0 finished, 0 open\n"


def test_not_in_time(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """It stays open, and the exit code says so."""
    with in_thread() as server:
        server.on("GET", "/v1/videos/", answer(waiting))
        left(tmp_path, server.base_url, 2)
        got = call(capsys, *options(tmp_path, server, "--timeout", "20"))

    assert got.code == 3
    assert "warning  the job has not ended within 20 s; it is open in the journal [job.unfinished]" in got.out
    assert got.out.endswith("0 of 1 finished, 1 open\n")


def test_findings_go_first(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A provider that breaks its documents on the way: 1."""

    def odd(request: Received) -> dict[str, Any]:
        return {**done(request), "progress": "all"}

    with in_thread() as server:
        server.on("GET", "/v1/videos/", answer(odd))
        left(tmp_path, server.base_url, 2)
        got = call(capsys, *options(tmp_path, server))

    assert got.code == 1
    assert "[response.type]" in got.out


def test_a_job_that_was_made_elsewhere(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """It is not asked of another server."""
    with in_thread() as server:
        left(tmp_path, "https://api.example.com:443", 2)
        got = call(capsys, *options(tmp_path, server))

    assert got.code == 3
    assert "was made at https://api.example.com:443, and example is at http://127.0.0.1:" in got.out
    assert server.requests == []


def test_a_model_that_is_not_known(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Its job stays open, and is said."""
    left(tmp_path, "http://127.0.0.1:1", 2)
    got = call(capsys, "resume", "--journal", tmp_path / "journal.sqlite")

    assert got.code == 3
    assert "no spec example/video-1-text-to-video at hand; give its directory (--specs)" in got.out


def test_without_a_journal(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Nothing to do is done."""
    got = call(capsys, "resume", "--journal", tmp_path / "j.sqlite")

    assert (got.code, got.out) == (0, f"no journal at {tmp_path / 'j.sqlite'}: nothing to resume\n")


@pytest.mark.parametrize(
    "text", ["example", "example=", "=http://x", "example=ftp://x", "example=http://x/path"]
)
def test_base_urls_of_no_use(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str):
    """One clear message."""
    opened(tmp_path).close()
    got = call(capsys, "resume", "--journal", tmp_path / "journal.sqlite", "--base-url", text)

    assert (got.code, got.out) == (2, "")
    assert len(got.err.splitlines()) == 1


def test_interrupted(tmp_path: Path):
    """Ctrl-C says what remains: 130, and no traceback."""

    async def stopped() -> tuple[int | None, str, str]:
        async with serving() as server:
            server.on("GET", "/v1/videos/", answer(waiting))
            left(tmp_path, server.base_url, 2, 2)
            command = [*HARNESS, *map(str, options(tmp_path, server))]
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=PROJECT,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            while not server.requests:
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
            return process.returncode, out.decode(), err.decode()

    code, out, err = asyncio.run(stopped())
    assert (code, out) == (130, "")
    assert err == "harness: interrupted; 2 of 2 jobs are still open: harness resume\n"
    journal = opened(tmp_path)
    assert [entry.state for entry in journal.entries()] == [EntryState.SUBMITTED] * 2
    journal.close()


def test_a_missing_library(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """One line says what to install."""
    monkeypatch.setattr("harness.cli.live.find_spec", lambda name: None if name == "httpx_sse" else sys)
    got = call(capsys, "resume")

    assert (got.code, got.out) == (2, "")
    assert got.err == "harness: resume needs httpx_sse: pip install 'video-api-harness[live]'\n"
    assert json.dumps(got.err)
