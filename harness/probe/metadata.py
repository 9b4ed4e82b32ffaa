"""A model's metadata against its spec: the request schema facet by facet, and what a video costs.

The provider's schema is of what the model takes. What belongs to the call around it (which model, how many,
who pays, whom to call back) is not missed where the schema does not have it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.check.body import Judges
from harness.compare.change import Side, side_of
from harness.compare.changes import changes_of_sides
from harness.finding import Direction, Finding, Location
from harness.probe.judge import body_findings, finding
from harness.probe.plan import Probe
from harness.spec.facts import Address, Fact, facts
from harness.spec.model import Spec, State
from harness.spec.pointer import MISSING, join, resolve
from harness.wire.message import HttpResponse

__all__ = ["Metadata", "read_metadata"]

_OF_THE_CALL = (
    *("model", "model_version", "count", "billing_account", "response_format"),
    *("webhook_url", "webhook_secret"),
)
_DEEPEST = 12
_SCHEMAS = ("properties", "items", "anyOf", "oneOf", "allOf")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was found, the price that was told (None: none), and what was compared."""

    findings: tuple[Finding, ...]
    price: Mapping[str, Any] | None
    looked_at: frozenset[tuple[str | None, str | None, str]]


def read_metadata(
    probe: Probe, response: HttpResponse, judges: Judges, known_price: Mapping[str, Any] | None
) -> Metadata:
    """The metadata of a model. `known_price` is what it told when it was accepted, None where nothing was."""
    found = list(body_findings(probe, response, judges))
    try:
        body = json.loads(response.body)
    except (ValueError, RecursionError):
        return Metadata(findings=tuple(found), price=None, looked_at=frozenset())
    compared = list(_schema_changes(probe, body))
    found += [each for each in compared if isinstance(each, Finding)]
    looked_at = frozenset(each for each in compared if not isinstance(each, Finding))
    price = _price(probe.spec, body)
    if price is None and _tells_price(probe.spec) and not _is_said(probe.spec, found):
        pointer = probe.spec.price.value.pointer if probe.spec.price.value is not None else None
        message = f"no amount stands at {pointer}"
        found.append(finding(probe, "wire.price-gone", message, facet="price", at=probe.spec.price.at))
    if price is not None and known_price is not None:
        found += _price_changes(probe, known_price, price)
        amounts = _amounts(probe.spec, known_price)
        looked_at |= {(None, Direction.SPEC.value, fact.address.field) for fact in amounts}
    return Metadata(findings=tuple(found), price=price, looked_at=looked_at)


# ---- the request schema


def _schema_changes(probe: Probe, body: Any) -> Iterator[Finding | tuple[str | None, str | None, str]]:
    spec = probe.spec
    name = "submit" if "submit" in spec.operations else "generate"
    request = spec.operations[name].request
    told = _told_schema(body)
    if request is None or told is None:
        return
    schema = _sane(told, _DEEPEST)
    if schema is None or not schema.get("properties"):
        yield finding(probe, "wire.metadata-unreadable", "its request schema names no parameter")
        return
    schema = _with_our_notes(schema, request.schema)
    operation = replace(spec.operations[name], request=replace(request, schema=schema))
    observed = replace(spec, operations={**spec.operations, name: operation})
    place = Location(document=f"probe {probe.name}, the request schema that the provider tells")
    old = side_of(spec)
    new = replace(side_of(spec), facts=_of_request(facts(observed), name), locate=lambda _at: place)
    silent = _silent(spec, schema)
    kept = tuple(fact for fact in _of_request(old.facts, name) if not _below(fact.address.field, silent))
    yield from changes_of_sides(replace(old, facts=kept), new)
    yield from ((name, Direction.REQUEST.value, fact.address.field) for fact in kept)


def _told_schema(body: Any) -> Mapping[str, Any] | None:
    if not isinstance(body, Mapping):
        return None
    names = (name for name in body if str(name).endswith("request_schema"))
    return next((body[name] for name in names if isinstance(body[name], Mapping)), None)


def _of_request(found: Any, operation: str) -> tuple[Fact, ...]:
    """The facts of the body's parameters."""
    return tuple(
        fact
        for fact in found
        if fact.address.operation == operation
        and fact.address.direction is Direction.REQUEST
        and fact.address.field.startswith("/")
    )


