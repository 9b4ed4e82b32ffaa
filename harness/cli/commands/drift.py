"""`harness drift …`: one module for each kind, `drift_<kind>.py`."""

from __future__ import annotations

import argparse
from importlib import import_module

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Hands over to the kind that was asked for."""
    module = import_module(f"harness.cli.commands.drift_{arguments.kind}")
    code: int = module.run(arguments)
    return code
