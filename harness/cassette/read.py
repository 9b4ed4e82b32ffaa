"""Recordings out of files and directories, whatever tool made them.

| suffix | kind |
|---|---|
| `.yaml`, `.yml` | vcrpy cassette |
| `.json` | vcrpy cassette or HAR, told apart by their content |
| `.har` | HAR 1.2 |
| `.jsonl`, `.ndjson` | JSON Lines, as `harness.cassette.json_lines` describes it |

What `harness.cassette.write` had to put into several files comes as one recording.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePath

from harness.cassette.har import read_har
from harness.cassette.json_lines import read_json_lines
from harness.cassette.members import NotARecordingError
from harness.cassette.parts import joined
from harness.cassette.unfinished import JOURNAL_SUFFIX
from harness.cassette.vcr_format import read_cassette
from harness.errors import OperatorError, SourceError
from harness.finding import Skipped
from harness.spec.store import read_text
from harness.wire.message import Recording

__all__ = ["SUFFIXES", "read_recording", "read_recordings"]

_YAML = frozenset({".yaml", ".yml"})
_JSON = frozenset({".json", ".har"})
_LINES = frozenset({".jsonl", ".ndjson"})
SUFFIXES = _YAML | _JSON | _LINES
"""How the names of files end that may hold recordings."""
_KNOWN = ", ".join(sorted(SUFFIXES))


def read_recordings(path: Path | str, *, shown: str | None = None) -> Iterator[Recording | Skipped]:
    """Every recording in a file, or in the files of a directory and those below it, by name.

    `shown` is how the path is named to people, in place of itself. What is of another kind is skipped, with
    the reason, and so are well-formed files of a directory that hold something else; hidden ones are passed
    over. Nothing at all comes out of a directory without files.

    Raises OperatorError for a path that is not there, for a file that cannot be read as what its name and
    content say it is, and for a file given by name that is no recording.
    """
    yield from joined(_found(Path(path), shown if shown is not None else str(path)))


def _found(root: Path, name: str) -> Iterator[Recording | Skipped]:
    if not root.is_dir():
        first = _read_named(root, name)
        yield first
        if isinstance(first, Recording) and first.part is not None:
            yield from _further_parts(root, name, first.part)
        return
    for file in sorted(root.rglob("*")):
        relative = file.relative_to(root)
        if file.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield _read_found(file, f"{name.rstrip('/')}/{relative.as_posix()}")


def _further_parts(path: Path, shown: str, part: tuple[int, int, str]) -> Iterator[Recording | Skipped]:
    """The other files of a recording of which one was named."""
    stem = PurePath(part[2]).stem
    names = [part[2], *(f"{stem}.part{number}{path.suffix}" for number in range(2, part[1] + 1))]
    for name in names:
        file = path.with_name(name)
        if name != path.name and file.is_file():
            yield _read_named(file, str(PurePath(shown).with_name(name)))


def read_recording(path: Path, shown: str) -> Recording:
    """The recording in one file.

    Raises NotARecordingError for a file that is something else, OperatorError for one that is broken.
    """
    suffix = path.suffix.lower()
    if suffix == JOURNAL_SUFFIX:
        raise NotARecordingError("a recording that was not finished; `harness record --recover` finishes it")
    if suffix not in SUFFIXES:
        raise NotARecordingError(
            f"no recordings are known by the name {suffix or path.name!r}; known: {_KNOWN}"
        )
    text = read_text(path, shown)
    if not text.strip():
        raise OperatorError(f"{shown}: the file is empty")
    if suffix in _LINES:
        return read_json_lines(text, shown)
    if suffix in _YAML:
        return read_cassette(text, shown)
    return _read_json(text, shown)


def _read_named(path: Path, shown: str) -> Recording | Skipped:
    if not path.exists():
        raise OperatorError(f"{shown}: no such file or directory")
    try:
        return read_recording(path, shown)
    except NotARecordingError as error:
        if path.suffix.lower() in SUFFIXES:
            raise OperatorError(f"{shown}: {error}") from None
        return Skipped(what=shown, why=str(error))


def _read_found(path: Path, shown: str) -> Recording | Skipped:
    try:
        return read_recording(path, shown)
    except NotARecordingError as error:
        return Skipped(what=shown, why=str(error))


def _read_json(text: str, shown: str) -> Recording:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"not JSON: {error.msg}", file=shown, line=error.lineno, column=error.colno
        ) from None
    except (RecursionError, ValueError) as error:  # nested too deep, or an integer beyond all use
        raise OperatorError(f"{shown}: not JSON that can be read: {error}") from None
    if isinstance(data, dict) and "log" in data:
        return read_har(data, shown)
    if isinstance(data, dict) and "interactions" in data:
        return read_cassette(text, shown)
    raise NotARecordingError("it has neither 'log' nor 'interactions', so it is neither HAR nor cassette")
