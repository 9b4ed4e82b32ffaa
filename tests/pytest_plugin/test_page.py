"""docs/pytest.md, held true: its project, its commands, its tests, its failure."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.pytest_plugin.projects import PLUGIN, User, cassette_text
from tests.shared import PROJECT

PAGE = (PROJECT / "docs" / "pytest.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    """One of the page's blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


def test_its_project_is_collected_as_it_says(user: User) -> None:
    """The files of the page, the command of the page, the tests of its table."""
    spec, cassette = block("text").split()
    user.spec(name=spec.removeprefix("specs/"))
    user.recording(name=cassette.removeprefix("cassettes/"))
    (command,) = re.findall(r"`pytest (--harness-specs[^`]+)`", PAGE)
    result = user.run("--co", "-q", *command.split())
    collected = [line.rpartition("::")[2] for line in result.outlines if line.startswith(spec)]
    assert collected == re.findall(r"^\| `(\w+)` \| [^`|]*(?:`harness lint`)?[^`|]* \|$", PAGE, re.M)[:5]


def test_its_failure_is_what_a_failure_looks_like(user: User) -> None:
    """To the letter."""
    user.spec()
    user.recording(cassette_text(request={"prompt": "a fox", "duration": 7}))
    user.pytester.makeini(block("ini"))
    shown = block("text", 1)
    assert shown in user.run().stdout.str() + "\n"


def test_its_tests_pass(user: User) -> None:
    """The fixtures and markers as the page uses them."""
    user.recording()
    user.tests(block("python"))
    user.run("--harness-traffic", "cassettes", "test_own.py").assert_outcomes(passed=2, skipped=1)


def test_its_shell_lines_run(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """With this interpreter; a checkout that is not installed names the plugin."""
    monkeypatch.chdir(user.home)
    script = block("sh").replace("python -c", f"{sys.executable} -c")
    script = script.replace("\npytest ", f"\n{sys.executable} -m pytest {' '.join(PLUGIN)} ")
    done = subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "21 passed" in done.stdout
