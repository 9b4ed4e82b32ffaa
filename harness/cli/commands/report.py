"""`harness report`."""

from __future__ import annotations

import argparse

from harness.cli.records import records_of
from harness.cli.reporting import report

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Writes the report from which a vendor is chosen."""
    return report(arguments, records_of(arguments.records), pictures=True)
