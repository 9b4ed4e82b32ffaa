"""`harness run`: the main job."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.cli.records import Records
from harness.cli.reporting import report

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Runs the main job, writes the report, prints the findings."""
    return report(arguments, Records(traffic=tuple(Path(name) for name in arguments.traffic)))
