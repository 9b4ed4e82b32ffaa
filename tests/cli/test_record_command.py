"""`harness record`: what it writes, what it refuses, and what is left when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.cassette.read import read_recordings
from harness.cassette.unfinished import read_journal
from harness.cassette.write import spec_digest
from harness.spec.store import SpecStore
from harness.wire.message import Provenance, Recording
from tests.cli.calling import HARNESS, call
from tests.shared import PROJECT
from tests.simulator.serving import Served, serving

MODEL = "novita/kling-v2.6-pro-t2v"
FILE = Path("cassettes/novita/kling-v2.6-pro-t2v.poll.yaml")


@pytest.fixture(scope="module")
def simulator() -> Iterator[Served]:
    """One provider, in a hurry."""
    with serving(models=(MODEL,), time_scale=500.0, seed=3) as served:
        yield served


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOVITA_API_KEY", raising=False)
    return tmp_path


def reach(simulator: Served) -> tuple[str, ...]:
    """The options that lead to the simulator."""
    return ("--base-url", f"novita={simulator.base_urls['novita']}", "--time-scale", "500")


def read(path: Path) -> Recording:
    (found,) = read_recordings(path)
    assert isinstance(found, Recording)
    return found


def test_a_cassette_says_what_it_is(capsys, simulator):
    """Provenance, model, the digest of its spec, when, a title; a simulated one does not expire."""
    before = datetime.now(UTC).replace(microsecond=0)
    made = call(capsys, "record", MODEL, "--to", "cassettes", "--title", "a test", *reach(simulator))
    assert made.code == 0
    assert made.err == f"{MODEL}: succeeded; wrote {FILE}\n"
    assert made.out.splitlines()[-1].startswith("conforms: 0 errors, 0 warnings, 0 info; judged ")
    found = read(FILE)
    assert (found.provenance, found.model, found.title) == (Provenance.SIMULATED, MODEL, "a test")
    assert found.spec_digest == spec_digest(SpecStore().get(MODEL))
    assert found.recorded_at is not None
    assert before <= found.recorded_at <= datetime.now(UTC)
    assert (found.expires, found.timeline) == (None, "recorded")
    assert {e.request.url.split("/v3/")[0] for e in found.exchanges[:-1]} == {"https://api.novita.ai"}


def test_an_end_can_be_given(capsys, simulator):
    """In days from now."""
    call(capsys, "record", MODEL, "--to", "cassettes", "--expires-days", 3, *reach(simulator))
    found = read(FILE)
    assert found.recorded_at is not None
    assert found.expires == found.recorded_at + timedelta(days=3)


def test_the_request_can_be_given(capsys, simulator):
    """What breaks the documents is recorded as what it is."""
    Path("body.json").write_text(json.dumps({"prompt": "a fox", "duration": 7}))
    made = call(
        capsys,
        "record",
        MODEL,
        "--to",
        "cassettes",
        "--body",
        "body.json",
        *reach(simulator),
        "--format",
        "json",
    )
    assert made.code == 1
    assert made.findings[0] == (MODEL, "request.enum", "/duration")
    assert made.json["summary"]["error"] == 1
    assert json.loads(read(FILE).exchanges[0].request.body)["duration"] == 7


def test_what_is_there_is_not_recorded_anew_unasked(capsys, simulator):
    """It is said before anything is sent."""
    FILE.parent.mkdir(parents=True)
    FILE.write_text("old")
    before = len(simulator.ledger()["jobs"])
    made = call(capsys, "record", MODEL, "--to", "cassettes", *reach(simulator))
    assert (made.code, made.out) == (2, "")
    assert made.err == f"harness: {FILE}: is there already; --overwrite records it anew\n"
    assert (len(simulator.ledger()["jobs"]), FILE.read_text()) == (before, "old")
    assert call(capsys, "record", MODEL, "--to", "cassettes", "--overwrite", *reach(simulator)).code == 0
    assert len(read(FILE).exchanges) > 1


@pytest.mark.parametrize(
    ("options", "code", "expected"),
    [
        ((), 2, f"{MODEL}: a job at api.novita.ai costs money; say that it may (--live)"),
        (("--live",), 4, f"{MODEL}: a job at api.novita.ai costs money, and there is no budget"),
        (
            ("--live", "--max-cost-usd", "5"),
            4,
            f"{MODEL}: no price is documented or configured, so its cost cannot be bounded: "
            "a budget in jobs is required",
        ),
        (
            ("--live", "--max-jobs", "0"),
            4,
            "the budget does not cover the worst case: 0 of 0 jobs are reserved or spent, "
            "and this request may make 1",
        ),
    ],
)
def test_spending_needs_a_word_and_a_budget(capsys, monkeypatch, options, code, expected):
    """Before anything is sent; no journal of a recording is left of it."""
    monkeypatch.setenv("NOVITA_API_KEY", "key-of-the-test-0123")
    made = call(capsys, "record", MODEL, "--to", "cassettes", *options)
    assert (made.code, made.out, made.err) == (code, "", f"harness: {expected}\n")
    assert [path for path in Path("cassettes").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "record: expected MODEL and --to DIR, or --recover FILE"),
        ((MODEL,), "record: expected MODEL and --to DIR, or --recover FILE"),
        ((MODEL, "--to", "c", "--body", "gone.json"), "gone.json: No such file or directory"),
        ((MODEL, "--to", "c", "--body", "list.json"), "list.json: expected a JSON object"),
        ((MODEL, "--to", "c", "--body", "text.json"), "text.json: not JSON"),
        ((MODEL, "--to", "c", "--mode", "events"), f"{MODEL} documents no events; it documents: poll"),
        (("--recover", "a.yaml"), "a.yaml: expected the .journal file of a recording"),
        (("--recover", "a.journal"), "a.journal: No such file or directory"),
    ],
)
def test_what_cannot_be_recorded_is_said(capsys, arguments, expected):
    """One line, nothing on stdout, nothing written."""
    Path("list.json").write_text("[]")
    Path("text.json").write_text("a fox")
    made = call(capsys, "record", *arguments)
    assert (made.code, made.out, made.err) == (2, "", f"harness: {expected}\n")
    assert not Path("c").exists() or list(Path("c").rglob("*.*")) == []


def test_a_killed_recording_loses_nothing_that_was_paid_for(capsys):
    """Every message before the kill is in the journal, and `--recover` makes a cassette of it."""
    with serving(models=(MODEL,), time_scale=100.0, seed=3) as slow:
        options = ("--base-url", f"novita={slow.base_urls['novita']}", "--time-scale", "100")
        command = [*HARNESS, "record", MODEL, "--to", "cassettes", *options]
        environ = {**os.environ, "PYTHONPATH": str(PROJECT)}
        journal = FILE.with_name(f"{FILE.name}.journal")
        with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as process:
            limit = time.monotonic() + 20
            while time.monotonic() < limit and not (journal.exists() and len(read_journal(journal)[1]) >= 3):
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
        (job,) = slow.ledger()["jobs"]
    kept = len(read_journal(journal)[1])
    assert kept >= 3
    again = call(capsys, "record", MODEL, "--to", "cassettes", *options)
    assert (again.code, "a recording was not finished here" in again.err) == (2, True)

    recovered = call(capsys, "record", "--recover", journal, "--format", "json")
    assert (recovered.code, recovered.err) == (0, f"wrote {FILE}\n")
    assert recovered.json["observed"]["exchanges"] == kept
    assert not journal.exists()
    found = read(FILE)
    assert (len(found.exchanges), found.provenance, found.timeline) == (
        kept,
        Provenance.SIMULATED,
        "recorded",
    )
    assert found.exchanges[0].response is not None
    assert json.loads(found.exchanges[0].response.body)["task_id"] == job["id"]


def test_an_interrupted_recording_says_where_it_is(capsys, simulator, monkeypatch):
    """Exit 130, and the way to keep what was seen."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("harness.client.client.Client.fetch", interrupted)
    made = call(capsys, "record", MODEL, "--to", "cassettes", *reach(simulator))
    journal = f"{FILE}.journal"
    assert (made.code, made.out) == (130, "")
    assert made.err.splitlines()[0] == (
        f"harness: what was recorded is in {journal}; harness record --recover keeps it"
    )
    assert call(capsys, "record", "--recover", journal).code == 0


def test_an_empty_journal_is_nothing_to_recover(capsys):
    """Nothing was seen, so nothing was paid for."""
    Path("a.yaml.journal").write_text('{"recording": {"format": 1, "provenance": "live"}}\n')
    made = call(capsys, "record", "--recover", "a.yaml.journal")
    assert (made.code, made.err) == (2, "harness: a.yaml.journal: nothing was recorded; delete it\n")


def test_a_cassette_that_cannot_be_kept_leaves_its_journal(capsys, simulator, monkeypatch):
    """A key that is a word of every cassette cannot be taken out of it; nothing that was paid for is lost."""
    monkeypatch.setenv("NOVITA_API_KEY", "interactions")
    made = call(capsys, "record", MODEL, "--to", "cassettes", *reach(simulator))
    assert (made.code, made.out) == (2, "")
    kept, refused = made.err.splitlines()
    assert kept == f"harness: what was recorded is in {FILE}.journal; harness record --recover keeps it"
    assert refused == f"harness: {FILE}: not kept, it would hold a secret: a secret as it is, line 1"
    assert [path.name for path in FILE.parent.iterdir()] == [f"{FILE.name}.journal"]
