"""A JSON document out of a schema and the values that are known to stand in it.

What the schema demands beyond the known values is filled with the least that conforms; those places are
named, so that an answer can say which of its values no document gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.spec.pointer import array_index, join, split
from harness.spec.schema import SchemaJudge, known_properties

__all__ = ["Filled", "Filler", "kinds", "put", "schema_at", "settle"]

Schema = Mapping[str, Any]

_ROUNDS = 4  # a condition that a merged branch brings in is met in the next round
_CONDITIONS = ("if", "then", "else", "allOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A document, and the pointers of those of its values that nobody documented."""

    document: Any
    own: tuple[str, ...]


def put(document: Any, pointer: str, value: Any) -> Any:
    """Sets a value in a document of objects and arrays, which grow on the way; gives the document."""
    parts = split(pointer)
    if not parts:
        return value
    if document is None:
        document = [] if array_index(parts[0]) is not None else {}
    step, rest = parts[0], join(parts[1:])
    if isinstance(document, list):
        index = array_index(step) or 0
        document.extend([None] * (index + 1 - len(document)))
        document[index] = put(document[index], rest, value)
    elif isinstance(document, dict):
        document[step] = put(document.get(step), rest, value)
    return document


def schema_at(schema: Schema, pointer: str) -> Schema:
    """What a schema says of the value at a pointer, branches included; empty where it says nothing."""
    for part in split(pointer):
        if array_index(part) is not None and "items" in schema:
            schema = schema["items"]
            continue
        found: dict[str, Any] = {}
        for below in reversed(known_properties(schema).get(part, [])):
            found = {**found, **below}
        schema = found
    return schema


def kinds(schema: Schema) -> tuple[str, ...]:
    """The JSON types that a schema names; none where it names none."""
    named = schema.get("type", ())
    return (named,) if isinstance(named, str) else tuple(named)


def settle(schema: Schema, instance: Any) -> dict[str, Any]:
    """The schema with every `allOf` and every `if` that the instance decides merged into it."""
    settled = {keyword: rule for keyword, rule in schema.items() if keyword not in _CONDITIONS}
    branches = list(schema.get("allOf", ()))
    if "if" in schema:
        branches.append({keyword: schema[keyword] for keyword in ("if", "then", "else") if keyword in schema})
        decided = not list(SchemaJudge(schema["if"]).broken_keywords(instance))
        branches[-1] = schema.get("then" if decided else "else", {})
    for branch in branches:
        settled = _merge(settled, settle(branch, instance))
    return settled


def _merge(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**one, **other}
    if "required" in one and "required" in other:
        merged["required"] = list(dict.fromkeys((*one["required"], *other["required"])))
    if "type" in one and "type" in other:
        kept = [kind for kind in kinds(one) if kind in kinds(other)]
        merged["type"] = kept or other["type"]
    if "enum" in one and "enum" in other:
        merged["enum"] = [value for value in one["enum"] if value in other["enum"]] or other["enum"]
    if "properties" in one and "properties" in other:
        names = dict.fromkeys((*one["properties"], *other["properties"]))
        merged["properties"] = {
            name: _merge(one["properties"].get(name, {}), other["properties"].get(name, {})) for name in names
        }
    if "items" in one and "items" in other:
        merged["items"] = _merge(one["items"], other["items"])
    return merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """How the gaps are filled. `text` is what an undetermined string reads, `formats` what one of a format
    does; `prefer` are words that an enumerated value had better contain.
    """

    text: str = ""
    formats: Mapping[str, str] = field(default_factory=dict)
    prefer: tuple[str, ...] = ()

    def fill(self, schema: Schema, known: Mapping[str, Any]) -> Filled:
        """The document that holds every known value (by pointer) and conforms otherwise."""
        document: Any = None
        for pointer, value in known.items():
            document = put(document, pointer, value)
        own: list[str] = []
        return Filled(document=self._value(schema, document, "", own), own=tuple(dict.fromkeys(own)))

    def _value(self, schema: Schema, given: Any, pointer: str, own: list[str]) -> Any:
        if isinstance(given, dict):
            return self._object(schema, given, pointer, own)
        if isinstance(given, list):
            items = schema.get("items", {})
            return [self._value(items, value, f"{pointer}/{at}", own) for at, value in enumerate(given)]
        return given if given is not None else self._gap(schema, pointer, own)

    def _object(self, schema: Schema, given: dict[str, Any], pointer: str, own: list[str]) -> dict[str, Any]:
        filled, added = dict(given), list[str]()
        for _ in range(_ROUNDS):
            settled = settle(schema, filled)
            before, filled, added = filled, dict[str, Any](), []
            for name in _names(settled, given):
                below = settled.get("properties", {}).get(name, {})
                filled[name] = self._value(below, given.get(name), join([name], pointer), added)
            if filled == before:
                break
        own += added
        return filled

    def _gap(self, schema: Schema, pointer: str, own: list[str]) -> Any:
        """The least that conforms where nothing is known."""
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                schema = _merge(schema, schema[keyword][0])
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._choice(schema["enum"], pointer, own)
        named = kinds(schema)
        if not named or "null" in named:
            return None
        return self._of_type(named[0], schema, pointer, own)

    def _choice(self, values: list[Any], pointer: str, own: list[str]) -> Any:
        if len(values) == 1 or None in values:
            return None if None in values else values[0]
        own.append(pointer)
        fitting = [v for v in values if isinstance(v, str) and any(word in v for word in self.prefer)]
        return (fitting or values)[0]

    def _of_type(self, kind: str, schema: Schema, pointer: str, own: list[str]) -> Any:
        if kind == "object":
            return self._object(schema, {}, pointer, own)
        if kind == "array":
            items = schema.get("items", {})
            return [self._gap(items, f"{pointer}/{at}", own) for at in range(schema.get("minItems", 0))]
        if kind == "string":
            text = self.formats.get(schema.get("format", ""), self.text)
            text = text.ljust(schema.get("minLength", 0), "-")
            own += [pointer] if text else []
            return text
        own.append(pointer)
        if kind == "boolean":
            return False
        least = schema.get("minimum", 0)
        return max(least, schema["exclusiveMinimum"] + 1) if "exclusiveMinimum" in schema else least


def _names(settled: Schema, given: Mapping[str, Any]) -> Iterable[str]:
    """What must stand in an object, in the order in which the schema names it."""
    wanted = {*given, *settled.get("required", ())}
    named = [name for name in settled.get("properties", {}) if name in wanted]
    return dict.fromkeys((*named, *given, *settled.get("required", ())))
