"""What a trial that was cut short left behind, so that the next call goes on with it and makes no second job.

A directory `.trial` beside the cassettes: the plan, written before anything is sent, and what came of each
job that has ended. It is taken away when the trial is whole. One process at a time works on it.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.errors import OperatorError

__all__ = ["DIRECTORY", "TrialState", "locked"]

DIRECTORY = ".trial"
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialState:
    """One trial on disk. `scope` is its name in the journal, `canonical` what is asked for, by group."""

    directory: Path
    scope: str
    models: tuple[str, ...]
    canonical: Mapping[str, Mapping[str, Any]]
    even_if_invalid: bool = False

    @classmethod
    def begin(
        cls,
        to: Path,
        models: tuple[str, ...],
        canonical: Mapping[str, Mapping[str, Any]],
        now: datetime,
        *,
        even_if_invalid: bool = False,
    ) -> TrialState:
        """A new trial, on the disk when this returns."""
        scope = f"trial {now.isoformat(timespec='seconds')} {secrets.token_hex(4)}"
        state = cls(
            directory=to / DIRECTORY,
            scope=scope,
            models=models,
            canonical=canonical,
            even_if_invalid=even_if_invalid,
        )
        document = {
            "format": _FORMAT,
            "scope": scope,
            "models": list(models),
            "canonical": {group: dict(words) for group, words in canonical.items()},
            "even_if_invalid": even_if_invalid,
        }
        _write(state.directory / "plan.json", document)
        return state

    @classmethod
    def left(cls, to: Path) -> TrialState | None:
        """The trial that was cut short there, if there is one. Raises OperatorError for what is none."""
        path = to / DIRECTORY / "plan.json"
        if not path.exists():
            return None
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["format"] != _FORMAT:
                raise ValueError
            return cls(
                directory=path.parent,
                scope=str(document["scope"]),
                models=tuple(map(str, document["models"])),
                canonical={str(group): dict(words) for group, words in document["canonical"].items()},
                even_if_invalid=bool(document["even_if_invalid"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise OperatorError(
                f"{path}: not the plan of a trial; delete {path.parent} to begin anew"
            ) from None

    def keep(self, model: str, told: Mapping[str, Any], frame_png: bytes | None) -> None:
        """Remembers what came of one job."""
        frame = None if frame_png is None else base64.b64encode(frame_png).decode("ascii")
        _write(self._path(model), {"format": _FORMAT, "model": model, "frame_png": frame, **told})

    def kept(self, model: str) -> tuple[dict[str, Any], bytes | None] | None:
        """What was remembered of one job, None where it had not ended."""
        try:
            document = json.loads(self._path(model).read_text(encoding="utf-8"))
            frame = document.pop("frame_png")
            return document, None if frame is None else base64.b64decode(frame)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def done(self) -> None:
        """The trial is whole: nothing of it is needed any more."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def _path(self, model: str) -> Path:
        return self.directory / f"{model.replace('/', '--')}.json"


def _write(path: Path, document: Mapping[str, Any]) -> None:
    draft = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or error}") from None


@contextmanager
def locked(to: Path) -> Iterator[None]:
    """Inside, no other process works on a trial here. Raises OperatorError where one does.

    The lock is SQLite's, which the operating system drops with the process, however that ends.
    """
    path = to / f"{DIRECTORY}.lock"
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"{to}: {error.strerror or error}") from None
    lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        why = "a trial is running here" if "locked" in str(error) else str(error)
        raise OperatorError(f"{to}: {why}") from None
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        lock.close()
