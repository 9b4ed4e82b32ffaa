"""The main job on what is shipped, and on traffic of the user's own."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.cli.commands.check import judges_for
from harness.cli.main import main
from harness.errors import OperatorError
from harness.finding import Severity, Verdict
from harness.record import RunRecord
from harness.report.json import record_json
from harness.run import check_traffic, lint_all, run, shipped_recordings
from harness.spec.store import SpecStore
from harness.stats.estimate import EstimateVerdict

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 20, tzinfo=UTC)
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"


@pytest.fixture(scope="module")
def record() -> RunRecord:
    """One run on the shipped specs and cassettes."""
    store = SpecStore()
    return run(store, shipped_recordings(), judges_for(store), now=NOW)


def test_what_is_shipped_conforms(record: RunRecord) -> None:
    """No shipped spec, cassette or encoded discrepancy is at fault."""
    errors = [f for f in record.judgement.findings if f.severity is Severity.ERROR]
    assert [(f.rule.id, str(f.subject), f.message) for f in errors] == []
    assert record.judgement.verdict is Verdict.CONFORMS


def test_the_evidence_is_counted_by_provenance(record: RunRecord) -> None:
    """Every message of the shipped cassettes has its provenance, and none is live."""
    assert record.messages["live"] == 0
    assert record.messages["unknown"] == 0
    assert record.messages["documented"] >= 40
    assert sum(sum(model.messages.values()) for model in record.models) >= record.messages["documented"]


def test_no_message_of_a_shipped_cassette_is_skipped_unexplained(record: RunRecord) -> None:
    """What is skipped says why."""
    assert all(skipped.why for skipped in record.judgement.observed.skipped)


def test_the_printed_run_bounds_its_estimate_and_proves_nothing(record: RunRecord) -> None:
    """AI/ML API's one printed run: after the last pending poll at 135 s, by the 152 s that the page names."""
    lines = [line for line in record.estimates if line.model == AIMLAPI]
    (line,) = [line for line in lines if line.provenance == "documented"]
    (job,) = line.jobs
    assert (job.low_s, job.high_s) == (135.0, 152.0)
    assert line.verdict is EstimateVerdict.INSUFFICIENT
    assert "1 documented job" in line.remark
    assert {other.provenance for other in lines} == {"documented", "simulated"}


def test_every_model_has_a_line_beside_its_estimates(record: RunRecord) -> None:
    """A model whose provider documents no time says so."""
    verdicts = {line.model: line.verdict for line in record.estimates}
    assert set(verdicts) == {model.id for model in record.models}
    assert verdicts["novita/kling-v2.6-pro-t2v"] is EstimateVerdict.UNDOCUMENTED


def test_a_record_names_no_path_of_this_machine(record: RunRecord) -> None:
    """A report can be shown to anybody."""
    assert str(ROOT) not in json.dumps(record_json(record))


def test_the_example_report_is_current() -> None:
    """reports/example is what scripts/make_example.py makes now; figures vary with matplotlib."""
    import importlib.util
    import tempfile

    source = ROOT / "scripts" / "make_example.py"
    loaded = importlib.util.spec_from_file_location("make_example", source)
    assert loaded is not None
    assert loaded.loader is not None
    script = importlib.util.module_from_spec(loaded)
    loaded.loader.exec_module(script)
    with tempfile.TemporaryDirectory() as directory:
        script.write_example(Path(directory))
        for name in ("report.json", "report.md", "report.html"):
            made = (Path(directory) / name).read_text(encoding="utf-8")
            kept = (ROOT / "reports" / "example" / name).read_text(encoding="utf-8")
            assert _without_figures(made) == _without_figures(kept), f"{name}: run scripts/make_example.py"


def _without_figures(text: str) -> str:
    return re.sub(r"<svg.*?</svg>", "<svg/>", text, flags=re.DOTALL)


def test_lint_of_what_is_shipped_is_clean() -> None:
    """Must hold 3, first half."""
    assert lint_all(SpecStore()).findings == ()


def test_an_empty_directory_is_inconclusive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing observed is never green: exit 3, or 0 where the caller says so."""
    assert main(["check", "traffic", str(tmp_path), "--format", "json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "inconclusive"
    assert [finding["rule"] for finding in document["findings"]] == ["traffic.nothing-observed"]
    assert main(["check", "traffic", str(tmp_path), "--inconclusive", "pass"]) == 0


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelt directory is not an empty one."""
    store = SpecStore()
    with pytest.raises(OperatorError, match=r"gone: no such file or directory\Z"):
        check_traffic(store, [tmp_path / "gone"], judges_for(store))


TAMPERINGS = {
    "status word changed": (
        "aimlapi/printed-run.yaml",
        r'"status": ?"completed"',
        '"status": "finished"',
        {"response.enum"},
    ),
    "field dropped": (
        "novita/kling-v1.6-success.yaml",
        r'"video_url": ?"[^"]*",?',
        "",
        {"response.required", "job.output-missing"},
    ),
    "type changed": ("aimlapi/printed-run.yaml", r'"url": ?"[^"]*"', '"url": 7', {"response.type"}),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_cassette_is_caught(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Must hold 6: each tampering is found, by the right rule."""
    file, pattern, replacement, rules = TAMPERINGS[name]
    source = shipped_recordings()[0] / "documented" / file
    text = source.read_text(encoding="utf-8")
    tampered, count = re.subn(pattern, replacement, text)
    assert count >= 1, text
    copy = tmp_path / source.name
    copy.write_text(tampered, encoding="utf-8")
    assert main(["check", "traffic", str(copy), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    errors = {finding["rule"] for finding in found if finding["severity"] == "error"}
    assert errors
    assert errors <= rules


def test_a_state_that_goes_backwards_is_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Must hold 6: a job that was running and is queued again."""
    source = shipped_recordings()[0] / "documented" / "aimlapi" / "printed-run.yaml"
    text = source.read_text(encoding="utf-8")
    polls = [match.start() for match in re.finditer(r'"status": ?"generating"', text)]
    assert len(polls) == 10
    tampered = text[: polls[5]] + re.sub("generating", "queued", text[polls[5] :], count=1)
    copy = tmp_path / source.name
    copy.write_text(tampered, encoding="utf-8")
    assert main(["check", "traffic", str(copy), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [f["rule"] for f in found if f["severity"] == "error"] == ["job.went-backwards"]


def test_own_traffic_joins_the_shipped_one(tmp_path: Path) -> None:
    """`harness run --traffic` judges what the user recorded, too."""
    source = shipped_recordings()[0] / "documented" / "novita" / "kling-v1.6-success.yaml"
    shutil.copy(source, tmp_path / "own.yaml")
    out = tmp_path / "reports"
    assert main(["run", "--output-dir", str(out), "--traffic", str(tmp_path / "own.yaml")]) == 0
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [r for r in report["recordings"] if r["file"].endswith("own.yaml")]


def test_run_writes_its_files_and_nothing_else(tmp_path: Path) -> None:
    """Nothing is left half-written beside the report."""
    assert main(["run", "--output-dir", str(tmp_path / "out")]) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.html", "report.md", "report.json", "figures"}
    assert all(path.suffix == ".svg" for path in (tmp_path / "out" / "figures").iterdir())


def test_run_into_a_place_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear message, exit 2, nothing on stdout."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert main(["run", "--output-dir", str(tmp_path / "taken" / "deeper")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "taken" in captured.err
    assert "Traceback" not in captured.err
