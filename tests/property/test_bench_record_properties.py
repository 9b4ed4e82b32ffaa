"""Any run of a benchmark survives every way in which it is kept."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.bench.history.history import History
from harness.errors import OperatorError, SourceError
from harness.measurement.files import end_line, history_json, job_line, read_runs, run_line
from harness.measurement.job import BenchRecord
from harness.measurement.json import as_line, read_record, record_json
from harness.report.visible import as_json
from tests.measurement.records import records


@given(records())
def test_a_record_as_json(record: BenchRecord) -> None:
    """Indented or on one line: what is read is what was written, to the last digit."""
    assert read_record(json.dumps(record_json(record), indent=1), "f") == record
    assert read_record(as_line(record_json(record)), "f") == record
    assert read_runs(as_json(history_json([record])), "f").records == (record,)


@given(records(), st.integers(0, 3))
def test_a_record_line_by_line(record: BenchRecord, known: int) -> None:
    """As it is kept while a run goes on: what there was by then, then job by job."""
    begun = BenchRecord(
        **{name: getattr(record, name) for name in record.__slots__ if name not in ("jobs", "finished_at")},
        finished_at=None,
        jobs=record.jobs[:known],
    )
    lines = [run_line(begun), *(job_line(record.id, job) for job in record.jobs[known:])]
    if isinstance(record.finished_at, datetime):
        lines.append(end_line(record.id, record.finished_at))
    text = "".join(f"{as_line(line)}\n" for line in lines)
    assert read_runs(text, "f").records == (record,)


@settings(max_examples=15)
@given(records())
def test_a_record_in_a_database(record: BenchRecord) -> None:
    """SQLite gives back what it was given."""
    with TemporaryDirectory() as directory:
        history = History.open(f"sqlite:///{directory}/h.sqlite", fallback=Path(directory) / "unused")
        assert history.merge(record) == (len(record.jobs),)
        assert history.merge(record) == (0,)
        assert history.records() == (record,)
        history.close()


@given(records(), st.data())
def test_a_record_with_one_thing_changed(record: BenchRecord, data: st.DataObject) -> None:
    """Whatever stands in place of a member: a record, or a refusal with its place; never another error."""
    document = record_json(record)
    at = document
    while True:
        if isinstance(at, dict) and at:
            key = data.draw(st.sampled_from(list(at)))
        elif isinstance(at, list) and at:
            key = data.draw(st.integers(0, len(at) - 1))
        else:
            return
        if not isinstance(at[key], (dict, list)) or not at[key] or data.draw(st.booleans()):
            break
        at = at[key]
    odd = st.sampled_from([None, True, -1, 1.5, "", "x", [], {}, [1], {"a": 1}, 10**400])
    at[key] = data.draw(odd)
    refusal = None
    try:
        read_record(json.dumps(document, indent=1), "f")
    except SourceError as refused:
        refusal = str(refused)
    assert refusal is None or re.match(r"f:[1-9]\d*:[1-9]\d*: ", refusal)


@given(records(), st.data())
def test_a_text_that_is_cut(record: BenchRecord, data: st.DataObject) -> None:
    """Any beginning of a file is refused, or read with a note; nothing crashes."""
    lines = [run_line(record), *(job_line(record.id, job) for job in record.jobs)]
    text = "".join(f"{as_line(line)}\n" for line in lines)
    end = data.draw(st.integers(0, len(text) - 2))
    try:
        runs = read_runs(text[:end], "f")
    except OperatorError:
        return
    assert len(runs.records) <= 1
    assert all("the end of this line is missing" in note for note in runs.notes)
