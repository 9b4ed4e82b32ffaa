"""`harness simulate`: what can be said without serving anything."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from importlib.util import find_spec

import pytest

from harness.simulator.faults.table import FAULTS
from tests.cli.calling import call


def test_the_faults_as_text(capsys: pytest.CaptureFixture[str]):
    """Each with its stage, what it does and what should be seen of it."""
    outcome = call(capsys, "simulate", "--list-faults")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[0::3] == [f"{fault.name}  ({fault.stage})" for fault in FAULTS]
    assert lines[1] == f"    what happens: {FAULTS[0].does}"
    assert lines[2] == f"    what a correct client sees: {FAULTS[0].sees}"


def test_the_faults_as_json(capsys: pytest.CaptureFixture[str]):
    """The same, for programs."""
    document = call(capsys, "simulate", "--list-faults", "--format", "json").json
    assert document["schema"] == "harness.faults/1"
    assert [row["name"] for row in document["faults"]] == [fault.name for fault in FAULTS]
    assert document["faults"][5] == {
        "name": "429",
        "stage": "status",
        "does": "polls 2 and 3 are too many, with Retry-After: 20",
        "sees": "the next poll not before Retry-After; the job is not failed",
        "operations": ["poll"],
        "nth": [2, 3],
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fault", "nothing"), "harness: --fault nothing: no fault 'nothing'"),
        (("nobody",), "harness: no model 'nobody'; known: "),
        (("oxen", "oxen@latest"), "harness: simulate: oxen/kling-video-v2-6-pro-text-to-video and "),
        (("oxen", "--revision", "1999-01-01"), "harness: oxen/kling-video-v2-6-pro-text-to-video has no"),
        (
            ("--time-scale", "0"),
            "harness simulate: argument --time-scale: expected a number above 0, got '0'",
        ),
        (("--time-scale", "inf"), "harness simulate: argument --time-scale: expected a number above 0"),
        (("--port", "-1"), "harness simulate: argument --port: expected a whole number from 0 to 65535"),
    ],
)
def test_what_it_refuses(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str):
    """One line, exit 2, nothing on stdout."""
    outcome = call(capsys, "simulate", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(message)
    assert outcome.err.count("\n") == 1


def test_without_the_libraries(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """One line names what to install."""

    def missing(name: str) -> ModuleSpec | None:
        return None if name == "uvicorn" else find_spec(name)

    monkeypatch.setattr("harness.cli.commands.simulate.find_spec", missing)
    outcome = call(capsys, "simulate")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "harness: simulate needs uvicorn: pip install 'video-api-harness[simulator]'\n"
