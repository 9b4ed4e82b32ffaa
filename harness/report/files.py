"""Reports on disk, each file whole or not there: written beside its place, then renamed into it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.decision.model import Decision
from harness.record import RunRecord

__all__ = ["write_bytes", "write_report", "write_text"]


def write_report(
    record: RunRecord,
    directory: Path,
    decision: Decision | None = None,
    *,
    old: Mapping[str, Any] | None = None,
    pictures: bool = False,
) -> tuple[Path, ...]:
    """Writes report.html, report.md, report.json and figures/*.svg; gives their paths.

    `decision` is what the page shows besides the run: the sellers beside each other for the user's requests.
    `old` is an earlier report.json, read: what changed since is shown, too. With `pictures` each figure is
    written as figures/*.png besides; without, those of an earlier report of the same figures are removed, so
    that no picture stands beside a figure of other evidence.

    Everything is rendered before the first file is written. Raises OSError.
    """
    contents = {name: text.encode("utf-8") for name, text in _texts(record, decision, old).items()}
    contents |= _pictures(record) if pictures else {}
    for name, content in contents.items():
        write_bytes(directory / name, content)
    for name in contents if not pictures else ():
        if name.endswith(".svg"):
            (directory / name).with_suffix(".png").unlink(missing_ok=True)
    return tuple(directory / name for name in contents)


def _texts(record: RunRecord, decision: Decision | None, old: Mapping[str, Any] | None) -> dict[str, str]:
    from harness.report.decision_json import decision_json
    from harness.report.figures import all_figures
    from harness.report.html import record_html
    from harness.report.json import record_json
    from harness.report.markdown import record_markdown
    from harness.report.page import page_of
    from harness.report.since import since
    from harness.report.since_json import since_json
    from harness.report.visible import as_json

    figures = all_figures(page_of(record))
    document = {**record_json(record), "decision": decision_json(decision)}
    changed = None if old is None else since(old, document)
    return {
        "report.html": record_html(record, figures, decision, since=changed),
        "report.md": record_markdown(record, decision, since=changed),
        "report.json": as_json({**document, "since": since_json(changed)}),
        **{f"figures/{name}.svg": svg for name, svg in figures.items()},
    }


def _pictures(record: RunRecord) -> dict[str, bytes]:
    from harness.report.figures import all_pictures
    from harness.report.page import page_of

    return {f"figures/{name}.png": png for name, png in all_pictures(page_of(record)).items()}


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8, as `write_bytes` does. Raises OSError."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Writes a file, making directories as needed. Raises OSError.

    Who reads at the same moment sees the old file or the new one. What stands at `path` and is no regular
    file (a pipe, /dev/stdout) is written to as it is.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.resolve()  # a link stays a link
    temporary = target.parent / f".{secrets.token_hex(6)}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
