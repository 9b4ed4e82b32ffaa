"""A user's project for each test."""

from __future__ import annotations

import os

import pytest

from tests.pytest_plugin.projects import User
from tests.shared import PROJECT


@pytest.fixture
def user(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> User:
    """A directory with nothing in it; the package is importable, and no key is set."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT), prepend=os.pathsep)
    for name in ("NOVITA", "AIMLAPI", "EACHLABS", "OXEN", "EXAMPLE"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)
    return User(pytester=pytester)
