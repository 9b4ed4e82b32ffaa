"""What a metadata operation tells of a model beyond its schema: how requests look, and what a video costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.simulator.shape import kinds, schema_at
from harness.spec.model import Spec
from harness.spec.pointer import join, last

__all__ = ["OWN_PRICE", "bare_schema", "metadata_values"]

Schema = Mapping[str, Any]

OWN_PRICE = 0.07
"""Every price that the simulator tells: its own choice, no provider's."""

_UNSAID = {
    "per",
    "cost",
    "price",
    "input",
    "output",
}  # words of a price's name that do not say what is counted


def metadata_values(spec: Spec, schema: Schema) -> dict[str, Any]:
    """Pointer -> value: the request schema under the name that ends in `request_schema`, and the price."""
    found: dict[str, Any] = {}
    request = spec.operations["submit"].request
    for name in schema.get("properties", {}):
        if name.endswith("request_schema") and request is not None:
            found[join([name])] = bare_schema(request.schema)
    price = spec.price.value
    if price is not None and price.operation == "model" and price.pointer is not None:
        found |= _prices(price.pointer, schema_at(schema, price.pointer), spec)
    return found


def bare_schema(schema: Any) -> Any:
    """A schema without the annotations that are ours (`x-…`)."""
    if isinstance(schema, Mapping):
        return {name: bare_schema(below) for name, below in schema.items() if not name.startswith("x-")}
    if isinstance(schema, (list, tuple)):
        return [bare_schema(below) for below in schema]
    return schema


def _prices(pointer: str, schema: Schema, spec: Spec) -> dict[str, Any]:
    """A price for every number that counts what the method counts; null for the rest where it may be."""
    kind = spec.model.task.rsplit("-", 1)[-1]
    properties: Mapping[str, Schema] = schema.get("properties", {})
    found: dict[str, Any] = {}
    counted: set[str] = set()
    for name, below in properties.items():
        methods = [method for method in below.get("enum", ()) if isinstance(method, str) and kind in method]
        if methods:
            found[join([name], pointer)] = methods[0]
            counted |= set(methods[0].split("_")) - _UNSAID - {kind}
    for name, below in properties.items():
        if "number" in kinds(below) and counted & set(last(join([name])).split("_")):
            found[join([name], pointer)] = OWN_PRICE
    return found
