"""The documentation against the code: generated pages are current, examples run, links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from harness.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
EXITS = re.compile(r"\s+# exits (\d+)$")
NOT_RUN = ("pip install", "scripts/")  # set-up: .ci/run runs these lines themselves


def test_generated_pages_are_current() -> None:
    """docs/rules.md and docs/commands.md are what the code says."""
    done = subprocess.run(
        [sys.executable, "scripts/make_docs.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    assert done.returncode == 0, done.stdout


def test_every_rule_is_documented_once() -> None:
    """Rule ids are unique, and each has its row."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert [rule_id for rule_id in ids if f"| `{rule_id}` |" not in page] == []


def _examples() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
            commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
            if not any(command.startswith(NOT_RUN) for command in commands):
                found.append((page.name, "\n".join(commands)))
    return found


@pytest.mark.parametrize(("page", "block"), _examples())
def test_examples_run(page: str, block: str, tmp_path: Path) -> None:
    """Every example command ends with the exit code that the page says, 0 where it says none."""
    for line in block.splitlines():
        wanted = EXITS.search(line)
        command = EXITS.sub("", line)
        if command.startswith("harness "):
            words = [sys.executable, "-m", "harness", *shlex.split(command)[1:]]
            done = subprocess.run(
                words, cwd=tmp_path, capture_output=True, text=True, check=False, env=_environment()
            )
        else:
            done = subprocess.run(
                command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
            )
        expected = int(wanted.group(1)) if wanted else 0
        assert done.returncode == expected, f"{page}: {line}\n{done.stdout[-2000:]}{done.stderr}"
        assert "Traceback" not in done.stderr


SCRIPTS = [
    (page.name, block)
    for page in PAGES
    for block in re.findall(r"```bash\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("page", "script"), SCRIPTS)
def test_scripts_run(page: str, script: str, tmp_path: Path) -> None:
    """Every script of a page runs to its end; what it left running ends with it."""
    shim = tmp_path / "bin" / "harness"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m harness "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    environment = {**_environment(), "PATH": f"{shim.parent}:{os.environ['PATH']}"}
    guarded = f"trap 'kill $(jobs -p)' EXIT\n{script}"
    done = subprocess.run(
        ["bash", "-e", "-c", guarded],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 0, f"{page}: {done.stdout[-2000:]}{done.stderr}"
    assert "Traceback" not in done.stderr


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A relative link names a file that is there."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
