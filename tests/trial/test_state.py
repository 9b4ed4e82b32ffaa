"""What a trial leaves behind, and who may work on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.client.rules import rule
from harness.errors import OperatorError
from harness.finding import Direction, Finding
from harness.trial.kept import Ran, ran_of
from harness.trial.state import TrialState, locked
from harness.wire.video import VideoFacts, VideoProblem

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def begun(path: Path) -> TrialState:
    return TrialState.begin(path, ("a/x", "b/y"), {"g": {"prompt": "a fox"}}, NOW)


def test_a_trial_that_was_cut_short_is_found_again(tmp_path: Path):
    """With its name in the journal, its models and what was asked for; and not once it is whole."""
    assert TrialState.left(tmp_path) is None
    state = begun(tmp_path)
    assert TrialState.left(tmp_path) == state
    assert state.scope.startswith("trial 2026-05-01T12:00:00+00:00 ")
    assert begun(tmp_path).scope != state.scope
    state.done()
    assert TrialState.left(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "scope": "s"}'])
def test_what_is_no_plan_is_refused(tmp_path: Path, content: str):
    """Nobody guesses what was paid for."""
    path = begun(tmp_path).directory / "plan.json"
    path.write_text(content)
    expected = f"{path}: not the plan of a trial; delete {path.parent} to begin anew"
    with pytest.raises(OperatorError, match=f"^{re.escape(expected)}$"):
        TrialState.left(tmp_path)


def test_what_came_of_a_job_survives(tmp_path: Path):
    """The same value, with its findings and its picture."""
    state = begun(tmp_path)
    finding = Finding(
        rule=rule("webhook.missing"),
        message="m",
        field="",
        model="a/x",
        operation="submit",
        direction=Direction.WEBHOOK,
        observed=3,
    )
    ran = Ran(
        model="a/x",
        outcome="succeeded",
        job="7",
        seen_by="poll",
        video=VideoFacts(size_bytes=3, problem=VideoProblem.TRUNCATED),
        files=(Path("c/x.yaml"),),
        findings=(finding,),
        frame_png=b"\x89PNG",
    )
    state.keep("a/x", ran.told(), ran.frame_png)
    kept = state.kept("a/x")
    assert kept is not None
    assert ran_of("a/x", *kept) == ran
    assert state.kept("b/y") is None


def test_one_process_at_a_time(tmp_path: Path):
    """The lock goes with whoever held it."""
    with (
        locked(tmp_path),
        pytest.raises(OperatorError, match=r": a trial is running here$"),
        locked(tmp_path),
    ):
        pass
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
