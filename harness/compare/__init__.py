"""Two specs or more: the matrix of what sellers of one model document, and what changed between specs."""

from __future__ import annotations

from harness.compare.contradiction import RULES as CONTRADICTION_RULES
from harness.compare.discrepancy import RULES as DISCREPANCY_RULES
from harness.compare.rules import RULES as CHANGE_RULES
from harness.finding import Rule

__all__ = ["RULES"]

RULES: tuple[Rule, ...] = (*DISCREPANCY_RULES, *CONTRADICTION_RULES, *CHANGE_RULES)
