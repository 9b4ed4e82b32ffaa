"""Findings and cells in every member, and records of those that the examples in the tests make.

`python -m tests.whole` writes the records anew; read what it changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from harness.compare.cells import cells
from harness.finding import Finding, Location
from harness.spec.model import Spec

__all__ = ["cells_in_full", "read_record", "whole"]

_TESTS = Path(__file__).resolve().parent


def whole(finding: Finding) -> dict[str, Any]:
    """As JSON, without the members that are None."""
    members = {
        "rule": finding.rule.id,
        "severity": finding.severity.value,
        "impact": [impact.value for impact in finding.impact],
        "message": finding.message,
        "field": finding.field,
        "pointer": finding.pointer,
        "model": finding.model,
        "operation": finding.operation,
        "direction": finding.direction and finding.direction.value,
        "facet": finding.facet,
        "expected": finding.expected,
        "observed": finding.observed,
        "source": _place(finding.source),
        "subject": _place(finding.subject),
    }
    return {name: value for name, value in members.items() if value is not None}


def _place(location: Location | None) -> dict[str, Any] | None:
    """Without line and column in a shipped spec, which move with every edit of it."""
    if location is None:
        return None
    moves = ("line", "column") if (location.file or "").startswith("specs/") else ()
    return {
        name: value for name, value in asdict(location).items() if value is not None and name not in moves
    }


def cells_in_full(spec: Spec) -> dict[str, Any]:
    """What a spec puts into the matrix: state, value, place and sources by `parameter.facet`."""
    return {
        ".".join(key): {
            "state": cell.state.value,
            "value": cell.value,
            "at": cell.at,
            "sources": [str(source) for source in cell.sources],
        }
        for key, cell in cells(spec).items()
    }


def read_record(name: str) -> dict[str, dict[str, Any]]:
    """A record below the tests, by what the tests call its entries."""
    record: dict[str, dict[str, Any]] = json.loads((_TESTS / name).read_text(encoding="utf-8"))
    return record


def _write(name: str, entries: Mapping[str, Any]) -> None:
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items())
    (_TESTS / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _found_by_change() -> dict[str, Finding]:
    from tests.compare import rules
    from tests.compare.drift import between

    modules = (import_module(f"{rules.__name__}.{found.name}") for found in iter_modules(rules.__path__))
    cases = [case for module in modules for case in getattr(module, "CASES", ())]
    return {case.message: between(case.old, case.new)[0] for case in cases}


def _main() -> None:
    from tests.check.test_rules import found_by_rule
    from tests.compare.test_cells import EDITIONS
    from tests.compare.test_discrepancy import examples

    findings = {
        "check/findings.json": found_by_rule(),
        "compare/findings.json": _found_by_change(),
        "compare/discrepancies.json": examples(),
    }
    for file, found in findings.items():
        _write(file, {name: whole(finding) for name, finding in found.items()})
    _write("compare/cells.json", {name: cells_in_full(spec) for name, spec in EDITIONS.items()})


if __name__ == "__main__":
    _main()
