"""One JSON body against one documented schema: the part that requests and responses share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.check.rules import rule_for
from harness.check.words import Aliases, hint, message
from harness.finding import Direction, Finding, Location, wildcard
from harness.spec.json_text import JsonDocument, JsonFault
from harness.spec.model import Spec
from harness.spec.node import Node
from harness.spec.pointer import join, split
from harness.spec.schema import SchemaJudge, Violation, known_properties

__all__ = ["Body", "Judges", "judge_body"]

_SHORTENED = 500
_ABOUT_THE_NAME = ("presence", "additionalProperties")
_FAULT_WORDS = {
    "duplicate-key": "the key stands twice in its object",
    "not-finite": "expected a finite number",
    "surrogate": "expected whole characters, got half of a UTF-16 pair",
}


def _no_aliases() -> Mapping[str, str]:
    return {}


@dataclass(slots=True)
class Judges:
    """The validators of the schemas met so far, each built once."""

    aliases: Aliases = _no_aliases
    _judges: dict[tuple[str, str], SchemaJudge] = field(default_factory=dict)

    def judge(self, spec: Spec, at: str, schema: Mapping[str, Any]) -> SchemaJudge:
        """The validator of the schema at a place of a spec."""
        key = (spec.ref, at)
        if key not in self._judges:
            self._judges[key] = SchemaJudge(schema)
        return self._judges[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body to be judged: its document, the schema that should hold, and how to speak of it.

    `at` is where the schema stands in the spec. `located` says that line and column of the document are
    those of a file the user knows, so that findings point there; else `subject` stands for all of it.
    """

    spec: Spec
    operation: str | None
    direction: Direction
    schema: Mapping[str, Any]
    at: str
    document: JsonDocument
    subject: Location
    located: bool = False


def judge_body(body: Body, judges: Judges) -> Iterator[Finding]:
    """Every fault of the body, each once."""
    last = {(fault.pointer, fault.kind): fault for fault in body.document.faults}
    faults = [fault for fault in last.values() if _is_read(body.document.root, fault)]
    for fault in faults:
        yield _fault_finding(body, fault)
    spoilt = {fault.pointer for fault in faults if fault.kind != "duplicate-key"}
    judge = judges.judge(body.spec, body.at, body.schema)
    for violation in judge.violations(body.document.root.plain()):
        if violation.pointer not in spoilt or violation.facet in _ABOUT_THE_NAME:
            yield _violation_finding(body, violation, judges.aliases)


def _is_read(root: Node, fault: JsonFault) -> bool:
    """Whether a fault is in what is read, and not in a value that a second key of its name has replaced."""
    node = root.at(fault.pointer)
    if node is None:
        return False
    keys = (child.key for child in node.mapping.values())
    return fault.mark in (node.mark, node.key, *keys)


def _fault_finding(body: Body, fault: JsonFault) -> Finding:
    observed = fault.observed if fault.kind != "duplicate-key" else split(fault.pointer)[-1]
    detail = _FAULT_WORDS[fault.kind] + (f", got {fault.observed}" if fault.kind == "not-finite" else "")
    subject = body.subject
    if body.located:
        subject = Location(file=fault.mark.file, line=fault.mark.line, column=fault.mark.column)
    return Finding(
        rule=rule_for(body.direction, fault.kind),
        message=f"{fault.pointer or 'the body'}: {detail}",
        field=wildcard(fault.pointer),
        pointer=fault.pointer,
        model=body.spec.ref,
        operation=body.operation,
        direction=body.direction,
        facet=fault.kind,
        observed=observed,
        source=body.spec.location_at(_property_place(body, fault.pointer)),
        subject=subject,
    )


def _property_place(body: Body, pointer: str) -> str:
    """Where the schema speaks of the value at a pointer, as far down as it does."""
    steps = ((("items",) if part.isdecimal() else ("properties", part)) for part in split(pointer))
    return join((token for step in steps for token in step), body.at)


def _violation_finding(body: Body, violation: Violation, aliases: Aliases) -> Finding:
    words = message(violation)
    if body.direction is Direction.REQUEST:  # what the provider sends is not ours to write otherwise
        words += hint(body.spec, violation, _siblings(body.schema, violation.pointer), aliases)
    return Finding(
        rule=rule_for(body.direction, violation.facet),
        message=words,
        field=wildcard(violation.pointer),
        pointer=violation.pointer,
        model=body.spec.ref,
        operation=body.operation,
        direction=body.direction,
        facet=violation.facet,
        expected=violation.expected,
        observed=shorten(violation.observed),
        source=body.spec.location_at(_source_place(body, violation)),
        subject=_subject(body, violation.pointer),
    )


def _source_place(body: Body, violation: Violation) -> str:
    """The keyword that was broken; for a missing property, the property itself."""
    at = body.at + violation.at
    if violation.facet == "required":
        return join(["properties", split(violation.pointer)[-1]], at.rsplit("/", 1)[0])
    return at


def _subject(body: Body, pointer: str) -> Location:
    if not body.located:
        return body.subject
    mark = body.document.root.nearest(pointer).name_mark
    return Location(file=mark.file, line=mark.line, column=mark.column)


def _siblings(schema: Mapping[str, Any], pointer: str) -> list[str]:
    """The property names that are known where a pointer's last token stands."""
    found = [schema]
    for part in split(pointer)[:-1]:
        below = [child for one in found for child in known_properties(one).get(part, ())]
        items = [one["items"] for one in found if part.isdecimal() and isinstance(one.get("items"), Mapping)]
        found = below + items
    return [name for one in found for name in known_properties(one)]


def shorten(value: Any) -> Any:
    """A value as it is kept in a finding: long texts cut, with their length."""
    if isinstance(value, str) and len(value) > _SHORTENED:
        return f"{value[:_SHORTENED]}… ({len(value)} characters)"
    if isinstance(value, (dict, list)) and len(str(value)) > 4 * _SHORTENED:
        return f"{'an object' if isinstance(value, dict) else 'an array'} of {len(value)} members"
    return value
