"""One JSON instance against one schema of a spec: jsonschema judges, this file says it in our terms.

One fault is one violation: where the type is wrong, what else is wrong with the same value is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from harness.spec.pointer import join

__all__ = ["SchemaJudge", "Violation", "known_properties"]

_LENGTHS = {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One fault of an instance.

    `pointer` leads into the instance (a missing or unknown property is pointed at itself), `at` into the
    schema, to the keyword that was broken. `facet` is that keyword, or `presence` for a property that the
    schema neither names nor refuses.
    """

    pointer: str
    facet: str
    expected: Any
    observed: Any
    at: str


def _is_uri(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not any(c.isspace() for c in value)


def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=("uuid",))
    checker.checks("uri")(_is_uri)
    return checker


class SchemaJudge:
    """A schema with its validator, built once."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._validator = Draft202012Validator(dict(schema), format_checker=_format_checker())

    def violations(self, instance: Any) -> Iterator[Violation]:
        """Every fault of the instance, in the order of the schema, unknown properties last."""
        yield from self.broken_keywords(instance)
        yield from unknown_properties(self.schema, instance)

    def broken_keywords(self, instance: Any) -> Iterator[Violation]:
        """Every keyword of the schema that the instance breaks, one for each fault."""
        errors = list(self._validator.iter_errors(instance))
        mistyped = {tuple(e.absolute_path) for e in errors if e.validator == "type"}
        seen: set[tuple[str, str]] = set()
        for error in errors:
            if error.validator != "type" and tuple(error.absolute_path) in mistyped:
                continue
            for violation in _violations_of(error):
                key = (violation.pointer, violation.facet)
                if key not in seen:
                    seen.add(key)
                    yield violation


def _violations_of(error: ValidationError) -> Iterator[Violation]:
    pointer = join(error.absolute_path)
    at = join(error.absolute_schema_path)
    keyword = str(error.validator)
    rule: Any = error.validator_value
    instance: Any = error.instance
    if keyword == "required":
        for name in rule:
            if name not in instance:
                below = join([name], pointer)
                yield Violation(pointer=below, facet=keyword, expected=True, observed=None, at=at)
        return
    if keyword == "additionalProperties":
        named = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        for name in instance:
            if name not in named:
                below = join([name], pointer)
                yield Violation(pointer=below, facet=keyword, expected=rule, observed=instance[name], at=at)
        return
    observed = len(instance) if keyword in _LENGTHS else instance
    yield Violation(pointer=pointer, facet=keyword, expected=rule, observed=observed, at=at)


def known_properties(schema: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The properties that a schema or one of its branches names, each with its schemas."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, below in schema.get("properties", {}).items():
        found.setdefault(name, []).append(below)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(keyword, ()):
            for name, schemas in known_properties(branch).items():
                found.setdefault(name, []).extend(schemas)
    return found


def unknown_properties(
    schema: Mapping[str, Any], instance: Any, base: str = "", at: str = ""
) -> Iterator[Violation]:
    """Properties that the schema does not name, at any depth.

    Where a schema names none, or states additionalProperties, nothing is unknown.
    """
    if isinstance(instance, list):
        items = schema.get("items")
        if isinstance(items, Mapping):
            for index, element in enumerate(instance):
                yield from unknown_properties(items, element, join([index], base), f"{at}/items")
        return
    if not isinstance(instance, dict):
        return
    known = known_properties(schema)
    is_closed = bool(known) and "additionalProperties" not in schema
    for name, value in instance.items():
        below = join([name], base)
        if is_closed and name not in known:
            place = f"{at}/properties"
            yield Violation(pointer=below, facet="presence", expected=None, observed=value, at=place)
        for child in known.get(name, ())[:1]:
            yield from unknown_properties(child, value, below, join(["properties", name], at))
