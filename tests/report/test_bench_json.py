"""A benchmark's conclusions as JSON."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from harness.measurement import summary as values
from harness.report.bench_json import bench_json
from harness.report.visible import as_json
from tests.report.bench_example import ACME, AUDIO, bench, comparison, provider


def _names(kind: Any) -> set[str]:
    return {field.name for field in fields(kind)}


def test_every_member_of_every_value_is_there():
    """What is added to the values must be added here."""
    document = bench_json(bench())
    assert set(document) == _names(values.BenchSummary) | {"schema"}
    seller = document["providers"][0]
    assert set(seller) == _names(values.ProviderSummary)
    assert set(seller["latencies"][0]) == _names(values.Latency)
    assert set(seller["latencies"][0]["quantiles"][0]) == _names(values.Quantile)
    assert set(seller["latencies"][0]["by_day"][0]) == _names(values.DayMedian)
    assert set(seller["estimates"][0]) == _names(values.EstimateJudgement)
    assert set(seller["success"]) == _names(values.Proportion)
    assert set(document["comparisons"][0]) == _names(values.Comparison)
    assert set(document["mismatches"][0]) == {"parameter", "values", "reasons"}


def test_the_shape_is_the_same_without_data():
    """Null where nothing is known, and the same members."""

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(member) for name, member in value.items()}
        return "list" if isinstance(value, list) else "value"

    none = provider(ACME, 150, cost_usd_per_delivered_s=None, polls_per_job=None)
    empty = comparison(ACME, "x/y", ratio=None, low=None, high=None, p_value=None, median_ratio=None)
    full = bench_json(bench())
    bare = bench_json(bench(providers=(none,), comparisons=(empty,), ended_at=None))
    assert shape(full) == shape(bare)
    assert shape(full["providers"][0]) == shape(bare["providers"][0])
    assert shape(full["comparisons"][1]) == shape(bare["comparisons"][0])
    assert bare["ended_at"] is None
    assert bare["comparisons"][0]["ratio"] is None


def test_it_is_strict_json():
    """Moments in UTC, words for the verdicts, values of mismatches as they are."""
    document = json.loads(as_json(bench_json(bench(mismatches=(AUDIO,)))))
    assert document["schema"] == "harness.bench/1"
    assert document["started_at"] == "2026-03-01T02:00:00Z"
    assert document["comparisons"][2]["verdict"] == "no meaningful difference"
    assert document["mismatches"] == [
        {"parameter": "audio", "values": {"acme/video-1": True, "beta/video-1": False}, "reasons": {}}
    ]
