"""Claims about one body -> the schema that a draft spec has for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.docs.claims import Basis, Claim
from harness.spec.facts import CONSTRAINTS
from harness.spec.model import State
from harness.spec.pointer import split
from harness.spec.schema import SchemaJudge

__all__ = ["FILL_IN", "PAGE", "body_schema", "ensure_property", "place_ref"]

PAGE = "page"
"""The id of the document in a draft."""

FILL_IN = "fill-in#by a person"
"""The source of what the draft needs and the document does not say."""

_SCHEMA_FACETS = frozenset(
    (
        *("type", "default", "const", *CONSTRAINTS, "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("format", "minItems", "maxItems", "uniqueItems", "additionalProperties"),
    )
)
_NUMERIC = frozenset(
    (
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "minItems", "maxItems"),
    )
)


_TYPES = ("null", "boolean", "object", "array", "number", "integer", "string")


def place_ref(claim: Claim) -> str:
    """Where a claim stands, as a source names it."""
    words = " ".join(claim.place.path.split())
    return f"{PAGE}#{words} (line {claim.place.line})"


def body_schema(
    claims: Iterable[Claim], todo: list[str], contradictions: dict[str, Any], at: str
) -> dict[str, Any]:
    """The schema; what cannot be written goes on the list, a default that breaks its type is declared."""
    by_field: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.address.facet in _SCHEMA_FACETS | {"presence", "required"}:
            by_field.setdefault(claim.address.field, []).append(claim)
    root: dict[str, Any] = {}
    for field in sorted(by_field, key=lambda name: name.count("/")):
        schema = _schema_at(root, field)
        _write(schema, by_field[field], field, todo)
        _required(root, schema, by_field[field], field, todo)
        _contradiction(schema, by_field[field], field, contradictions, at)
    return root


def _schema_at(root: dict[str, Any], field: str) -> dict[str, Any]:
    """The schema of a field, made with all around it where it is not there."""
    schema = root
    for part in split(field):
        if part == "*":
            schema = schema.setdefault("items", {})
        else:
            schema = schema.setdefault("properties", {}).setdefault(part, {})
    return schema


def _write(schema: dict[str, Any], claims: list[Claim], field: str, todo: list[str]) -> None:
    schema["x-source"] = place_ref(claims[0])
    for claim in claims:
        facet = claim.address.facet
        if claim.is_hidden and facet in _SCHEMA_FACETS:
            todo.append(f"{field or 'the body'}: {facet} is hidden on the page (line {claim.place.line})")
        elif claim.state is State.ABSENT and facet in _SCHEMA_FACETS:
            schema.setdefault("x-absent", []).append(facet)
        elif facet in _SCHEMA_FACETS and claim.state is State.DOCUMENTED:
            if facet == "enum" and claim.basis is not Basis.STATED:
                continue  # what one sample shows is not all that there can be
            if not _is_sound(facet, claim.value):
                todo.append(f"{field}: {facet} as the document has it cannot be a keyword: {claim.value}")
                continue
            schema[facet] = claim.value
    absent = schema.get("x-absent", [])
    if set(CONSTRAINTS) <= set(absent):
        schema["x-absent"] = [facet for facet in absent if facet not in CONSTRAINTS] + ["constraints"]


def _is_sound(facet: str, value: Any) -> bool:
    """Whether JSON Schema takes this value of a keyword."""
    if facet in _NUMERIC:
        whole = facet[3:] in ("Length", "Items")
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return is_number and not (whole and (value < 0 or value != int(value)))
    if facet == "type":
        kinds = value if isinstance(value, list) else [value]
        return bool(kinds) and all(isinstance(kind, str) and kind in _TYPES for kind in kinds)
    if facet == "enum":
        return isinstance(value, list) and bool(value)
    if facet in ("format", "pattern"):
        return isinstance(value, str)
    return not (facet in ("uniqueItems", "additionalProperties") and not isinstance(value, bool))


def _required(
    root: dict[str, Any], schema: dict[str, Any], claims: list[Claim], field: str, todo: list[str]
) -> None:
    parts = split(field)
    if not parts or parts[-1] == "*":
        return
    around = _schema_at(root, field.rpartition("/")[0])
    said = next((c for c in claims if c.address.facet == "required" and not c.is_hidden), None)
    if said is None:
        schema.setdefault("x-sources", {})["required"] = FILL_IN
        todo.append(f"{field}: whether it is always there")
    elif said.value:
        around.setdefault("required", []).append(parts[-1])


def _contradiction(
    schema: Mapping[str, Any], claims: list[Claim], field: str, found: dict[str, Any], at: str
) -> None:
    """Declares a default that breaks its own schema: the document says both."""
    if "default" not in schema:
        return
    rest = {name: value for name, value in schema.items() if not name.startswith("x-")}
    broken = next(iter(SchemaJudge(rest).broken_keywords(schema["default"])), None)
    if broken is None:
        return
    source = next(place_ref(claim) for claim in claims if claim.address.facet == "default")
    name = "-".join(("default", *(part.lower().replace("_", "-") for part in split(field) if part != "*")))
    found[name] = {
        "found_by": "reader",
        "about": f"{at}{_schema_pointer(field)}/default",
        "statements": [
            {"says": f"the default of {field} is {schema['default']!r}", "source": source},
            {"says": f"its {broken.facet} is {broken.expected!r}", "source": schema["x-source"]},
        ],
        "meaning": "Which of the two holds, the document leaves open.",
    }


def _schema_pointer(field: str) -> str:
    return "".join("/items" if part == "*" else f"/properties/{part}" for part in field.split("/")[1:])


def ensure_property(schema: dict[str, Any], pointer: str) -> None:
    """Adds what a placeholder points to, marked as such."""
    for part in split(pointer):
        known = schema.setdefault("properties", {})
        if part not in known:
            known[part] = {"x-source": FILL_IN}
        schema = known[part]
