"""An earlier report.json, read back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.errors import SourceError
from harness.report.since_read import read_report
from harness.spec.pointer import resolve
from tests.report.since_example import changed, report


@pytest.mark.parametrize("document", [report(), changed(), report(decision=None)])
def test_a_report_is_read_as_it_is(document: dict[str, Any]) -> None:
    """What else it has is left alone."""
    document = {**document, "matrix": []}
    assert read_report(json.dumps(document), "old.json") == document
    del document["decision"]
    assert read_report(json.dumps(document), "old.json") == document


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{\n "schema": "harness.findings/1"}',
            "old.json:2:12: schema: expected 'harness.run/1' (a report.json of harness run or harness "
            "report), got 'harness.findings/1'",
        ),
        (
            "{}",
            "old.json:1:1: schema: expected 'harness.run/1' (a report.json of harness run or harness "
            "report), got none",
        ),
        (
            '{"schema": ' + json.dumps(["x" * 99]) + "}",
            "old.json:1:12: schema: expected 'harness.run/1' (a report.json of harness run or harness "
            f"report), got ['{'x' * 58}…",
        ),
        ("[]", "old.json:1:1: expected an object, got []"),
        ('{"a": 1,\n "a": 2}', "old.json:2:2: not strict JSON: duplicate-key, got 'a'"),
        ('{"a": NaN}', "old.json:1:7: not strict JSON: not-finite, got 'NaN'"),
    ],
)
def test_what_is_no_report_is_refused_with_its_place(text: str, message: str) -> None:
    """And with what was expected."""
    with pytest.raises(SourceError) as raised:
        read_report(text, "old.json")
    assert str(raised.value) == message


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("pointer", "value", "fault"),
    [
        ("/created_at", 7, "created_at: expected a string, got 7"),
        ("/messages/live", "1", "messages.live: expected a whole number, got '1'"),
        ("/findings", {}, "findings: expected an array, got {}"),
        ("/findings/1/model", 3, "findings[1].model: expected a string, got 3"),
        ("/endpoints/0/facts/1/state", None, "endpoints[0].facts[1].state: expected a string, got None"),
        (
            "/endpoints/0/facts/0/value",
            _deep(101),
            "endpoints[0].facts[0].value: expected at most 100 levels, got more",
        ),
        ("/decision/groups/0/name", [], "decision.groups[0].name: expected a string, got []"),
        (
            "/decision/groups/0/vendors/0/evidence/1/low",
            0.75,
            "decision.groups[0].vendors[0].evidence[1]: expected a value between low and high, with its "
            "basis, or nulls, got {'value': 0.5, 'low': 0.75, 'high': 1.0, 'basis': 'documented'}",
        ),
        (
            "/decision/groups/0/vendors/0/evidence/1/basis",
            None,
            "decision.groups[0].vendors[0].evidence[1]: expected a value between low and high, with its "
            "basis, or nulls, got {'value': 0.5, 'low': 0.5, 'high': 1.0, 'basis': None}",
        ),
        (
            "/decision/groups/0/rankings/0/weights/latency",
            "5",
            "decision.groups[0].rankings[0].weights.latency: expected a number, got '5'",
        ),
        (
            "/decision/wishes/0/needs/0",
            5,
            "decision.wishes[0].needs[0]: expected a string, got 5",
        ),
    ],
)
def test_a_member_of_another_type_is_named_and_located(pointer: str, value: Any, fault: str) -> None:
    """Nothing of such a report is used."""
    document = report()
    parent, _, name = pointer.rpartition("/")
    holder = resolve(document, parent)
    holder[int(name) if isinstance(holder, list) else name] = value
    with pytest.raises(SourceError) as raised:
        read_report(json.dumps(document, indent=1), "old.json")
    assert raised.value.message == fault
    assert raised.value.line > 1


@pytest.mark.parametrize("name", ["created_at", "version", "verdict", "messages", "findings", "endpoints"])
def test_a_member_that_is_missing_is_named(name: str) -> None:
    """The place is that of the object that should have it."""
    document = report()
    del document[name]
    with pytest.raises(SourceError) as raised:
        read_report(json.dumps(document), "old.json")
    assert str(raised.value) == f"old.json:1:1: expected a member {name!r}, got none"
