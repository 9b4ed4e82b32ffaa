"""Every rule of the user's own files fires in one case and is silent in another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from harness.finding import Finding, Rule
from harness.use.rules import (
    EXPIRED,
    EXPIRES_SOON,
    LOCK_MISSING,
    RULES,
    SAME_DAY,
    SPEC_GONE,
    SPEC_MOVED,
    STALE,
    UNUSED,
)
from harness.use.staleness import MonitorState, stale_findings
from harness.use.waivers import apply_waivers
from tests.use import test_baseline as baseline
from tests.use import test_staleness as staleness
from tests.use import test_waivers as waivers
from tests.use.users import EXAMPLE


def _waived(*, until: date = date(2027, 3, 1), gone: bool = False, number: int = 1) -> Iterable[Finding]:
    found = [waivers.found(observed=10 + n) for n in range(number)]
    judgement = waivers.judged() if gone else waivers.judged(*found)
    kept = [waivers.waiver(one, until=until) for one in found]
    return apply_waivers(judgement, kept, today=waivers.TODAY, scope=waivers.DIFF).findings


def _moved(tmp_path: Path, *edits: tuple[str, str]) -> Iterable[Finding]:
    return baseline.judged(baseline.store_of(tmp_path), baseline.store_of(tmp_path, *edits))


def _accepted(tmp_path: Path, model: str, reference: str) -> Iterable[Finding]:
    stores = baseline.store_of(tmp_path), baseline.store_of(tmp_path)
    return baseline.judged(*stores, references={model: reference}, models=(EXAMPLE, model))


def _night(day: int) -> Iterable[Finding]:
    state = staleness.run(MonitorState(), staleness.SEEN, 0)
    now = staleness.START + day * staleness.DAY
    return stale_findings(state, "drift docs", staleness.OUTAGE, now=now, allowed=staleness.WEEK)


Case = Callable[[Path], Iterable[Finding]]
SOON = waivers.TODAY + timedelta(days=3)
PAST = waivers.TODAY - timedelta(days=3)
CASES: dict[str, tuple[Case, Case]] = {
    UNUSED.id: (lambda _: _waived(gone=True), lambda _: _waived()),
    EXPIRED.id: (lambda _: _waived(until=PAST), lambda _: _waived()),
    EXPIRES_SOON.id: (lambda _: _waived(until=SOON), lambda _: _waived()),
    SAME_DAY.id: (lambda _: _waived(number=3), lambda _: _waived(number=2)),
    SPEC_MOVED.id: (lambda path: _moved(path, baseline.LONGER), _moved),
    SPEC_GONE.id: (
        lambda path: _accepted(path, EXAMPLE, f"{EXAMPLE}@2020-01-01"),
        lambda path: _accepted(path, EXAMPLE, EXAMPLE),
    ),
    LOCK_MISSING.id: (
        lambda path: _accepted(path, "example/other", "example/other"),
        lambda path: _accepted(path, EXAMPLE, EXAMPLE),
    ),
    STALE.id: (lambda _: _night(8), lambda _: _night(7)),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_it_fires_and_it_is_silent(rule: Rule, tmp_path: Path) -> None:
    """Exactly where it should."""
    fires, silent = CASES[rule.id]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert [f.rule for f in fires(tmp_path / "a") if f.rule == rule] == [rule]
    assert [f for f in silent(tmp_path / "b") if f.rule == rule] == []
