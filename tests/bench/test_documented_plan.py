"""The plan that the documentation shows is one, and has every key that there is."""

from __future__ import annotations

import re
from pathlib import Path

from harness.bench.plan import plan_json, plan_of
from harness.bench.plan_values import read_json, read_plan
from harness.client.results import Mode
from harness.spec.store import SpecStore
from tests.cli.calling import call
from tests.shared import PROJECT

PAGE = (PROJECT / "docs" / "benchmark.md").read_text(encoding="utf-8")
MISSING = {"guidance_scale", "interval_s", "blocks"}
"""Keys that the page explains beside the example: they exclude others in it, or need them."""


def shown(tmp_path: Path) -> Path:
    """The example as a file."""
    found = re.search(r"<!-- tested: plan\.yaml -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    path = tmp_path / "plan.yaml"
    path.write_text(found[1], encoding="utf-8")
    return path


def test_it_can_be_read(tmp_path: Path):
    """And says what it seems to say."""
    values = read_plan(shown(tmp_path))
    plan = plan_of(values, SpecStore())

    oxen = "oxen/kling-video-v2-6-pro-text-to-video"
    assert plan.models == ("novita/kling-v2.6-pro-t2v", oxen)
    assert (plan.modes[oxen], plan.blocks, plan.nights, plan.first_look) == (Mode.EVENTS, 2, 25, 12)
    assert plan_of(read_json(plan_json(plan), "a record"), SpecStore()) == plan


def test_every_key_is_shown(tmp_path: Path):
    """A key that is added to plans has to be added to the page."""
    values = read_plan(shown(tmp_path))
    known = set(plan_json(plan_of(values, SpecStore())))
    assert known - set(values.of) == MISSING
    assert all(f"`{key}" in PAGE or f"{key}:" in PAGE or f" {key}" in PAGE for key in MISSING)


def test_the_dry_run_of_the_page(tmp_path: Path, capsys, monkeypatch):
    """The command that it shows works with the plan that it shows."""
    shown(tmp_path)
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"<!-- tested: harness (.*?) -->", PAGE)
    done = call(capsys, *command.split())

    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == [
        "2 blocks a night, each with one job of 2 models in random order (seed 1)",
        "jobs: 4",
    ]
    assert "not equal: negative_prompt" in done.out
