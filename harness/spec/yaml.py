"""YAML text -> located nodes, on the subset on which YAML 1.1, YAML 1.2 and JSON agree.

The nodes are built from the parser's events, without recursion: libyaml's own composer recurses in C and
can be made to crash the process by nesting, and events are the only place where aliases and explicit tags
are still seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import yaml

from harness.errors import SourceError
from harness.spec.node import Mark, Node, NodeValue, Scalar

__all__ = ["MAX_BYTES", "MAX_DEPTH", "dump", "parse", "parse_foreign"]

MAX_DEPTH = 100
MAX_BYTES = 4_000_000
_TOO_DEEP = "exceeded maximum nesting depth"
"""What newer releases of libyaml say, whose scanner is ahead of the events, of a limit of their own."""

_JSON_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_JSON_WORDS: dict[str, Scalar] = {"null": None, "true": True, "false": False}
# YAML 1.2 core: what its readers take for something other than a string, over what YAML 1.1 does.
_CORE_ONLY = re.compile(
    r"(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)\Z"
)
# What YAML does not allow, and three line breaks (U+0085, U+2028, U+2029) that only YAML 1.1 takes for such.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n?|\n")
_STRING_TAG = "tag:yaml.org,2002:str"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.SafeLoader("")


class _Open:
    """A collection that is still being read."""

    __slots__ = ("key", "key_mark", "mark", "members", "own_key")

    def __init__(self, mark: Mark, own_key: Mark | None, *, mapping: bool) -> None:
        self.mark = mark
        self.own_key = own_key
        self.members: dict[str, Node] | list[Node] = {} if mapping else []
        self.key: str | None = None
        self.key_mark: Mark | None = None

    def close(self) -> Node:
        value: NodeValue = self.members if isinstance(self.members, dict) else tuple(self.members)
        return Node(value, self.mark, self.own_key)

    def add(self, node: Node) -> None:
        """Takes a finished value; for a mapping, the one that belongs to the pending key."""
        if isinstance(self.members, list):
            self.members.append(node)
        elif self.key is not None:
            self.members[self.key] = node
            self.key = None
            self.key_mark = None


def parse(text: str, file: str) -> Node:
    """The one document of a YAML text, located.

    Raises SourceError at the first thing that is not YAML, or that readers of YAML disagree on.
    """
    if len(text) > MAX_BYTES:
        raise SourceError(
            f"expected at most {MAX_BYTES} characters, got {len(text)}", file=file, line=1, column=1
        )
    _refuse_characters(text, file)
    stack: list[_Open] = []
    root: Node | None = None
    for event in _events(text, file):
        mark = Mark(file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise _fault("expected one document, got a second", mark)
        node = _take(event, mark, stack)
        if node is None:
            continue
        if stack:
            stack[-1].add(node)
        else:
            root = node
    if root is None:
        raise SourceError("expected a mapping, got an empty file", file=file, line=1, column=1)
    return root


def parse_foreign(text: str, file: str) -> Node:
    """The first document of a YAML text that somebody else wrote: the core schema of YAML 1.2, located.

    Keys are text whatever they look like, aliases are followed up to a limit, tags are passed over. Raises
    SourceError where it is not YAML, or grows beyond all bounds.
    """
    if len(text) > MAX_BYTES:
        raise SourceError(
            f"expected at most {MAX_BYTES} characters, got {len(text)}", file=file, line=1, column=1
        )
    reader = _Foreign(file)
    for event in _events(text, file):
        root = reader.take(event)
        if root is not None:
            return root
    raise SourceError("expected a mapping, got an empty file", file=file, line=1, column=1)


class _Foreign:
    """Builds nodes as `parse` does, but refuses less."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.pending: list[str | None] = []
        self.count = 0

    def take(self, event: Any) -> Node | None:
        """The whole document, once this event completes it."""
        mark = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(self.stack) >= MAX_DEPTH:
                raise _fault(f"nested more than {MAX_DEPTH} deep", mark)
            own_key = self.stack[-1].key_mark if self.stack else None
            self.stack.append(_Open(mark, own_key, mapping=isinstance(event, yaml.MappingStartEvent)))
            self.pending.append(event.anchor)
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, mark)
        if isinstance(event, yaml.AliasEvent):
            known = self.anchors.get(str(event.anchor))
            if known is None:
                raise _fault(f"nothing is anchored as {event.anchor}", mark)
            return self._place(known, mark)
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            node, anchor = self.stack.pop().close(), self.pending.pop()
            if anchor:
                self.anchors[anchor] = node
            return self._place(node, mark)
        return None

    def _scalar(self, event: Any, mark: Mark) -> Node | None:
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.members, dict) and parent.key is None:
            parent.key, parent.key_mark = str(event.value), mark
            return None
        value = _core_scalar(event.value) if event.implicit[0] else event.value
        node = Node(value, mark, parent.key_mark if parent is not None else None)
        if event.anchor:
            self.anchors[event.anchor] = node
        return self._place(node, mark)

    def _place(self, node: Node, mark: Mark) -> Node | None:
        self.count += 1 if not (node.mapping or node.sequence) else _size(node, MAX_BYTES - self.count)
        if self.count >= MAX_BYTES:
            raise _fault("its aliases make it larger than can be read", mark)
        if not self.stack:
            return node
        if isinstance(self.stack[-1].members, dict) and self.stack[-1].key is None:
            raise _fault("expected a string as key, got a collection", mark)
        self.stack[-1].add(node)
        return None


def _size(node: Node, limit: int) -> int:
    """How many values a node stands for, counted no further than the limit."""
    total, todo = 0, [node]
    while todo and total <= limit:
        each = todo.pop()
        total += 1
        todo += [*each.mapping.values(), *each.sequence]
    return total


