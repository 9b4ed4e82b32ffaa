"""The rules of what only a client sees; each fires in the tests beside this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.check.rules import RULES as CHECK_RULES
from harness.client.rules import RULES, rule
from harness.finding import Rule

TESTS = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))


def test_ids_are_unique():
    """Over this room and the one that judges messages."""
    ids = [row.id for row in (*RULES, *CHECK_RULES)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.id)
def test_every_rule_is_seen_to_fire(row: Rule):
    """By name, in a test over a real socket."""
    assert f'"{row.id}"' in TESTS
    assert rule(row.id) is row
    assert row.summary.endswith(".")
    assert row.advice
