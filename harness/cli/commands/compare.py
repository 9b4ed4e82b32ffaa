"""`harness compare`."""

from __future__ import annotations

import argparse

from harness.cli.output import deliver, store_of

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Compares the models given, or all of them, inside each group."""
    from harness.compare.judge import judge_specs
    from harness.compare.matrix import matrix, matrix_json

    store = store_of(arguments)
    specs = tuple(dict.fromkeys(store.get(reference) for reference in arguments.models)) or store.all()
    judgement = judge_specs(store, specs)
    return deliver(judgement, arguments, extra={"matrix": matrix_json(matrix(specs))})
