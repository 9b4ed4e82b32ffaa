"""Findings in every member, and records of those that the examples in the tests make.

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

from harness.finding import Finding, Location

__all__ = ["read_record", "whole"]

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


def read_record(room: str) -> dict[str, dict[str, Any]]:
    """The findings on record for the tests of a room, by what the tests call them."""
    record: dict[str, dict[str, Any]] = json.loads(_file(room).read_text(encoding="utf-8"))
    return record


def _file(room: str) -> Path:
    return _TESTS / room / "findings.json"


def _write(room: str, found: Mapping[str, Finding]) -> None:
    lines = (f"{json.dumps(name)}: {json.dumps(whole(found[name]), ensure_ascii=False)}" for name in found)
    _file(room).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _found_by_change() -> dict[str, Finding]:
    from tests.compare import rules
    from tests.compare.drift import between

    modules = (import_module(f"{rules.__name__}.{found.name}") for found in iter_modules(rules.__path__))
    cases = [case for module in modules for case in getattr(module, "CASES", ())]
    return {case.message: between(case.old, case.new)[0] for case in cases}


def _main() -> None:
    from tests.check.test_rules import found_by_rule

    _write("check", found_by_rule())
    _write("compare", _found_by_change())


if __name__ == "__main__":
    _main()
