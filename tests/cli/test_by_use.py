"""Commands in the directory of a user: `harness.yaml`, waivers, baseline, staleness, several reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import Outcome, call
from tests.minimal import overlay

DIFF = ("diff", "oxen", "oxen@2026-07-01")
RELIES = "format: 1\nmodels:\n  oxen:\n    requests: [{name: teaser, body: {prompt: a cat}}]\n"
PINS = RELIES.replace("prompt: a cat", "prompt: a cat, negative_prompt: blur")
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of a user's own, and the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def submit_default(outcome: Outcome) -> Mapping[str, Any]:
    """The finding about the default of negative_prompt at submit."""
    (found,) = [
        f
        for f in outcome.json["findings"]
        if (f["rule"], f["field"], f["operation"]) == ("diff.request-default", "/negative_prompt", "submit")
    ]
    checked: Mapping[str, Any] = found
    return checked


class TestConfiguration:
    """`--config`, and ./harness.yaml."""

    def test_severity_and_exit_code_are_the_users(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """0 in general and for whoever pins; 1 for whoever relies on the default."""
        assert call(capsys, *DIFF).code == 0
        (here / "harness.yaml").write_text(RELIES, encoding="utf-8")
        relies = call(capsys, *DIFF, "--format", "json")
        assert (relies.code, submit_default(relies)["severity"]) == (1, "error")
        assert submit_default(relies)["consequence"] == (
            'teaser leaves /negative_prompt out and relied on "blur, distort, and low quality"; no '
            "default is "
            "documented now (warning in general)"
        )
        other = here / "pins.yaml"
        other.write_text(PINS, encoding="utf-8")
        pins = call(capsys, *DIFF, "--format", "json", "--config", other)
        assert (pins.code, submit_default(pins)["severity"]) == (0, "info")
        assert submit_default(pins)["fingerprint"] == submit_default(relies)["fingerprint"]

    def test_a_fault_of_it_is_bad_input(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit 2, located, nothing on stdout."""
        (here / "harness.yaml").write_text("format: 1\nmodels: {oxn: {}}\n", encoding="utf-8")
        outcome = call(capsys, *DIFF)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith("harness: harness.yaml:2:10: /models: no model 'oxn'")
        missing = call(capsys, *DIFF, "--config", "none.yaml")
        assert (missing.code, missing.err) == (2, "harness: none.yaml: No such file or directory\n")

    def test_the_report_of_a_run_is_judged_by_use_too(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What stands in report.json is what decides."""
        (here / "harness.yaml").write_text(RELIES, encoding="utf-8")
        call(capsys, "run")
        report = json.loads((here / "reports" / "report.json").read_text(encoding="utf-8"))
        words = {f["consequence"] for f in report["findings"] if f["rule"] == "compare.discrepancy"}
        assert any(f"you use {OXEN} alone" in (said or "") for said in words)
        page = (here / "reports" / "report.html").read_text(encoding="utf-8")
        assert "<h1" in page


class TestWaivers:
    """`harness waive`, and what comes of it."""

    def waive(self, here: Path, capsys: pytest.CaptureFixture[str], *, days: int = 60) -> tuple[str, Outcome]:
        """The finding, waived."""
        (here / "harness.yaml").write_text(RELIES, encoding="utf-8")
        call(capsys, *DIFF, "--report", "json=found.json")
        found = json.loads((here / "found.json").read_text(encoding="utf-8"))["findings"]
        (fingerprint,) = [f["fingerprint"] for f in found if f["severity"] == "error"]
        until = (TODAY + timedelta(days=days)).isoformat()
        options = ("--reason", "we send it soon", "--until", until, "--from", "found.json")
        return fingerprint, call(capsys, "waive", fingerprint, *options, "--owner", "ops")

    def test_what_is_waived_counts_no_more(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """It is written with what it is about, and the run is green."""
        fingerprint, outcome = self.waive(here, capsys)
        until = (TODAY + timedelta(days=60)).isoformat()
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out == (
            f"waivers.yaml: {fingerprint} (diff.request-default, {OXEN}@2026-07-01) is waived until {until}\n"
        )
        after = call(capsys, *DIFF, "--format", "json")
        assert (after.code, after.json["summary"]["waived"]) == (0, 1)
        assert submit_default(after)["waived"] is True

    def test_one_that_is_no_longer_needed_is_reported(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The same comparison without the deviation: an overlay takes the change back."""
        fingerprint, _ = self.waive(here, capsys)
        back = overlay(
            f"{OXEN}@2026-07-01",
            "{operations: {submit: {request: {schema: {properties: {negative_prompt: "
            '{x-absent: null, default: "blur, distort, and low quality"}}}}}}}',
        )
        (here / "specs").mkdir()
        (here / "specs" / "back.yaml").write_text(back, encoding="utf-8")
        outcome = call(capsys, *DIFF, "--specs", "specs", "--format", "json")
        assert [f["message"] for f in outcome.json["findings"] if f["rule"] == "waiver.unused"] == [
            f"waiver {fingerprint} waives nothing: diff.request-default {OXEN}@2026-07-01 submit "
            "/negative_prompt was observed and is not found"
        ]
        elsewhere = call(capsys, "diff", "aimlapi", "aimlapi@latest", "--format", "json")
        assert [f["rule"] for f in elsewhere.json["findings"]] == ["diff.request-property-added"]

    def test_the_end_is_announced(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """14 days ahead, as a warning."""
        self.waive(here, capsys, days=10)
        outcome = call(capsys, *DIFF, "--format", "json", "--fail-on", "warning")
        assert outcome.code == 1
        assert [f["rule"] for f in outcome.json["findings"] if f["severity"] == "warning"] == [
            "waiver.expires-soon"
        ]

    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            (
                ("xyz", "--reason", "r", "--until", "2999-01-01"),
                "expected a fingerprint of 12 hex digits, got 'xyz'",
            ),
            (
                ("0" * 12, "--reason", " ", "--until", "2999-01-01"),
                "--reason: expected why it is accepted, got nothing",
            ),
            (
                ("0" * 12, "--reason", "r", "--until", "soon"),
                "--until: expected a day such as 2026-12-31, got 'soon'",
            ),
            (
                ("0" * 12, "--reason", "r", "--until", "2020-01-01"),
                "--until: 2020-01-01 is over; expected a day from today on",
            ),
            (
                ("0" * 12, "--reason", "r", "--until", "2999-01-01", "--from", "no.json"),
                "no.json: No such file or directory",
            ),
        ],
    )
    def test_bad_usage(
        self, here: Path, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], message: str
    ) -> None:
        """Exit 2, and no file is made."""
        outcome = call(capsys, "waive", *argv)
        assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {message}\n")
        assert list(here.iterdir()) == []

    def test_without_a_report_it_is_waived_by_fingerprint_alone(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And that is said."""
        outcome = call(capsys, "waive", "0123456789ab", "--reason", "r", "--until", "2999-01-01")
        assert outcome.code == 0
        assert outcome.err.startswith("0123456789ab: in no report given by --from")
        assert "rule:" not in (here / "waivers.yaml").read_text(encoding="utf-8")

    def test_the_state_of_the_last_run_knows_what_it_is_about(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """No report has to be given where a state is kept."""
        (here / "harness.yaml").write_text(f"{RELIES}state: .harness/state.json\n", encoding="utf-8")
        found = submit_default(call(capsys, *DIFF, "--format", "json"))
        outcome = call(capsys, "waive", found["fingerprint"], "--reason", "r", "--until", "2999-01-01")
        assert (outcome.code, outcome.err) == (0, "")
        assert "rule: diff.request-default" in (here / "waivers.yaml").read_text(encoding="utf-8")


class TestBaseline:
    """`harness drift accept`, and runs after it."""

    def test_an_upgrade_does_not_move_it_unseen(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A spec that says something else than what was accepted is a finding until it is accepted."""
        (here / "harness.yaml").write_text(RELIES, encoding="utf-8")
        accepted = call(capsys, "drift", "accept")
        assert (accepted.code, accepted.out.splitlines()[-1]) == (0, "wrote harness.lock: 1 model")
        assert accepted.out.startswith(f"{OXEN}: accepted, ")
        before = call(capsys, "compare", "--format", "json")
        assert [f for f in before.json["findings"] if f["rule"].startswith("lock.")] == []
        longer = overlay(
            OXEN, "{operations: {submit: {request: {schema: {properties: {duration: {default: 10}}}}}}}"
        )
        (here / "specs").mkdir()
        (here / "specs" / "longer.yaml").write_text(longer, encoding="utf-8")
        upgraded = ("--specs", "specs")
        after = call(capsys, "compare", "--format", "json", *upgraded)
        (moved,) = [f for f in after.json["findings"] if f["rule"] == "lock.spec-moved"]
        assert (moved["severity"], moved["model"]) == ("error", OXEN)
        assert "/duration: default was 5, is 10" in moved["message"]
        assert moved["source"]["file"] == "harness.lock"
        again = call(capsys, "drift", "accept", *upgraded)
        assert f"{OXEN}: accepted in place of {OXEN} of another content" in again.out
        quiet = call(capsys, "compare", "--format", "json", *upgraded)
        assert [f for f in quiet.json["findings"] if f["rule"].startswith("lock.")] == []

    def test_a_lock_that_is_named_must_be_there(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A baseline that was forgotten in a checkout is no green run."""
        (here / "harness.yaml").write_text(f"{RELIES}lock: harness.lock\n", encoding="utf-8")
        outcome = call(capsys, *DIFF)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == "harness: harness.lock: no such file; `harness drift accept` writes it\n"
        assert call(capsys, "drift", "accept").code == 0
        assert call(capsys, *DIFF).code == 1

    def test_one_model_more_leaves_the_others(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """With MODEL, only that one is accepted anew."""
        call(capsys, "drift", "accept", "oxen")
        outcome = call(capsys, "drift", "accept", "aimlapi@latest")
        assert outcome.out.splitlines()[-1] == "wrote harness.lock: 2 models"
        models = json.loads((here / "harness.lock").read_text(encoding="utf-8"))["models"]
        assert sorted(model["reference"].partition("@")[2] for model in models.values()) == ["", "2026-06-12"]


class TestStaleness:
    """`--max-staleness`."""

    EMPTY = ("check", "traffic", "empty", "--inconclusive", "pass")

    def test_it_brings_exit_3_back(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Green while the outage is young; 3 when it has lasted for longer."""
        (here / "empty").mkdir()
        assert call(capsys, *self.EMPTY).code == 0
        assert call(capsys, *self.EMPTY, "--max-staleness", "7d").code == 0
        path = here / ".harness" / "state.json"
        state = json.loads(path.read_text(encoding="utf-8"))
        old = datetime.now(UTC) - timedelta(days=8)
        state["monitors"]["check traffic"]["since"] = old.isoformat()
        path.write_text(json.dumps(state), encoding="utf-8")
        outcome = call(capsys, *self.EMPTY, "--max-staleness", "7d", "--format", "json")
        assert outcome.code == 3
        assert "monitor.stale" in {f["rule"] for f in outcome.json["findings"]}
        assert call(capsys, *self.EMPTY, "--max-staleness", "9d").code == 0

    def test_an_age_that_is_none(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit 2."""
        outcome = call(capsys, *DIFF, "--max-staleness", "soon")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == "harness: --max-staleness: expected an age such as 12h, 7d or 2w, got 'soon'\n"


class TestReports:
    """Several outputs from one run."""

    def test_every_format_from_one_run(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """One on stdout, the others in files; each tells of the same findings."""
        (here / "harness.yaml").write_text(RELIES, encoding="utf-8")
        files = {"json": "f.json", "sarif": "f.sarif", "junit": "f.xml", "markdown": "f.md", "text": "f.txt"}
        options = [word for name, file in files.items() for word in ("--report", f"{name}={file}")]
        outcome = call(capsys, *DIFF, "--format", "github", *options)
        assert outcome.code == 1
        assert outcome.out.startswith("::error file=specs/oxen/")
        for file in files.values():
            text = (here / file).read_text(encoding="utf-8")
            assert "teaser leaves /negative_prompt out" in text.replace("\\_", "_"), file
        sarif = json.loads((here / "f.sarif").read_text(encoding="utf-8"))
        assert [result["level"] for result in sarif["runs"][0]["results"]].count("error") == 1

    @pytest.mark.parametrize("name", ["text", "json", "junit", "sarif", "github", "markdown"])
    def test_every_format_on_stdout(self, here: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
        """Of nothing found, too."""
        outcome = call(capsys, "diff", "oxen", "oxen", "--format", name)
        assert outcome.code == 0
        assert outcome.out.strip()


class TestInit:
    """`harness init`."""

    def test_two_files_to_start_from(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """They are read by the next command."""
        outcome = call(capsys, "init", "--model", "oxen")
        assert outcome.code == 0
        assert outcome.out.splitlines()[:2] == [
            "harness.yaml: written",
            ".github/workflows/harness.yml: written",
        ]
        assert call(capsys, *DIFF).code == 1

    def test_nothing_is_overwritten(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What is there stays, byte for byte."""
        (here / "harness.yaml").write_text("mine", encoding="utf-8")
        outcome = call(capsys, "init", ".")
        assert outcome.code == 0
        assert (here / "harness.yaml").read_text(encoding="utf-8") == "mine"
        assert "is there already, left as it is" in outcome.out
        assert "next: " in outcome.out
