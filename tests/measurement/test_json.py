"""Runs as JSON: the document, and what is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from harness.errors import OperatorError, SourceError
from harness.measurement.json import job_json, job_of, read_record, record_json, record_of
from tests.bench.runs import MODEL, START, a_job, a_run


def test_the_document():
    """Every member is there, in one order, with its unit in its name."""
    document = record_json(a_run(jobs=1, finished_at=None))
    assert list(document) == [
        "schema",
        "id",
        "created_at",
        "finished_at",
        "version",
        "provenance",
        "design",
        "machine",
        "region",
        "seed",
        "cap_s",
        "plan",
        "plan_digest",
        "models",
        "requests",
        "mismatches",
        "jobs",
    ]
    assert document["schema"] == "harness.bench-record/1"
    assert document["created_at"] == "2026-03-01T12:00:00.000250+00:00"
    assert document["jobs"][0] == {
        "id": "0000000000000000",
        "model": MODEL,
        "mode": "poll",
        "block": 0,
        "place": 0,
        "submitted_at": "2026-03-01T12:00:00.000250+00:00",
        "outcome": "succeeded",
        "intervals": {
            "submit": {"low_s": 0.1, "high_s": 0.30000000000000004},
            "total": {"low_s": 150.0, "high_s": 152.0},
        },
        "polls": 4,
        "poll_errors": 0,
        "asked_s": 10,
        "cost_usd": 0.7,
        "billed": True,
        "evidence": ["completed_at"],
        "clock_offset_s": -0.125,
        "job_id": "job-0",
        "note": None,
    }


def test_another_time_zone_is_the_same_moment():
    """Written in UTC."""
    there = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    record = a_run(created_at=there)
    assert record_json(record)["created_at"] == "2026-03-01T12:00:00.000250+00:00"
    assert read_record(json.dumps(record_json(record)), "f") == record


def test_a_moment_without_a_zone_is_a_fault_of_the_program():
    """It would be read as another moment elsewhere."""
    with pytest.raises(ValueError, match="a moment without a time zone: 2026-01-01 00:00:00"):
        record_json(a_run(created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the fault


def test_what_has_a_default_may_be_missing():
    """Records of earlier releases, which did not know a member, stay readable."""
    document = job_json(a_job(1))
    for name in ("polls", "evidence", "note", "billed", "intervals"):
        del document[name]
    assert job_of(document, "here") == a_job(1, polls=0, evidence=(), billed=None, intervals={})


CHANGES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda d: d.pop("seed"), "f:1:1: expected a member 'seed', got none"),
    (
        lambda d: d.update(schema="harness.bench-record/2"),
        "f:2:12: schema: expected 'harness.bench-record/1', got 'harness.bench-record/2'",
    ),
    (lambda d: d.update(colour=1), "f:52:12: colour: unknown member; was it written by a newer release?"),
    (
        lambda d: d.update(id="two words"),
        "f:3:8: id: expected an id of 1 to 200 ASCII characters without spaces, got 'two words'",
    ),
    (
        lambda d: d.update(provenance="mixed"),
        "f:7:16: provenance: expected one of simulated, live, got 'mixed'",
    ),
    (
        lambda d: d.update(created_at="2026-01-01"),
        "f:4:16: created_at: expected a date and time with its zone (2026-01-31T12:00:00+00:00), "
        "got '2026-01-01'",
    ),
    (lambda d: d.update(cap_s=-1), "f:12:11: cap_s: expected seconds, 0 or more, got -1"),
    (lambda d: d.update(cap_s="300"), "f:12:11: cap_s: expected a number, got '300'"),
    (lambda d: d.update(seed=True), "f:11:10: seed: expected a whole number, got True"),
    (lambda d: d.update(models="a"), "f:15:12: models: expected an array, got 'a'"),
    (lambda d: d.update(models=["a", 1]), "f:17:3: models[1]: expected a string, got 1"),
    (
        lambda d: d["jobs"][0].update(polls=-2),
        "f:39:13: jobs[0].polls: expected a count, 0 or more, got -2",
    ),
    (
        lambda d: d["jobs"][0]["intervals"]["total"].update(high_s=1.0),
        "f:34:14: jobs[0].intervals.total: not an interval: (150.0, 1.0]",
    ),
    (
        lambda d: d["jobs"][0]["intervals"].update(sleep={}),
        "f:38:14: jobs[0].intervals.sleep: "
        "expected one of submit, queue, generation, total, delivery, got 'sleep'",
    ),
    (
        lambda d: d["jobs"].append(d["jobs"][0]),
        "jobs[1].id: expected ids that differ, got '0000000000000000' again",
    ),
    (lambda d: d["jobs"][0].update(billed=0), "jobs[0].billed: expected true or false, got 0"),
    (lambda d: d.update(plan=[]), "f:13:10: plan: expected an object, got []"),
    (
        lambda d: d["mismatches"][0].update(reasons={"a": 1}),
        "mismatches[0].reasons.a: expected a string, got 1",
    ),
]


@pytest.mark.parametrize(("change", "message"), CHANGES)
def test_what_is_refused(change: Callable[[dict[str, Any]], object], message: str):
    """File, line and column, the member, what was expected and what is there."""
    document = record_json(a_run(jobs=1, plan={}, mismatches=(), requests={}))
    if "mismatches" in message:
        document = record_json(a_run(jobs=1))
    change(document)
    text = json.dumps(document, indent=1)
    with pytest.raises(SourceError) as refused:
        read_record(text, "f")
    assert str(refused.value).endswith(message)
    assert refused.value.file == "f"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": "a",\n "id": "b"}', "f:2:2: not strict JSON: duplicate-key, got 'id'"),
        ('{"cap_s": NaN}', "f:1:11: not strict JSON: not-finite, got 'NaN'"),
        ('{"cap_s": 1e999}', "f:1:11: not strict JSON: not-finite, got '1e999'"),
        ("[" * 300, "f:1:201: not JSON: nested more than 200 deep, got '['"),
        ('{"a": }', "f:1:7: not JSON: expected a value, got '}'"),
        ("[]", "f:1:1: expected an object, got []"),
    ],
)
def test_what_is_no_strict_json(text: str, message: str):
    """A record that two readers would read differently is read by neither."""
    with pytest.raises(SourceError) as refused:
        read_record(text, "f")
    assert str(refused.value) == message


def test_a_value_without_a_text():
    """From a database, say: the place is in words."""
    with pytest.raises(OperatorError) as refused:
        record_of({**record_json(a_run()), "seed": 1.5}, "history: run 1")
    assert str(refused.value) == "history: run 1: seed: expected a whole number, got 1.5"
    with pytest.raises(OperatorError) as refused:
        job_of({**job_json(a_job(1)), "note": "x" * 10, "job_id": ["y" * 100]}, "history: run 1: job 1")
    assert str(refused.value) == f"history: run 1: job 1: job_id: expected a string, got ['{'y' * 58}…"
