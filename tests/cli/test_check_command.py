"""`harness check request|response|traffic`: what it takes, what it writes, where."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.cli.parser import FORMATS
from harness.spec.store import shipped_directory
from tests.cli.calling import call

NOVITA = "novita/kling-v2.6-pro-t2v"
NOVITA_16 = "novita/kling-v1.6-t2v"
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
ALL = (AIMLAPI, EACHLABS, NOVITA_16, NOVITA, OXEN)
SEVEN = '{"prompt": "a fox",\n "duration": 7}'

# RFC 8785 canonical JSON of what makes that finding the same finding tomorrow.
IDENTITY = (
    '{"direction":"request","expected":[5,10],"facet":"enum","field":"/duration",'
    '"model":"novita/kling-v2.6-pro-t2v","operation":"submit","rule":"request.enum"}'
)

CASSETTES = shipped_directory("cassettes") / "documented"


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    """A request for seven seconds, which nobody sells."""
    return written(tmp_path / "seven.json", SEVEN)


def written(path: Path, content: str | dict[str, Any]) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What stands on stdin."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


class TestRequest:
    def test_a_finding_as_json_has_every_member_of_the_contract(
        self, seven: Path, capsys: pytest.CaptureFixture[str]
    ):
        """The shape that other teams' scripts read, member by member."""
        outcome = call(capsys, "check", "request", NOVITA, seven, "--format", "json")
        assert (outcome.code, outcome.err) == (1, "")
        spec = (shipped_directory("specs") / f"{NOVITA}.yaml").read_text(encoding="utf-8").splitlines()
        line = 1 + next(at for at, text in enumerate(spec) if text.strip() == "enum: [5, 10]")
        (finding,) = outcome.json["findings"]
        assert (
            outcome.json.items()
            >= {
                "schema": "harness.findings/1",
                "verdict": "violates",
                "observed": {"exchanges": 0, "operations": 1, "facts": 6, "skipped": []},
                "models": {NOVITA: "violates"},
                "summary": {"error": 1, "warning": 0, "info": 0, "waived": 0},
            }.items()
        )
        assert (
            finding.items()
            >= {
                "rule": "request.enum",
                "kind": "violation",
                "severity": "error",
                "impact": ["breaks"],
                "verdict": "violates",
                "model": NOVITA,
                "operation": "submit",
                "direction": "request",
                "pointer": "/duration",
                "field": "/duration",
                "facet": "enum",
                "expected": [5, 10],
                "observed": 7,
                "message": "/duration: expected one of 5, 10, got 7",
                "source": {
                    "file": f"specs/{NOVITA}.yaml",
                    "line": line,
                    "column": 13,
                    "document": "seed#Request Body, duration",
                    "index": None,
                },
                "subject": {"file": str(seven), "line": 2, "column": 2, "document": None, "index": None},
                "fingerprint": hashlib.sha256(IDENTITY.encode()).hexdigest()[:12],
                "waived": False,
                "consequence": None,
            }.items()
        )

    def test_as_text_the_first_line_is_what_editors_open(
        self, seven: Path, capsys: pytest.CaptureFixture[str]
    ):
        """File, line, column, severity, message, rule; at the end the summary."""
        outcome = call(capsys, "check", "request", NOVITA, seven)
        lines = outcome.out.splitlines()
        assert lines[0] == f"{seven}:2:2: error: /duration: expected one of 5, 10, got 7 [request.enum]"
        assert lines[-1] == "violates: 1 error, 0 warnings, 0 info; judged 1 operation, 6 facts"

    def test_a_dash_is_stdin(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        """Findings call it so."""
        typed(monkeypatch, SEVEN)
        outcome = call(capsys, "check", "request", NOVITA, "-")
        assert outcome.code == 1
        assert outcome.out.startswith("<stdin>:2:2: error: /duration: ")

    def test_what_stands_on_stdin_may_be_no_json(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        """That is a fault of the input like in a file."""
        typed(monkeypatch, "{")
        outcome = call(capsys, "check", "request", NOVITA, "-")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == (
            "harness: <stdin>:1:2: not JSON: expected a key in double quotes, got the end\n"
        )

    def test_all_takes_the_place_of_the_model(self, seven: Path, capsys: pytest.CaptureFixture[str]):
        """One request against every seller: each has its own verdict."""
        outcome = call(capsys, "check", "request", "--all", seven, "--format", "json")
        assert outcome.code == 1
        assert outcome.json["models"] == dict.fromkeys(ALL, "violates")
        assert outcome.json["observed"]["operations"] == 5
        assert [found for found in outcome.findings if found[1] == "request.enum"] == [
            (AIMLAPI, "request.enum", "/duration"),
            (NOVITA_16, "request.enum", "/duration"),
            (NOVITA, "request.enum", "/duration"),
            (OXEN, "request.enum", "/duration"),
        ]
        assert (EACHLABS, "request.unknown-property", "/duration") in outcome.findings

    def test_all_reads_stdin_once(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        """And judges it five times."""
        typed(monkeypatch, "[]")
        outcome = call(capsys, "check", "request", "--all", "-", "--format", "json")
        assert outcome.findings == [(model, "request.type", "") for model in ALL]

    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            ((), "check request: expected MODEL and FILE, or --all and FILE"),
            ((NOVITA,), "check request: expected MODEL and FILE, or --all and FILE"),
            (("--all",), "check request: expected MODEL and FILE, or --all and FILE"),
            (("--all", NOVITA, "x.json"), "check request: --all takes the place of MODEL; give one FILE"),
        ],
    )
    def test_what_is_missing_or_too_much_is_said(
        self, argv: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
    ):
        """Exit 2, nothing on stdout."""
        outcome = call(capsys, "check", "request", *argv)
        assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {message}\n")

    @pytest.mark.parametrize(
        ("model", "message"),
        [
            ("novita", f"model 'novita' is ambiguous: {NOVITA_16}, {NOVITA}"),
            ("novita/kling-v2.6-pro-tv2", f"no model 'novita/kling-v2.6-pro-tv2'; did you mean {NOVITA}?"),
            ("sora", f"no model 'sora'; known: {', '.join(ALL)}"),
            ("", f"no model ''; known: {', '.join(ALL)}"),
            ("oxen@2020-01-01", f"{OXEN} has no revision '2020-01-01'; it has: 2026-07-01"),
            (f"{NOVITA}@x", f"{NOVITA} has no revision 'x'; it has: none"),
        ],
    )
    def test_a_model_that_is_not_meant_clearly_is_asked_about(
        self, model: str, message: str, seven: Path, capsys: pytest.CaptureFixture[str]
    ):
        """With what was perhaps meant."""
        outcome = call(capsys, "check", "request", model, seven)
        assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {message}\n")

    @pytest.mark.parametrize(
        ("model", "found"),
        [
            ("eachlabs", []),
            ("eachlabs@2026-07-07", []),
            ("eachlabs@2026-07-27", [("request.required", "/version")]),
            ("eachlabs@latest", [("request.required", "/version")]),
        ],
    )
    def test_a_revision_is_judged_by_what_it_says(
        self, model: str, found: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """The page of July demands a version, which the seed's sample does without."""
        body = {"model": "kling-v2-6-pro-text-to-video", "input": {"prompt": "a fox"}}
        file = written(tmp_path / "r.json", body)
        outcome = call(capsys, "check", "request", model, file, "--format", "json")
        assert [found[1:] for found in outcome.findings] == found
        assert outcome.code == (1 if found else 0)

    def test_the_operation_can_be_chosen(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """What the queue takes the blocking call does not."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", "prompt": "a fox", "num_generations": 2}
        file = written(tmp_path / "r.json", body)
        assert call(capsys, "check", "request", "oxen", file).code == 0
        outcome = call(
            capsys, "check", "request", "oxen", file, "--operation", "generate", "--format", "json"
        )
        (found,) = outcome.json["findings"]
        assert (outcome.code, found["operation"], found["message"]) == (
            1,
            "generate",
            "/num_generations: the documents name no such property; "
            "only another operation of this provider takes it",
        )

    @pytest.mark.parametrize(
        ("operation", "message"),
        [
            (
                "generate",
                f"{NOVITA} documents no operation 'generate'; it documents: submit, poll",
            ),
            ("poll", f"{NOVITA}: operation 'poll' has no request body"),
        ],
    )
    def test_an_operation_without_a_request_is_refused(
        self, operation: str, message: str, seven: Path, capsys: pytest.CaptureFixture[str]
    ):
        """There is nothing to hold the file against."""
        outcome = call(capsys, "check", "request", NOVITA, seven, "--operation", operation)
        assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {message}\n")

    @pytest.mark.parametrize(
        ("name", "problem"), [("missing.json", "No such file or directory"), ("", "Is a directory")]
    )
    def test_a_file_that_cannot_be_read_is_refused(
        self, name: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """In the words of the system."""
        outcome = call(capsys, "check", "request", NOVITA, tmp_path / name)
        assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {tmp_path / name}: {problem}\n")

    def test_a_directory_of_specs_goes_over_the_shipped_ones(
        self, seven: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """One fact patched, without a copy of the file."""
        directory = tmp_path / "mine"
        directory.mkdir()
        (directory / "seven.yaml").write_text(
            f"format: 1\noverlays: {NOVITA}\ntitle: Seven seconds\nchanges:\n  operations:\n    submit:\n"
            "      request:\n        schema:\n          properties:\n"
            "            duration: {enum: [5, 7, 10]}\n"
        )
        command = ("check", "request", NOVITA, seven)
        assert call(capsys, *command, "--specs", directory).code == 0
        outcome = call(capsys, *command, "--specs", tmp_path / "none")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"harness: {tmp_path / 'none'}: not a directory\n"


class TestReports:
    def test_several_come_from_one_run(self, seven: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """In any format, beside whatever stands on stdout, into directories that are made for them."""
        first, second, third = tmp_path / "a.json", tmp_path / "deep" / "er" / "b.md", tmp_path / "c.txt"
        outcome = call(
            capsys,
            "check",
            "request",
            NOVITA,
            seven,
            *("--report", f"json={first}", "--report", f"markdown={second}", "--report", f"text={third}"),
        )
        assert outcome.code == 1
        assert json.loads(first.read_text(encoding="utf-8"))["verdict"] == "violates"
        assert "request.enum" in second.read_text(encoding="utf-8")
        assert third.read_text(encoding="utf-8") == outcome.out

    @pytest.mark.parametrize("form", ["json", "markdown", "text"])
    def test_a_file_holds_what_stdout_would(
        self, form: str, seven: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """To the byte."""
        target = tmp_path / "report"
        outcome = call(
            capsys, "check", "request", NOVITA, seven, "--format", form, "--report", f"{form}={target}"
        )
        assert target.read_text(encoding="utf-8") == outcome.out

    @pytest.mark.parametrize("text", ["json", "json=", "=x", "junit.xml", "pdf=report.pdf", "JSON=x"])
    def test_what_is_no_format_and_file_is_refused(
        self, text: str, seven: Path, capsys: pytest.CaptureFixture[str]
    ):
        """Nothing on stdout, nothing written."""
        outcome = call(capsys, "check", "request", NOVITA, seven, "--report", text)
        assert (outcome.code, outcome.out) == (2, "")
        expected = f"expected FORMAT=FILE with one of {', '.join(FORMATS)}, got {text!r}"
        assert outcome.err == f"harness: --report: {expected}\n"

    def test_a_target_that_cannot_be_written_is_refused(
        self, seven: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """Here a file stands where its directory should."""
        target = seven / "report.json"
        outcome = call(
            capsys,
            "check",
            "request",
            NOVITA,
            seven,
            *("--report", f"markdown={tmp_path / 'ok.md'}", "--report", f"json={target}"),
        )
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"harness: {target}: {_problem(target)}\n"

    def test_a_wrong_target_keeps_every_other_from_being_written(
        self, seven: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """They are read before the first is written."""
        target = tmp_path / "ok.md"
        call(capsys, "check", "request", NOVITA, seven, "--report", f"markdown={target}", "--report", "x=y")
        assert not target.exists()


def _problem(target: Path) -> str:
    """What the system says of a path below a file."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return error.strerror
    raise AssertionError(f"{target.parent} is a directory")
