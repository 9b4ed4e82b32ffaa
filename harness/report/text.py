"""Findings as lines for a terminal or a CI log.

Each finding is a block whose first line is `file:line:column: severity: message [rule]`, as compilers
write it, so that editors and CI find the place. No line begins with anything of a provider's, and nothing
in a line is a command to a terminal or to a CI runner.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from harness.finding import Finding, Judgement, Verdict
from harness.report.visible import compact, disarmed, visible
from harness.report.words import IMPACTS, location_text, place_text, summary_line

__all__ = ["findings_text"]

INDENT = 13  # of all lines of a block but the first
NARROWEST = 40

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_COLOURS = {
    "error": "\x1b[31m",
    "warning": "\x1b[33m",
    "info": "\x1b[36m",
    "violates": "\x1b[31m",
    "inconclusive": "\x1b[33m",
    "conforms": "\x1b[32m",
}


def findings_text(judgement: Judgement, *, width: int | None = None, colour: bool = False) -> str:
    """Every finding as a block, what was not judged, and a summary line.

    `width` is in terminal cells; None (a file, a CI log) never wraps. Colour only where asked for.
    """
    paint = _Paint(colour)
    cells = None if width is None else max(width, NARROWEST)
    blocks = ["\n".join(_block(finding, cells, paint)) for finding in judgement.findings]
    blocks += ["\n".join(_skipped(judgement, cells))] if judgement.observed.skipped else []
    word, rest = summary_line(judgement).split(":", 1)
    return "\n\n".join([*blocks, f"{paint(word, word)}:{rest}"]) + "\n"


class _Paint:
    """Puts colour around our own words; the words themselves stay as they are."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, name: str) -> str:
        code = {"bold": _BOLD, "dim": _DIM}.get(name) or _COLOURS[name]
        return f"{code}{text}{_RESET}" if self.on else text


def _block(finding: Finding, width: int | None, paint: _Paint) -> Iterator[str]:
    severity = finding.severity.value
    waived = " (waived)" if finding.waived else ""
    place, message = disarmed(place_text(finding)), disarmed(visible(finding.message))
    first, *more = _wrapped(f"{place}: {severity}{waived}: {message} [{finding.rule.id}]", width, INDENT)
    yield _inert(first.replace(f"{place}: {severity}", f"{place}: {paint(severity, severity)}", 1))
    yield from (_continued(line) for line in more)
    for label, text in _members(finding):
        yield from _labelled(f"  {paint(label.ljust(INDENT - 3), 'dim')} ", text, width)


def _labelled(label: str, text: str, width: int | None) -> Iterator[str]:
    first, *more = _wrapped(disarmed(text), None if width is None else width - INDENT, 0)
    yield label + first
    yield from (_continued(line) for line in more)


def _members(finding: Finding) -> Iterator[tuple[str, str]]:
    if finding.model is not None:
        yield "model", visible(finding.model)
    direction = finding.direction.value if finding.direction else None
    message = " ".join(part for part in (finding.operation, direction) if part)
    place = finding.field if finding.pointer is None else finding.pointer or "the whole body"
    yield "at", visible(f"{place} ({message})" if message else place)
    if finding.expected is not None:
        yield "expected", compact(finding.expected)
    if finding.observed is not None:
        yield "observed", compact(finding.observed)
    if finding.source is not None:
        yield "source", location_text(finding.source)
    if finding.consequence is not None:
        yield "for you", visible(finding.consequence)
    if finding.impact:
        yield "impact", ", ".join(IMPACTS[impact] for impact in finding.impact)
    if finding.verdict is Verdict.INCONCLUSIVE:
        yield "verdict", finding.verdict.value


def _skipped(judgement: Judgement, width: int | None) -> Iterator[str]:
    yield "not judged:"
    for skipped in judgement.observed.skipped:
        yield from _labelled("  - ", f"{visible(skipped.what)}: {visible(skipped.why)}", width)


def _continued(line: str) -> str:
    return " " * INDENT + _inert(line)


def _inert(line: str) -> str:
    """A line that begins with `::`, spaces apart, would be a command to a CI runner."""
    return line.replace(":", "\\x3a", 1) if line.startswith("::") else line


def _wrapped(text: str, width: int | None, indent: int) -> list[str]:
    """Lines of at most `width` cells, the later ones narrower by `indent`; broken at spaces if possible."""
    if width is None:
        return [text]
    lines, line, room = [], "", width
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if _cells(candidate) <= room:
            line = candidate
            continue
        if line:
            lines.append(line)
            room = width - indent
        line = word
        while _cells(line) > room:
            head, line = _split(line, room)
            lines.append(head)
            room = width - indent
    return [*lines, line]


def _split(word: str, room: int) -> tuple[str, str]:
    taken, used = 0, 0
    for char in word:
        used += _cells(char)
        if used > room:
            break
        taken += 1
    return word[: max(taken, 1)], word[max(taken, 1) :]


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(_char_cells(char) for char in text)


def _char_cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
