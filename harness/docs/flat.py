"""A page of Markdown that was put on one line: where its lines were is worked out again.

Every line break became one space, so every break that is found again takes the place of a space, and each
offset stays what it was: a place in the page as it is read is the place in the page as it was served.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["is_flat", "unfolded"]

_FENCE = re.compile(r"```(?P<info>\w*) (?P<code>.*?) ```(?=\s|\Z)", re.DOTALL)
_HEADING = re.compile(r"(?:(?<= )|\A)#{1,6} (?=\S)")
_ITEM = re.compile(r" (?=- (?:\*\*|[A-Z`][^|]*?[:.]))")
_RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
_SECTIONS = (
    *("API Information", "Pricing", "Input Schema", "Input Parameters", "Example Request"),
    *("Output Schema", "Polling", "Webhook (alternative to polling)", "Webhook", "Errors"),
    *("Overview", "Usage Notes", "Webhook Callback", "Example Response", "Authentication"),
)
_BLOCK_START = re.compile(r" (?=```|- \*\*|#{1,6} )")


def is_flat(text: str) -> bool:
    """Whether this is Markdown on one line: a heading inside the line."""
    return "\n" not in text.strip() and re.search(r"\S #{2,} \S", text) is not None


def unfolded(text: str) -> str:
    """The text with line breaks in place of the spaces that they became."""
    breaks = set(_breaks(text))
    return "".join("\n" if index in breaks else char for index, char in enumerate(text))


def _breaks(text: str) -> Iterator[int]:
    code: list[tuple[int, int]] = []
    for fence in _FENCE.finditer(text):
        code.append(fence.span())
        yield from (fence.start() - 1, fence.start("code") - 1, fence.end("code"), fence.end())
    for start, end in _between(code, len(text)):
        yield from _outside_code(text, start, end)


def _between(code: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in code:
        yield position, start
        position = end
    yield position, length


def _outside_code(text: str, start: int, end: int) -> Iterator[int]:
    tables = list(_tables(text, start, end))
    for table_start, table_end, inside in tables:
        yield from (table_start - 1, *inside, table_end)
    for match in _HEADING.finditer(text, start, end):
        if not _within(match.start(), tables):
            yield from (match.start() - 1, _end_of_title(text, match.end(), end))
    for match in _ITEM.finditer(text, start, end):
        if not _within(match.start(), tables):
            yield match.start()


def _within(offset: int, tables: list[tuple[int, int, list[int]]]) -> bool:
    return any(start <= offset < end for start, end, _ in tables)


def _end_of_title(text: str, start: int, end: int) -> int:
    """Where a heading's line ends: after a title that is known, else before the next block."""
    for title in sorted(_SECTIONS, key=len, reverse=True):
        if text.startswith(f"{title} ", start):
            return start + len(title)
    block = _BLOCK_START.search(text, start, end)
    return block.start() if block is not None else end


def _tables(text: str, start: int, end: int) -> Iterator[tuple[int, int, list[int]]]:
    """(start, end, breaks inside) of each table: as many cells a row as its rule has."""
    for rule in _RULE.finditer(text, start, end):
        width = rule.group().count("|") - 1
        first = _back(text, rule.start(), width)
        if first is None:
            continue
        inside, position = [rule.start() - 1], rule.end()
        while (row := _row(text, position, width, end)) is not None:
            inside.append(position)
            position = row
        yield first, position, inside


def _back(text: str, position: int, width: int) -> int | None:
    """Where the header begins: as many bars back as a row has."""
    for _ in range(width + 1):
        position = text.rfind("|", 0, position)
        if position < 0:
            return None
    return position


def _row(text: str, position: int, width: int, end: int) -> int | None:
    """The end of the row that begins after a space; None where none does."""
    if not text.startswith(" |", position):
        return None
    cursor = position + 1
    for _ in range(width):
        cursor = _next_bar(text, cursor + 1)
        if cursor < 0 or cursor >= end:
            return None
    return cursor + 1


def _next_bar(text: str, position: int) -> int:
    while True:
        position = text.find("|", position)
        if position <= 0 or text[position - 1] != "\\":
            return position
        position += 1
