"""JUnit XML."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.finding import Judgement, Observed, Severity
from harness.report.junit import findings_junit
from tests.report.example import ACME, DOWN, UNKNOWN, finding, judgement
from tests.report.test_sarif import EVERYTHING
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 20, 6, 0, 5, 999, tzinfo=UTC)


def suites(judged: Judgement, **members: Any) -> list[ElementTree.Element]:
    """The suites of the document."""
    return list(ElementTree.fromstring(findings_junit(judged, now=NOW, **members)))


def outcomes(suite: ElementTree.Element) -> list[str]:
    """What came of each case."""
    return [next((child.tag for child in case), "passed") for case in suite.iter("testcase")]


def test_a_finding_is_a_failed_case_of_its_model() -> None:
    """Named by rule, field and fingerprint; the text says where, what, and what to do."""
    (suite,) = suites(judgement(finding()))
    assert suite.attrib == {
        "name": ACME,
        "package": "harness",
        "id": "0",
        "timestamp": "2026-11-20T06:00:05",
        "hostname": "localhost",
        "tests": "1",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
        "time": "0",
    }
    (case,) = suite.iter("testcase")
    assert case.get("name") == f"request.enum submit /duration {finding().fingerprint}"
    (failure,) = case
    assert failure.attrib == {
        "message": "error: /duration is 7, expected one of 5, 10",
        "type": "request.enum",
    }
    assert (failure.text or "").splitlines() == [
        "error: /duration is 7, expected one of 5, 10",
        "where: request.json:1:12",
        "expected: [5, 10]",
        "observed: 7",
        "source: specs/acme/clip-2.yaml:20:13 (seed#Body, duration)",
        "what to do: Send one of them.",
    ]


def test_what_counts_is_what_counts_toward_the_exit_code() -> None:
    """`--fail-on` decides; what is quieter passes, and stands in the output."""
    judged = judgement(finding(), finding(UNKNOWN), finding(waived=True), finding(DOWN))
    (suite,) = suites(judged)
    assert outcomes(suite) == ["failure", "passed", "skipped", "error"]
    assert "info: /duration is 7" in (suite.findtext("system-out") or "")
    (suite,) = suites(judged, fail_on=Severity.INFO, inconclusive="pass")
    assert outcomes(suite) == ["failure", "failure", "skipped", "skipped"]


def test_a_model_without_findings_is_a_case_that_passed() -> None:
    """And one that was not observed is an error, as the exit code is 3."""
    (suite,) = suites(judgement())
    assert outcomes(suite) == ["passed"]
    (suite,) = suites(Judgement(models=(ACME,)))
    assert outcomes(suite) == ["error"]
    (suite,) = suites(Judgement(models=(ACME,)), inconclusive="pass")
    assert outcomes(suite) == ["skipped"]


def test_nothing_at_all_is_no_green_suite() -> None:
    """A document without a case would be read as success."""
    (suite,) = suites(Judgement())
    assert (suite.get("name"), outcomes(suite)) == ("harness", ["error"])


def test_findings_of_no_model_have_a_suite() -> None:
    """After those of the models."""
    names = [suite.get("name") for suite in suites(judgement(finding(), finding(model=None)))]
    assert names == [ACME, "harness"]


@needs_shared
@pytest.mark.skipif(find_spec("xmlschema") is None, reason="needs xmlschema")
@pytest.mark.parametrize(
    "judged",
    [EVERYTHING, Judgement(), Judgement(observed=Observed(facts=1), models=(" a  b ", "c"))],
)
def test_it_validates_against_the_schema(judged: Judgement) -> None:
    """The schema of Ant's dialect, with every kind of finding and with none."""
    import xmlschema

    assert SHARED is not None
    schema = xmlschema.XMLSchema(str(SHARED / "schemas" / "JUnit.xsd"))
    schema.validate(findings_junit(judged, now=NOW))
    with pytest.raises(xmlschema.XMLSchemaException):
        schema.validate(findings_junit(judged, now=NOW).replace('time="0"', 'time="soon"'))
