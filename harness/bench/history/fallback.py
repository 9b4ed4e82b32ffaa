"""What a database no longer takes, in a file beside: JSON Lines, each line on the disk when it is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import TransportError
from harness.measurement.json import as_line

__all__ = ["Fallback"]


class Fallback:
    """The file, made by the first line. Where it cannot be made, one in the directory for temporary files."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._descriptor: int | None = None

    def write(self, document: Mapping[str, Any]) -> None:
        """Adds one line, durably. Raises TransportError when there is no place left at all."""
        if self._descriptor is None:
            self._descriptor = self._open()
        line = f"{as_line(document)}\n".encode("ascii")
        try:
            # One call: lines of several processes stay whole.
            written = os.write(self._descriptor, line)
            os.fsync(self._descriptor)
        except OSError as error:
            raise TransportError(f"{self.path}: {error.strerror or error}") from None
        if written != len(line):
            raise TransportError(f"{self.path}: {written} of {len(line)} bytes were written")

    def close(self) -> None:
        """Lets go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        reasons = []
        for find in (_itself, _temporary):
            try:
                place = find(self.path)
                place.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                _end_last_line(place, descriptor)
            except OSError as error:
                reasons.append(f"{error.filename}: {error.strerror or error}")
            else:
                self.path = place
                return descriptor
        raise TransportError("; ".join(reasons))


def _itself(path: Path) -> Path:
    return path


def _temporary(path: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="harness-history-")) / path.name


def _end_last_line(path: Path, descriptor: int) -> None:
    """A process that was killed while it wrote may have left a line without its end."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        if file.read(1) not in (b"", b"\n"):
            os.write(descriptor, b"\n")
