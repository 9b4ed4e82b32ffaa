"""JSON text -> located nodes, with what strict JSON forbids kept as faults instead of lost.

The standard decoder keeps the last of two duplicate keys, takes NaN for a number, and forgets where
anything stood. A request with either is judged by nobody the same way, so both must be seen.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from harness.errors import SourceError
from harness.spec.node import Mark, Node, NodeValue
from harness.spec.pointer import join

__all__ = ["JsonDocument", "JsonFault", "parse_json"]

MAX_DEPTH = 200
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = (("true", True), ("false", False), ("null", None))
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFault:
    """Something that strict JSON forbids and lax readers let pass.

    `kind` is `duplicate-key`, `not-finite` (NaN, Infinity, or a number beyond all range) or `surrogate`
    (half of a UTF-16 pair). `observed` is what stood there.
    """

    kind: str
    pointer: str
    mark: Mark
    observed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonDocument:
    """A JSON text that was read. What is not finite stands as a string in the nodes."""

    root: Node
    faults: tuple[JsonFault, ...]


def parse_json(text: str, file: str) -> JsonDocument:
    """The document in a JSON text. Raises SourceError where it is not JSON, even laxly."""
    reader = _Reader(text, file)
    root = reader.document()
    return JsonDocument(root=root, faults=tuple(reader.faults))


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.faults: list[JsonFault] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def document(self) -> Node:
        start = self._skip(1 if self.text.startswith("\ufeff") else 0)
        node, end = self._value(start, (), None)
        end = self._skip(end)
        if end != len(self.text):
            raise self._error("expected the end", end)
        return node

    def mark(self, position: int) -> Mark:
        line = bisect_right(self._lines, position)
        return Mark(self.file, line, position - self._lines[line - 1] + 1)

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def _error(self, message: str, position: int) -> SourceError:
        mark = self.mark(position)
        got = repr(self.text[position]) if position < len(self.text) else "the end"
        return SourceError(
            f"not JSON: {message}, got {got}", file=mark.file, line=mark.line, column=mark.column
        )

    def _fault(self, kind: str, path: tuple[str | int, ...], position: int, observed: str) -> None:
        fault = JsonFault(kind=kind, pointer=join(path), mark=self.mark(position), observed=observed)
        self.faults.append(fault)

    def _value(self, position: int, path: tuple[str | int, ...], key: Mark | None) -> tuple[Node, int]:
        char = self.text[position : position + 1]
        if char in ("{", "[") and len(path) >= MAX_DEPTH:
            raise self._error(f"nested more than {MAX_DEPTH} deep", position)
        if char == "{":
            value, end = self._object(position + 1, path)
        elif char == "[":
            value, end = self._array(position + 1, path)
        elif char == '"':
            value, end = self._string(position, path)
        else:
            value, end = self._scalar(position, path)
        return Node(value, self.mark(position), key), end

    def _object(self, position: int, path: tuple[str | int, ...]) -> tuple[NodeValue, int]:
        members: dict[str, Node] = {}
        position = self._skip(position)
        if self.text.startswith("}", position):
            return members, position + 1
        while True:
            if not self.text.startswith('"', position):
                raise self._error("expected a key in double quotes", position)
            key_at = position
            name, position = self._string(position, path)
            position = self._expect(":", self._skip(position))
            node, position = self._value(self._skip(position), (*path, name), self.mark(key_at))
            if name in members:
                self._fault("duplicate-key", (*path, name), key_at, name)
            members[name] = node
            position = self._skip(position)
            if self.text.startswith("}", position):
                return members, position + 1
            position = self._skip(self._expect(",", position, "or '}'"))

    def _array(self, position: int, path: tuple[str | int, ...]) -> tuple[NodeValue, int]:
        elements: list[Node] = []
        position = self._skip(position)
        if self.text.startswith("]", position):
            return (), position + 1
        while True:
            node, position = self._value(position, (*path, len(elements)), None)
            elements.append(node)
            position = self._skip(position)
            if self.text.startswith("]", position):
                return tuple(elements), position + 1
            position = self._skip(self._expect(",", position, "or ']'"))

    def _expect(self, char: str, position: int, or_else: str = "") -> int:
        if not self.text.startswith(char, position):
            raise self._error(f"expected {char!r} {or_else}".rstrip(), position)
        return position + 1

    def _string(self, position: int, path: tuple[str | int, ...]) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, position + 1, True)
        except JSONDecodeError as error:
            problem = error.msg.removesuffix(" at").removesuffix(" starting").rstrip(": ")
            message = problem[0].lower() + problem[1:]
            raise self._error(message, min(error.pos, len(self.text))) from None
        if _SURROGATE.search(value):
            self._fault("surrogate", path, position, value.encode("ascii", "backslashreplace").decode())
            value = _SURROGATE.sub("\ufffd", value)
        return value, end

    def _scalar(self, position: int, path: tuple[str | int, ...]) -> tuple[NodeValue, int]:
        for word, value in _WORDS:
            if self.text.startswith(word, position):
                return value, position + len(word)
        for word in _NOT_FINITE:
            if self.text.startswith(word, position):
                self._fault("not-finite", path, position, word)
                return word, position + len(word)
        found = _NUMBER.match(self.text, position)
        if found is None:
            raise self._error("expected a value", position)
        return self._number(found.group(), path, position), found.end()

    def _number(self, digits: str, path: tuple[str | int, ...], position: int) -> NodeValue:
        is_integer = not any(char in digits for char in ".eE")
        if is_integer and len(digits) < 400:
            return int(digits)
        number = float(digits)
        if number in (float("inf"), float("-inf")):
            self._fault("not-finite", path, position, digits[:40])
            return digits[:40]
        return number
