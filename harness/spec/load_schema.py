"""Reading a JSON Schema of a spec: known keywords only, each with a value of its own kind.

What is not refused here would be taken by the validator for something else, or break it later, far from
the line that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from harness.spec.fields import (
    Fields,
    boolean,
    count,
    elements,
    fault,
    kind_of,
    one_of,
    read_refs,
    strings,
    text,
)
from harness.spec.node import Node
from harness.spec.pointer import join

__all__ = ["KEYWORDS", "SUBSCHEMAS", "SUBSCHEMA_LISTS", "read_schema"]

SUBSCHEMAS: tuple[str, ...] = ("items", "additionalProperties", "not", "if", "then", "else")
SUBSCHEMA_LISTS: tuple[str, ...] = ("anyOf", "oneOf", "allOf")
_TYPES = ("null", "boolean", "object", "array", "number", "integer", "string")


def read_schema(node: Node, at: str) -> dict[str, Any]:
    """A JSON Schema as plain JSON. Raises SourceError at the keyword that is unknown or not of its kind."""
    _check(node, at)
    plain: dict[str, Any] = node.plain()
    return plain


def _check(node: Node, at: str) -> None:
    fields = Fields(node, at)
    for keyword in node.mapping:
        if keyword in KEYWORDS:
            fields.maybe(keyword, KEYWORDS[keyword])
    fields.finish(*KEYWORDS)


def _any(node: Node, at: str) -> None:
    """Any value will do."""


def _subschema(node: Node, at: str) -> None:
    if not isinstance(node.value, bool):
        _check(node, at)


def _subschemas(node: Node, at: str) -> None:
    for index, child in enumerate(elements(node, at)):
        _check(child, f"{at}/{index}")


def _properties(node: Node, at: str) -> None:
    for name, child in Fields(node, at).node.mapping.items():
        _check(child, join([name], at))


def _types(node: Node, at: str) -> None:
    read = one_of(_TYPES)
    if not isinstance(node.value, tuple):
        read(node, at)
        return
    for index, child in enumerate(elements(node, at)):
        read(child, f"{at}/{index}")


def _signed(node: Node, at: str) -> None:
    if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
        raise fault(f"{at}: expected a number, got {kind_of(node)}", node.mark)


def _positive(node: Node, at: str) -> None:
    _signed(node, at)
    if not isinstance(node.value, (int, float)) or node.value <= 0:
        raise fault(f"{at}: expected a number above 0, got {kind_of(node)}", node.mark)


def _absent(node: Node, at: str) -> None:
    known = {name for name in KEYWORDS if not name.startswith("x-")} | {"constraints"}
    for index, word in enumerate(strings(node, at)):
        if word not in known:
            message = f"{at}/{index}: expected a keyword or the word constraints, got {word!r}"
            raise fault(message, node.sequence[index].mark)


def _sources(node: Node, at: str) -> None:
    for name, child in Fields(node, at).node.mapping.items():
        read_refs(child, join([name], at))


KEYWORDS: Mapping[str, Callable[[Node, str], Any]] = MappingProxyType(
    {
        "type": _types,
        "properties": _properties,
        "required": strings,
        "enum": elements,
        **dict.fromkeys(("const", "default"), _any),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _signed),
        "multipleOf": _positive,
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), count),
        **dict.fromkeys(("minProperties", "maxProperties"), count),
        "uniqueItems": boolean,
        **dict.fromkeys(("pattern", "format", "contentEncoding", "contentMediaType"), text),
        **dict.fromkeys(("title", "description"), text),
        **dict.fromkeys(SUBSCHEMAS, _subschema),
        **dict.fromkeys(SUBSCHEMA_LISTS, _subschemas),
        "x-source": read_refs,
        "x-sources": _sources,
        "x-absent": _absent,
        "x-billing": one_of(("multiplies", "redirects")),
    }
)
