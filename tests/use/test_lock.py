"""`harness.lock`: written, read back, and what it is good for."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from harness.compare.change import side_of
from harness.compare.changes import changes_of_sides
from harness.errors import SourceError
from harness.finding import Direction
from harness.spec.facts import Address, Fact
from harness.spec.model import Spec, State
from harness.spec.store import SpecStore
from harness.use.lock import Lock, LockedDocument, digest_of, lock_of, lock_text, locked_side, read_lock
from tests.minimal import minimal
from tests.use.users import EXAMPLE

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
CLAIM = Fact(
    address=Address(
        operation="submit", direction=Direction.REQUEST, status=None, field="/duration", facet="default"
    ),
    state=State.DOCUMENTED,
    value=5,
    at="/whatever",
    sources=(),
)
PAGE = LockedDocument(id="page", url="https://docs.example.com", digest="sha256:0", claims=(CLAIM,))


def written(spec: Spec, *documents: LockedDocument) -> Lock:
    """The lock of one spec, written and read."""
    lock = lock_of([spec], now=NOW, version="0.1.0", documents={spec.id: documents})
    return read_lock(lock_text(lock), "harness.lock")


def test_it_reads_back_as_it_was() -> None:
    """Reference, digest, moment, and every stated fact with its value."""
    spec = minimal()
    lock = written(spec)
    locked = lock.models[EXAMPLE]
    assert (lock.accepted_at, lock.version) == (NOW, "0.1.0")
    assert (locked.model, locked.reference, locked.digest) == (EXAMPLE, EXAMPLE, digest_of(spec))
    stated = [fact for fact in side_of(spec).facts if fact.is_stated]
    assert [(f.address, f.state, f.value) for f in locked.facts] == [
        (f.address, f.state, f.value) for f in stated
    ]
    assert locked.words == side_of(spec).words


def test_every_shipped_spec_is_the_same_as_its_lock(store: SpecStore) -> None:
    """Nothing of a fact is lost: no change between a spec and what was accepted of it."""
    for spec in store.all():
        lock = written(spec)
        assert changes_of_sides(locked_side(lock, spec.id), side_of(spec)) == ()


def test_one_fact_is_one_line() -> None:
    """So that a change of the baseline can be read in a review; and it is JSON."""
    text = lock_text(lock_of([minimal()], now=NOW, version="0.1.0"))
    assert '    ["submit", "request", null, "/duration", "default", "documented", 5],\n' in text
    assert json.loads(text)["schema"] == "harness.lock/1"
    assert text.isascii()


def test_documents_that_were_read_are_kept_with_their_claims() -> None:
    """The digest of the bytes, and each claim as a fact: the old side of a later reading."""
    lock = written(minimal(), PAGE)
    (document,) = lock.models[EXAMPLE].documents
    assert (document.id, document.url, document.digest) == ("page", "https://docs.example.com", "sha256:0")
    side = locked_side(lock, EXAMPLE, "page")
    assert [(f.address, f.value) for f in side.facts] == [(CLAIM.address, 5)]
    assert side.label == EXAMPLE


def test_a_fact_has_its_place_in_the_lock() -> None:
    """Findings about the baseline lead to its line."""
    lock = written(minimal())
    side = locked_side(lock, EXAMPLE)
    fact = next(f for f in side.facts if f.address.field == "/duration" and f.address.facet == "default")
    place = side.locate(fact.at)
    lines = lock_text(lock_of([minimal()], now=NOW, version="0.1.0")).splitlines()
    assert place.file == "harness.lock"
    assert (
        lines[(place.line or 0) - 1].strip().startswith('["submit", "request", null, "/duration", "default"')
    )


def test_the_digest_is_of_what_the_spec_says_and_not_of_its_files() -> None:
    """The order of keys and the file's name make no difference; a word does."""
    turned = minimal(("{name: Example, credential: example}", "{credential: example, name: Example}"))
    assert digest_of(turned) == digest_of(minimal())
    assert digest_of(minimal(("title: Video 1\n", "title: Video one\n"))) != digest_of(minimal())
    assert digest_of(minimal()).startswith("sha256:")


TEXT = lock_text(lock_of([minimal()], now=NOW, version="0.1.0"))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            "harness.lock/1",
            "harness.lock/9",
            "2:12: /schema: expected harness.lock/1, got a string, 'harness.lock/9'",
        ),
        (
            '"2026-11-20T06:00:00Z"',
            '"2026-11-20"',
            "3:17: /accepted_at: expected a time such as 2026-01-08T06:00:00Z, got '2026-11-20'",
        ),
        ('"facts": [', '"fact": [', "6:3: /models/example~1video-1-text-to-video: missing key 'facts'"),
        (
            '[null, "spec", null, "/model/family", "name", "documented", "video"]',
            "[1]",
            "/0: expected [operation, direction, status, field, facet, state, value]",
        ),
        ('"name", "documented", "video"]', '"name", "known", "video"]', "/0: 'known' is not a valid State"),
    ],
)
def test_a_lock_that_was_edited_by_hand_is_refused_with_a_place(
    before: str, after: str, message: str
) -> None:
    """The first fault, located."""
    assert TEXT.count(before) == 1
    with pytest.raises(SourceError) as caught:
        read_lock(TEXT.replace(before, after), "harness.lock")
    assert message in str(caught.value)
