"""The small valid spec that most tests start from, and a way to change one thing in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import SourceError
from harness.spec.load import load_text
from harness.spec.model import Spec

__all__ = [
    "EVENTS",
    "EXAMPLES",
    "MINIMAL",
    "assert_refused",
    "edited",
    "minimal",
    "overlay",
    "place_of",
    "revision",
    "write_specs",
]

EXAMPLES = Path(__file__).resolve().parent / "examples"
MINIMAL = (EXAMPLES / "valid" / "minimal.yaml").read_text(encoding="utf-8")
EVENTS = """\
  events:
    method: GET
    path: /v1/events
    source: page#Events
    responses:
      "200":
        content_type: text/event-stream
        stream:
          keep_alive_s: 15
          buffered: false
          subscribe: before_submit
          other_events: true
          states_without_event: [cancelled]
          source: page#Events, terms
        events:
          job_done:
            schema: {type: object, properties: {id: {type: string}}}
            job: {id: /id, state: succeeded}
          ping: {schema: undocumented}
"""
"""An operation with a stream of events, which the small spec does without."""


def edited(*edits: tuple[str, str], text: str = MINIMAL) -> str:
    """The text with each first string, which must stand in it once, replaced by the second."""
    for before, after in edits:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in the text"
        text = text.replace(before, after)
    return text


def minimal(*edits: tuple[str, str]) -> Spec:
    """The small spec, with edits."""
    return load_text(edited(*edits), "minimal.yaml")


def place_of(text: str, marked: str) -> tuple[int, int]:
    """Line and column, from 1, of the `^` in `marked`, which without it stands once in the text."""
    before, _, after = marked.partition("^")
    assert text.count(before + after) == 1, f"{before + after!r} stands {text.count(before + after)} times"
    position = text.index(before + after) + len(before)
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def assert_refused(before: str, after: str, marked: str, message: str) -> None:
    """The small spec with this edit is refused with this message, at the `^` in `marked`."""
    text = edited((before, after))
    line, column = place_of(text, marked)
    with pytest.raises(SourceError) as caught:
        load_text(text, "m.yaml")
    assert str(caught.value) == f"m.yaml:{line}:{column}: {message}"


def revision(target: str, date: str, changes: str) -> str:
    """A revision file; the changes in flow style."""
    return f'format: 1\nrevises: {target}\ndate: "{date}"\ntitle: later\nchanges: {changes}\n'


def overlay(target: str, changes: str) -> str:
    """An overlay file; the changes in flow style."""
    return f"format: 1\noverlays: {target}\ntitle: ours\nchanges: {changes}\n"


def write_specs(directory: Path, files: dict[str, str]) -> Path:
    """A directory of spec files, by name without `.yaml`."""
    for name, text in files.items():
        path = directory / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory
