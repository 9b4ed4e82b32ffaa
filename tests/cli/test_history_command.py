"""`harness history`."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from harness.bench.history.export import COLUMNS
from harness.bench.history.history import History
from harness.measurement.files import history_json, job_line, run_line
from harness.measurement.job import BenchRecord, JobOutcome, Provenance
from harness.measurement.json import as_line
from tests.bench.runs import MODEL, START, a_job, a_run
from tests.cli.calling import Outcome, call, process

ONE = a_run("20260301T120000Z-aaaaaa", jobs=2)
TWO = a_run(
    "20260302T120000Z-bbbbbb",
    created_at=START + timedelta(days=1),
    finished_at=None,
    machine="machine-2",
    region="eu\x1b[31m",
    jobs=(a_job(7), a_job(8, outcome=JobOutcome.REFUSED, intervals={}, note="=1+1", cost_usd=None)),
)
LIVE = a_run("20260303T120000Z-cccccc", jobs=1, provenance=Provenance.LIVE, created_at=START + timedelta(2))


def history(capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, *words: object) -> Outcome:
    """The command on a test's own history."""
    return call(capsys, "history", kind, *words, "--store", f"sqlite:///{tmp_path}/history.sqlite")


def kept(tmp_path: Path, *records: BenchRecord) -> None:
    """A history with some runs."""
    opened = History.open(f"sqlite:///{tmp_path}/history.sqlite", fallback=tmp_path / "unused")
    for record in records:
        opened.merge(record)
    opened.close()


def a_file(path: Path, *records: BenchRecord) -> Path:
    """A file with some runs."""
    path.write_text(json.dumps(history_json(records)), encoding="utf-8")
    return path


