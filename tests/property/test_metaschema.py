"""Random edits of the shipped specs: the loader and the meta-schema judge each alike."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.spec import yaml
from harness.spec.pointer import join, resolve, split
from tests.spec.documents import (
    FILES,
    REFERENCES,
    REMOVED,
    VALIDATOR,
    document_of,
    edited,
    fault_of,
    is_known_difference,
)

OTHER_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    200,
    "",
    "text",
    "/pointer",
    "a#b",
    "undocumented",
    [],
    ["a"],
    {},
)


def places(value: Any, at: str = "", depth: int | None = None) -> Iterator[str]:
    """The pointers to all that stands in a document, down to a depth."""
    if depth == 0:
        return
    items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for name, child in items:
        below = join([name], at)
        yield below
        yield from places(child, below, None if depth is None else depth - 1)


@cache
def documents() -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """Every merged document and every revision file, each with the places where it is edited.

    Inside `changes`, only the names are: what the values mean is known after the merge.
    """
    merged = [document_of(reference) for reference in REFERENCES]
    patches = [yaml.parse(path.read_text("utf-8"), path.name).plain() for path in FILES if "@" in path.name]
    found = [(document, tuple(places(document))) for document in merged]
    return (*found, *((document, tuple(places(document, depth=2))) for document in patches))


@st.composite
def edits(draw: st.DrawFn) -> Any:
    """A shipped document with one key removed, one key renamed, or one value of another kind."""
    document, pointers = draw(st.sampled_from(documents()))
    is_whole = "changes" not in document
    pointer = draw(st.sampled_from(pointers))
    *way, name = split(pointer)
    parent = resolve(document, join(way))
    if draw(st.booleans()) and (is_whole or not way):
        return edited(document, pointer, draw(st.sampled_from(OTHER_VALUES)))
    without = edited(document, pointer, REMOVED)
    if isinstance(parent, dict) and draw(st.booleans()):
        new = draw(st.sampled_from(("unknown", "source", "absent", f"{name}s", name[:-1], name.upper())))
        assume(new not in parent)
        resolve(without, join(way))[new] = copy.deepcopy(parent[name])
    return without


@given(document=edits())
@settings(max_examples=300)
def test_edits_are_judged_alike(document: Any) -> None:
    """After any single edit of a shipped file, the loader and the meta-schema agree on it."""
    assume(not is_known_difference(document))
    fault = fault_of(document)
    assert (fault is None) == VALIDATOR.is_valid(document), fault
