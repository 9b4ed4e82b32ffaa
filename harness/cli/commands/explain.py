"""`harness explain`."""

from __future__ import annotations

import argparse
import difflib

from harness.cli.exit_codes import ExitCode
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.finding import Rule
from harness.rules import RULES

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Prints what one rule means and what to do, or a line for each of them."""
    if arguments.rule is None:
        width = max(len(rule.id) for rule in RULES)
        write_stdout(
            "\n".join(f"{rule.id:{width}}  {rule.severity.value:7}  {rule.summary}" for rule in RULES)
        )
        return ExitCode.DONE
    by_id = {rule.id: rule for rule in RULES}
    if arguments.rule not in by_id:
        near = difflib.get_close_matches(arguments.rule, by_id, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `harness explain` lists them"
        raise OperatorError(f"no rule {arguments.rule!r}{hint}")
    write_stdout(explained(by_id[arguments.rule]))
    return ExitCode.DONE


def explained(rule: Rule) -> str:
    """One rule, in full."""
    lines = [
        rule.id,
        f"  {rule.summary}",
        "",
        f"  kind      {rule.kind.value}",
        f"  severity  {'inconclusive' if rule.inconclusive else rule.severity.value}",
        f"  impact    {', '.join(impact.value for impact in rule.impact) or 'none by itself'}",
        f"  message   {rule.direction.value if rule.direction else 'any'}",
        "",
        f"  What to do: {rule.advice}",
    ]
    return "\n".join(lines)
