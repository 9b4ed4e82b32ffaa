"""`harness translate`: the request on stdout, what it loses on stderr."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import call
from tests.shipped import REFERENCES
from tests.translate.bodies import FULL

NOVITA = "novita/kling-v2.6"
EACHLABS_REF = "eachlabs/kling-v2-6-pro-text-to-video"


def _written(directory: Path, body: Any) -> Path:
    path = directory / "r.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return path


def test_the_request_goes_to_stdout_and_the_losses_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """So that one can be piped and the other read."""
    path = _written(
        tmp_path, '{\n  "prompt": "a fox",\n  "negative_prompt": "blur",\n  "cfg_scale": 0.4\n}\n'
    )
    outcome = call(capsys, "translate", "--from", NOVITA, "--to", "eachlabs", path)
    assert outcome.code == 0
    assert outcome.json == {
        "model": "kling-v2-6-pro-text-to-video",
        "input": {
            "prompt": "a fox",
            "negative_prompt": "blur",
            "duration": "5",
            "aspect_ratio": "1:1",
            "cfg_scale": 0.4,
        },
    }
    first, *_, last = outcome.err.splitlines()
    assert first == (
        f"{path}:1:1: info: /input/duration is written out: the request relied on 5, the default of "
        f'novita/kling-v2.6-pro-t2v; {EACHLABS_REF} has the default "10" [translate.default-pinned]'
    )
    assert last == "conforms: 0 errors, 0 warnings, 2 info; judged 2 operations, 11 facts"


def test_an_error_is_found_at_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The request is printed all the same; exit 1 says that it is not what was asked for."""
    path = _written(tmp_path, '{\n  "prompt": "a fox",\n  "cfg_scale": 0.4\n}\n')
    outcome = call(capsys, "translate", "--from", NOVITA, "--to", "oxen", path)
    assert outcome.code == 1
    assert "cfg_scale" not in outcome.json
    assert (
        f"{path}:3:3: error: /cfg_scale: 0.4 of 0 to 1 could be 0.4 or 4 of 0 to 10, and no document says "
        "which; it is not carried over [translate.scale-unsaid]\n"
    ) in outcome.err


