"""Writes docs/rules.md, docs/commands.md and the criteria in docs/choosing.md out of the code.

python scripts/make_docs.py            # write them
python scripts/make_docs.py --check    # exit 1 if they are not current
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from harness.cli.parser import build_parser
from harness.finding import Rule
from harness.ranking.criteria import CRITERIA
from harness.rules import RULES

DOCS = Path(__file__).resolve().parents[1] / "docs"
GENERATED = "<!-- Made from the code by scripts/make_docs.py; edit the code, not this page. -->"


def rules_page() -> str:
    """Every rule, area by area."""
    return "\n".join(_rules_lines()) + "\n"


def _rules_lines() -> Iterator[str]:
    yield from (
        "# Rules",
        "",
        GENERATED,
        "",
        f"{len(RULES)} rules. `harness explain RULE` prints one of them. Severity is what a finding has "
        "unless it says otherwise; an inconclusive finding never counts toward `--fail-on`.",
    )
    for area, rules in groupby(RULES, key=lambda rule: rule.area):
        yield from ("", f"## {area}", "", "| rule | kind | severity | impact | what it means | what to do |")
        yield "|---|---|---|---|---|---|"
        yield from (_rule_row(rule) for rule in rules)


def _rule_row(rule: Rule) -> str:
    severity = "inconclusive" if rule.inconclusive else rule.severity.value
    impact = ", ".join(impact.value for impact in rule.impact) or "-"
    cells = (f"`{rule.id}`", rule.kind.value, severity, impact, rule.summary, rule.advice)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def commands_page() -> str:
    """Every command and option, from the parser itself."""
    return "\n".join(_commands_lines()) + "\n"


def _commands_lines() -> Iterator[str]:
    parser = build_parser()
    yield from ("# Commands", "", GENERATED, "", parser.description or "", "", "```text")
    yield from (parser.epilog or "").rstrip().splitlines()
    yield "```"
    for name, command in _commands(parser, "harness"):
        yield from (
            "",
            f"## {name}",
            "",
            command.description or "",
            "",
            "| argument | meaning |",
            "|---|---|",
        )
        yield from (_argument_row(action) for action in _arguments(command))


def _commands(parser: argparse.ArgumentParser, prefix: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                below = list(_commands(child, f"{prefix} {name}"))
                yield from below or [(f"{prefix} {name}", child)]


def _arguments(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    return (action for action in parser._actions if not isinstance(action, argparse._HelpAction))


def _argument_row(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or str(action.metavar)
    if action.option_strings and action.nargs != 0:
        choices = "|".join(str(choice) for choice in action.choices or ())
        name += f" {action.metavar or choices or action.dest.upper()}"
    elif action.nargs in ("?", "*"):
        name = f"[{name}{'...' if action.nargs == '*' else ''}]"
    name = name.replace("|", "\\|")
    return f"| `{name}` | {(action.help or '').replace('|', chr(92) + '|')} |"


_CRITERIA = re.compile(r"(<!-- criteria -->\n).*(<!-- /criteria -->)", re.DOTALL)


def choosing_page() -> str:
    """The page on choosing as it is, with the table of the criteria that there are."""
    text = (DOCS / "choosing.md").read_text(encoding="utf-8")
    table = "".join(f"{line}\n" for line in _criteria_lines())
    return _CRITERIA.sub(lambda found: found[1] + table + found[2], text)


def _criteria_lines() -> Iterator[str]:
    yield "| criterion | unit | scores 0 at | scores 1 at | rests on | what it says |"
    yield "|---|---|---|---|---|---|"
    for row in CRITERIA:
        ends = f"{row.worst:g} | {row.best:g}"
        yield f"| `{row.id}` | {row.unit} | {ends} | {row.basis} | {row.meaning} |"


PAGES = {"rules.md": rules_page, "commands.md": commands_page, "choosing.md": choosing_page}


def main() -> int:
    """Writes or checks the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [name for name, page in PAGES.items() if not _current(DOCS / name, page())]
    if check and stale:
        print(f"not current: {', '.join(stale)}; run python scripts/make_docs.py")
        return 1
    for name in stale:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


def _current(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
