"""Findings and runs as JSON, member by member."""

from __future__ import annotations

import json
from typing import Any

from harness.finding import Judgement, Observed, Skipped
from harness.report.json import findings_json, record_json
from harness.report.visible import as_json
from tests.report.example import ACME, DISCREPANCY, MEANING, UNKNOWN, example, finding, judgement


def test_the_contract_shape() -> None:
    """Every member of `harness.findings/1`, in order, with its value."""
    found = finding()
    written = findings_json(judgement(found))
    assert written == {
        "schema": "harness.findings/1",
        "verdict": "violates",
        "observed": {"exchanges": 0, "operations": 1, "facts": 12, "skipped": []},
        "models": {ACME: "violates"},
        "findings": [
            {
                "rule": "request.enum",
                "kind": "violation",
                "severity": "error",
                "impact": ["breaks"],
                "verdict": "violates",
                "model": ACME,
                "operation": "submit",
                "direction": "request",
                "pointer": "/duration",
                "field": "/duration",
                "facet": "enum",
                "expected": [5, 10],
                "observed": 7,
                "message": "/duration is 7, expected one of 5, 10",
                "source": {
                    "file": "specs/acme/clip-2.yaml",
                    "line": 20,
                    "column": 13,
                    "document": "seed#Body, duration",
                    "index": None,
                },
                "subject": {"file": "request.json", "line": 1, "column": 12, "document": None, "index": None},
                "fingerprint": found.fingerprint,
                "waived": False,
                "consequence": None,
            }
        ],
        "summary": {"error": 1, "warning": 0, "info": 0, "waived": 0},
    }
    assert list(written) == ["schema", "verdict", "observed", "models", "findings", "summary"]


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(member) for name, member in value.items()}
    return [_shape(value[0])] if isinstance(value, list) and value else None


def test_members_without_a_value_are_null_and_never_missing() -> None:
    """The shape is the same whether anything is known or not."""
    bare = finding(
        pointer=None, model=None, operation=None, direction=None, facet=None, source=None, subject=None
    )
    (written,) = findings_json(judgement(bare))["findings"]
    (full,) = findings_json(judgement(finding()))["findings"]
    assert list(written) == list(full)
    assert [written[name] for name in ("pointer", "model", "source", "subject")] == [None] * 4


def test_nothing_observed_is_inconclusive_and_has_the_same_shape() -> None:
    """Never green for want of data."""
    written = findings_json(Judgement(observed=Observed(skipped=(Skipped(what="a", why="b"),))))
    assert (written["verdict"], written["findings"], written["models"]) == ("inconclusive", [], {})
    assert written["observed"]["skipped"] == [{"what": "a", "why": "b"}]


def test_waived_findings_are_counted_apart() -> None:
    """A waived error is no error of the summary."""
    written = findings_json(judgement(finding(waived=True), finding(UNKNOWN), finding(DISCREPANCY)))
    assert written["summary"] == {"error": 0, "warning": 0, "info": 2, "waived": 1}


def test_what_cannot_be_written_is_named_and_what_is_huge_is_shortened() -> None:
    """Strict JSON whatever was observed; the expectation, of which the fingerprint is made, stays whole."""
    huge = finding(observed=["x" * 2_000_000, float("nan")], expected=["y" * 3000], message="m" * 10_000)
    (written,) = findings_json(judgement(huge))["findings"]
    assert written["observed"] == ["x" * 1000 + "… (2,000,000 characters in all)", "NaN"]
    assert written["expected"] == ["y" * 3000]
    assert written["message"] == "m" * 1000 + "… (10,000 characters in all)"
    assert json.loads(as_json(findings_json(judgement(huge)))) == findings_json(judgement(huge))


def test_a_run_holds_the_findings_and_everything_else() -> None:
    """`harness.run/1` is a superset of `harness.findings/1`."""
    record = example()
    written = record_json(record)
    findings = findings_json(record.judgement)
    assert {name: written[name] for name in findings if name != "schema"} == {
        name: member for name, member in findings.items() if name != "schema"
    }
    assert (written["schema"], written["created_at"], written["version"], written["margin"]) == (
        "harness.run/1",
        "2026-11-20T12:00:00Z",
        "0.1.0",
        0.2,
    )
    assert written["messages"] == {"documented": 14, "simulated": 0, "live": 0, "unknown": 0}
    assert list(written)[len(findings) :] == [
        *("created_at", "version", "messages", "margin", "matrix", "estimates", "jobs", "recordings"),
        *("endpoints", "page"),
    ]


def test_a_run_holds_the_matrix_with_meanings() -> None:
    """Rows as `compare` writes them, with what each means to a buyer or null."""
    first, second, *_ = record_json(example())["matrix"]
    assert first["cells"][ACME] == {"state": "documented", "value": 5}
    assert (first["parameter"], first["facet"], first["means"]) == ("duration_s", "default", MEANING)
    assert second["means"] is None


def test_a_run_holds_estimates_jobs_recordings_and_endpoints() -> None:
    """Intervals keep their open ends, facts their states."""
    written = record_json(example())
    assert written["estimates"][1]["jobs"] == [
        {"low_s": 135, "high_s": 152},
        {"low_s": 600, "high_s": None},
    ]
    assert written["estimates"][1]["median"] == {
        "low_s": 135,
        "high_s": None,
        "jobs": 6,
        "coverage": 0.96875,
    }
    assert written["estimates"][0]["median"] is None
    assert written["jobs"][0]["interval"] == {"low_s": 135, "high_s": 152}
    assert written["recordings"][0]["substituted"] == ["0/response/id"]
    assert [fact["state"] for fact in written["endpoints"][0]["facts"]] == [
        "documented",
        "absent",
        "undocumented",
    ]


def test_a_run_reads_back_and_is_the_same_each_time() -> None:
    """JSON out, JSON in, no change; two renderings are equal bytes."""
    text = as_json(record_json(example()))
    assert json.loads(text) == record_json(example())
    assert as_json(record_json(example())) == text


def test_the_shape_does_not_depend_on_the_run() -> None:
    """An empty run has every member that a full one has."""
    empty = record_json(
        example(
            models=(), matrix=(), recordings=(), jobs=(), estimates=(), judgement=Judgement(), meanings={}
        )
    )
    assert list(empty) == list(record_json(example()))
    assert _shape(empty)["observed"] == _shape(record_json(example()))["observed"] | {"skipped": None}
