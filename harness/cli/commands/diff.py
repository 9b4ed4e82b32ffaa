"""`harness diff`."""

from __future__ import annotations

import argparse

from harness.cli.commands.lint import spec_of
from harness.cli.output import deliver, store_of
from harness.finding import Judgement, Observed

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Classifies what changed from one spec to the other."""
    from harness.compare.changes import changes
    from harness.spec.facts import facts

    store = store_of(arguments)
    old, new = spec_of(arguments.old, store), spec_of(arguments.new, store)
    counted = sum(1 for spec in (old, new) for _ in facts(spec))
    judgement = Judgement(findings=changes(old, new), observed=Observed(facts=counted), models=(new.ref,))
    return deliver(judgement, arguments)
