"""Every place of a body that a schema speaks of, and how a body is changed there."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.generate.values import smallest
from harness.spec.pointer import join

__all__ = ["Place", "places", "put", "take", "with_room"]

# Where one of these stands, a change breaks it as well, or is reported by it.
_ENTANGLING = ("anyOf", "oneOf", "allOf", "not", "if", "minProperties", "maxProperties")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands, its schema, and the schemas on the way to it, the outermost first.

    Of an array, the first element stands for all.
    """

    path: tuple[str | int, ...]
    schema: Mapping[str, Any]
    above: tuple[Mapping[str, Any], ...] = ()

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return join(self.path)

    @property
    def name(self) -> str | int | None:
        """What it is called where it stands; None for the body itself."""
        return self.path[-1] if self.path else None

    @property
    def is_required(self) -> bool:
        """Whether the object that it stands in must have it."""
        return bool(self.above) and self.name in self.above[-1].get("required", ())

    @property
    def is_plain(self) -> bool:
        """Whether what is wrong here is reported here, and nothing else: no choice of schemas on the way."""
        return not any(keyword in schema for schema in (*self.above, self.schema) for keyword in _ENTANGLING)


def places(schema: Mapping[str, Any]) -> Iterator[Place]:
    """The body itself, then every member of it, the outer before the inner."""
    return _below(Place(path=(), schema=schema))


def _below(place: Place) -> Iterator[Place]:
    yield place
    above = (*place.above, place.schema)
    for name, schema in place.schema.get("properties", {}).items():
        yield from _below(Place(path=(*place.path, name), schema=schema, above=above))
    items = place.schema.get("items")
    if isinstance(items, Mapping) and place.schema.get("maxItems") != 0:
        yield from _below(Place(path=(*place.path, 0), schema=items, above=above))


def with_room(body: Any, place: Place) -> Any:
    """A copy of a body in which all stands that must stand around a place, and something in it."""
    found = copy.deepcopy(body)
    inside = found
    schemas = (*place.above, place.schema)[1:]
    for step, schema in zip(place.path, schemas, strict=True):
        if isinstance(step, int):
            if not inside:
                inside.append(smallest(schema))
        elif step not in inside:
            inside[step] = smallest(schema)
        inside = inside[step]
    return found


def put(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The body with a value at a path whose parents are there; it is changed in place, but for its root."""
    if not path:
        return value
    inside = body
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return body


def take(body: Any, path: tuple[str | int, ...]) -> Any:
    """The body without the member at a path, changed in place."""
    inside = body
    for step in path[:-1]:
        inside = inside[step]
    inside.pop(path[-1], None)
    return body
