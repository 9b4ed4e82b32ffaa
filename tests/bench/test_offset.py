"""The provider's clock beside ours."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from harness.bench.offset import Moment, Offset, moment_of, offset_by, offset_of
from harness.client.sighting import Sighting

NOON_S = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()


def date_at(unix_s: float) -> str:
    """A Date header as servers write it: cut off to seconds."""
    return format_datetime(datetime.fromtimestamp(int(unix_s), UTC), usegmt=True)


def answered(sent_s: float, received_s: float, *, clock_s: float | None = None, **stated: Any) -> Sighting:
    """A poll whose Date was written half-way, by a clock that is this much ahead of ours."""
    date = None if clock_s is None else date_at(clock_s + (sent_s + received_s) / 2)
    return Sighting(operation="poll", sent_s=sent_s, received_s=received_s, date=date, stated=stated)


class TestMoments:
    @pytest.mark.parametrize(
        ("value", "low_s", "width_s"),
        [
            (1772366400, 1772366400.0, 1.0),
            (1772366400123, 1772366400.123, 0.001),
            ("1772366400", 1772366400.0, 1.0),
            ("1772366400123", 1772366400.123, 0.001),
            (1772366400.5, 1772366400.5, 0.1),
            ("2026-03-01T12:00:00Z", NOON_S, 1.0),
            ("2026-03-01T13:00:00.25+01:00", NOON_S + 0.25, 0.01),
            ("2026-03-01T12:00:00.123+00:00", NOON_S + 0.123, 0.001),
        ],
    )
    def test_each_form(self, value: object, low_s: float, width_s: float):
        """Seconds, milliseconds or ISO 8601; as wide as the last digit."""
        found = moment_of(value)

        assert found is not None
        assert found.low_s == pytest.approx(low_s, abs=1e-6)
        assert found.high_s - found.low_s == pytest.approx(width_s, rel=1e-3)

    @pytest.mark.parametrize(
        "value", [None, True, "soon", "", -1, [], float("nan"), "2026-03-01T12:00:00", "2026-13-01T00:00:00Z"]
    )
    def test_what_is_none(self, value: object):
        """What says no moment, or not in which zone."""
        assert moment_of(value) is None


class TestOffsets:
    def test_one_date(self):
        """It was written between the request and its answer, in the second that it names."""
        found = offset_by(date_at(NOON_S), 10.0, 10.4)

        assert found == Offset(low_s=NOON_S - 10.4, high_s=NOON_S + 1 - 10.0)
        assert offset_by(None, 1.0, 2.0) is None
        assert offset_by("yesterday", 1.0, 2.0) is None
        assert offset_by(date_at(NOON_S), None, 2.0) is None

    def test_many_dates_bound_it_more_narrowly(self):
        """And what is true lies in it."""
        true_s = NOON_S + 0.3
        sightings = [answered(at, at + 0.1, clock_s=true_s) for at in (1.0, 7.35, 13.6, 21.85, 30.2)]
        found = offset_of(sightings)

        assert found is not None
        assert found.low_s <= true_s <= found.high_s
        assert found.high_s - found.low_s < 0.5
        assert found.is_usable
        assert found.middle_s == (found.low_s + found.high_s) / 2

    def test_clocks_that_do_not_keep_the_same_pace(self):
        """No offset fits all, and none is given."""
        assert offset_of([answered(at, at + 0.1, clock_s=NOON_S + at) for at in (0.0, 5.0, 10.0)]) is None

    def test_no_date(self):
        """Nothing to compare."""
        assert offset_of([answered(0.0, 0.1)]) is None
        assert offset_of([]) is None

    def test_one_that_is_known_badly_is_not_used(self):
        """An answer that took long says little of when its Date was written."""
        found = offset_of([answered(0.0, 30.0, clock_s=NOON_S)])

        assert found is not None
        assert not found.is_usable

    def test_the_moment_of_creation_has_to_fit(self):
        """A gateway writes the Date, another clock the body: the job would be made outside its submit."""
        submit = Sighting(
            operation="submit", sent_s=10.0, received_s=10.2, date=date_at(NOON_S + 10.1), recovered=False
        )
        right = answered(15.0, 15.1, clock_s=NOON_S, queued_at=(NOON_S + 10.1) * 1000)
        wrong = answered(15.0, 15.1, clock_s=NOON_S, queued_at=NOON_S + 13)

        found = offset_of([submit, right])
        assert found is not None
        assert found.low_s <= NOON_S <= found.high_s
        assert found.high_s - found.low_s < 0.25
        assert offset_of([submit, wrong]) is None

    def test_on_our_clock(self):
        """A stated moment is as wide as itself and the offset together."""
        offset = Offset(low_s=100.0, high_s=101.0)
        assert offset.on_our_clock(Moment(low_s=150.0, high_s=150.5)) == (49.0, 50.5)
        assert offset.with_(Offset(low_s=102.0, high_s=103.0)) is None
