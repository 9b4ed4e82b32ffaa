"""The tags of an MDX page: `<ParamField body="x" default={0.5}>`, `<Tab title="Async">`, `{% hint %}`.

A scanner of its own, because neither a Markdown parser nor an HTML parser knows attributes in braces. Code
(fences and spans) holds no tags.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Tag", "blanked", "line_column", "line_starts", "tags"]

_CODE = re.compile(
    r"^[ \t>]*(?P<f>```+|~~~+)[^\n]*\n.*?(?:^[ \t>]*(?P=f)[^\n]*$|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL
)
_OPEN = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][\w.]*)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"\s*(?P<name>[\w:-]+)(?P<equals>\s*=\s*)?")
_END = re.compile(r"\s*(?P<self>/?)>")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LIQUID = re.compile(r"\{%\s*(?P<slash>end)?(?P<name>[\w-]+)(?P<rest>[^%]*?)%\}")
_LIQUID_ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_COMMENT = re.compile(r"<!--.*?-->|\{/\*.*?\*/\}", re.DOTALL)


_ELEMENTS = frozenset(
    (
        *("a", "b", "br", "code", "details", "div", "em", "figure", "h1", "h2", "h3", "hr", "i", "iframe"),
        *("img", "li", "mark", "ol", "p", "pre", "small", "span", "strong", "sub", "summary", "sup"),
        *("table", "tbody", "td", "th", "thead", "tr", "u", "ul", "video"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag: where it starts and ends in the text, and its attributes; `closes` for `</Tab>`."""

    name: str
    start: int
    end: int
    attributes: Mapping[str, Any]
    closes: bool = False
    is_empty: bool = False


def line_starts(text: str) -> list[int]:
    """The offset of each line."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def line_column(starts: list[int], offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def tags(text: str) -> Iterator[Tag]:
    """Every tag outside code, in the order of the text."""
    code = [match.span() for match in _CODE.finditer(text)]
    starts = [start for start, _ in code]
    position = 0
    while (found := _next(text, position)) is not None:
        index = bisect_right(starts, found.start()) - 1
        if index >= 0 and found.start() < code[index][1]:
            position = code[index][1]
            continue
        tag = _liquid(found) if found.re is _LIQUID else _tag(text, found)
        position = found.end() if tag is None else tag.end
        if tag is not None:
            yield tag


def _is_tag(name: str) -> bool:
    """Whether this is a component or an element of HTML; `array<string>` and `<prompt>` are words."""
    return name[0].isupper() or name in _ELEMENTS


def _next(text: str, position: int) -> re.Match[str] | None:
    candidates = [match for pattern in (_OPEN, _LIQUID) if (match := pattern.search(text, position))]
    return min(candidates, key=lambda match: match.start(), default=None)


def _liquid(found: re.Match[str]) -> Tag:
    return Tag(
        name=found["name"],
        start=found.start(),
        end=found.end(),
        attributes=dict(_LIQUID_ATTRIBUTE.findall(found["rest"])),
        closes=found["slash"] is not None,
        is_empty=found["name"] in ("embed", "file"),
    )


def _tag(text: str, found: re.Match[str]) -> Tag | None:
    if not _is_tag(found["name"]):
        return None
    position = found.end()
    attributes: dict[str, Any] = {}
    while (end := _END.match(text, position)) is None:
        name = _ATTRIBUTE.match(text, position)
        if name is None:
            return None
        position = name.end()
        if name["equals"] is None:
            attributes[name["name"]] = True
            continue
        value = _value(text, position)
        if value is None:
            return None
        attributes[name["name"]], position = value
    return Tag(
        name=found["name"],
        start=found.start(),
        end=end.end(),
        attributes=attributes,
        closes=bool(found["slash"]),
        is_empty=bool(end["self"]),
    )


def _value(text: str, position: int) -> tuple[Any, int] | None:
    """An attribute's value and its end: a string in quotes, or an expression in braces."""
    quoted = _QUOTED.match(text, position)
    if quoted is not None:
        return quoted.group()[1:-1], quoted.end()
    if not text.startswith("{", position):
        return None
    end = _closing_brace(text, position)
    return None if end is None else (_expression(text[position + 1 : end]), end + 1)


def _closing_brace(text: str, position: int) -> int | None:
    depth = 0
    while position < len(text):
        quoted = _QUOTED.match(text, position)
        if quoted is not None:
            position = quoted.end()
            continue
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
        position += 1
    return None


def _expression(text: str) -> Any:
    """The value of a JavaScript literal; of anything else, its text."""
    text = text.strip()
    if text[:1] == text[-1:] and text[:1] in ("'", "`") and len(text) > 1:
        return text[1:-1]
    try:
        return json.loads(text)
    except ValueError:
        return text


def blanked(text: str) -> str:
    """The text with tags and comments replaced by spaces, so that every offset stays what it was."""
    pieces, position = [], 0
    spans = [(tag.start, tag.end) for tag in tags(text)]
    spans += [match.span() for match in _COMMENT.finditer(text)]
    for start, end in sorted(spans):
        if start >= position:
            pieces += [text[position:start], re.sub(r"[^\n]", " ", text[start:end])]
            position = end
    return "".join((*pieces, text[position:]))
