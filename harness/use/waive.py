"""Writing a waiver into `waivers.yaml`, with everything else in the file left as it stands."""

from __future__ import annotations

from typing import Any

from harness.errors import SourceError
from harness.spec import yaml
from harness.spec.node import Node
from harness.use.waivers import Waiver, read_waivers

__all__ = ["with_waiver"]

_HEAD = """\
# Findings that were seen and accepted. Each is waived by its fingerprint until the end of its last day.
format: 1
waivers:
"""
_MEMBERS = ("reason", "owner", "until", "rule", "model", "operation", "direction", "field", "facet")


def with_waiver(content: str | None, file: str, waiver: Waiver) -> str:
    """The text of the file with the waiver in it, in place of one with the same fingerprint.

    `content` is None where there is no file yet. Comments stay, unless the file is written in such a way
    that it has to be written anew. Raises SourceError for a file that is no file of waivers.
    """
    members = {name: getattr(waiver, name) for name in _MEMBERS}
    entry = {name: value for name, value in members.items() if value is not None}
    entry["until"] = waiver.until.isoformat()
    if content is None:
        return _HEAD + _block(waiver.fingerprint, entry, 2)
    read_waivers(content, file)
    root = yaml.parse(content, file)
    wanted = root.plain()
    wanted["waivers"][waiver.fingerprint] = entry
    text = _edited(content, root, waiver.fingerprint, entry)
    return text if text is not None and _reads_as(text, file, wanted) else yaml.dump(wanted)


def _block(fingerprint: str, entry: dict[str, Any], indent: int) -> str:
    lines = yaml.dump({fingerprint: entry}).splitlines()
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _reads_as(text: str, file: str, wanted: dict[str, Any]) -> bool:
    try:
        return bool(yaml.parse(text, file).plain() == wanted)
    except SourceError:
        return False


def _edited(content: str, root: Node, fingerprint: str, entry: dict[str, Any]) -> str | None:
    """The text with the entry's lines put in; None where there is no place for lines."""
    waivers = root.mapping["waivers"]
    if not waivers.mapping:
        return None
    keys = {name: child.name_mark for name, child in waivers.mapping.items()}
    indent = next(iter(keys.values())).column - 1
    lines = content.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    end = _end(root, len(lines))
    start = stop = _without_tail(lines, end)
    if fingerprint in keys:
        start = keys[fingerprint].line - 1
        later = [mark.line - 1 for mark in keys.values() if mark.line - 1 > start]
        stop = _without_tail(lines, min(later, default=end))
    return "".join([*lines[:start], _block(fingerprint, entry, indent), *lines[stop:]])


def _end(root: Node, last: int) -> int:
    """The line, from 0, at which what follows the waivers begins."""
    start = root.mapping["waivers"].name_mark.line
    later = [child.name_mark.line - 1 for child in root.mapping.values() if child.name_mark.line > start]
    return min(later, default=last)


def _without_tail(lines: list[str], end: int) -> int:
    """The end of what stands before it, without comments and empty lines that belong to what follows."""
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end
