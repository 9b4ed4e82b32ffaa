"""Text and tables of GitHub-flavoured Markdown.

Nothing of a stranger's text is markup: it is escaped, and what a forge would link or notify (addresses,
mentions, issue numbers) stands in a code span, where nothing is linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from harness.compare.matrix import Cell, Row
from harness.report.values import cell_text
from harness.report.visible import visible
from harness.spec.model import State

__all__ = ["cell", "code", "prose", "table"]

_MARKUP = re.compile(r"([\\`*_\[\]<>~&$])")
_LINKED = re.compile(r"@|://|\bwww\.|#\d|\bGH-\d|:\w+:|\$.*\$|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
_BLOCK = re.compile(r"^([#+=-]|\d+(?=[.)](?:\s|$)))")  # at the start of an item, these would begin a block
_BACKTICKS = re.compile(r"`+")
_LONGEST_CELL = 160


def prose(text: str) -> str:
    """The text as Markdown that shows it and nothing else: in a line, an item of a list or a table's cell."""
    line = visible(text).strip()
    if _LINKED.search(line):
        return code(line)
    return _BLOCK.sub(_escaped_start, _MARKUP.sub(r"\\\1", line))


def _escaped_start(found: re.Match[str]) -> str:
    start = found.group()
    return f"{start}\\" if start.isdecimal() else f"\\{start}"


def code(text: str, limit: int | None = None) -> str:
    """The text as a code span; nothing for an empty text."""
    line = visible(text) if limit is None else visible(text, limit)
    line = line.replace("\\|", "\\\\x7c")  # tables read a bar after a backslash in two ways
    if not line:
        return ""
    runs = [len(run) for run in _BACKTICKS.findall(line)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, and an empty one. Cells are Markdown already; a bar in them ends none."""
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def cell(row: Row, own: Cell | None) -> str:
    """One seller's cell of the comparison: a value is code, absence and silence are words."""
    if own is None:
        return ""
    if own.state is State.DOCUMENTED:
        return code(cell_text(row.parameter, row.facet, own.value), _LONGEST_CELL)
    return "*none*" if own.state is State.ABSENT else "*undocumented*"