def _core_scalar(text: str) -> Scalar:
    """A plain word by the core schema: null, a truth value, a number, else a string."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text.lower() in ("true", "false") and text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text) and len(text) < 400:
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text) and math.isfinite(
        float(text)
    ):
        return float(text)
    return text


def dump(value: Any) -> str:
    """YAML text that `parse` reads back to the same value: block style, keys in their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Quotes every string that some reader of YAML takes for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain_is_safe = text.isprintable() and text not in _JSON_WORDS and _plain_kind(text) is None
    return dumper.represent_scalar(_STRING_TAG, text, style=None if plain_is_safe else '"')


def _represent_float(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    mantissa, exponent_sign, exponent = repr(number).partition("e")
    if exponent_sign and "." not in mantissa:
        mantissa += ".0"
    return dumper.represent_scalar("tag:yaml.org,2002:float", mantissa + exponent_sign + exponent)


_Dumper.add_representer(str, _represent_str)
_Dumper.add_representer(float, _represent_float)


def _events(text: str, file: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = error.problem or error.context or "it cannot be read"
        words = f"nested more than {MAX_DEPTH} deep" if problem == _TOO_DEEP else f"not YAML: {problem}"
        raise SourceError(words, file=file, line=line, column=column) from None


def _refuse_characters(text: str, file: str) -> None:
    found = _FORBIDDEN.search(text)
    if found is not None:
        lines = _LINE_BREAK.split(text[: found.start()])
        message = f"U+{ord(found.group()):04X} is not read: write it as an escape in double quotes"
        raise SourceError(message, file=file, line=len(lines), column=len(lines[-1]) + 1)


def _take(event: Any, mark: Mark, stack: list[_Open]) -> Node | None:
    """The value that this event completes, if it completes one."""
    if isinstance(event, yaml.AliasEvent):
        raise _fault(f"aliases are not read: write the value out (*{event.anchor})", mark)
    if isinstance(event, yaml.NodeEvent):
        _refuse_decoration(event, mark)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar_or_key(event, mark, stack)
    if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        _open(event, mark, stack)
    elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
        return stack.pop().close()
    return None


def _refuse_decoration(event: Any, mark: Mark) -> None:
    if event.anchor:
        raise _fault(f"anchors are not read: write the value out (&{event.anchor})", mark)
    if event.tag:
        raise _fault(f"tags are not read: got {event.tag!r}", mark)


def _open(event: Any, mark: Mark, stack: list[_Open]) -> None:
    parent = stack[-1] if stack else None
    if parent is not None and isinstance(parent.members, dict) and parent.key is None:
        raise _fault("expected a string as key, got a collection", mark)
    if len(stack) >= MAX_DEPTH:
        raise _fault(f"nested more than {MAX_DEPTH} deep", mark)
    own_key = parent.key_mark if parent is not None else None
    stack.append(_Open(mark, own_key, mapping=isinstance(event, yaml.MappingStartEvent)))


def _scalar_or_key(event: Any, mark: Mark, stack: list[_Open]) -> Node | None:
    parent = stack[-1] if stack else None
    value = _scalar(event, mark)
    if parent is None or isinstance(parent.members, list):
        return Node(value, mark)
    if parent.key is not None:
        return Node(value, mark, parent.key_mark)
    if not isinstance(value, str):
        raise _fault(f"expected a string as key, got {event.value}: put quotes around it", mark)
    if value in parent.members:
        first = parent.members[value].name_mark
        raise _fault(f"duplicate key {value!r}: it stands in line {first.line} already", mark)
    parent.key = value
    parent.key_mark = mark
    return None


def _scalar(event: Any, mark: Mark) -> Scalar:
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block scalar
        return text
    if text in _JSON_WORDS:
        return _JSON_WORDS[text]
    if _JSON_INTEGER.match(text):
        return _integer(text, mark)
    kind = _plain_kind(text)
    if kind is not None and not _is_number_everywhere(text):
        raise _fault(f"{_shown(text)} is {kind} to some readers of YAML: put quotes around it", mark)
    if kind is None:
        return text
    if math.isinf(float(text)):
        raise _fault(f"{text} is too large for a number", mark)
    return float(text)


def _integer(text: str, mark: Mark) -> int:
    if math.isinf(float(text)):
        raise _fault(f"{text[:20]}... is too large for a number", mark)
    return int(text)


def _is_number_everywhere(text: str) -> bool:
    """YAML 1.1 wants a dot and a signed exponent, JSON a digit on both sides of the dot."""
    return bool(_JSON_NUMBER.match(text)) and _tag(text) in ("int", "float")


def _tag(text: str) -> str:
    """What YAML 1.1 takes a plain word for: the last part of its tag."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))
    return tag.rsplit(":", 1)[-1]


def _shown(text: str) -> str:
    return text if text else "an empty value"


def _plain_kind(text: str) -> str | None:
    """What some reader of YAML takes this plain word for, if not for a string."""
    if text == "<<":
        return "a merge key"
    if text in ("y", "Y", "n", "N"):
        return "a truth value"
    tag = _tag(text)
    if tag in ("int", "float") or _CORE_ONLY.match(text):
        sexagesimal = ":" in text
        return f"the number {_sexagesimal(text)}" if sexagesimal else "a number"
    return {"bool": "a truth value", "null": "null", "timestamp": "a date", "value": "a value key"}.get(tag)


def _sexagesimal(text: str) -> str:
    try:
        return str(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError):
        return text


def _fault(message: str, mark: Mark) -> SourceError:
    return SourceError(message, file=mark.file, line=mark.line, column=mark.column)
