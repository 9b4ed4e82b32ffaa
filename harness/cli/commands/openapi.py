"""`harness openapi`."""

from __future__ import annotations

import argparse

from harness.cli.exit_codes import ExitCode
from harness.cli.output import store_of
from harness.cli.stdout import write_stdout
from harness.report.visible import as_json
from harness.spec import yaml
from harness.spec.openapi import openapi

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Prints a spec as OpenAPI 3.1."""
    document = openapi(store_of(arguments).get(arguments.model))
    write_stdout(yaml.dump(document) if arguments.yaml else as_json(document))
    return ExitCode.DONE
