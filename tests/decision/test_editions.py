"""How often a seller's documents change what a client relies on."""

from __future__ import annotations

from harness.decision.editions import costs, editions_of, stability
from harness.decision.model import Edition
from harness.stats.rates import poisson_rate
from tests.decision.made import AIML, EACH, NOVITA, shipped


def editions(model: str) -> tuple[Edition, ...]:
    spec = shipped().get(model)
    return editions_of(spec, shipped().later_revisions(spec))


def test_each_edition_changes_the_one_before() -> None:
    """The baseline changes nothing; its date is that of its earliest document."""
    found = editions(EACH)
    assert [(one.ref.partition("@")[2], one.date) for one in found] == [
        ("", "2026-03-05"),
        ("2026-07-07", "2026-07-07"),
        ("2026-07-27", "2026-07-27"),
        ("2026-08-17", "2026-08-17"),
    ]
    assert found[0].changes == ()
    assert all(one.changes for one in found[1:])


def test_changes_that_cost_are_counted_by_the_year() -> None:
    """What is merely added costs nobody anything; the interval is that of a Poisson rate."""
    found = editions(EACH)
    line = stability(found, source="/here", where="/there")
    counted = sum(costs(change) for one in found for change in one.changes)
    years = 165 / 365.25
    assert line.counts == {
        "changes": counted,
        "editions": 4,
        "first": "2026-03-05",
        "last": "2026-08-17",
        "days": 165,
    }
    assert 0 < counted < sum(len(one.changes) for one in found)
    assert line.figure is not None
    assert line.figure.value == counted / years
    assert (line.figure.low, line.figure.high) == poisson_rate(counted, years)
    assert (line.figure.basis, line.figure.source, line.where) == ("documented", "/here", ("/there",))


def test_an_edition_that_changes_nothing_that_costs_is_none_in_its_time() -> None:
    """No change in some months leaves room for some a year."""
    figure = stability(editions(AIML), source="/here", where="/there").figure
    assert figure is not None
    assert (figure.value, figure.low) == (0, 0)
    assert 5 < figure.high < 15


def test_one_edition_says_nothing_of_changes() -> None:
    """Nobody looked for another: that is unknown, and never "no changes"."""
    line = stability(editions(NOVITA), source="/here", where="/there")
    assert line.figure is None
    assert line.why == "only one dated edition of its documents is known, so nothing can be said of changes"


def test_editions_of_one_day_have_no_rate() -> None:
    """There is no time in which the changes could be counted."""
    first, second = editions(EACH)[:2]
    same = Edition(model=second.model, ref=second.ref, date=first.date, changes=second.changes)
    assert stability((first, same), source="/here", where="/there").figure is None
