"""Revisions and overlays: a file that says only what is different, applied as JSON Merge Patch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.spec import yaml
from harness.spec.fields import Fields, fault, kind_of, text
from harness.spec.load import build, check_format, date, spec_id, spec_ref
from harness.spec.model import Spec
from harness.spec.node import Node, merge_patch

__all__ = ["Patch", "apply", "is_patch", "load_patch", "patched", "read_patch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What one file changes.

    `date` is None for an overlay, which patches a spec in place and makes no revision; `target` may then
    name a revision (`ID@DATE`).
    """

    target: str
    date: str | None
    title: str
    changes: Node
    file: str


def is_patch(root: Node) -> bool:
    """Whether a document changes another spec instead of being one."""
    return "revises" in root.mapping or "overlays" in root.mapping


def load_patch(content: str, file: str) -> Patch:
    """The patch in a YAML text. Raises SourceError."""
    return read_patch(yaml.parse(content, file), file)


def read_patch(root: Node, file: str) -> Patch:
    """The patch in a document."""
    fields = Fields(root, "")
    fields.required("format", check_format)
    revises = fields.maybe("revises", spec_id)
    overlays = fields.maybe("overlays", spec_ref)
    if (revises is None) == (overlays is None):
        raise fault("the file: expected either revises or overlays", root.mark)
    patch = Patch(
        target=revises or overlays or "",
        date=fields.required("date", date) if revises else None,
        title=fields.required("title", text),
        changes=fields.required("changes", _mapping),
        file=file,
    )
    fields.finish()
    return patch


def apply(root: Node, patch: Patch) -> Node:
    """The spec document with the changes made; every value keeps the place it came from."""
    return merge_patch(root, patch.changes)


def _mapping(node: Node, at: str) -> Node:
    if not isinstance(node.value, dict):
        raise fault(f"{at}: expected a mapping, got {kind_of(node)}", node.mark)
    return node


def patched(root: Node, file: str, base_of: Callable[[Patch], Spec]) -> Spec:
    """The spec that a patch file makes; `base_of` gives the one that it is applied to."""
    patch = read_patch(root, file)
    return build(apply(base_of(patch).root, patch), revision=patch.date)
