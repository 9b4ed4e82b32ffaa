"""The five documents that the baselines were made from: they say what the baselines say, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.compare.values import form
from harness.docs.against import coverage, drift
from harness.docs.claims import Document
from harness.docs.import_ import draft
from harness.docs.read import read_document
from harness.finding import Direction, Severity
from harness.spec.facts import Address, facts
from harness.spec.lint import lint_spec
from harness.spec.load import load_text
from harness.spec.model import Spec, State
from harness.spec.store import SpecStore
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

SEEDS = sorted((SHARED / "sources" / "seeds").iterdir()) if SHARED is not None else []


def pairs(store: SpecStore) -> Iterator[tuple[Spec, Document]]:
    """Each baseline with its document, told by the digest."""
    by_digest = {spec.sources["seed"].digest: spec for spec in store.all()}
    for path in SEEDS:
        document = read_document(path.read_bytes(), path.name)
        yield by_digest.pop(document.digest), document
    assert not by_digest


def test_the_documents_say_nothing_against_the_baselines(store: SpecStore) -> None:
    """Not one finding."""
    assert [finding.message for spec, document in pairs(store) for finding in drift(spec, document)] == []


def test_claims_cover_nine_facts_in_ten(store: SpecStore) -> None:
    """Of those that the baselines source to the documents; the rest is listed in docs/coverage.md."""
    counted = [coverage(spec, document) for spec, document in pairs(store)]
    total, covered = sum(each.facts for each in counted), sum(each.covered for each in counted)
    assert total > 500
    assert covered >= 0.9 * total


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_a_changed_number_in_a_table_is_found(path: Path, store: SpecStore) -> None:
    """The silence above is not that of a reader who reads nothing."""
    by_digest = {spec.sources["seed"].digest: spec for spec in store.all()}
    spec = by_digest[read_document(path.read_bytes(), path.name).digest]
    for before, after in (
        (b"default:5", b"default:10"),
        (b"`5`. ", b"`10`."),
        (b"| 10 | 5,10 |", b"| 5 | 5,10 |"),
        (b"Default: 5", b"Default: 10"),
        (b"| `5` ", b"| `10`"),
        (b"Default: `5`", b"Default: `9`"),
    ):
        content = path.read_bytes().replace(before, after)
        if content != path.read_bytes():
            found = drift(spec, read_document(content, path.name))
            assert {(f.rule.id, f.facet) for f in found} == {("diff.request-default", "default")}
            return
    raise AssertionError("no default was found to change")


def stated(spec: Spec, source: str) -> set[tuple[Address, State, str]]:
    """The request facts that rest on one document."""
    return {
        (fact.address, fact.state, form(fact.value, facet=fact.address.facet))
        for fact in facts(spec)
        if fact.is_stated
        and fact.address.direction is Direction.REQUEST
        and any(ref.document == source for ref in fact.sources)
    }


def test_importing_a_seed_gives_the_request_facts_of_its_baseline(store: SpecStore) -> None:
    """Exactly those that the baseline sources to it, and a draft without errors."""
    for spec, document in pairs(store):
        made = load_text(draft(document, spec.id), "draft.yaml")
        assert stated(made, "page") == stated(spec, "seed"), spec.id
        assert [f.message for f in lint_spec(made) if f.severity is Severity.ERROR] == []
