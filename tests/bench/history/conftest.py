"""Every test of the history runs on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import postgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one that was given, or one of our own."""
    postgres.skip_without()
    given = postgres.given_url()
    if given is not None:
        yield given
        return
    with postgres.running() as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of one test's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/kept/history.sqlite"
        return
    with postgres.schema_url(request.getfixturevalue("postgres_url")) as own:
        yield own
