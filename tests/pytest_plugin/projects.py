"""The project of a user: one spec, one directory of recordings, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from tests.minimal import MINIMAL

__all__ = ["MODEL", "NOVITA", "PLACES", "PLUGIN", "User", "cassette_text"]

MODEL = "example/video-1-text-to-video"
NOVITA = "novita/kling-v2.6-pro-t2v"
_JSON = {"Content-Type": ["application/json"]}
_IS_INSTALLED = bool(entry_points(group="pytest11", name="harness"))
PLUGIN = () if _IS_INSTALLED else ("-p", "harness.pytest_plugin.plugin")
PLACES = ("--harness-specs", "specs", "--harness-traffic", "cassettes")


def cassette_text(
    *, request: dict[str, Any] | None = None, poll: dict[str, Any] | None = None, server: str = ""
) -> str:
    """A job from its submit to its video, as vcrpy writes it (YAML is a superset of JSON)."""
    base_url = server or "https://api.example.com"
    sent = {"prompt": "a fox", "duration": 5} if request is None else request
    video = {"id": "job-1", "status": "done", "videos": [{"url": "https://cdn.example.com/1.mp4"}]}
    exchanges = [
        ("POST", f"{base_url}/v1/videos", json.dumps(sent), 201, {"id": "job-1"}),
        ("GET", f"{base_url}/v1/videos/job-1", None, 200, video if poll is None else poll),
    ]
    interactions = [
        {
            "request": {
                "method": method,
                "uri": url,
                "headers": {"Authorization": ["REDACTED"]},
                "body": body,
            },
            "response": {
                "status": {"code": status, "message": "OK"},
                "headers": _JSON,
                "body": {"string": json.dumps(answer)},
            },
        }
        for method, url, body, status, answer in exchanges
    ]
    return json.dumps({"version": 1, "interactions": interactions}, indent=1)


@dataclass(slots=True, kw_only=True)
class User:
    """A user's directory, and pytest run in it."""

    pytester: pytest.Pytester

    @property
    def home(self) -> Path:
        """Where it is."""
        return self.pytester.path

    def spec(self, text: str = MINIMAL, name: str = f"{MODEL}.yaml") -> None:
        """Writes a spec file."""
        self._write(Path("specs") / name, text)

    def recording(self, text: str | None = None, name: str = "job.yaml") -> None:
        """Writes a cassette."""
        self._write(Path("cassettes") / name, cassette_text() if text is None else text)

    def tests(self, text: str) -> None:
        """Writes a test module."""
        self._write(Path("test_own.py"), text)

    def run(self, *arguments: str) -> pytest.RunResult:
        """A run in this process."""
        return self.pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", *arguments)

    def run_alone(self, *arguments: str) -> pytest.RunResult:
        """A run in a process of its own."""
        return self.pytester.runpytest_subprocess(*PLUGIN, "-p", "no:cacheprovider", *arguments)

    def _write(self, path: Path, text: str) -> None:
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
