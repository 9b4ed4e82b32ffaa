"""Where on the page a record of report.json stands."""

from __future__ import annotations

import re

__all__ = ["anchor"]

_OTHER = re.compile(r"[^A-Za-z0-9_.~-]+")


def anchor(pointer: str) -> str:
    """The id of the element that shows what stands at a JSON Pointer: `/jobs/3` -> `jobs.3`."""
    return _OTHER.sub("-", pointer.strip("/").replace("/", ".")) or "report"
