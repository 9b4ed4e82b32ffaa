"""The life cycle as a table: which state may follow which."""

from __future__ import annotations

import pytest

from harness.spec.model import JobState
from harness.wire.lifecycle import FOLLOWS, TERMINAL, may_follow

# Written out by hand: rows are what was seen before, columns what is seen now.
#                queued  running  succeeded  failed  cancelled
TABLE = """
queued           yes     yes      yes        yes     yes
running          no      yes      yes        yes     yes
succeeded        no      no       yes        no      no
failed           no      no       no         yes     no
cancelled        no      no       no         no      yes
"""
COLUMNS = ("queued", "running", "succeeded", "failed", "cancelled")
ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(
    ("earlier", "later", "allowed"),
    [
        pytest.param(row[0], column, cell == "yes", id=f"{row[0]} then {column}")
        for row in ROWS
        for column, cell in zip(COLUMNS, row[1:], strict=True)
    ],
)
def test_what_may_follow(earlier: str, later: str, allowed: bool):
    """A look may miss states in between, but a job never goes back and never leaves its end."""
    assert may_follow(JobState(earlier), JobState(later)) is allowed


def test_every_state_has_its_row():
    """A state that is added needs its transitions."""
    assert set(FOLLOWS) == set(JobState) == {JobState(row[0]) for row in ROWS}


def test_terminal_states_are_those_that_only_themselves_follow():
    """The two tables of the module say the same."""
    assert {state for state in JobState if FOLLOWS[state] == {state}} == TERMINAL
