"""The file that takes what a database no longer takes."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from harness.bench.history.fallback import Fallback


def test_each_line_is_there_at_once(tmp_path: Path):
    """Before the file is closed, and in the order of writing; nobody else may read it."""
    fallback = Fallback(tmp_path / "new" / "unsaved.jsonl")
    assert not (tmp_path / "new").exists()
    for number in range(3):
        fallback.write({"number": number, "text": "é\n"})
        lines = fallback.path.read_text(encoding="ascii").splitlines()
        assert [json.loads(line)["number"] for line in lines] == list(range(number + 1))
    assert stat.S_IMODE(fallback.path.stat().st_mode) == 0o600
    fallback.close()


def test_what_another_process_left(tmp_path: Path):
    """It is added to; a line without its end gets one, so that the next stands alone."""
    path = tmp_path / "unsaved.jsonl"
    path.write_text('{"a": 1}\n{"b', encoding="utf-8")
    for text in ("c", "d"):
        fallback = Fallback(path)
        fallback.write({text: 1})
        fallback.close()
    assert path.read_text(encoding="utf-8") == '{"a": 1}\n{"b\n{"c":1}\n{"d":1}\n'
