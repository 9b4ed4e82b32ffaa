"""All rules of all rooms, in one explicit tuple: for `harness explain`, the docs and the report."""

from __future__ import annotations

from harness.bench.rules import RULES as BENCH_RULES
from harness.check.rules import RULES as CHECK_RULES
from harness.client.pages import RULES as PAGE_RULES
from harness.client.rules import RULES as CLIENT_RULES
from harness.compare import RULES as COMPARE_RULES
from harness.conform.rules import RULES as CONFORM_RULES
from harness.finding import Rule
from harness.probe.rules import RULES as PROBE_RULES
from harness.recorder.rules import RULES as RECORDER_RULES
from harness.spec.lint_rules import RULES as SPEC_RULES
from harness.translate.rules import RULES as TRANSLATE_RULES
from harness.trial.rules import RULES as TRIAL_RULES
from harness.use.rules import RULES as USE_RULES

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (
    *SPEC_RULES,
    *CHECK_RULES,
    *COMPARE_RULES,
    *TRANSLATE_RULES,
    *CLIENT_RULES,
    *PAGE_RULES,
    *RECORDER_RULES,
    *PROBE_RULES,
    *CONFORM_RULES,
    *BENCH_RULES,
    *TRIAL_RULES,
    *USE_RULES,
)
