"""Every value inside a documented range passes, every value outside fails, at the right pointer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.spec.pointer import join, split
from harness.spec.schema import SchemaJudge
from harness.spec.store import SpecStore
from tests.shipped import REFERENCES

STORE = SpecStore()
SCALARS = st.none() | st.booleans() | st.integers() | st.text()

NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
LENGTHS = ("minLength", "maxLength", "minItems", "maxItems")
LIMITS = (*NUMERIC, *LENGTHS, "enum")


@dataclass(frozen=True)
class Site:
    """One property of one documented request body."""

    reference: str
    operation: str
    pointer: str
    schema: dict[str, Any]
    body: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.reference} {self.operation} {self.pointer}"

    def violations(self, value: Any) -> list[tuple[str, str]]:
        """What is broken when the smallest valid request has this value here."""
        request = _smallest(self.body)
        parent, schema = request, self.body
        *above, name = split(self.pointer)
        for part in above:
            schema = schema["properties"][part]
            parent = parent.setdefault(part, _smallest(schema))
        parent[name] = value
        return [(v.pointer, v.facet) for v in SchemaJudge(self.body).violations(request)]


def _smallest(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: _smallest(schema["properties"][name]) for name in schema.get("required", ())}
    assert schema.get("type") == "string", f"no smallest value is known for {schema}"
    return "x" * schema.get("minLength", 0)


def _sites() -> Iterator[Site]:
    for reference in REFERENCES:
        for operation in STORE.get(reference).operations.values():
            if operation.request is not None:
                body = dict(operation.request.schema)
                for pointer, schema in _properties(body, ""):
                    yield Site(reference, operation.name, pointer, schema, body)


def _properties(schema: dict[str, Any], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, below in schema.get("properties", {}).items():
        yield join([name], at), below
        yield from _properties(below, join([name], at))


SITES = tuple(_sites())
LIMITED = tuple((site, facet) for site in SITES for facet in LIMITS if facet in site.schema)
TYPED = tuple(site for site in SITES if isinstance(site.schema.get("type"), str))


def _texts(least: int, most: int) -> st.SearchStrategy[str]:
    """Strings of these lengths, the ends among them more often than chance has it."""
    sizes = st.sampled_from([least, most]) | st.integers(least, most)
    return st.tuples(st.text(min_size=1, max_size=5), sizes).map(lambda p: (p[0] * (p[1] + 1))[: p[1]])


def inside(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Every value that a schema allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"]
    if kind == "string":
        return _texts(schema.get("minLength", 0), schema.get("maxLength", 3000))
    low, high = schema.get("minimum"), schema.get("maximum")
    whole = st.integers(low if low is None else math.ceil(low), high if high is None else math.floor(high))
    if kind == "integer":
        return whole
    assert kind == "number", f"no values are known for {schema}"
    return whole | st.floats(low, high, allow_nan=False, allow_infinity=False)


def outside(schema: dict[str, Any], facet: str) -> st.SearchStrategy[Any] | None:
    """Every value of the right type that breaks this one limit; None where there is no such value."""
    limit = schema[facet]
    if facet == "enum":
        near = [
            change(word)
            for word in limit
            if isinstance(word, str)
            for change in (str.upper, str.lower, " {}".format)
        ]
        others = st.integers() if schema["type"] == "integer" else st.text() | st.sampled_from(near)
        return others.filter(lambda value: value not in limit)
    if facet == "minLength":
        return _texts(0, limit - 1) if limit else None
    if facet == "maxLength":
        return _texts(limit + 1, 2 * limit + 1)
    assert facet in ("minimum", "maximum"), f"no values are known outside of {facet}"
    sign = -1 if facet == "minimum" else 1
    whole = st.integers(max_value=limit - 1) if sign < 0 else st.integers(min_value=limit + 1)
    if schema["type"] == "integer":
        return whole
    ends = (None, limit) if sign < 0 else (limit, None)
    return whole | st.floats(
        *ends, allow_nan=False, allow_infinity=False, exclude_max=sign < 0, exclude_min=sign > 0
    )


KINDS: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: x != int(x)),
    "string": st.text(),
    "array": st.lists(SCALARS, max_size=3),
    "object": st.dictionaries(st.text(), SCALARS, max_size=3),
}


class TestDocumentedRanges:
    def test_there_is_something_to_judge(self):
        """Each shipped endpoint documents limits; an empty list would prove nothing."""
        assert {site.reference for site, _ in LIMITED} == set(REFERENCES)

    @pytest.mark.parametrize(("site", "facet"), LIMITED, ids=str)
    @settings(max_examples=25)
    @given(st.data())
    def test_every_value_inside_passes(self, site: Site, facet: str, data: st.DataObject):
        """No value that the document allows is refused."""
        assert site.violations(data.draw(inside(site.schema))) == []

    @pytest.mark.parametrize(
        ("site", "facet"),
        [(site, facet) for site, facet in LIMITED if outside(site.schema, facet) is not None],
        ids=str,
    )
    @settings(max_examples=25)
    @given(st.data())
    def test_every_value_outside_fails(self, site: Site, facet: str, data: st.DataObject):
        """Once, by that limit, at that property."""
        values = outside(site.schema, facet)

        assert values is not None
        assert site.violations(data.draw(values)) == [(site.pointer, facet)]

    @pytest.mark.parametrize("site", TYPED, ids=str)
    @settings(max_examples=10)
    @given(st.data())
    def test_every_value_of_another_type_fails(self, site: Site, data: st.DataObject):
        """Once, by its type, whatever else of it is wrong; 5.0 is an integer to JSON, and "5" is not."""
        kinds = {site.schema["type"]} | ({"integer"} if site.schema["type"] == "number" else set())
        other = st.one_of(*(values for kind, values in KINDS.items() if kind not in kinds))

        assert site.violations(data.draw(other)) == [(site.pointer, "type")]
