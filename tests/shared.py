"""The sibling folder with the providers' documents, which not every checkout has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["PROJECT", "SHARED", "needs_shared"]

PROJECT = Path(__file__).resolve().parents[1]


def _shared() -> Path | None:
    path = Path(os.environ.get("HARNESS_SHARED") or PROJECT.parent / "shared")
    return path if (path / "sources").is_dir() else None


SHARED: Path | None = _shared()
"""`HARNESS_SHARED`, else `../shared` beside the project; None where there is none."""

needs_shared = pytest.mark.skipif(
    SHARED is None,
    reason="needs the folder of source documents: ../shared beside the project, or HARNESS_SHARED",
)
