"""SARIF 2.1.0."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from harness.finding import Judgement, Location, Severity
from harness.report.sarif import findings_sarif, sarif_text
from tests.report.example import DOWN, UNKNOWN, finding, judgement
from tests.shared import SHARED, needs_shared


def run_of(*findings: Any, **members: Any) -> dict[str, Any]:
    """The one run of the log."""
    (run,) = findings_sarif(judgement(*findings, **members), "1.2.3")["runs"]
    found: dict[str, Any] = run
    return found


def test_a_result_stands_where_the_fault_is() -> None:
    """With level, fingerprint, the place of the expectation, and the rule with its help."""
    run = run_of(finding())
    (result,) = run["results"]
    assert result == {
        "ruleId": "request.enum",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "acme/clip-2: /duration is 7, expected one of 5, 10",
            "markdown": "`acme/clip-2`: /duration is 7, expected one of 5, 10",
        },
        "partialFingerprints": {"harnessFingerprint/v1": finding().fingerprint},
        "properties": {
            "kind": "violation",
            "impact": ["breaks"],
            "model": "acme/clip-2",
            "operation": "submit",
            "field": "/duration",
            "facet": "enum",
            "fingerprint": finding().fingerprint,
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "request.json"},
                    "region": {"startLine": 1, "startColumn": 12},
                },
                "logicalLocations": [{"fullyQualifiedName": "acme/clip-2 submit request /duration"}],
            }
        ],
        "relatedLocations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "specs/acme/clip-2.yaml"},
                    "region": {"startLine": 20, "startColumn": 13},
                },
                "message": {"text": "seed#Body, duration"},
            }
        ],
    }
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["help"]["text"] == "A value is not one of those documented. What to do: Send one of them."
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_levels_are_those_of_the_user() -> None:
    """Severity as weighed, not the rule's own."""
    run = run_of(finding(), finding(severity_override=Severity.WARNING), finding(UNKNOWN))
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 0, 1]


def test_what_is_waived_is_suppressed() -> None:
    """It stays in the log."""
    (result,) = run_of(finding(waived=True))["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted"}]


def test_what_could_not_be_observed_is_no_alert() -> None:
    """A notification of the run: an outage opens nothing."""
    run = run_of(finding(DOWN))
    assert run["results"] == []
    (invocation,) = run["invocations"]
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["associatedRule"]) == ("warning", {"id": "traffic.nothing", "index": 0})


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b#c?.json", "a%20b%23c%3F.json"),
        ("/tmp/x.json", "file:///tmp/x.json"),
        ("c:x.json", "./c%3Ax.json"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_a_file_name_is_a_reference(file: str, uri: str) -> None:
    """No character of it means anything of its own."""
    (result,) = run_of(finding(subject=Location(file=file), source=None))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": uri}}


def test_without_a_file_there_is_the_spec_of_the_model() -> None:
    """Every result has a physical location; without a model, it is the configuration."""
    (result,) = run_of(finding(subject=None, source=None, model=None))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "harness.yaml"
    (result,) = run_of(finding(subject=None, source=None))["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "specs/acme/clip-2.yaml"}},
            "logicalLocations": [{"fullyQualifiedName": "acme/clip-2 submit request /duration"}],
        }
    ]


def test_brackets_make_no_link() -> None:
    """Plain text of SARIF has links too."""
    (result,) = run_of(finding(message="see [this](https://e.com) and [x]((y)"))["results"]
    assert result["message"]["text"] == "acme/clip-2: see [this] (https://e.com) and [x] ((y)"


def test_the_text_may_stand_in_html() -> None:
    """It reads back as it was, and has no character that HTML reads."""
    text = sarif_text(judgement(finding(message="<b>&amp;</b> ##[x]")), "1.2.3")
    assert not set("<>&") & set(text)
    assert "##" not in text
    message = json.loads(text)["runs"][0]["results"][0]["message"]["text"]
    assert message == "acme/clip-2: <b>&amp;</b> ##[x]"


EVERYTHING = judgement(
    finding(),
    finding(UNKNOWN, consequence="you do not read it"),
    finding(DOWN),
    finding(waived=True, subject=None),
    finding(subject=None, source=None, model=None, operation=None, direction=None, facet=None),
    finding(subject=Location(file="a b.json", line=0 + 1), observed={"x": [1, None]}),
)


@needs_shared
@pytest.mark.parametrize("judged", [EVERYTHING, Judgement()])
def test_it_validates_against_the_schema(judged: Judgement) -> None:
    """The schema of the standard, with every kind of finding and with none."""
    assert SHARED is not None
    schema = json.loads((SHARED / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    log = json.loads(sarif_text(judged, "1.2.3"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(log)] == []
    log["runs"][0]["results"] = [{"message": {}}]
    assert list(validator.iter_errors(log)), "the schema refuses nothing"
