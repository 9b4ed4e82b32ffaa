"""docs/detection.md, held true: every change of its table is seeded, and every tier looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.compare.changes import changes
from harness.simulator import metadata
from harness.spec.store import SpecStore
from tests.cli.calling import call
from tests.probe.seeds import SEEDS, Seed, overlay
from tests.probe.wiring import probe
from tests.shared import PROJECT
from tests.simulator.serving import Served, serving

SHIPPED = SpecStore()
TIERS = ("T0", "T1", "T2", "T3")
# The job takes near half a second: a machine that stops for a moment still polls while it runs.
TIME_SCALE = 400.0
ROW = re.compile(
    r"^\| (.+) \| (yes|no|fails) \| (yes|no|fails) \| (yes|no|fails) \| (yes|no|fails) \|$", re.M
)


def table() -> dict[str, dict[str, str]]:
    """Change -> tier -> cell."""
    page = (PROJECT / "docs" / "detection.md").read_text(encoding="utf-8")
    return {row[0]: dict(zip(TIERS, row[1:], strict=True)) for row in ROW.findall(page)}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    for name in ("NOVITA", "AIMLAPI", "EACHLABS", "OXEN"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)


def test_the_table_has_exactly_the_seeded_changes() -> None:
    """No row without its test, no test without its row."""
    assert set(table()) == set(SEEDS)


@pytest.mark.parametrize("model", sorted({seed.model for seed in SEEDS.values()}))
def test_nothing_changed_is_nothing_seen(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    """On every tier: what a cell counts as seen comes from the seed."""
    with serving(models=(model,), time_scale=TIME_SCALE) as served:
        assert _seen(Seed(model=model), SHIPPED, served, capsys) == dict.fromkeys(TIERS, "no")


@pytest.mark.parametrize("change", SEEDS)
def test_each_tier_sees_what_the_table_says(
    change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulator serves the changed spec; the harness knows the shipped one."""
    seed = SEEDS[change]
    store = SpecStore((overlay(seed, tmp_path / "served"),))
    if seed.price is not None:  # the price is the simulator's own: the one before is told first
        with serving(models=(seed.model,), port=_free_port(), time_scale=TIME_SCALE) as served:
            assert probe(capsys, served, seed.model).outcome.code == 0
            port = int(served.base_urls[seed.model.split("/")[0]].rpartition(":")[2])
        monkeypatch.setattr(metadata, "OWN_PRICE", seed.price)
        with serving(models=(seed.model,), port=port, time_scale=TIME_SCALE) as served:
            assert _seen(seed, store, served, capsys) == table()[change]
        return
    with serving(models=(seed.model,), store=store, time_scale=TIME_SCALE) as served:
        assert _seen(seed, store, served, capsys) == table()[change]


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _seen(seed: Seed, store: SpecStore, served: Served, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What each tier makes of it."""
    model = seed.model
    free = probe(capsys, served, model)
    assert served.ledger()["jobs"] == [], "T1 made a job"
    costly = probe(capsys, served, model, "--allow-t2", "--max-jobs", "1")
    assert len(served.ledger()["jobs"]) <= 1, "T2 made more than one job"
    return {
        "T0": "yes" if changes(SHIPPED.get(model), store.get(model)) else "no",
        "T1": _cell([f["verdict"] for f in free.findings], "done"),
        "T2": _cell([f["verdict"] for f in costly.findings], "done"),
        "T3": _paid(served, model, capsys),
    }


def _paid(served: Served, model: str, capsys: pytest.CaptureFixture[str]) -> str:
    """One job, recorded and judged. The simulator's own choice of an undocumented status says nothing."""
    provider = model.split("/", maxsplit=1)[0]
    reach = ("--base-url", f"{provider}={served.base_urls[provider]}", "--time-scale", str(TIME_SCALE))
    made = call(capsys, "record", model, "--to", "cassettes", *reach, "--timeout", "2000", "--format", "json")
    found = [f for f in made.json["findings"] if "simulator's own choice" not in f["message"]]
    return _cell([f["verdict"] for f in found], made.json["recording"]["outcome"])


def _cell(verdicts: list[str], outcome: str) -> str:
    if any(verdict != "inconclusive" for verdict in verdicts):
        return "yes"
    return "fails" if verdicts or outcome not in ("done", "succeeded") else "no"
