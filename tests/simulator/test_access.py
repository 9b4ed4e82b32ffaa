"""Keys."""

from __future__ import annotations

import pytest

from harness.simulator.access import owner_of
from tests.minimal import minimal
from tests.simulator.serving import STORE

OXEN = STORE.get("oxen")
EACHLABS = STORE.get("eachlabs")


@pytest.mark.parametrize("header", ["Bearer k", "bearer k", "Bearer   k "])
def test_a_bearer_key(header: str):
    """The scheme in any case; blanks do not count."""
    assert owner_of(OXEN, "poll", {"authorization": header}) == owner_of(
        OXEN, "poll", {"authorization": "Bearer k"}
    )


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong-key", "k", "Basic k"])
def test_no_good_bearer_key(header: str):
    """Nobody comes in without one, or with the one that is wrong."""
    assert owner_of(OXEN, "poll", {"authorization": header}) is None


def test_a_key_in_a_header():
    """The key itself, in the header that the spec names."""
    assert owner_of(EACHLABS, "submit", {"x-api-key": "k"}) is not None
    assert owner_of(EACHLABS, "submit", {"x-api-key": "wrong-key"}) is None
    assert owner_of(EACHLABS, "submit", {"authorization": "Bearer k"}) is None


def test_keys_are_told_apart_and_not_kept():
    """Two keys are two owners; neither can be read from the name."""
    one, other = (owner_of(OXEN, "poll", {"authorization": f"Bearer {key}"}) for key in ("one", "other"))
    assert one is not None
    assert one != other
    assert "one" not in one


def test_where_no_document_says():
    """Everybody may come in."""
    spec = minimal(
        ("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth: undocumented")
    )
    assert owner_of(spec, "submit", {}) is not None
