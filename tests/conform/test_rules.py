"""The rules of generated requests."""

from __future__ import annotations

import subprocess
import sys

from harness.conform.rules import RULES, rule
from harness.rules import RULES as ALL
from tests.shared import PROJECT


def test_each_rule_is_known_by_its_id_and_to_the_whole_program() -> None:
    """One area; a row for each id."""
    assert {each.area for each in RULES} == {"conform"}
    assert [rule(each.id) for each in RULES] == list(RULES)
    assert set(RULES) <= set(ALL)


def test_what_makes_nothing_certain_is_inconclusive() -> None:
    """An outage, and a tier in which nothing was answered."""
    inconclusive = {each.id for each in RULES if each.inconclusive}
    assert inconclusive == {"conform.unavailable", "conform.nothing-sent"}


def test_the_rules_are_explained_without_what_generates() -> None:
    """Hypothesis takes a tenth of a second to import, and is for one command."""
    program = (
        "import sys; from harness.cli.main import main; main(['explain', 'conform.valid-refused']);"
        "main(['conform', '--help']); print('hypothesis' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("\nFalse\n")
