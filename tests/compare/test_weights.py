"""What a discrepancy costs a buyer who switches."""

from __future__ import annotations

from typing import Any

import pytest

from harness.compare.cells import PARAMETERS
from harness.compare.weights import Cost, cost_of, governed, weight
from harness.finding import Impact
from harness.spec.model import State

NOTHING = (State.UNDOCUMENTED, None)
NONE = (State.ABSENT, None)


def is_value(value: Any) -> tuple[State, Any]:
    """A cell that states a value."""
    return State.DOCUMENTED, value


@pytest.mark.parametrize(
    ("parameter", "facet", "cost"),
    [
        ("audio", "default", Cost.BILL),
        ("audio", "name", Cost.BILL),
        ("count", "presence", Cost.BILL),
        ("prompt", "default", Cost.BILL),
        ("seed", "x-billing", Cost.BILL),
        ("validation", "time", Cost.BILL),
        ("output", "resolution", Cost.BILL),
        ("guidance", "maximum", Cost.OUTPUT),
        ("aspect_ratio", "default", Cost.OUTPUT),
        ("seed", "presence", Cost.OUTPUT),
        ("job", "id", Cost.LOST),
        ("status", "queued", Cost.LOST),
        ("response_format", "presence", Cost.LOST),
        ("latency", "poll", Cost.LOST),
        ("duration_s", "type", Cost.REFUSED),
        ("prompt", "maxLength", Cost.REFUSED),
        ("seed", "maximum", Cost.REFUSED),
        ("model", "presence", Cost.REFUSED),
        ("auth", "scheme", Cost.REFUSED),
        ("job", "cancel", Cost.REFUSED),
        ("poll_interval", "interval", Cost.UNKNOWN),
    ],
)
def test_weight_of_a_row(parameter: str, facet: str, cost: Cost) -> None:
    """Silent changes of the bill come first, then of the output, then lost jobs, then refusals."""
    assert weight(parameter, facet).cost is cost


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_has_a_weight(parameter: str) -> None:
    """No row is without a rank, and a row that ranks as the bill or the output says so in its impact."""
    for facet in ("presence", "name", "default", "enum", "minimum"):
        own = weight(parameter, facet)
        assert (own.cost is Cost.BILL) == (Impact.BILL in own.impact)
        assert (own.cost is Cost.OUTPUT) == (Impact.OUTPUT in own.impact and Impact.BILL not in own.impact)


def test_nothing_is_governed_by_what_is_not_canonical() -> None:
    """A parameter of one seller alone governs nothing that is known."""
    assert governed(None) == ()
    assert governed("steps") == ()


def test_values_that_differ_weigh_full() -> None:
    """Two values are what the row is about."""
    cells = [is_value(True), is_value(False), NOTHING]
    assert cost_of("audio", "default", cells) == (Cost.BILL, (Impact.BILL, Impact.OUTPUT))


def test_silence_beside_one_value_is_merely_unknown() -> None:
    """Where nobody contradicts the one value, nothing is known to change."""
    assert cost_of("audio", "default", [is_value(True), NOTHING]) == (Cost.UNKNOWN, ())


def test_silence_counts_where_a_feature_is_missing() -> None:
    """What is not documented cannot be used."""
    assert cost_of("completion", "events", [is_value(True), NOTHING]) == (Cost.LOST, (Impact.BREAKS,))
    assert cost_of("audio", "presence", [is_value(True), NOTHING])[0] is Cost.BILL


def test_documented_absence_is_a_value() -> None:
    """No limit is another thing than a limit; no price is only not knowing one."""
    assert cost_of("limits", "concurrency", [is_value({"jobs": 10}), NONE])[0] is Cost.REFUSED
    assert cost_of("price", "price", [is_value({"amount": 1}), NONE])[0] is Cost.UNKNOWN


@pytest.mark.parametrize(
    ("parameter", "facet", "one", "other"),
    [
        ("duration_s", "default", "5", 5),
        ("duration_s", "enum", ["5", "10"], [10, 5]),
        ("output", "resolution", "1920x1080", "1080p"),
        ("output", "resolution", "720x1280", "720p"),
    ],
)
def test_notation_costs_nothing(parameter: str, facet: str, one: object, other: object) -> None:
    """The same value in another notation differs and changes nothing."""
    assert cost_of(parameter, facet, [is_value(one), is_value(other)]) == (Cost.UNKNOWN, ())


def test_another_duration_is_another_bill() -> None:
    """The notation is taken away, the difference is not."""
    assert cost_of("duration_s", "default", [is_value("10"), is_value(5)])[0] is Cost.BILL
    assert cost_of("output", "resolution", [is_value("4k"), is_value("1080p")])[0] is Cost.BILL
    shapes = [is_value("1920x1080"), is_value("1080x1920")]
    assert cost_of("aspect_ratio", "default", shapes)[0] is Cost.OUTPUT
    for odd in ("1080x", "x1080", "1080xp"):
        assert cost_of("output", "resolution", [is_value(odd), is_value("1080p")])[0] is Cost.BILL
