"""Findings as JUnit XML, in the dialect of Ant: one suite for each model, one test case for each finding.

What counts toward the exit code is a failure; what could not be observed is an error, or skipped where
`--inconclusive pass` says so; what is waived is skipped; what is too quiet to count passes, and stands in
the suite's output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from harness.finding import Finding, Judgement, Severity, Verdict
from harness.report.visible import compact, disarmed, visible
from harness.report.words import location_text, place_text, told

__all__ = ["findings_junit"]

_EVERYTHING = "harness"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One test case; `outcome` is passed, failure, error or skipped."""

    name: str
    outcome: str
    kind: str
    message: str
    lines: tuple[str, ...] = ()


def findings_junit(
    judgement: Judgement, *, now: datetime, fail_on: Severity = Severity.ERROR, inconclusive: str = "fail"
) -> str:
    """The judgement as an XML document; `now` is when it was made, `inconclusive` is `fail` or `pass`."""
    root = ElementTree.Element("testsuites")
    for number, (name, cases) in enumerate(_suites(judgement, fail_on, inconclusive)):
        root.append(_suite(name, number, cases, now))
    ElementTree.indent(root, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suites(judgement: Judgement, fail_on: Severity, inconclusive: str) -> Iterator[tuple[str, list[_Case]]]:
    unseen = "error" if inconclusive == "fail" else "skipped"
    for model, verdict in judgement.model_verdicts.items():
        own = [f for f in judgement.findings if f.model == model]
        cases = [_case(finding, fail_on, unseen) for finding in own]
        yield model, cases or [_summary_case(verdict, unseen)]
    rest = [_case(f, fail_on, unseen) for f in judgement.findings if f.model is None]
    if rest or not judgement.model_verdicts:
        yield _EVERYTHING, rest or [_summary_case(judgement.verdict, unseen)]


def _summary_case(verdict: Verdict, unseen: str) -> _Case:
    if verdict is Verdict.INCONCLUSIVE:
        message = "nothing was observed, so nothing can be said"
        return _Case(name="observed", outcome=unseen, kind="inconclusive", message=message)
    return _Case(name="conforms", outcome="passed", kind="", message="")


def _case(finding: Finding, fail_on: Severity, unseen: str) -> _Case:
    place = f"{finding.operation or ''} {finding.field or finding.facet or ''}".strip()
    return _Case(
        name=f"{finding.rule.id} {place} {finding.fingerprint}",
        outcome=_outcome(finding, fail_on, unseen),
        kind=finding.rule.id,
        message=f"{finding.severity.value}: {told(finding)}",
        lines=tuple(_lines(finding)),
    )


def _outcome(finding: Finding, fail_on: Severity, unseen: str) -> str:
    if finding.waived:
        return "skipped"
    if finding.verdict is Verdict.INCONCLUSIVE:
        return unseen
    return "failure" if finding.severity.rank >= fail_on.rank else "passed"


def _lines(finding: Finding) -> Iterator[str]:
    """No line begins with anything of a stranger's."""
    yield f"{finding.severity.value}: {told(finding)}"
    yield f"where: {place_text(finding)}"
    if finding.expected is not None:
        yield f"expected: {compact(finding.expected)}"
    if finding.observed is not None:
        yield f"observed: {compact(finding.observed)}"
    if finding.source is not None:
        yield f"source: {location_text(finding.source)}"
    yield f"what to do: {finding.rule.advice}"


def _suite(name: str, number: int, cases: list[_Case], now: datetime) -> ElementTree.Element:
    count = {kind: sum(case.outcome == kind for case in cases) for kind in ("failure", "error", "skipped")}
    suite = ElementTree.Element(
        "testsuite",
        {
            "name": _text(name),
            "package": _EVERYTHING,
            "id": str(number),
            "timestamp": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "hostname": "localhost",
            "tests": str(len(cases)),
            "failures": str(count["failure"]),
            "errors": str(count["error"]),
            "skipped": str(count["skipped"]),
            "time": "0",
        },
    )
    ElementTree.SubElement(suite, "properties")
    for case in cases:
        suite.append(_element(case, name))
    quiet = [line for case in cases if case.outcome == "passed" for line in case.lines]
    ElementTree.SubElement(suite, "system-out").text = "\n".join(_text(line) for line in quiet)
    ElementTree.SubElement(suite, "system-err").text = ""
    return suite


def _element(case: _Case, suite: str) -> ElementTree.Element:
    element = ElementTree.Element(
        "testcase", {"name": _text(case.name), "classname": _text(suite), "time": "0"}
    )
    if case.outcome != "passed":
        attributes = {"message": _text(case.message)}
        attributes |= {"type": _text(case.kind)} if case.outcome != "skipped" else {}
        child = ElementTree.SubElement(element, case.outcome, attributes)
        child.text = "\n".join(_text(line) for line in case.lines)
    return element


def _text(text: str) -> str:
    return disarmed(visible(text))
