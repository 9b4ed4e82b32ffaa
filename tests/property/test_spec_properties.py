"""What holds for every spec, every edit of one, and every value of JSON."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
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
