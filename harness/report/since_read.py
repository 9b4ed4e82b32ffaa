"""An earlier report.json, read back: what a later report is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.measurement.json import located, strict_json
from harness.measurement.members import (
    MemberError,
    a_list,
    a_number,
    a_text,
    an_integer,
    an_object,
    member,
    or_null,
)
from harness.report.json import RUN_SCHEMA

__all__ = ["read_report"]

DEEPEST = 100  # levels of one value
Reader = Callable[[Any], Any]


def read_report(text: str, file: str) -> Mapping[str, Any]:
    """The `harness.run/1` document in a text, as `since` takes it. Raises SourceError with line and column.

    What `since` reads is there and of its type; `decision`, which older reports lack, may be missing.
    """
    document = strict_json(text, file)
    read: Mapping[str, Any] = located(text, file)(_report, document)
    return read


def _report(value: Any) -> Mapping[str, Any]:
    document = an_object(value)
    schema = document.get("schema")
    if schema != RUN_SCHEMA:
        what = f"expected {RUN_SCHEMA!r} (a report.json of harness run or harness report)"
        shown = "none" if "schema" not in document else _shown(schema)
        raise MemberError(f"{what}, got {shown}", path=("schema",))
    _REPORT(document)
    if document.get("decision") is not None:
        member(document, "decision", _DECISION)
    return document


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _members(**readers: Reader) -> Reader:
    """An object that has these members; what else it has is not looked at."""

    def reader(value: Any) -> Any:
        given = an_object(value)
        for name, read in readers.items():
            member(given, name, read)
        return given

    return reader


def _each(read: Reader) -> Reader:
    """An object of what `read` takes, by any names."""

    def reader(value: Any) -> Any:
        given = an_object(value)
        for name in given:
            member(given, name, read)
        return value

    return reader


def _any(value: Any, depth: int = DEEPEST) -> Any:
    """A value that can be compared and written again."""
    if not depth:
        raise MemberError(f"expected at most {DEEPEST} levels, got more")
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            _any(inner, depth - 1)
    return value


def _evidence(value: Any) -> Any:
    """A figure lies in its interval; what is unknown has none of its members."""
    given = _MEASURE(value)
    known = [given[name] is not None for name in ("value", "low", "high", "basis")]
    if any(known) and not (all(known) and given["low"] <= given["value"] <= given["high"]):
        shown = {name: given[name] for name in ("value", "low", "high", "basis")}
        raise MemberError(f"expected a value between low and high, with its basis, or nulls, got {shown}")
    return given


_FINDING = _members(fingerprint=a_text, rule=a_text, severity=a_text, model=or_null(a_text), message=a_text)
_FACT = _members(subject=a_text, facet=a_text, state=a_text, value=_any)
_MEASURE = _members(
    criterion=a_text,
    value=or_null(a_number),
    low=or_null(a_number),
    high=or_null(a_number),
    basis=or_null(a_text),
)
_RANKING = _members(
    profile=a_text, status=a_text, weights=_each(a_number), standings=a_list(_members(model=a_text))
)
_GROUP = _members(
    name=a_text,
    vendors=a_list(_members(model=a_text, evidence=a_list(_evidence))),
    rankings=a_list(_RANKING),
)
_DECISION = _members(wishes=a_list(_members(words=_any, needs=a_list(a_text))), groups=a_list(_GROUP))

_REPORT = _members(
    created_at=a_text,
    version=a_text,
    verdict=a_text,
    messages=_each(an_integer),
    findings=a_list(_FINDING),
    endpoints=a_list(_members(id=a_text, facts=a_list(_FACT))),
)
