"""Writes reports/example/, the report that the README shows, out of the shipped specs and cassettes.

    python scripts/make_example.py                # the report
    python scripts/make_example.py --screenshot   # and its picture, with Debian's chromium

The date is fixed, so that the report changes only when the specs, the cassettes or the code do.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from harness.cli.commands.check import judges_for
from harness.decision.decide import decide
from harness.decision.model import Decision
from harness.decision.wishes import wishes_of
from harness.ranking.profile import SHIPPED, shipped_profile
from harness.record import RunRecord
from harness.report.files import write_report
from harness.run import run, shipped_recordings
from harness.spec.store import SpecStore

EXAMPLE = Path(__file__).resolve().parents[1] / "reports" / "example"
MADE_ON = datetime(2026, 11, 20, tzinfo=UTC)


def example() -> tuple[RunRecord, Decision]:
    """The main job on what is shipped, and what it tells whoever has to choose."""
    store = SpecStore()
    record = run(store, shipped_recordings(), judges_for(store), now=MADE_ON)
    profiles = [shipped_profile(name) for name in SHIPPED]
    return record, decide(record, store, wishes_of(None, store), profiles)


def main() -> int:
    """Writes the example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screenshot", action="store_true")
    arguments = parser.parse_args()
    for path in write_example(EXAMPLE):
        print(path)
    if arguments.screenshot:
        screenshot(EXAMPLE / "report.html", EXAMPLE / "report.png")
    return 0


def write_example(directory: Path) -> tuple[Path, ...]:
    """Writes the example into a directory."""
    record, decision = example()
    return write_report(record, directory, decision)


def screenshot(page: Path, picture: Path) -> None:
    """The first screen of a page as a PNG."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
                *(
                    "--no-first-run",
                    "--disable-quic",
                    f"--user-data-dir={profile}",
                    "--window-size=1280,1500",
                ),
                *(f"--screenshot={picture}", page.as_uri()),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


if __name__ == "__main__":
    sys.exit(main())
