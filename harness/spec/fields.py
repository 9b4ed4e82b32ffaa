"""Reading one mapping of a spec, member by member, with located errors.

The habit is that of a strict decoder: ask for each member by name and type, then `finish`, which refuses
whatever was not asked for. The path to a fault is the JSON Pointer that each reader carries along.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from harness.errors import SourceError
from harness.spec.model import SourceRef, State, Stated
from harness.spec.node import Mark, Node
from harness.spec.pointer import join, split

__all__ = [
    "Fields",
    "boolean",
    "count",
    "elements",
    "fault",
    "kind_of",
    "number",
    "one_of",
    "pointer",
    "read_refs",
    "strings",
    "table",
    "text",
]

T = TypeVar("T")
Reader = Callable[[Node, str], T]

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a truth value"),
    (str, "a string"),
    ((int, float), "a number"),
    (type(None), "null"),
    (tuple, "a list"),
)


def fault(message: str, mark: Mark) -> SourceError:
    """A SourceError at a mark."""
    return SourceError(message, file=mark.file, line=mark.line, column=mark.column)


def kind_of(node: Node) -> str:
    """What a value is, in words, with the value if it is a scalar."""
    for types, words in _KINDS:
        if isinstance(node.value, types):
            return (
                words if isinstance(node.value, tuple) or node.value is None else f"{words}, {node.value!r}"
            )
    return "a mapping"


class Fields:
    """One mapping that is being read."""

    def __init__(self, node: Node, at: str) -> None:
        if not isinstance(node.value, dict):
            raise fault(f"{at or 'the file'}: expected a mapping, got {kind_of(node)}", node.mark)
        self.node = node
        self.at = at
        self._asked: set[str] = set()

    def required(self, name: str, read: Reader[T]) -> T:
        """The member, which must be there."""
        self._asked.add(name)
        child = self.node.mapping.get(name)
        if child is None:
            raise fault(f"{self.at or 'the file'}: missing key {name!r}", self.node.name_mark)
        return read(child, join([name], self.at))

    def optional(self, name: str, read: Reader[T], default: T) -> T:
        """The member, or the default where it is not there."""
        self._asked.add(name)
        child = self.node.mapping.get(name)
        return default if child is None else read(child, join([name], self.at))

    def maybe(self, name: str, read: Reader[T]) -> T | None:
        """The member, or None where it is not there."""
        self._asked.add(name)
        child = self.node.mapping.get(name)
        return None if child is None else read(child, join([name], self.at))

    def stated(self, name: str, read: Reader[T]) -> Stated[T]:
        """The member, which must be there, as a fact in one of three states."""
        return self.required(name, lambda node, at: _stated(node, at, read))

    def table(self, name: str, read: Reader[T], *, required: bool = False) -> dict[str, T]:
        """A mapping of names to values of one kind."""
        if not required and name not in self.node.mapping:
            self._asked.add(name)
            return {}
        return self.required(name, lambda node, at: table(node, at, read))

    def finish(self, *ignored: str) -> None:
        """Refuses every member that was not asked for, and a `source` that is ignored but malformed."""
        known = self._asked | set(ignored)
        for name, child in self.node.mapping.items():
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(sorted(known))}"
                raise fault(f"{self.at or 'the file'}: unknown key {name!r}{hint}", child.name_mark)
        if "source" in ignored:
            self.maybe("source", read_refs)


def _stated(node: Node, at: str, read: Reader[T]) -> Stated[T]:
    if node.value == State.UNDOCUMENTED:
        return Stated(state=State.UNDOCUMENTED, at=at)
    if isinstance(node.value, str):
        raise fault(f"{at}: expected a mapping or the word undocumented, got {kind_of(node)}", node.mark)
    if "absent" in node.mapping:
        fields = Fields(node, at)
        if not fields.required("absent", boolean):
            raise fault(f"{at}/absent: expected true", node.mapping["absent"].mark)
        fields.required("source", read_refs)
        fields.finish()
        return Stated(state=State.ABSENT, at=at)
    return Stated(state=State.DOCUMENTED, at=at, value=read(node, at))


def table(node: Node, at: str, read: Reader[T]) -> dict[str, T]:
    """A mapping of names to values of one kind; a `source` in it is the source of all of them."""
    if not isinstance(node.value, dict):
        raise fault(f"{at}: expected a mapping, got {kind_of(node)}", node.mark)
    if "source" in node.mapping:
        read_refs(node.mapping["source"], join(["source"], at))
    return {name: read(child, join([name], at)) for name, child in _members(node)}


def _members(node: Node) -> Iterator[tuple[str, Node]]:
    """The members of a table; `source` there is the source of all of them."""
    return ((name, child) for name, child in node.mapping.items() if name != "source")


def text(node: Node, at: str) -> str:
    """A string that is not empty."""
    if not isinstance(node.value, str):
        raise fault(f"{at}: expected a string, got {kind_of(node)}", node.mark)
    if not node.value:
        raise fault(f"{at}: expected a string that is not empty", node.mark)
    return node.value


def number(node: Node, at: str) -> float:
    """A number that is not negative."""
    if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
        raise fault(f"{at}: expected a number, got {kind_of(node)}", node.mark)
    if node.value < 0:
        raise fault(f"{at}: expected a number of at least 0, got {node.value}", node.mark)
    return node.value


def count(node: Node, at: str) -> int:
    """A whole number that is not negative."""
    found = number(node, at)
    if found != int(found):
        raise fault(f"{at}: expected a whole number, got {found}", node.mark)
    return int(found)


def boolean(node: Node, at: str) -> bool:
    """True or false."""
    if not isinstance(node.value, bool):
        raise fault(f"{at}: expected true or false, got {kind_of(node)}", node.mark)
    return node.value


def pointer(node: Node, at: str) -> str:
    """A JSON Pointer."""
    found = text(node, at)
    try:
        split(found)
    except ValueError:
        raise fault(f"{at}: expected a JSON Pointer such as /task/status, got {found!r}", node.mark) from None
    return found


def elements(node: Node, at: str) -> tuple[Node, ...]:
    """A list that is not empty."""
    if not node.sequence:
        got = "an empty list" if node.value == () else kind_of(node)
        raise fault(f"{at}: expected a list that is not empty, got {got}", node.mark)
    return node.sequence


def strings(node: Node, at: str) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(node.value, tuple):
        raise fault(f"{at}: expected a list, got {kind_of(node)}", node.mark)
    return tuple(text(child, f"{at}/{index}") for index, child in enumerate(node.value))


def one_of(choices: Collection[str]) -> Reader[str]:
    """A reader for one of the given words."""

    def read(node: Node, at: str) -> str:
        word = text(node, at)
        if word not in choices:
            raise fault(f"{at}: expected one of {', '.join(choices)}, got {word!r}", node.mark)
        return word

    return read


def read_refs(node: Node, at: str) -> tuple[SourceRef, ...]:
    """One `document#place`, or a list of them."""
    if not node.sequence:
        return (_ref(node, at),)
    return tuple(_ref(child, f"{at}/{index}") for index, child in enumerate(node.sequence))


def _ref(node: Node, at: str) -> SourceRef:
    found = text(node, at)
    document, _, place = found.partition("#")
    if not (document and place):
        raise fault(f"{at}: expected DOCUMENT#PLACE, got {found!r}", node.mark)
    return SourceRef(document=document, place=place)
