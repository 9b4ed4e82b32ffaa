"""Shipped recordings with one thing changed, through `harness check traffic`."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.spec.store import shipped_directory
from tests.cli.calling import call

CASSETTES = shipped_directory("cassettes") / "documented"

# A shipped recording, what is changed in its text, and what has to be said of it.
TAMPERED: dict[str, tuple[str, tuple[tuple[str, str], ...], list[tuple[str, str]]]] = {
    "status word changed": (
        "novita/kling-v1.6-success.yaml",
        (('"TASK_STATUS_SUCCEED"', '"TASK_STATUS_SUCCEEDED"'),),
        [("response.enum", "/task/status")],
    ),
    "status word of a webhook changed": (
        "eachlabs/created-and-webhook.yaml",
        (('"status": "succeeded"', '"status": "success"'),),
        [("response.enum", "/status")],
    ),
    "field dropped": (
        "novita/kling-v1.6-success.yaml",
        (('\'{"task_id": "task-0001"}\'', "'{}'"),),
        [("response.required", "/task_id")],
    ),
    "output dropped": (
        "novita/kling-v1.6-success.yaml",
        (('"video_url":', '"video":'),),
        [("response.unknown-property", "/videos/0/video"), ("job.output-missing", "/videos/0/video_url")],
    ),
    "type changed": (
        "novita/kling-v1.6-success.yaml",
        (('"video_url_ttl": "3600"', '"video_url_ttl": 3600'),),
        [("response.type", "/videos/0/video_url_ttl")],
    ),
    "id changed": (
        "novita/kling-v1.6-success.yaml",
        (('{"task": {"task_id": "task-0001"', '{"task": {"task_id": "task-0002"'),),
        [("job.id-changed", "/task/task_id")],
    ),
    "state going backwards": (
        "oxen/processing-and-succeeded.yaml",
        (
            ('"status": "succeeded"', '"status": "queued"'),
            ('"result_url": "https', '"result_url": null, "x": "https'),
        ),
        [("response.unknown-property", "/x"), ("job.went-backwards", "/status")],
    ),
    "request changed": (
        "eachlabs/created-and-success.yaml",
        (('"input":', '"inputs":'),),
        [("request.required", "/input"), ("request.unknown-property", "/inputs")],
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_tampered_recording_is_caught(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """By the rule that says what was done to it, and by no other."""
    name, edits, expected = TAMPERED[case]
    text = (CASSETTES / name).read_text(encoding="utf-8")
    tampered = text
    for before, after in edits:
        tampered = tampered.replace(before, after)
        tampered = tampered.replace(*(part.replace('"', '\\"') for part in (before, after)))  # as YAML quotes
    assert tampered != text
    file = tmp_path / Path(name).name
    file.write_text(tampered, encoding="utf-8")
    outcome = call(capsys, "check", "traffic", file, "--format", "json")
    assert outcome.code == 1
    assert [found[1:] for found in outcome.findings] == expected
