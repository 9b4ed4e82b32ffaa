"""Where a run keeps what the plugin knows of it; loaded at every start, so it imports pytest alone."""

from __future__ import annotations

from typing import Any

import pytest

__all__ = ["GRANTED", "OPTIONS", "PROJECT"]

OPTIONS: pytest.StashKey[Any] = pytest.StashKey()
"""Of a run: its `Options`, where the plugin is used; `options_of` gives them."""
PROJECT: pytest.StashKey[Any] = pytest.StashKey()
"""Of a run: its `Project`, once it was asked for; `project_of` gives it."""
GRANTED: pytest.StashKey[int] = pytest.StashKey()
"""Of an item: how many paid jobs it may make."""
