"""Line and column of single values in a large JSON text, without locating all the others.

A bundle of 2 MB is read by the C decoder in some 20 ms; locating every value takes fifty times as long. So
only the containers on the way to what is asked for are scanned, each once, the rest skipped in C.
"""

from __future__ import annotations

import json
import re
from json.decoder import JSONDecodeError

from harness.docs.jsx import line_column, line_starts
from harness.spec.pointer import join, split

__all__ = ["JsonPlaces"]

_SPACE = re.compile(r"[ \t\n\r]*")


class JsonPlaces:
    """Places by JSON Pointer in one text, which must be valid JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder(strict=False)
        self._starts = line_starts(text)
        self._members: dict[str, dict[str, tuple[int, int]]] = {}

    def place(self, pointer: str) -> tuple[int, int]:
        """Line and column, from 1, of what a pointer leads to, or of the nearest around it."""
        offset, value = self._skip(0), self._skip(0)
        path = ""
        for part in split(pointer):
            members = self._scan(path, value)
            if part not in members:
                break
            offset, value = members[part]
            path = join([part], path)
        return line_column(self._starts, offset)

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found else position

    def _scan(self, path: str, start: int) -> dict[str, tuple[int, int]]:
        """Name or index -> (where it is named, where its value begins), of one container."""
        if path not in self._members:
            try:
                self._members[path] = self._container(start)
            except (JSONDecodeError, IndexError):
                self._members[path] = {}
        return self._members[path]

    def _container(self, start: int) -> dict[str, tuple[int, int]]:
        opener = self._text[start]
        found: dict[str, tuple[int, int]] = {}
        if opener not in "{[":
            return found
        position = self._skip(start + 1)
        while self._text[position] not in "}]":
            key_at, name = position, str(len(found))
            if opener == "{":
                name, position = self._decoder.raw_decode(self._text, position)
                position = self._skip(self._skip(position) + 1)
            found[name] = (key_at, position)
            _, position = self._decoder.raw_decode(self._text, position)
            position = self._skip(position)
            if self._text[position] == ",":
                position = self._skip(position + 1)
        return found
