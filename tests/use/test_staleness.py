"""A monitor that sees nothing for too long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from harness.errors import SourceError
from harness.finding import Finding, Judgement, Observed, Rule, Severity
from harness.report.visible import as_json
from harness.use.staleness import MonitorState, age_of, age_text, read_state, stale_findings, state_json

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
WEEK = 7 * DAY
DOWN = Rule(id="docs.unreachable", severity=Severity.WARNING, summary="s", advice="a", inconclusive=True)
SEEN = Judgement(observed=Observed(facts=1), models=("a/x", "b/y"))
OUTAGE = Judgement(
    findings=(Finding(rule=DOWN, message="m", field="", model="a/x"),),
    observed=Observed(facts=1),
    models=("a/x", "b/y"),
)
NOTHING = Judgement()


def run(state: MonitorState, judgement: Judgement, day: int, since: datetime | None = None) -> MonitorState:
    """The state after one night."""
    return state.after("drift docs", judgement, now=START + day * DAY, since=since)


def stale(state: MonitorState, judgement: Judgement, day: int) -> list[str]:
    """What is said of that night."""
    now = START + day * DAY
    return [f.message for f in stale_findings(state, "drift docs", judgement, now=now, allowed=WEEK)]


def test_an_outage_of_a_week_turns_red_after_it() -> None:
    """Of the one model that was not observed; a day more than allowed."""
    state = run(MonitorState(), SEEN, 0)
    for day in range(1, 8):
        state = run(state, OUTAGE, day)
        assert stale(state, OUTAGE, day) == []
    state = run(state, OUTAGE, 8)
    assert stale(state, OUTAGE, 8) == [
        "drift docs observed a/x last on 2026-11-01 03:00 UTC: 8 days ago, allowed are 7 days"
    ]


def test_one_night_with_a_view_starts_the_time_anew() -> None:
    """The last observation counts, not the first outage."""
    state = run(run(MonitorState(), SEEN, 0), SEEN, 5)
    assert stale(run(state, OUTAGE, 9), OUTAGE, 9) == []


def test_a_run_that_observed_everything_is_never_stale() -> None:
    """However long the last one is ago."""
    state = run(run(MonitorState(), SEEN, 0), SEEN, 100)
    assert stale(state, SEEN, 100) == []


def test_a_monitor_that_never_saw_anything_counts_from_its_first_run() -> None:
    """No model at all is kept under a name of its own."""
    state = run(MonitorState(), NOTHING, 0)
    assert stale(state, NOTHING, 0) == []
    assert stale(run(state, NOTHING, 9), NOTHING, 9) == [
        "drift docs observed anything never, in runs since 2026-11-01 03:00 UTC: 9 days ago, allowed are "
        "7 days"
    ]


def test_where_the_state_is_lost_time_counts_from_the_baseline() -> None:
    """A cache that is lost every night must not make the monitor young every night."""
    accepted = START - 30 * DAY
    lost = run(MonitorState(), OUTAGE, 0, accepted)
    assert stale(lost, OUTAGE, 0) == [
        "drift docs observed a/x never, in runs since 2026-10-02 03:00 UTC: 30 days ago, allowed are 7 days"
    ]


def test_monitors_are_kept_apart() -> None:
    """That documents could be read says nothing of the wire."""
    state = run(MonitorState(), SEEN, 0).after("drift wire", OUTAGE, now=START)
    assert set(state.monitors) == {"drift docs", "drift wire"}
    assert "a/x" not in state.monitors["drift wire"].seen


def test_the_findings_of_the_last_run_are_known_by_fingerprint() -> None:
    """So that a waiver knows what it is about."""
    state = run(MonitorState(), OUTAGE, 0)
    fingerprint = OUTAGE.findings[0].fingerprint
    about = state.finding(fingerprint)
    assert about is not None
    assert (about["rule"], about["model"], about["field"]) == ("docs.unreachable", "a/x", "")
    assert state.finding("0" * 12) is None


def test_it_reads_back_as_it_was() -> None:
    """The file is JSON of a versioned shape."""
    state = run(run(MonitorState(), SEEN, 0), OUTAGE, 1)
    text = as_json(state_json(state))
    assert json.loads(text)["schema"] == "harness.state/1"
    assert read_state(text, "s.json") == state


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "s.json:1:1: the file: expected a mapping, got a list"),
        ('{"schema": "x", "monitors": {}}', "s.json:1:12: /schema: expected harness.state/1, got 'x'"),
        (
            '{"schema": "harness.state/1", "monitors": {"a": {"since": "x", "seen": {}, "findings": {}}}}',
            "s.json:1:59: /monitors/a/since: expected a time such as 2026-01-08T06:00:00Z, got 'x'",
        ),
    ],
)
def test_a_file_that_is_something_else(text: str, message: str) -> None:
    """Located."""
    with pytest.raises(SourceError) as caught:
        read_state(text, "s.json")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "age"),
    [("30m", timedelta(minutes=30)), ("12h", DAY / 2), ("7d", WEEK), ("2w", 2 * WEEK)],
)
def test_ages(text: str, age: timedelta) -> None:
    """Minutes, hours, days, weeks."""
    assert age_of(text) == age


@pytest.mark.parametrize("text", ["", "7", "0d", "-1d", "7 d", "7y", "1.5d", "9999999d"])
def test_what_is_no_age(text: str) -> None:
    """Nothing is guessed."""
    assert age_of(text) is None


def test_ages_in_words() -> None:
    """In the largest unit that says enough."""
    ages = (timedelta(minutes=1), timedelta(minutes=90), timedelta(hours=30), DAY, 3 * DAY)
    assert [age_text(age) for age in ages] == ["1 minute", "90 minutes", "30 hours", "1 day", "3 days"]
