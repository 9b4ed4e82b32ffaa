"""`harness check response` and `harness check traffic`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calling import call
from tests.cli.test_check_command import CASSETTES, EACHLABS, NOVITA, NOVITA_16, OXEN, typed, written


class TestResponse:
    def test_by_operation_and_status(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """An error body is judged as one."""
        file = written(tmp_path / "a.json", {"status": "error", "message": "no", "details": "none"})
        assert call(capsys, "check", "response", "eachlabs", "poll", file, "--status", 404).code == 0
        outcome = call(capsys, "check", "response", "eachlabs", "submit", file, "--format", "json")
        assert outcome.code == 1
        assert outcome.findings == [
            (EACHLABS, "response.required", "/predictionID"),
            (EACHLABS, "response.enum", "/status"),
            (EACHLABS, "response.unknown-property", "/details"),
        ]
        assert {found["direction"] for found in outcome.json["findings"]} == {"response"}

    def test_a_body_that_is_no_json_is_a_finding(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        """Not a fault of the file, which holds what the provider sent."""
        typed(monkeypatch, "<html>")
        outcome = call(capsys, "check", "response", NOVITA, "poll", "-", "--format", "json")
        assert outcome.code == 1
        assert outcome.findings == [(NOVITA, "response.not-json", "")]

    def test_a_gateways_page_is_inconclusive(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """Where the document promises JSON, a server error in HTML is an outage and no violation."""
        file = written(tmp_path / "a.html", "<html>")
        outcome = call(
            capsys, "check", "response", "eachlabs", "poll", file, "--status", "502", "--format", "json"
        )
        assert outcome.code == 3
        assert [finding["rule"] for finding in outcome.json["findings"]] == ["traffic.unavailable"]

    def test_what_no_document_describes_is_said_to_be_unjudged(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """The status is documented, the body is not."""
        file = written(tmp_path / "a.html", "<html>")
        outcome = call(
            capsys, "check", "response", NOVITA, "poll", file, "--status", "502", "--format", "json"
        )
        assert outcome.code == 0
        assert outcome.json["observed"]["skipped"] == [
            {"what": "the body of poll 502", "why": "the documents do not describe it"}
        ]


class TestTraffic:
    def test_without_a_path_the_shipped_recordings_are_judged(self, capsys: pytest.CaptureFixture[str]):
        """They conform but for a declared contradiction, and for the outages that simulated ones show."""
        outcome = call(capsys, "check", "traffic", "--format", "json")
        assert (outcome.code, outcome.json["verdict"]) == (0, "conforms")
        rules = [(finding["rule"], finding["severity"]) for finding in outcome.json["findings"]]
        assert {severity for _, severity in rules} == {"info"}
        assert {rule for rule, _ in rules} == {
            "request.type",
            "response.status-undocumented",
            "traffic.unavailable-expected",
        }
        assert rules.count(("request.type", "info")) == 1

    def test_a_path_that_is_not_there_is_refused(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """It is no empty directory."""
        outcome = call(capsys, "check", "traffic", tmp_path / "none")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"harness: {tmp_path / 'none'}: no such file or directory\n"

    def test_several_paths_are_judged_together(self, capsys: pytest.CaptureFixture[str]):
        """Files and directories."""
        outcome = call(
            capsys,
            "check",
            "traffic",
            CASSETTES / "novita",
            CASSETTES / "oxen" / "cancelled.yaml",
            "--format",
            "json",
        )
        assert outcome.code == 0
        assert set(outcome.json["models"]) == {NOVITA_16, OXEN}
