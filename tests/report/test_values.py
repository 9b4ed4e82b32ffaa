"""Rows of the comparison in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from harness.compare.cells import FACET_ORDER, PARAMETERS
from harness.report.values import cell_text, cost_text, facet_text, fact_text, parameter_text, value_text

DASH = "\u2013"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (0.5, "0.5"),
        (True, "true"),
        (None, "null"),
        ("16:9", "16:9"),
        ("10", '"10"'),
        ("1e3", '"1e3"'),
        ("True", '"True"'),
        ("null", '"null"'),
        ("", '""'),
        ([5, "5"], '5, "5"'),
        ([], "none"),
        ((1, 2), "1, 2"),
        ({"a": 1, "b": ["x"]}, "a: 1; b: x"),
        ("two\nlines", "two\\nlines"),
        (float("nan"), "NaN"),
    ],
)
def test_values_say_their_type(value: Any, text: str) -> None:
    """A string that looks like a number stands in quotes; a list has commas."""
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("parameter", "facet", "value", "text"),
    [
        ("audio", "presence", True, "yes"),
        ("prompt", "required", False, "no"),
        ("audio", "default", True, "true"),
        ("latency", "poll", [{"kind": "observed_once", "value_s": 152}], "152 s (observed once)"),
        (
            "latency",
            "blocking",
            [
                {"kind": "range", "min_s": 300, "max_s": 900, "scope": "model"},
                {"kind": "range", "min_s": 60, "max_s": 600, "open_ended": True, "scope": "all_video_models"},
            ],
            f"300{DASH}900 s; 60{DASH}600 s or more (all video models)",
        ),
        ("poll_interval", "interval", [{"value_s": 5}, {"min_s": 10, "max_s": 30}], f"5 s; 10{DASH}30 s"),
        (
            "limits",
            "rate",
            {"requests": 100, "per_s": 60, "operation": "submit", "scope": "key"},
            "100 requests in 60 s, submit, per key",
        ),
        ("limits", "concurrency", {"jobs": 10}, "10 jobs at once"),
        ("limits", "concurrency", {"jobs": 10, "scope": "key"}, "10 jobs at once, per key"),
        ("validation", "time", {"at_submit": ["*"], "at_run": []}, "everything when submitted"),
        (
            "validation",
            "time",
            {"at_submit": ["/model"], "at_run": ["*"]},
            "/model when submitted; everything else when the job runs",
        ),
        (
            "price",
            "price",
            {"operation": "model", "pointer": "/pricing"},
            "to be asked for: model operation, /pricing",
        ),
        ("price", "price", {"amount": 0.35, "currency": "USD", "unit": "video"}, "0.35 USD per video"),
        ("output", "url_lifetime_s", 3600, "3,600 s"),
        ("output", "url_lifetime_s", "limited", "limited, no figure"),
        ("limits", "rate", "unheard of", "unheard of"),
        ("limits", "rate", {"other": 1}, "other: 1"),
    ],
)
def test_values_of_rows_have_units(parameter: str, facet: str, value: Any, text: str) -> None:
    """What a row holds is said as a person would; a shape without words is shown as it is."""
    assert cell_text(parameter, facet, value) == text


def test_names_of_rows_are_plain_words() -> None:
    """Known facets have names of their own, all others lose their underscores."""
    assert parameter_text("negative_prompt") == "negative prompt"
    assert parameter_text("duration_s") == "duration (s)"
    assert facet_text("prompt", "maxLength") == "most characters"
    assert facet_text("job", "status") == "where the status stands"
    assert facet_text("webhook", "secret_header") == "secret header"
    assert fact_text("job.output_ttl_s") == "job.output ttl s"


def test_no_row_has_an_underscore() -> None:
    """Every parameter and facet that the comparison can have reads as words."""
    for parameter in PARAMETERS:
        assert "_" not in parameter_text(parameter)
        assert not [facet for facet in FACET_ORDER if "_" in facet_text(parameter, facet)]


def test_what_a_difference_costs() -> None:
    """Every rank of the comparison has its words."""
    assert [cost_text(rank) for rank in range(6)] == [
        "The bill changes, without an error",
        "The video changes, without an error",
        "Parsing fails, or a paid job is lost",
        "The request is refused",
        "Unknown, or only written differently",
        "No difference",
    ]
