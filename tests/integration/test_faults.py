"""Every fault against every model: what must never be, and the table of what is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from harness.simulator.faults.table import FAULTS
from harness.simulator.process import running
from tests.integration.faults_page import page, rows
from tests.integration.matrix import SECTIONS, STORE, Cell, Section, play
from tests.integration.world import KEY, held_forms, ledger_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "faults.md"
Played = Callable[[Section], list[Cell]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The cells of a section, which is played once."""

    @cache
    def cells(section: Section) -> list[Cell]:
        return list(play(section, section.faults(), tmp_path_factory.mktemp("played")))

    return cells


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.operation or "itself")
def test_nothing_is_lost_twice_raised_or_told(section: Section, played: Played) -> None:
    """No traceback, no hang, no lost job, no second POST for one job, no key in anything that was written."""
    assert [
        f"{cell.order} {cell.model}: {problem}" for cell in played(section) for problem in cell.problems
    ] == []


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.operation or "itself")
def test_every_cell_is_played(section: Section, played: Played) -> None:
    """Each fault meets each model, or it is said why it cannot."""
    cells = played(section)
    assert [cell.model for cell in cells] == list(STORE.ids) * len(section.faults())
    assert [cell for cell in cells if not cell.outcome and cell.impossible is None] == []
    assert all(
        any(cell.outcome for cell in cells if cell.order == section.order(f)) for f in section.faults()
    )


def test_every_fault_is_in_the_first_section() -> None:
    """Those that the command line lists."""
    assert SECTIONS[0].faults() == FAULTS


def test_the_page_is_current(played: Played, tmp_path: Path) -> None:
    """docs/faults.md is what was played. A busy machine can make a job end before the poll that a fault
    strikes: rows that differ are played once more, alone.
    """
    shown = PAGE.read_text(encoding="utf-8")
    current: dict[str, list[Cell]] = {}
    for section in SECTIONS:
        cells = list(played(section))
        for fault in section.faults():
            if not all(line in shown for line in rows(section, cells)[fault.name]):
                again = list(play(section, [fault], tmp_path))
                assert [problem for cell in again for problem in cell.problems] == []
                at = [number for number, cell in enumerate(cells) if cell.order == section.order(fault)]
                cells[at[0] : at[-1] + 1] = again
        current[section.title] = cells
    assert page(current) == shown, "not current: run python scripts/make_faults.py"


@pytest.mark.parametrize(
    ("fault", "outcome", "codes"),
    [
        ("401", "refused", (3, 3)),
        ("429", "succeeded", (0, 0)),
        ("truncated-json", "succeeded", (1, 1)),
        ("500.submit", "possibly_billed", (3, 3)),
        ("job-stuck", "unfinished", (3, 0)),
        ("dead-url", "succeeded", (1, 1)),
    ],
)
def test_the_commands_say_the_same(fault: str, outcome: str, codes: tuple[int, int], tmp_path: Path) -> None:
    """`harness record` and `harness check traffic`, as processes, end as the table says."""
    model = "novita/kling-v2.6-pro-t2v"
    with running("--time-scale", "100", "--seed", "1", "--fault", fault) as base_urls:
        place = f"novita={base_urls['novita']}"
        recorded = _harness(
            tmp_path,
            "record",
            model,
            "--to",
            "out",
            "--base-url",
            place,
            "--time-scale",
            "100",
            "--timeout",
            "600",
            "--format",
            "json",
        )
        assert len(ledger_of(base_urls)["jobs"]) <= 1
    checked = _harness(tmp_path, "check", "traffic", "out", "--format", "json")
    assert (recorded.returncode, checked.returncode) == codes
    assert json.loads(recorded.stdout)["recording"]["outcome"] == outcome
    rows_in_page = [
        line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{fault}` |")
    ]
    mine = [line for line in rows_in_page if "| all |" in line or model in line]
    assert [line.endswith(f"| {codes[0]} | {codes[1]} |") for line in mine] == [True]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert [path.name for path in written if held_forms(path.read_bytes())] == []
    assert held_forms(recorded.stdout + recorded.stderr + checked.stdout + checked.stderr) == []
    assert "Traceback" not in recorded.stderr + checked.stderr


def _harness(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness.cli.main", *arguments],
        cwd=path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NOVITA_API_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
