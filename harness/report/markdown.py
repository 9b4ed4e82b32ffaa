"""Findings and whole runs as GitHub-flavoured Markdown.

Nothing of a stranger's text is markup: it is escaped, and what a forge would link or notify (addresses,
mentions, issue numbers) stands in a code span, where nothing is linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from harness.finding import Finding, Judgement, Verdict
from harness.record import EstimateLine, ModelRecord, RecordingLine, RunRecord
from harness.report.page import Group, Page, RankedRow, page_of, standing_text, value_text
from harness.report.visible import compact, visible
from harness.report.words import (
    IMPACTS,
    counted,
    estimate_text,
    interval_text,
    joined,
    location_text,
    median_text,
    summary_line,
)

__all__ = ["code", "findings_markdown", "prose", "record_markdown"]

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINKED = re.compile(r"@|://|\bwww\.|#\d|\bGH-\d|:\w+:|\b[0-9a-f]{7,40}\b|\w/\w", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+")


def prose(text: str) -> str:
    """The text as Markdown that shows it and nothing else; also inside a table cell."""
    line = visible(text).strip()
    return code(line) if _LINKED.search(line) else _MARKUP.sub(r"\\\1", line)


def code(text: str) -> str:
    """The text as a code span, which may stand in a table cell; nothing for an empty text."""
    line = visible(text).replace("\\|", "\\\\x7c").replace("|", "\\|")
    if not line:
        return ""
    runs = [len(run) for run in _BACKTICKS.findall(line)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"
