"""Spec files as plain JSON, edited and judged by the loader and by the meta-schema."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from harness.errors import SourceError
from harness.spec.load import build
from harness.spec.model import Spec
from harness.spec.node import Mark, Node
from harness.spec.pointer import join, resolve, split
from harness.spec.revision import Patch, apply, is_patch, read_patch
from harness.spec.store import SpecStore, shipped_directory

__all__ = [
    "FILES",
    "METASCHEMA",
    "PROJECT",
    "REFERENCES",
    "REMOVED",
    "STORE",
    "VALIDATOR",
    "base_of",
    "document_of",
    "edited",
    "fault_of",
    "is_known_difference",
    "spec_of",
]

PROJECT = Path(__file__).resolve().parents[2]
METASCHEMA: dict[str, Any] = json.loads((PROJECT / "harness/spec/metaschema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(METASCHEMA)
STORE = SpecStore()
REFERENCES = tuple(
    reference
    for model_id in STORE.ids
    for reference in (model_id, *(f"{model_id}@{when}" for when in STORE.revisions(model_id)))
)
FILES = tuple(sorted(p for p in shipped_directory("specs").rglob("*.yaml") if p.parent.name != "specs"))
REMOVED = object()
"""What `edited` takes for: this is no longer there."""

_MARK = Mark("spec.yaml", 1, 1)


def located(value: Any) -> Node:
    """Plain JSON as located nodes, all at one place."""
    if isinstance(value, dict):
        return Node({name: located(child) for name, child in value.items()}, _MARK)
    return Node(tuple(located(child) for child in value) if isinstance(value, list) else value, _MARK)


def fault_of(document: Any) -> str | None:
    """What the loader finds wrong with a spec file, or None. A patch is loaded with what it changes."""
    root = located(document)
    try:
        if not is_patch(root):
            spec_of(document)
            return None
        patch = read_patch(root, "spec.yaml")
        build(apply(base_of(patch).root, patch), revision=patch.date)
    except SourceError as error:
        return error.message
    return None


def spec_of(document: Any) -> Spec:
    """The baseline in a document. Raises SourceError."""
    return build(located(document), revision=None)


def base_of(patch: Patch) -> Spec:
    """What a patch is applied to: an overlay to its target, a revision to all earlier ones."""
    if patch.date is None:
        return STORE.get(patch.target)
    earlier = [when for when in STORE.revisions(patch.target) if when < patch.date]
    return STORE.get(f"{patch.target}@{earlier[-1]}" if earlier else patch.target)


def is_known_difference(document: Any) -> bool:
    """Whether a document has a fault that JSON Schema has no words for: see `test_known_differences`."""
    if isinstance(document, dict):
        low: Any = document.get("min_s")
        high: Any = document.get("max_s")
        if type(low) in (int, float) and type(high) in (int, float) and low > high:
            return True
        return any(is_known_difference(child) for child in document.values())
    return isinstance(document, list) and any(is_known_difference(child) for child in document)


def document_of(reference: str) -> Any:
    """The merged document of a baseline or revision."""
    return STORE.get(reference).root.plain()


def edited(document: Any, pointer: str, change: Any) -> Any:
    """A copy in which the value at a pointer is replaced, or removed where the change is `REMOVED`."""
    document = copy.deepcopy(document)
    *way, name = split(pointer)
    parent = resolve(document, join(way))
    key: Any = int(name) if isinstance(parent, list) else name
    if change is REMOVED:
        del parent[key]
    else:
        parent[key] = change
    return document
