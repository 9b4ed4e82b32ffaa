"""The files of the user's that are looked for by name. Apart, so that a run without them reads no more."""

from __future__ import annotations

__all__ = ["CONFIG", "LOCK", "STATE", "WAIVERS"]

CONFIG = "harness.yaml"
WAIVERS = "waivers.yaml"
LOCK = "harness.lock"
STATE = ".harness/state.json"