@pytest.mark.parametrize(("reading", "value"), [("same", 0.4), ("proportional", 4)])
def test_the_user_says_how_a_scale_reads(
    reading: str, value: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Then the value is carried, and the note says by which reading."""
    path = _written(tmp_path, {"prompt": "a fox", "cfg_scale": 0.4})
    outcome = call(capsys, "translate", "--from", NOVITA, "--to", "oxen", "--guidance-scale", reading, path)
    assert (outcome.code, outcome.json["cfg_scale"]) == (0, value)
    assert (
        f"/cfg_scale: 0.4 of 0 to 1 is {value} of 0 to 10, read as {reading} [translate.scaled]"
        in outcome.err
    )


def test_a_canonical_request_from_stdin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """With every default written out, and a parameter that no canonical word gives."""
    stdin = io.TextIOWrapper(io.BytesIO(b'{"prompt": "a fox", "duration_s": 5}'))
    monkeypatch.setattr("sys.stdin", stdin)
    settings = ("--pin-defaults", "--set", "/version=0.0.1", "-")
    outcome = call(capsys, "translate", "--to", "eachlabs@latest", *settings)
    assert outcome.code == 0
    assert outcome.json == {
        "model": "kling-v2-6-pro-text-to-video",
        "version": "0.0.1",
        "input": {
            "prompt": "a fox",
            "negative_prompt": "blur, distort, and low quality",
            "duration": "5",
            "aspect_ratio": "16:9",
            "generate_audio": True,
            "cfg_scale": 0.5,
        },
    }


@pytest.mark.parametrize("reference", [r for r in REFERENCES if "v1.6" not in r])
def test_what_is_translated_without_a_loss_passes_the_check(
    reference: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """At every seller and revision."""
    canonical = _written(tmp_path, FULL)
    extra = ("--set", "/version=0.0.1") if reference.startswith("eachlabs") else ()
    reading = ("--guidance-scale", "same")
    outcome = call(capsys, "translate", "--to", reference, *reading, *extra, canonical)
    assert outcome.code == 0
    native = _written(tmp_path, outcome.out)
    assert call(capsys, "check", "request", reference, native).code == 0
    back = call(capsys, "translate", "--from", reference, "--to", reference, native)
    assert back.json == outcome.json


def test_a_request_that_breaks_its_own_documents_is_judged_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Each fault once: an unknown parameter as a loss, a wrong type or a doubled key as what it is."""
    body = '{"prompt": "a fox", "prompt": "a hen", "sound": "yes", "seed": 7}'
    report = tmp_path / "f.json"
    path = _written(tmp_path, body)
    outcome = call(
        capsys, "translate", "--from", NOVITA, "--to", "aimlapi", "--report", f"json={report}", path
    )
    assert outcome.code == 1
    found = json.loads(report.read_text(encoding="utf-8"))["findings"]
    errors = [(f["rule"], f["pointer"], f["model"]) for f in found if f["severity"] == "error"]
    assert errors == [
        ("request.duplicate-key", "/prompt", "novita/kling-v2.6-pro-t2v"),
        ("request.type", "/sound", "novita/kling-v2.6-pro-t2v"),
        ("translate.unknown", "/seed", "novita/kling-v2.6-pro-t2v"),
        ("translate.outside", "/generate_audio", "aimlapi/klingai-video-v2-6-pro-text-to-video"),
    ]


def test_another_name_of_the_model_is_one_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Said by the check of the request, which knows the right one."""
    path = _written(tmp_path, {"model": "other", "prompt": "a fox"})
    report = tmp_path / "f.json"
    call(capsys, "translate", "--from", "aimlapi", "--to", NOVITA, "--report", f"json={report}", path)
    found = json.loads(report.read_text(encoding="utf-8"))["findings"]
    assert [f["rule"] for f in found if f["pointer"] == "/model"] == ["request.enum"]


def test_losses_count_by_severity(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A team that accepts no unknown makes warnings fail."""
    path = _written(tmp_path, {"prompt": "a fox"})
    assert call(capsys, "translate", "--from", NOVITA, "--to", "aimlapi", path).code == 0
    assert (
        call(capsys, "translate", "--from", NOVITA, "--to", "aimlapi", "--fail-on", "warning", path).code == 1
    )


def test_a_loss_can_be_waived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """By its fingerprint, as every finding; the same with the user's configuration at hand."""
    path, report = _written(tmp_path, {"prompt": "a fox", "cfg_scale": 0.4}), tmp_path / "f.json"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "harness.yaml").write_text("format: 1\nmodels: {oxen: {}}\n", encoding="utf-8")
    command = ("translate", "--from", NOVITA, "--to", "oxen", "--report", f"json={report}", path)
    assert call(capsys, *command).code == 1
    found = json.loads(report.read_text(encoding="utf-8"))["findings"]
    (loss,) = [f for f in found if f["severity"] == "error"]
    waive = ("--reason", "0.5 is fine", "--until", "2999-01-01")
    assert call(capsys, "waive", loss["fingerprint"], "--from", report, *waive).code == 0
    outcome = call(capsys, *command)
    assert outcome.code == 0
    assert "error (waived): /cfg_scale" in outcome.err


@pytest.mark.parametrize(
    ("argv", "body", "message"),
    [
        (("--to", "nobody"), FULL, "no model 'nobody'; known: "),
        (("--to", "oxen", "--from", "novita"), FULL, "model 'novita' is ambiguous: "),
        (("--to", "oxen"), "{", "{path}:1:2: not JSON: expected a key in double quotes, got the end"),
        (
            ("--to", "oxen"),
            {"durations": 5},
            "{path}: /durations: no canonical word; did you mean duration_s?",
        ),
        (
            ("--to", "oxen"),
            '{"prompt": "a", "prompt": "b"}',
            "{path}:1:17: /prompt: duplicate key, which strict JSON forbids",
        ),
        (
            ("--to", "oxen", "--set", "cfg_scale=1"),
            FULL,
            "--set: expected POINTER=VALUE such as /duration=5, got ",
        ),
        (("--to", "oxen", "--set", "/prompt/0=1"), FULL, "/prompt/0: /prompt is no object"),
        (
            ("--to", "oxen", "--operation", "poll"),
            FULL,
            "oxen/kling-video-v2-6-pro-text-to-video: operation 'poll' has no request body",
        ),
        (
            ("--to", "oxen", "--from-operation", "generate"),
            FULL,
            "translate: --from-operation says more of --from, which is not given",
        ),
        (("--to", "oxen", "--report", "json"), FULL, "--report: expected FORMAT=FILE with one of "),
    ],
)
def test_bad_input_is_one_message(
    argv: tuple[str, ...],
    body: Any,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    """Exit 2, nothing on stdout."""
    path = _written(tmp_path, body)
    outcome = call(capsys, "translate", *argv, path)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"harness: {message.replace('{path}', str(path))}")
    assert outcome.err.count("\n") == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Is named."""
    outcome = call(capsys, "translate", "--to", "oxen", tmp_path / "none.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"harness: {tmp_path / 'none.json'}: No such file or directory\n"
