"""What a judgement comes to by the user's own files: harness.yaml, waivers.yaml, harness.lock."""

from __future__ import annotations

import argparse

from harness.cli.by_use import judge_by_use
from harness.finding import Judgement
from harness.pytest_plugin.options import Options
from harness.spec.store import SpecStore

__all__ = ["of_one_spec", "of_traffic"]


def of_traffic(judgement: Judgement, options: Options, store: SpecStore) -> Judgement:
    """The judgement on all traffic, as `harness check traffic` gives it. Raises OperatorError."""
    arguments = argparse.Namespace(command="check", kind="traffic", config=options.config, max_staleness=None)
    return judge_by_use(judgement, arguments, store).judgement


def of_one_spec(judgement: Judgement, options: Options, store: SpecStore) -> Judgement:
    """The judgement on one spec: what a waiver says of others is not unused. Raises OperatorError."""
    arguments = argparse.Namespace(
        command="lint", files=judgement.models, config=options.config, max_staleness=None
    )
    found = judge_by_use(judgement, arguments, store).judgement
    own = tuple(finding for finding in found.findings if finding.rule.area == "spec")
    return Judgement(findings=own, observed=found.observed, models=found.models)