def test_list(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Each run with its provenance, its jobs and its machine; a machine's name cannot paint the terminal."""
    kept(tmp_path, TWO, ONE, LIVE)
    got = history(capsys, tmp_path, "list")
    assert (got.code, got.err) == (0, "")
    assert got.out.splitlines() == [
        "20260301T120000Z-aaaaaa  2026-03-01 12:00Z  simulated  2 jobs",
        "    sitting, plan dddddddddddd, on machine-1",
        f"    {MODEL}",
        "20260302T120000Z-bbbbbb  2026-03-02 12:00Z  simulated  2 jobs, cut short or still going on",
        "    sitting, plan dddddddddddd, on machine-2, eu\\x1b[31m",
        f"    {MODEL}",
        "20260303T120000Z-cccccc  2026-03-03 12:00Z  live  1 job",
        "    sitting, plan dddddddddddd, on machine-1",
        f"    {MODEL}",
    ]
    assert history(capsys, tmp_path, "list", "--model", "nobody/nothing").out == "no runs\n"


def test_list_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """The same, for programs: jobs are counted."""
    kept(tmp_path, ONE, LIVE)
    got = history(capsys, tmp_path, "list", "--format", "json", "--provenance", "live").json
    assert got["schema"] == "harness.bench-list/1"
    assert [(run["id"], run["provenance"], run["jobs"]) for run in got["runs"]] == [(LIVE.id, "live", 1)]
    assert got["runs"][0]["machine"] == "machine-1"


def test_where_there_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Looking makes none; what needs one says so."""
    words = f"no history at sqlite:///{tmp_path}/history.sqlite: nothing was measured into it\n"
    assert history(capsys, tmp_path, "list").out == words
    assert history(capsys, tmp_path, "list", "--format", "json").json["runs"] == []
    got = history(capsys, tmp_path, "show", "LAST")
    assert (got.code, got.out, got.err) == (2, "", f"harness: {words}")
    assert list(tmp_path.iterdir()) == []


def test_show(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """One run, or two as one sample: outcomes by model, and what was not equal."""
    kept(tmp_path, ONE, TWO, LIVE)
    got = history(capsys, tmp_path, "show", "20260301", TWO.id)
    assert got.code == 0
    assert got.out.splitlines()[6:] == [
        "simulated jobs:",
        f"    {MODEL} (poll): 3 succeeded, 1 refused",
        f"    not equal: audio: {MODEL}: true, other/video-1-text-to-video: null (default undocumented)",
    ]
    assert history(capsys, tmp_path, "show", "LAST").out.startswith(f"{LIVE.id}  ")
    got = history(capsys, tmp_path, "show", "LAST", "--format", "json")
    assert got.json == history_json([LIVE])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("2026",), "'2026' is the beginning of 3 runs: "),
        (("1999",), "no run '1999'; harness history list shows those that there are"),
        (("20260301", "20260303"), "simulated and live jobs are never joined"),
    ],
)
def test_what_cannot_be_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, names: tuple[str, ...], message: str
):
    """One clear message."""
    kept(tmp_path, ONE, TWO, LIVE)
    got = history(capsys, tmp_path, "show", *names)
    assert (got.code, got.out) == (2, "")
    assert message in got.err


def test_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A row for each job and phase; no job is missing, and nothing is a formula."""
    kept(tmp_path, ONE, TWO)
    got = history(capsys, tmp_path, "export")
    table = list(csv.DictReader(io.StringIO(got.out)))
    assert list(table[0]) == list(COLUMNS)
    assert [(row["job"], row["phase"]) for row in table] == [
        (ONE.jobs[0].id, "submit"),
        (ONE.jobs[0].id, "total"),
        (ONE.jobs[1].id, "submit"),
        (ONE.jobs[1].id, "total"),
        (TWO.jobs[0].id, "submit"),
        (TWO.jobs[0].id, "total"),
        (TWO.jobs[1].id, ""),
    ]
    assert (table[0]["low_s"], table[0]["high_s"], table[0]["right_censored"]) == (
        "0.1",
        "0.30000000000000004",
        "false",
    )
    assert table[0]["submitted_at_utc"] == "2026-03-01T12:00:00.000250+00:00"
    assert (table[6]["note"], table[6]["cost_usd"], table[6]["low_s"]) == ("'=1+1", "", "")


def test_parquet(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """The same rows, with types."""
    kept(tmp_path, ONE, TWO)
    target = tmp_path / "out" / "runs.parquet"
    got = history(capsys, tmp_path, "export", "--format", "parquet", "--output", target)
    assert (got.code, got.out, got.err) == (0, "", f"wrote {target}: 2 runs\n")
    table = pq.read_table(target)
    assert table.column_names == list(COLUMNS)
    assert str(table.schema.field("low_s").type) == "double"
    assert str(table.schema.field("submitted_at_utc").type) == "timestamp[us, tz=UTC]"
    found = table.to_pylist()
    submit_s = 0.30000000000000004
    assert [row["high_s"] for row in found] == [submit_s, 152.0, submit_s, 152.1, submit_s, 152.7, None]
    assert found[6]["note"] == "=1+1"
    assert found[0]["submitted_at_utc"] == ONE.jobs[0].submitted_at


def test_a_table_is_of_one_provenance(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Simulated and live figures in one column would be averaged."""
    kept(tmp_path, ONE, LIVE)
    got = history(capsys, tmp_path, "export")
    assert (got.code, got.out) == (2, "")
    assert got.err == (
        "harness: simulated and live runs in one table: choose with --provenance simulated|live\n"
    )
    got = history(capsys, tmp_path, "export", "--provenance", "live")
    assert [row["run"] for row in csv.DictReader(io.StringIO(got.out))] == [LIVE.id] * 2


def test_there_and_back(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """What was exported as JSON is taken by another history, once."""
    kept(tmp_path, ONE, TWO, LIVE)
    target = tmp_path / "runs.json"
    assert history(capsys, tmp_path, "export", "--format", "json", "--output", target).code == 0
    (tmp_path / "history.sqlite").unlink()
    got = history(capsys, tmp_path, "import", target)
    assert got.out.splitlines() == [
        f"{ONE.id}  simulated  2 jobs, 2 new",
        f"{TWO.id}  simulated  2 jobs, 2 new",
        f"{LIVE.id}  live  1 job, 1 new",
    ]
    assert history(capsys, tmp_path, "import", target, target).out.count(", 0 new") == 6
    opened = History.open(f"sqlite:///{tmp_path}/history.sqlite", fallback=tmp_path / "unused")
    assert opened.records() == (ONE, TWO, LIVE)
    opened.close()


def test_files_of_several_machines(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """They are joined in one history, and shown as one sample."""
    got = history(
        capsys, tmp_path, "import", a_file(tmp_path / "1.json", ONE), a_file(tmp_path / "2.json", TWO)
    )
    assert got.code == 0
    assert "3 succeeded, 1 refused" in history(capsys, tmp_path, "show", ONE.id, TWO.id).out


def test_what_was_kept_while_the_database_was_gone(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A line that was cut off by a kill is left out, and said."""
    path = tmp_path / "unsaved.jsonl"
    part = replace(ONE, jobs=ONE.jobs[:1], finished_at=None)
    lines = [as_line(run_line(part)), as_line(job_line(ONE.id, ONE.jobs[1]))]
    path.write_text("\n".join(lines) + "\n" + as_line(job_line(ONE.id, a_job(5)))[:99], encoding="utf-8")
    got = history(capsys, tmp_path, "import", path)
    assert (got.code, got.out) == (0, f"{ONE.id}  simulated  2 jobs, 2 new\n")
    assert got.err == f"{path}:3: the end of this line is missing; it was left out\n"


def test_other_content_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """With the file that has it; nothing of any file is taken."""
    kept(tmp_path, ONE)
    path = a_file(tmp_path / "other.json", replace(ONE, seed=8))
    got = history(capsys, tmp_path, "import", a_file(tmp_path / "two.json", TWO), path)
    assert (got.code, got.out) == (2, "")
    assert got.err == f"harness: {path}: run {ONE.id}: a run of this id is there with other content: seed\n"
    assert [run["id"] for run in history(capsys, tmp_path, "list", "--format", "json").json["runs"]] == [
        ONE.id
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1:1: expected runs of a benchmark, got nothing"),
        (b"\xff\xfe", ": expected UTF-8, got byte 0 that is not"),
        (b"hello", ":1:1: not JSON: expected a value, got 'h'"),
        (
            b'{\n "schema": "harness.findings/1"}',
            ":2:12: schema: expected one of harness.bench-record/1, harness.bench-history/1, "
            "harness.bench-line/1, got 'harness.findings/1'",
        ),
    ],
)
def test_files_that_are_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, message: str
):
    """File, line and column; the history is not even made."""
    path = tmp_path / "runs.json"
    path.write_bytes(content)
    got = history(capsys, tmp_path, "import", path)
    assert (got.code, got.out, got.err) == (2, "", f"harness: {path}{message}\n")
    assert not (tmp_path / "history.sqlite").exists()


def test_no_password_is_shown(capsys: pytest.CaptureFixture[str]):
    """Nobody answers at that address."""
    url = "postgresql+psycopg://user:hunter22@127.0.0.1:1/runs?password=hunter22"
    got = call(capsys, "history", "list", "--store", url)
    assert (got.code, got.out) == (3, "")
    assert got.err.startswith("harness: postgresql+psycopg://user:***@127.0.0.1:1/runs: ")
    assert "hunter22" not in got.err


def test_another_program_s_file(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Its tables are left alone."""
    with sqlite3.connect(tmp_path / "history.sqlite") as connection:
        connection.execute("CREATE TABLE entries (id TEXT)")
    connection.close()
    got = history(capsys, tmp_path, "list")
    assert (got.code, got.out) == (2, "")
    assert got.err == (
        f"harness: sqlite:///{tmp_path}/history.sqlite: not a history: it has the tables entries\n"
    )


def test_nothing_heavy_for_its_help():
    """`--help` needs neither SQLAlchemy nor pyarrow."""
    script = (
        "import sys; from harness.cli.main import main; main(['history', 'import', '--help']); "
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'pyarrow', 'numpy')))"
    )
    assert process([sys.executable, "-c", script]).code == 0
