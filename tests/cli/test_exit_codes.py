"""How a judgement becomes an exit code, and which code goes before which."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli.exit_codes import ExitCode, exit_code
from harness.finding import Finding, Judgement, Observed, Rule, Severity
from tests.cli.calling import call

SEEN = Observed(exchanges=1)


def finding(severity: Severity, **members: Any) -> Finding:
    inconclusive = members.pop("inconclusive", False)
    rule = Rule(id="a.b", severity=severity, summary="s", advice="a", inconclusive=inconclusive)
    return Finding(rule=rule, message="m", field="", **members)


ERROR, WARNING, INFO = (finding(severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO))
UNSEEN = finding(Severity.ERROR, inconclusive=True)
WAIVED = finding(Severity.ERROR, waived=True)


def code(*findings: Finding, observed: Observed = SEEN, fail_on: str = "error", then: str = "fail") -> int:
    judgement = Judgement(findings=findings, observed=observed)
    return exit_code(judgement, fail_on=fail_on, inconclusive=then)


def test_the_numbers_are_those_that_others_depend_on():
    """Scripts read them."""
    assert {member.name: member.value for member in ExitCode} == {
        "DONE": 0,
        "FINDINGS": 1,
        "BAD_INPUT": 2,
        "INCONCLUSIVE": 3,
        "REFUSED": 4,
        "INTERRUPTED": 130,
    }


@pytest.mark.parametrize(
    ("findings", "fail_on", "expected"),
    [
        ((), "error", 0),
        ((ERROR,), "error", 1),
        ((WARNING,), "error", 0),
        ((INFO, WARNING), "error", 0),
        ((WARNING,), "warning", 1),
        ((INFO,), "warning", 0),
        ((INFO,), "info", 1),
        ((INFO, ERROR), "info", 1),
        ((WAIVED,), "info", 0),
        ((WAIVED, WARNING), "warning", 1),
    ],
)
def test_findings_count_from_the_severity_on_that_is_asked_for(
    findings: tuple[Finding, ...], fail_on: str, expected: int
):
    """Waived ones never do."""
    assert code(*findings, fail_on=fail_on) == expected


@pytest.mark.parametrize(
    ("findings", "observed", "expected"),
    [
        ((), Observed(), 3),
        ((UNSEEN,), SEEN, 3),
        ((UNSEEN, WARNING), SEEN, 3),
        ((WAIVED,), Observed(), 3),
        ((UNSEEN, ERROR), SEEN, 1),
        ((ERROR,), Observed(), 1),
    ],
)
def test_what_could_not_be_observed_is_neither_right_nor_wrong(
    findings: tuple[Finding, ...], observed: Observed, expected: int
):
    """It does not count toward --fail-on, and what was found goes before it."""
    assert code(*findings, observed=observed) == expected


@pytest.mark.parametrize(("findings", "expected"), [((), 0), ((UNSEEN,), 0), ((UNSEEN, ERROR), 1)])
def test_inconclusive_can_be_let_pass(findings: tuple[Finding, ...], expected: int):
    """Findings cannot, by that option."""
    assert code(*findings, observed=Observed(), then="pass") == expected


class TestOfCommands:
    """The same through the command line, with what each code stands for."""

    @pytest.fixture
    def good(self, tmp_path: Path) -> Path:
        """A request that is right for Novita."""
        file = tmp_path / "good.json"
        file.write_text('{"prompt": "a fox"}')
        return file

    @pytest.fixture
    def bad(self, tmp_path: Path) -> Path:
        """A request that is wrong everywhere."""
        file = tmp_path / "bad.json"
        file.write_text('{"prompt": 5}')
        return file

    MODEL = "novita/kling-v2.6-pro-t2v"

    def test_0_and_1(self, good: Path, bad: Path, capsys: pytest.CaptureFixture[str]):
        """Nothing wrong, something wrong."""
        assert call(capsys, "check", "request", self.MODEL, good).code == 0
        assert call(capsys, "check", "request", self.MODEL, bad).code == 1

    def test_2_goes_before_1(self, bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """Findings that cannot be delivered are no findings; nothing stands on stdout."""
        (tmp_path / "directory").mkdir()
        target = tmp_path / "directory"
        outcome = call(capsys, "check", "request", self.MODEL, bad, "--report", f"json={target}")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err == f"harness: {target}: Is a directory\n"

    def test_1_goes_before_3(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """What was seen to be wrong is wrong, whatever else was not seen."""
        down = cassette(tmp_path / "down.yaml", status=503, answer="x")
        wrong = cassette(tmp_path / "wrong.yaml", status=200, answer="{}")
        assert call(capsys, "check", "traffic", down).code == 3
        assert call(capsys, "check", "traffic", wrong).code == 1
        assert call(capsys, "check", "traffic", down, wrong).code == 1

    @pytest.mark.parametrize(("option", "expected"), [((), 3), (("--inconclusive", "pass"), 0)])
    def test_3_is_what_an_empty_directory_gives(
        self, option: tuple[str, ...], expected: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ):
        """Nothing observed is not a pass, unless that is asked for."""
        outcome = call(capsys, "check", "traffic", tmp_path, "--format", "json", *option)
        assert outcome.code == expected
        assert outcome.json["verdict"] == "inconclusive"
        assert outcome.findings == [(None, "traffic.nothing-observed", None)]
        (found,) = outcome.json["findings"]
        assert found["message"] == f"{tmp_path}: no recorded exchange that belongs to a known model"

    @pytest.mark.parametrize(("severity", "expected"), [("error", 3), ("warning", 1), ("info", 1)])
    def test_fail_on(self, severity: str, expected: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        """An undocumented status is a warning; its body cannot be judged, which is no pass."""
        file = tmp_path / "answer.json"
        file.write_text("{}")
        command = ("check", "response", self.MODEL, "submit", file, "--status", "418")
        assert call(capsys, *command, "--fail-on", severity).code == expected


def cassette(path: Path, *, status: int, answer: str) -> Path:
    """A vcrpy cassette of one create request to Novita."""
    interaction = {
        "request": {
            "method": "POST",
            "uri": "https://api.novita.ai/v3/async/kling-v2.6-pro-t2v",
            "headers": {},
            "body": '{"prompt": "a fox"}',
        },
        "response": {"status": {"code": status, "message": ""}, "headers": {}, "body": {"string": answer}},
    }
    path.write_text(json.dumps({"interactions": [interaction], "version": 1}))
    return path
