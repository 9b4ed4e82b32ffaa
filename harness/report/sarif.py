"""Findings as SARIF 2.1.0, written as data: what code scanning of a forge reads.

A finding stands at what was judged, else at the spec file that it rests on; the other place is a related
location. What could not be observed is a notification of the run and never an alert. What a stranger wrote
is text: it makes no link, no markup and no placeholder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from harness.finding import Finding, Judgement, Location, Rule, Severity, Verdict
from harness.report.markdown_text import code, prose
from harness.report.visible import as_json, visible
from harness.report.words import told

__all__ = ["SARIF_SCHEMA", "findings_sarif", "sarif_text"]

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "harnessFingerprint/v1"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def sarif_text(judgement: Judgement, version: str) -> str:
    """The SARIF log as JSON text that may stand inside of HTML as well."""
    text = as_json(findings_sarif(judgement, version))
    for char, escape in _HTML.items():
        text = text.replace(char, escape)
    return text


def findings_sarif(judgement: Judgement, version: str) -> dict[str, Any]:
    """One run of this tool, at the given version, with a result for each finding."""
    conclusive = [f for f in judgement.findings if f.verdict is not Verdict.INCONCLUSIVE]
    unseen = [f for f in judgement.findings if f.verdict is Verdict.INCONCLUSIVE]
    rules = tuple(dict.fromkeys(finding.rule for finding in judgement.findings))
    index = {rule: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "harness",
                "semanticVersion": version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(f, index[f.rule]) for f in unseen],
            }
        ],
        "results": [_result(f, index[f.rule]) for f in conclusive],
        "properties": {"verdict": judgement.verdict.value},
    }
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    help_text = f"{rule.summary} What to do: {rule.advice}"
    impact = [f"impact-{impact.value}" for impact in rule.impact]
    return {
        "id": rule.id,
        "shortDescription": {"text": _text(rule.summary)},
        "fullDescription": {"text": _text(rule.summary)},
        "help": {"text": _text(help_text), "markdown": prose(help_text)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.kind.value, rule.area, *impact]},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    places = [one for one in (finding.subject, finding.source) if one is not None and one.file is not None]
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": _message(finding),
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": _properties(finding),
    }
    place = places[0] if places else Location(file=_usual_file(finding))
    result["locations"] = [{**_location(place), **_logical(finding)}]
    if places[1:]:
        note = places[1].document or "where the expectation stands"
        result["relatedLocations"] = [
            {**_location(place), "message": {"text": _text(note)}} for place in places[1:]
        ]
    if finding.waived:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return result


def _usual_file(finding: Finding) -> str:
    """Where to look for what has no place of its own: forges refuse a log with a result that has none."""
    return "harness.yaml" if finding.model is None else f"specs/{finding.model}.yaml"


def _notification(finding: Finding, rule_index: int) -> dict[str, Any]:
    return {
        "level": "note" if finding.waived else "warning",
        "message": _message(finding),
        "associatedRule": {"id": finding.rule.id, "index": rule_index},
        "properties": _properties(finding),
    }


def _message(finding: Finding) -> dict[str, str]:
    model = f"{finding.model}: " if finding.model else ""
    markdown = f"{code(finding.model)}: {prose(told(finding))}" if finding.model else prose(told(finding))
    return {"text": _text(model + told(finding)), "markdown": markdown}


def _text(text: str) -> str:
    """Plain text of SARIF: `[words](target)` would be a link."""
    shown = visible(text)
    while "](" in shown:
        shown = shown.replace("](", "] (")
    return shown


def _properties(finding: Finding) -> dict[str, Any]:
    members: dict[str, Sequence[str] | str | None] = {
        "kind": finding.kind.value,
        "impact": [impact.value for impact in finding.impact],
        "model": finding.model,
        "operation": finding.operation,
        "field": visible(finding.field),
        "facet": finding.facet,
        "fingerprint": finding.fingerprint,
    }
    return {name: value for name, value in members.items() if value is not None}


def _location(location: Location) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(location.file or "")}}
    if location.line is not None:
        column = {} if location.column is None else {"startColumn": location.column}
        physical["region"] = {"startLine": location.line, **column}
    return {"physicalLocation": physical}


def _logical(finding: Finding) -> dict[str, Any]:
    if finding.model is None:
        return {}
    parts = [finding.model, finding.operation, finding.direction.value if finding.direction else None]
    name = " ".join(part for part in parts if part)
    return {"logicalLocations": [{"fullyQualifiedName": visible(f"{name} {finding.field}".strip())}]}


def _uri(file: str) -> str:
    """A file name as a reference: relative where the name is; no character of it has a meaning of its own."""
    encoded = quote(file.replace("\\", "/").encode("utf-8", "backslashreplace"), safe="/")
    if encoded.startswith("/"):
        return f"file:///{encoded.lstrip('/')}"
    return f"./{encoded}" if ":" in file.partition("/")[0] else encoded
