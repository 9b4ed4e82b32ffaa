"""The journal of a recording that is under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.cassette.cut import cut_response
from harness.cassette.read import read_recordings
from harness.cassette.unfinished import RecordingJournal, journal_path, read_journal
from harness.errors import OperatorError
from harness.finding import Location, Skipped
from harness.wire.message import Delivery, Event, Exchange, HttpResponse, Recording
from tests.cassette.messages import NOW, exchange, recording

START = recording(
    model="a/b", title="a job", spec_digest="sha256:0", expires=NOW + timedelta(days=1), recorded_at=NOW
)
VIDEO = cut_response(
    HttpResponse(status=200, headers=(("Content-Type", "video/mp4"),), body=b"\xff\x00" * 50_000)
)
MESSAGES = (
    exchange(b"{}", sent_s=0.0, received_s=0.5, sent_utc=NOW, received_utc=NOW),
    exchange(None, error="no answer", sent_s=1.0),
    replace(exchange(), response=VIDEO),
    Event(name="n", data="d", subject=Location(file="x"), received_s=3.0),
    Delivery(headers=(("A", "b"), ("A", "c")), body=b"\xff", subject=Location(file="x"), received_s=4.0),
)


def read(path: Path) -> tuple[Recording, list[Exchange | Event | Delivery]]:
    """What a journal holds, without the places in the file."""
    start, messages = read_journal(path)
    return replace(start, file="x"), [replace(m, subject=Location(file="x")) for m in messages]


def written(path: Path) -> RecordingJournal:
    journal = RecordingJournal(path, START)
    for message in MESSAGES:
        journal.append(message)
    return journal


def test_every_message_is_on_the_disk_before_the_next(tmp_path: Path):
    """The file is whole at every moment; nothing waits for the end."""
    path = journal_path(tmp_path / "deep" / "job.yaml")
    assert path.name == "job.yaml.journal"
    journal = RecordingJournal(path, START)
    for count, message in enumerate(MESSAGES):
        assert read(path) == (START, list(MESSAGES[:count]))
        journal.append(message)
    assert read(path) == (START, list(MESSAGES))
    journal.close()
    assert path.exists()


def test_a_torn_last_line_loses_itself_alone(tmp_path: Path):
    """The process was killed in the middle of a write; every earlier message is there."""
    path = tmp_path / "job.yaml.journal"
    written(path).close()
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in (last, last + 1, len(whole) - 5):
        path.write_bytes(whole[:cut])
        assert read(path)[1] == list(MESSAGES[:-1])
    path.write_bytes(whole[:-1])  # but for its line end it is whole
    assert read(path)[1] == list(MESSAGES)


def test_a_line_torn_anywhere_else_is_a_broken_file(tmp_path: Path):
    """It is named; nothing is guessed."""
    path = tmp_path / "a.journal"
    written(path).close()
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], lines[1][:-3], *lines[2:]]))
    with pytest.raises(OperatorError) as caught:
        read_journal(path)
    assert str(caught.value) == f"{path}:2: not JSON"


@pytest.mark.parametrize("text", ["", "{", '{"exchange": {}}\n'])
def test_another_file_is_refused(tmp_path: Path, text: str):
    """What it should be is said."""
    path = tmp_path / "a.journal"
    path.write_text(text)
    with pytest.raises(OperatorError) as caught:
        read_journal(path)
    assert str(caught.value) == f"{path}: expected the journal of a recording, which begins with what it is"


def test_an_unknown_format_or_line_is_refused(tmp_path: Path):
    """A newer version may mean something else by it."""
    path = tmp_path / "a.journal"
    path.write_text('{"recording": {"format": 2}}\n')
    with pytest.raises(OperatorError, match=r"a\.journal:1: recording\.format: expected 1, got 2$"):
        read_journal(path)
    path.write_text('{"recording": {"format": 1, "provenance": "live"}}\n{"trace": 1}\n')
    with pytest.raises(OperatorError, match=r"a\.journal:2: unknown member 'trace'"):
        read_journal(path)
    path.write_text('{"recording": {"format": 1, "provenance": "live"}}\n{}\n')
    with pytest.raises(OperatorError, match=r"a\.journal:2: expected one of exchange, event, delivery$"):
        read_journal(path)


def test_an_unfinished_recording_is_not_written_over(tmp_path: Path):
    """It may hold what was paid for."""
    path = tmp_path / "a.journal"
    RecordingJournal(path, START).close()
    with pytest.raises(OperatorError) as caught:
        RecordingJournal(path, START)
    assert str(caught.value) == (
        f"{path}: a recording was not finished here; `harness record --recover {path}` keeps what it has, "
        "deleting the file gives it up"
    )


def test_a_finished_one_leaves_nothing(tmp_path: Path):
    """The cassette is there instead."""
    written(tmp_path / "a.journal").discard()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    """Before anything is paid for."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match=r"/file/a\.journal: (Not a directory|File exists)$"):
        RecordingJournal(tmp_path / "file" / "a.journal", START)


def test_a_directory_of_recordings_says_what_it_is(tmp_path: Path):
    """It is passed over with the way to finish it; `check traffic` does not fail on it."""
    written(tmp_path / "job.yaml.journal").close()
    shown = str(tmp_path / "job.yaml.journal")
    why = "a recording that was not finished; `harness record --recover` finishes it"
    assert list(read_recordings(tmp_path)) == [Skipped(what=shown, why=why)]
