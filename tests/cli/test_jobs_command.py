"""`harness jobs`."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.client.entry import Entry, EntryState
from tests.cli.calling import Outcome, call
from tests.client.entries import opened, reserved

STATES = {
    "open": EntryState.SUBMITTED,
    "possibly billed": EntryState.POSSIBLY_BILLED,
    "paid": EntryState.DONE,
    "refused": EntryState.REFUSED,
    "abandoned": EntryState.ABANDONED,
}


def journalled(path: Path) -> dict[str, Entry]:
    """A journal with an entry of each group, by group."""
    journal, made = opened(path), {}
    for group, state in STATES.items():
        entry = reserved(journal)
        if state is EntryState.ABANDONED:
            journal.ended(entry.id, state, counted=False, note="never sent")
        else:
            journal.sent(entry.id)
            if state in (EntryState.SUBMITTED, EntryState.DONE):
                journal.submitted(entry.id, [f"job\x1b[31m-{group}"])
            if state is EntryState.DONE:
                journal.ended(entry.id, state, output="https://cdn.example.com/1.mp4")
            elif state is not EntryState.SUBMITTED:
                journal.ended(entry.id, state, note="no answer")
        made[group] = journal.entry(entry.id)
    journal.close()
    return made


def jobs(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> Outcome:
    """The command on a test's journal."""
    return call(capsys, "jobs", "--journal", path / "journal.sqlite", *options)


def test_every_group_and_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Open first, then what may have been billed; a provider's id cannot paint the terminal."""
    made = journalled(tmp_path)

    got = jobs(capsys, tmp_path)

    assert got.code == 0
    assert [line for line in got.out.splitlines() if not line.startswith(" ")] == [
        "open: 1",
        "possibly billed: 1",
        "paid: 1",
        "refused: 1",
        "abandoned: 1",
    ]
    assert f"  {made['open'].id}  submitted  example/video-1-text-to-video  job job" in got.out
    assert "      to do    harness resume\n" in got.out
    assert "      to do    look for it in the provider's own list; it is never sent again\n" in got.out
    assert "      output   https://cdn.example.com/1.mp4\n" in got.out
    assert "at http://127.0.0.1:1, at most 0.35 USD, not counted\n" in got.out
    assert "\x1b" not in got.out


def test_json(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """The same, for programs."""
    made = journalled(tmp_path)

    got = jobs(capsys, tmp_path, "--format", "json").json

    assert got["schema"] == "harness.jobs/1"
    assert got["summary"] == dict.fromkeys(STATES, 1)
    assert [(job["entry"], job["group"], job["state"], job["counted"]) for job in got["jobs"]] == [
        (made[group].id, group, state.value, group != "abandoned") for group, state in STATES.items()
    ]
    assert got["jobs"][0]["cost_usd"] == 0.35


def test_without_a_journal(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Looking makes none."""
    got = jobs(capsys, tmp_path)

    assert (got.code, got.err) == (0, "")
    assert got.out == f"no journal at {tmp_path / 'journal.sqlite'}: no job was submitted from here\n"
    assert jobs(capsys, tmp_path, "--format", "json").json["jobs"] == []
    assert list(tmp_path.iterdir()) == []


def test_an_empty_journal(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """It says so."""
    opened(tmp_path).close()
    assert jobs(capsys, tmp_path).out == "the journal is empty\n"


def test_giving_up(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """What is open, or may have been billed, can be given up; it stays counted."""
    made = journalled(tmp_path)

    got = jobs(
        capsys,
        tmp_path,
        "--abandon",
        made["open"].id,
        "--abandon",
        made["possibly billed"].id,
        "--format",
        "json",
    ).json

    assert got["summary"] == {"open": 0, "possibly billed": 0, "paid": 1, "refused": 1, "abandoned": 3}
    assert [job["counted"] for job in got["jobs"]] == [True, True, True, True, False]
    assert got["jobs"][0]["note"] == "given up by the operator; it stays counted"


@pytest.mark.parametrize(
    ("group", "message"),
    [("paid", "is done; there is nothing to give up"), ("abandoned", "is abandoned; there is nothing")],
)
def test_what_cannot_be_given_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, group: str, message: str
):
    """It has ended."""
    made = journalled(tmp_path)
    got = jobs(capsys, tmp_path, "--abandon", made[group].id)

    assert (got.code, got.out) == (2, "")
    assert message in got.err


def test_jobs_of_a_running_process(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """They are in use, and are not given up behind its back."""
    journal = opened(tmp_path)
    entry = reserved(journal)
    journal.sent(entry.id)
    journal.submitted(entry.id, ["job-1"])

    assert "to do    nothing: a running process works on it" in jobs(capsys, tmp_path).out
    got = jobs(capsys, tmp_path, "--abandon", entry.id)
    assert (got.code, got.err) == (2, f"harness: entry {entry.id}: a running process works on it\n")
    journal.close()


def test_what_is_no_journal(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """One clear message."""
    (tmp_path / "journal.sqlite").write_text("x" * 5000, encoding="utf-8")
    got = jobs(capsys, tmp_path)

    assert (got.code, got.out) == (2, "")
    assert got.err == f"harness: {tmp_path / 'journal.sqlite'}: not a journal: file is not a database\n"
