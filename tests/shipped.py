"""The shipped specs by name, for tests that go through all of them."""

from __future__ import annotations

from harness.spec.store import SpecStore

__all__ = ["BASELINES", "REFERENCES"]

_STORE = SpecStore()

BASELINES: tuple[str, ...] = _STORE.ids
REFERENCES: tuple[str, ...] = tuple(
    f"{model_id}@{when}" if when else model_id
    for model_id in BASELINES
    for when in ("", *_STORE.revisions(model_id))
)
"""Every baseline, followed by its revisions."""
