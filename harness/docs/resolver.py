"""Schemas of an OpenAPI file with `$ref`, `allOf` and `nullable` worked out, each keyword with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.spec.facts import FACETS
from harness.spec.pointer import MISSING, resolve

__all__ = ["Resolver", "Schema", "models_of"]

MAX_DEPTH = 40
MAX_SCHEMAS = 50_000
_KEPT = tuple(facet for facet in FACETS if facet not in ("required", "x-billing"))
_BRANCHES = ("anyOf", "oneOf")


@dataclass(slots=True, kw_only=True)
class Schema:
    """A schema without references. `at` is where it stands, `named_at` where it is named."""

    at: str
    named_at: str
    keywords: dict[str, Any] = field(default_factory=dict)
    members: dict[str, Schema] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: Schema | None = None
    is_nullable: bool = False


class Resolver:
    """Follows the references inside one file; of a choice between models, `model` is the one that counts."""

    def __init__(self, root: Mapping[str, Any], model: str | None = None) -> None:
        self._root = root
        self._model = model
        self._open: list[str] = []
        self._left = MAX_SCHEMAS

    def follow(self, value: Any, at: str) -> tuple[Any, str]:
        """A value and its place, references followed; None where one leads nowhere or in a circle."""
        seen: set[str] = set()
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if not reference.startswith("#/") or reference in seen:
                return None, at
            seen.add(reference)
            at = reference[1:].replace("%7B", "{").replace("%7D", "}")
            value = resolve(self._root, at)
            if value is MISSING:
                return None, at
        return value, at

    def schema(self, value: Any, at: str, *, named_at: str | None = None, depth: int = 0) -> Schema | None:
        """The schema with everything merged into it; None where there is none."""
        siblings = value if isinstance(value, Mapping) and "$ref" in value else {}
        found, where = self.follow(value, at)
        self._left -= 1
        if not isinstance(found, Mapping) or depth > MAX_DEPTH or self._left < 0:
            return None
        if where in self._open:  # a schema inside of itself: it is named, and not gone into again
            kind = {"type": found["type"]} if "type" in found else {}
            return Schema(at=where, named_at=named_at or at, keywords=kind)
        schema = Schema(at=where, named_at=named_at or at)
        self._open.append(where)
        self._own(schema, found, where, depth)
        self._combined(schema, found, where, depth)
        self._open.pop()
        for facet in _KEPT:  # OpenAPI 3.1: keywords beside a reference count
            if facet in siblings:
                schema.keywords[facet] = siblings[facet]
        return schema

    def _own(self, schema: Schema, found: Mapping[str, Any], at: str, depth: int) -> None:
        for facet in _KEPT:
            value = found.get(facet, MISSING)
            if value is not MISSING and not (facet == "additionalProperties" and isinstance(value, Mapping)):
                schema.keywords[facet] = value
        _plain_bounds(schema.keywords)
        if found.get("nullable") is True and "type" not in schema.keywords:
            schema.is_nullable = True
        elif found.get("nullable") is True:
            schema.keywords["type"] = _nullable(schema.keywords["type"])
        elif isinstance(schema.keywords.get("type"), list) and len(schema.keywords["type"]) == 1:
            schema.keywords["type"] = schema.keywords["type"][0]
        names = found.get("required")
        schema.required.update(str(name) for name in names) if isinstance(names, list) else None
        for name, below in _mapping(found.get("properties")).items():
            place = f"{at}/properties/{name.replace('~', '~0').replace('/', '~1')}"
            member = self.schema(below, place, named_at=place, depth=depth + 1)
            if member is not None:
                schema.members[name] = member
        if isinstance(found.get("items"), Mapping):
            schema.items = self.schema(found["items"], f"{at}/items", depth=depth + 1)

    def _combined(self, schema: Schema, found: Mapping[str, Any], at: str, depth: int) -> None:
        """What `allOf` adds holds always; what the branches of a choice add is required if it is in all."""
        for index, part in enumerate(_list(found.get("allOf"))):
            other = self.schema(part, f"{at}/allOf/{index}", depth=depth + 1)
            if other is not None:
                _add(schema, other)
                schema.required |= other.required
        for keyword in _BRANCHES:
            branches = [
                branch
                for index, part in enumerate(_list(found.get(keyword)))
                if (branch := self.schema(part, f"{at}/{keyword}/{index}", depth=depth + 1)) is not None
            ]
            if branches:
                _choose(schema, _of_model(branches, self._model))


def models_of(schema: Schema) -> list[Any] | None:
    """The models that a body may name; None where any may be."""
    member = schema.members.get("model")
    if member is None:
        return None
    if "const" in member.keywords:
        return [member.keywords["const"]]
    return _list(member.keywords.get("enum")) or None


def _of_model(branches: list[Schema], model: str | None) -> list[Schema]:
    """Of branches for several models those for the one asked for; all of them where that is not told."""
    own = [branch for branch in branches if model in (models_of(branch) or ())]
    return own or branches


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _nullable(kind: Any) -> list[Any]:
    kinds = list(kind) if isinstance(kind, list) else [kind]
    return kinds if "null" in kinds else [*kinds, "null"]


def _plain_bounds(keywords: dict[str, Any]) -> None:
    """OpenAPI 3.0 writes an exclusive end as a truth value beside the end."""
    for name, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = keywords.get(exclusive)
        if isinstance(flag, bool):
            del keywords[exclusive]
            if flag and name in keywords:
                keywords[exclusive] = keywords.pop(name)


def _add(schema: Schema, other: Schema) -> None:
    for facet, value in other.keywords.items():
        schema.keywords.setdefault(facet, value)
    for name, member in other.members.items():
        if name in schema.members:
            _add(schema.members[name], member)
            schema.members[name].required |= member.required
        else:
            schema.members[name] = member
    schema.items = schema.items or other.items


def _choose(schema: Schema, branches: list[Schema]) -> None:
    """Joins the branches of a choice: a facet that differs becomes the list of what it may be."""
    for branch in branches:
        if branch.is_nullable:  # a branch that says no more than that stands for null
            branch.keywords["type"] = "null"
    for facet in dict.fromkeys(name for branch in branches for name in branch.keywords):
        values = [branch.keywords[facet] for branch in branches if facet in branch.keywords]
        if facet not in ("type", "enum") and len(values) < len(branches):
            continue  # holds for some of them only
        schema.keywords.setdefault(facet, _joined(values))
    for branch in branches:
        for name, member in branch.members.items():
            if name in schema.members:
                _choose_member(schema.members[name], member)
            else:
                schema.members[name] = member
        schema.items = schema.items or branch.items
    schema.required |= set.intersection(*(branch.required for branch in branches))


def _choose_member(schema: Schema, other: Schema) -> None:
    for facet in set(schema.keywords) & set(other.keywords):
        schema.keywords[facet] = _joined([schema.keywords[facet], other.keywords[facet]])
    for name, member in other.members.items():
        schema.members.setdefault(name, member)


def _joined(values: list[Any]) -> Any:
    flat: list[Any] = []
    for value in values:
        flat += [each for each in (value if isinstance(value, list) else [value]) if each not in flat]
    is_list = any(isinstance(value, list) for value in values)
    return flat if is_list or len(flat) > 1 else flat[0]
