"""What holds for every spec, every edit of one, and every value of JSON."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import SourceError
from harness.spec import yaml
from harness.spec.facts import facts
from harness.spec.json_text import JsonDocument, parse_json
from harness.spec.lint import lint_spec
from harness.spec.load import build, load_text
from harness.spec.model import Spec
from harness.spec.node import merge_patch
from harness.spec.pointer import join, resolve, split
from harness.spec.revision import Patch, is_patch, load_patch
from harness.spec.schema import SchemaJudge
from harness.spec.store import SpecStore, shipped_directory
from tests.minimal import MINIMAL
from tests.shipped import REFERENCES

Draw = Callable[[st.SearchStrategy[Any]], Any]

STORE = SpecStore()
FILES: tuple[Path, ...] = tuple(
    path for path in sorted(shipped_directory("specs").rglob("*.yaml")) if path.name != "discrepancies.yaml"
)
TEXTS: tuple[str, ...] = (MINIMAL, *(path.read_text(encoding="utf-8") for path in FILES))

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        ["on", "16:9", "2026-01-08", "0o7", "1_000", "~", "", "<<", "1e3", "\x85", " x ", "a" * 200]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=200), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(
    st.sampled_from("abc"), st.deferred(lambda: OBJECTS) | SCALARS | st.just([]), max_size=3
)


# What an editor, a merge or a careless hand puts into a file.
INSERTS = st.sampled_from(
    [
        *(
            ":",
            "- ",
            "? ",
            "&a ",
            "*a",
            "!!str ",
            "! ",
            "<<: ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "'",
            '"',
            "|",
            ">",
            "%",
        ),
        *(
            "#",
            "@",
            "`",
            "\n",
            "\r",
            "\t",
            "    ",
            "---\n",
            "...\n",
            "\ufeff",
            "\x00",
            "\x85",
            "\u2028",
            "\ud800",
        ),
        *("on", "~", "null", "=", "16:9", "2026-01-08", "9" * 5000, "1.0e+999", "undocumented", "é😀"),
    ]
) | st.text(max_size=3)
WORDS = st.sampled_from(
    [
        *("null", "true", "0", "-1", "2.5", "1.0e+300", "''", "'x'", "[]", "{}", "[[]]", "[null]", "{a: 1}"),
        *(
            "undocumented",
            "/",
            "/a/0",
            '""',
            "'*'",
            "a#b",
            "{absent: true}",
            "{absent: true, source: page#x}",
        ),
        *("string", "object", "[string, 'null']", "succeeded", '"["', "$ref", "x" * 300),
    ]
)
SCALAR = re.compile(r"(?<=[:\[,{-] )[^\s\[\]{},#][^\n\[\]{},#]*")


def _delete(draw: Draw, text: str) -> str:
    lines = text.split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    return "\n".join(lines[:at] + lines[at + draw(st.integers(1, 3)) :])


def _duplicate(draw: Draw, text: str) -> str:
    lines = text.split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    return "\n".join([*lines[: at + 1], *lines[at:]])


def _swap(draw: Draw, text: str) -> str:
    lines = text.split("\n")
    one, two = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    lines[one], lines[two] = lines[two], lines[one]
    return "\n".join(lines)


def _insert(draw: Draw, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(INSERTS) + text[at:]


def _replace(draw: Draw, text: str) -> str:
    places = [match.span() for match in SCALAR.finditer(text)]
    start, end = draw(st.sampled_from(places or [(0, 0)]))
    return text[:start] + draw(WORDS) + text[end:]


@st.composite
def damaged_texts(draw: Draw) -> str:
    """A valid file of specs with a few edits."""
    text: str = draw(st.sampled_from(TEXTS))
    edits = st.sampled_from([_delete, _duplicate, _swap, _insert, _replace, _replace])
    for _ in range(draw(st.integers(1, 4))):
        text = draw(edits)(draw, text)
    return text


def _pointers(value: Any, at: str = "") -> Iterator[str]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield join([name], at)
        yield from _pointers(child, join([name], at))


@st.composite
def damaged_documents(draw: Draw) -> dict[str, Any]:
    """The small spec as JSON, with parts removed, renamed, replaced or moved: YAML that is sure to parse."""
    document: dict[str, Any] = yaml.parse(MINIMAL, "minimal.yaml").plain()
    for _ in range(draw(st.integers(1, 3))):
        pointer = draw(st.sampled_from(sorted(_pointers(document)) or [""]))
        if not pointer:
            break
        *above, name = split(pointer)
        parent = resolve(document, join(above))
        key = name if isinstance(parent, dict) else int(name)
        other = copy.deepcopy(resolve(document, draw(st.sampled_from(sorted(_pointers(document))))))
        action = draw(st.sampled_from(["remove", "rename", "replace", "move"]))
        if action == "remove":
            del parent[key]
        elif action == "rename" and isinstance(parent, dict):
            parent[draw(st.sampled_from(["source", "text", "a/b", "~", "", "enum", "stream"]))] = parent.pop(
                name
            )
        else:
            parent[key] = draw(VALUES) if action == "replace" else other
    return document


def outcome(text: str) -> Spec | Patch | SourceError:
    """What a file comes to: what it stands for, or why it was refused."""
    try:
        if is_patch(yaml.parse(text, "x.yaml")):
            return load_patch(text, "x.yaml")
        return load_text(text, "x.yaml")
    except SourceError as error:
        return error


def refusal_or(call: Callable[[], Any]) -> Any:
    """What a call gives, or the exception with which it refuses its input."""
    try:
        return call()
    except (SourceError, ValueError) as error:
        return error


class TestLoader:
    @given(damaged_texts())
    def test_no_edit_of_a_file_crashes_it(self, text: str):
        """A file is a spec, a patch, or a fault with a place; never anything else."""
        found = outcome(text)

        if isinstance(found, SourceError):
            assert (found.line >= 1, found.column >= 1, bool(found.message)) == (True, True, True)
        else:
            assert isinstance(found, Spec | Patch)

    @given(damaged_documents())
    def test_what_it_lets_through_can_be_listed_judged_and_written(self, document: dict[str, Any]):
        """A spec that loads, however odd, has facts, is linted, and survives a dump."""
        text = yaml.dump(document)
        found = outcome(text)
        if isinstance(found, Spec):
            listed = list(facts(found))
            assert [finding for finding in lint_spec(found) if finding.subject is None] == []
            again = load_text(yaml.dump(found.root.plain()), "again.yaml")
            assert list(facts(again)) == listed

    @given(damaged_texts())
    def test_a_patch_with_edits_is_applied_or_refused(self, text: str):
        """A revision is data until it is applied; then the merged spec is judged like any other."""
        found = outcome(text)
        if isinstance(found, Patch):
            root = merge_patch(STORE.get(REFERENCES[0]).root, found.changes)
            with contextlib.suppress(SourceError):  # anything else is a crash
                assert build(root, revision=found.date).revision == found.date

    @pytest.mark.parametrize("reference", REFERENCES)
    def test_shipped_specs_survive_load_dump_and_load(self, reference: str):
        """The same facts, in the same order, with the same sources."""
        spec = STORE.get(reference)
        again = build(yaml.parse(yaml.dump(spec.root.plain()), "again.yaml"), revision=spec.revision)

        assert list(facts(again)) == list(facts(spec))


class TestYaml:
    @given(VALUES)
    def test_dump_then_parse_is_the_identity(self, value: Any):
        """On every value of JSON, type for type and key by key."""
        assert repr(yaml.parse(yaml.dump(value), "x.yaml").plain()) == repr(value)

    @given(VALUES)
    def test_json_is_yaml(self, value: Any):
        """What a JSON encoder writes is read as the same value, or refused, and never misread."""
        found = refusal_or(lambda: yaml.parse(json.dumps(value, ensure_ascii=False), "x.yaml").plain())

        if isinstance(found, SourceError):  # 1e+16 has no dot; U+007F and some others need an escape in YAML
            assert re.search("is a number to some readers|is not read: write it as an escape", found.message)
        else:
            assert repr(found) == repr(value)


class TestMergePatch:
    @staticmethod
    def by_the_rfc(target: Any, patch: Any) -> Any:
        """The pseudocode of RFC 7396, section 2."""
        if not isinstance(patch, dict):
            return patch
        merged = dict(target) if isinstance(target, dict) else {}
        for name, value in patch.items():
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = TestMergePatch.by_the_rfc(merged.get(name), value)
        return merged

    @staticmethod
    def merged(target: Any, patch: Any) -> Any:
        nodes = [parse_json(json.dumps(value), "x.json").root for value in (target, patch)]
        return merge_patch(*nodes).plain()

    @given(OBJECTS | SCALARS, OBJECTS | SCALARS)
    def test_it_does_what_the_rfc_says(self, target: Any, patch: Any):
        """Member by member as in the pseudocode."""
        assert self.merged(target, patch) == self.by_the_rfc(target, patch)

    @given(OBJECTS, OBJECTS)
    def test_twice_is_once(self, target: Any, patch: Any):
        """A revision that is applied again changes nothing more."""
        once = self.merged(target, patch)

        assert self.merged(once, patch) == once

    @given(OBJECTS)
    def test_an_empty_patch_changes_nothing(self, target: Any):
        """Nothing said, nothing changed."""
        assert self.merged(target, {}) == target


class TestJsonText:
    @given(VALUES, st.booleans(), st.sampled_from([None, 0, 2]))
    def test_valid_json_is_read_as_by_the_standard_decoder(
        self, value: Any, ascii_only: bool, indent: int | None
    ):
        """Type for type, and without a fault."""
        document = parse_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent), "x.json")

        assert (repr(document.root.plain()), document.faults) == (repr(value), ())

    @given(st.text(alphabet='{}[]",:0159.eE+-truefalsn\\ubd8 \n', max_size=30))
    def test_it_refuses_what_the_standard_decoder_refuses(self, text: str):
        """And nothing else: what JSON forbids and both let pass is kept as a fault."""
        found = refusal_or(lambda: parse_json(text, "x.json"))
        expected = refusal_or(lambda: json.loads(text))

        assert isinstance(found, SourceError) == isinstance(expected, ValueError)
        if isinstance(found, JsonDocument) and not found.faults:
            assert repr(found.root.plain()) == repr(expected)

    @given(VALUES, st.data())
    def test_every_value_stands_where_it_says(self, value: Any, data: st.DataObject):
        """The text at a node's place starts with that very value."""
        text = json.dumps(value, indent=1)
        pointer = data.draw(st.sampled_from(["", *_pointers(value)]))
        node = parse_json(text, "x.json").root.at(pointer)

        assert node is not None
        start = sum(len(line) + 1 for line in text.split("\n")[: node.mark.line - 1]) + node.mark.column - 1
        found, _ = json.JSONDecoder().raw_decode(text, start)
        assert repr(found) == repr(resolve(value, pointer))


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
