"""Located values: a JSON-like tree in which every value knows its file, line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from harness.finding import Location
from harness.spec.pointer import array_index, join, split

__all__ = ["Mark", "Node", "NodeValue", "Scalar", "merge_patch"]

Scalar: TypeAlias = str | int | float | bool | None
NodeValue: TypeAlias = "Mapping[str, Node] | tuple[Node, ...] | Scalar"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value starts: `file` as it is shown to people, line and column from 1."""

    file: str
    line: int
    column: int

    def location(self, document: str | None = None) -> Location:
        """The same place as a finding carries it."""
        return Location(file=self.file, line=self.line, column=self.column, document=document)


@dataclass(frozen=True, slots=True)
class Node:
    """One value and its place. `key` is the place of the mapping key that leads to it."""

    value: NodeValue
    mark: Mark
    key: Mark | None = None

    @property
    def name_mark(self) -> Mark:
        """Where to point when the value as a whole is meant: at its name, if it has one."""
        return self.key or self.mark

    @property
    def mapping(self) -> Mapping[str, Node]:
        """The members, if this is a mapping; else none."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def sequence(self) -> tuple[Node, ...]:
        """The elements, if this is a sequence; else none."""
        return self.value if isinstance(self.value, tuple) else ()

    def plain(self) -> Any:
        """The value without places: dicts, lists and scalars."""
        if isinstance(self.value, Mapping):
            return {name: child.plain() for name, child in self.value.items()}
        if isinstance(self.value, tuple):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, part: str) -> Node | None:
        """The member or element with this name or index, if there is one."""
        if isinstance(self.value, tuple):
            index = array_index(part)
            return self.value[index] if index is not None and index < len(self.value) else None
        return self.mapping.get(part)

    def at(self, pointer: str) -> Node | None:
        """The node that a JSON Pointer leads to, if there is one."""
        node: Node | None = self
        for part in split(pointer):
            node = node.child(part) if node is not None else None
        return node

    def nearest(self, pointer: str) -> Node:
        """The deepest node on the way to a pointer: where to point when the target is missing."""
        *_, (_, node) = self.path(pointer)
        return node

    def path(self, pointer: str) -> Iterator[tuple[str, Node]]:
        """`(pointer, node)` for this node and each one on the way down, as far as there are any."""
        node: Node | None = self
        yield "", self
        parts = split(pointer)
        for depth, part in enumerate(parts, start=1):
            node = node.child(part) if node is not None else None
            if node is None:
                return
            yield join(parts[:depth]), node


def merge_patch(target: Node | None, patch: Node) -> Node:
    """JSON Merge Patch (RFC 7396); what the patch brings keeps its own place."""
    if not isinstance(patch.value, Mapping):
        return patch
    is_mapping = target is not None and isinstance(target.value, Mapping)
    members: dict[str, Node] = dict(target.mapping) if target is not None else {}
    for name, change in patch.mapping.items():
        if change.value is None:
            members.pop(name, None)
        else:
            members[name] = merge_patch(members.get(name), change)
    if target is not None and is_mapping:
        return Node(members, target.mark, target.key)
    return Node(members, patch.mark, patch.key)