def _silent(spec: Spec, schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters of the call that the schema of the model does not name."""
    fields = (spec.mapping[word] for word in _OF_THE_CALL if word in spec.mapping)
    return tuple(f for f in fields if f.strip("/").split("/")[0] not in schema["properties"])


def _below(field: str, tops: tuple[str, ...]) -> bool:
    return any(field == top or field.startswith(f"{top}/") for top in tops)


def _sane(schema: Any, depth: int) -> dict[str, Any] | None:
    """The keywords that have the form that JSON Schema gives them; None for what is no schema."""
    if not isinstance(schema, Mapping) or depth == 0:
        return None
    kept = {key: value for key, value in schema.items() if _is_sane(key, value)}
    for key in _SCHEMAS:
        value = schema.get(key)
        if key == "properties" and isinstance(value, Mapping):
            named = {str(name): _sane(below, depth - 1) for name, below in value.items()}
            kept[key] = {name: below for name, below in named.items() if below is not None}
        elif key == "items" and (items := _sane(value, depth - 1)) is not None:
            kept[key] = items
        elif isinstance(value, list):
            kept[key] = [below for each in value if (below := _sane(each, depth - 1)) is not None]
    return kept


def _is_sane(key: str, value: Any) -> bool:
    if key in ("default", "const"):
        return True
    if key == "type":
        kinds = value if isinstance(value, list) else [value]
        return bool(kinds) and all(isinstance(kind, str) and kind in _TYPES for kind in kinds)
    if key == "enum":
        return isinstance(value, list)
    if key == "required":
        return isinstance(value, list) and all(isinstance(name, str) for name in value)
    if key in _NUMBERS or key in _COUNTS:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return key in ("pattern", "format") and isinstance(value, str)


def _with_our_notes(schema: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with the annotations of the spec (`x-…`): no provider's schema has them."""
    merged = {**schema, **{key: value for key, value in ours.items() if key.startswith("x-")}}
    known = ours.get("properties", {})
    if "properties" in schema:
        merged["properties"] = {
            name: _with_our_notes(below, known.get(name, {})) for name, below in schema["properties"].items()
        }
    return merged


# ---- the price


def _tells_price(spec: Spec) -> bool:
    price = spec.price.value
    return price is not None and price.operation == "model" and price.pointer is not None


def _is_said(spec: Spec, found: list[Finding]) -> bool:
    price = spec.price.value
    pointer = price.pointer if price is not None else None
    return any(each.field == pointer for each in found)


def _price(spec: Spec, body: Any) -> dict[str, Any] | None:
    """Name -> amount or word, as the metadata has them; what is null is left out. None without an amount."""
    price = spec.price.value
    if price is None or price.pointer is None or price.operation != "model":
        return None
    told = resolve(body, price.pointer)
    if told is MISSING or not isinstance(told, Mapping):
        return None
    kept = {
        str(name): value
        for name, value in told.items()
        if isinstance(value, (int, float, str)) and not isinstance(value, bool)
    }
    return kept if any(not isinstance(value, str) for value in kept.values()) else None


def _price_changes(probe: Probe, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Finding, ...]:
    spec = probe.spec
    here = spec.location_at(spec.price.at)
    place = Location(document=f"probe {probe.name}, the price that the provider tells")
    before = Side(label=spec.ref, facts=_amounts(spec, old), words={}, locate=lambda _at: here)
    after = Side(label=spec.ref, facts=_amounts(spec, new), words={}, locate=lambda _at: place)
    return changes_of_sides(before, after)


def _amounts(spec: Spec, price: Mapping[str, Any]) -> tuple[Fact, ...]:
    """One fact for each amount; what is counted is its unit."""
    words = sorted(value for value in price.values() if isinstance(value, str))
    return tuple(
        Fact(
            address=Address(
                operation=None,
                direction=Direction.SPEC,
                status=None,
                field=join([name], "/price"),
                facet="price",
            ),
            state=State.DOCUMENTED,
            value={"amount": amount, "unit": " ".join(words) or None},
            at=spec.price.at,
            sources=(),
        )
        for name, amount in price.items()
        if isinstance(amount, (int, float))
    )
