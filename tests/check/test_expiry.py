"""Whether a recording may still be relied on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harness.check.expiry import WARNING_TIME, expiry_findings
from harness.finding import Judgement, Location, Observed, Severity, Verdict
from tests.check.recorded import recording, submit

END = datetime(2026, 3, 1, 12, tzinfo=UTC)


def found(when: datetime, end: datetime | None = END) -> list[str]:
    return [f"{f.rule.id}: {f.message}" for f in expiry_findings(recording(submit(), expires=end), when)]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(0), ["cassette.expired: the recording expired on 2026-03-01"]),
        (timedelta(days=-400), ["cassette.expired: the recording expired on 2026-03-01"]),
        (timedelta(seconds=1), ["cassette.expires-soon: the recording expires on 2026-03-01"]),
        (WARNING_TIME, ["cassette.expires-soon: the recording expires on 2026-03-01"]),
        (WARNING_TIME + timedelta(seconds=1), []),
    ],
)
def test_it_warns_before_it_fails(before, expected):
    """Two weeks ahead, so that no build turns red on a single day without notice."""
    assert found(END - before) == expected


def test_without_an_end_there_is_none():
    """Documented examples and others' cassettes do not expire."""
    assert found(END, None) == []


def test_an_expired_recording_fails_and_stands_where_it_is():
    """It is an error of the recording, not of a model."""
    (finding,) = expiry_findings(recording(submit(), expires=END), END)
    assert finding.severity is Severity.ERROR
    assert finding.model is None
    assert finding.subject == Location(file="c.yaml")
    assert (finding.expected, finding.observed) == ("2026-03-01T12:00:00+00:00", "2026-03-01T12:00:00+00:00")
    judgement = Judgement(findings=(finding,), observed=Observed(exchanges=1))
    assert judgement.verdict is Verdict.VIOLATES
