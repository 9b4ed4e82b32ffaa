"""Which run a name means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from harness.bench.history.choose import chosen
from harness.bench.history.store import RunLine
from harness.errors import OperatorError
from harness.measurement.job import BenchRecord, Provenance
from tests.bench.runs import START, a_run

OTHER_PLAN = "e" * 64


def line(name: str, day: int, **changes: object) -> RunLine:
    """A run that began on a day."""
    return RunLine(record=a_run(name, created_at=START + timedelta(days=day), **changes), jobs=0)


LINES = (
    line("aa-1", 1),
    line("aa-2", 2, plan_digest=OTHER_PLAN),
    line("ab-1", 3, provenance=Provenance.LIVE),
    line("ab-1-x", 4, finished_at=None),
)


def like(**changes: object) -> BenchRecord:
    """A new run."""
    return a_run("new", created_at=START + timedelta(days=9), **changes)


@pytest.mark.parametrize(
    ("name", "new", "found"),
    [
        ("aa-2", None, "aa-2"),
        ("aa-1", None, "aa-1"),
        ("ab-1", None, "ab-1"),  # in full, though another begins so
        ("ab-1-", None, "ab-1-x"),
        ("LAST", None, "ab-1"),
        ("LAST", like(), "aa-1"),
        ("LAST", like(plan_digest=OTHER_PLAN), "aa-2"),
        ("LAST", like(provenance=Provenance.LIVE), "ab-1"),
        ("aa-2", like(), "aa-2"),  # who names a run of another plan gets it
    ],
)
def test_names(name: str, new: BenchRecord | None, found: str):
    """In full, by their beginning, or the last."""
    assert chosen(LINES, name, like=new, where="here").record.id == found


@pytest.mark.parametrize(
    ("name", "new", "message"),
    [
        ("aa", None, "here: 'aa' is the beginning of 2 runs: aa-1, aa-2"),
        ("b", None, "here: no run 'b'; harness history list shows those that there are"),
        (
            "LAST",
            like(plan_digest="f" * 64),
            "here: no earlier finished simulated run of this plan; the last one of another plan is aa-2: "
            "name it to compare with it",
        ),
        (
            "ab-1",
            like(),
            "run ab-1 is live and run new is simulated: simulated and live jobs are never compared",
        ),
    ],
)
def test_what_is_refused(name: str, new: BenchRecord | None, message: str):
    """Before anything is paid for."""
    with pytest.raises(OperatorError) as refused:
        chosen(LINES, name, like=new, where="here")
    assert str(refused.value) == message


def test_the_first_run():
    """There is none before it; one that was cut short is none to compare with."""
    with pytest.raises(OperatorError, match=r"^here: no finished run yet$"):
        chosen(LINES[3:], "LAST", like=None, where="here")
    with pytest.raises(OperatorError, match=r"^here: no earlier finished simulated run$"):
        chosen(LINES[2:], "LAST", like=like(), where="here")
