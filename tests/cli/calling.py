"""Calling the command line in this process, or as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from harness.cli.main import main
from tests.shared import PROJECT

__all__ = ["HARNESS", "Outcome", "call", "process"]

HARNESS = (sys.executable, "-m", "harness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout as the JSON document that it has to be."""
        document: dict[str, Any] = json.loads(self.out)
        return document

    @property
    def findings(self) -> list[tuple[str | None, str, str | None]]:
        """`(model, rule, pointer)` of each finding, where stdout is JSON."""
        return [(f["model"], f["rule"], f["pointer"]) for f in self.json["findings"]]


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> Outcome:
    """One command in this process."""
    code = main([str(argument) for argument in argv])
    captured = capsys.readouterr()
    return Outcome(code=code, out=captured.out, err=captured.err)


def process(command: Sequence[str]) -> Outcome:
    """One command as a process, from the project's root."""
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=PROJECT, timeout=60
    )
    return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)
