"""The catalogue of seeded changes: each is one, is really a change, and each page's change is found."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from harness.compare.changes import changes
from harness.simulator.faults.order import parse_order
from harness.spec.store import SpecStore
from perf.seeded.catalogue import AREAS, MODELS, Seed, catalogue, page, unchanged
from tests.cli.calling import call

SEEDS = catalogue()
SHIPPED = SpecStore()


def test_there_are_enough_of_every_area() -> None:
    """Sixty at least, at every seller, in every area."""
    assert len(SEEDS) >= 60
    assert {seed.area for seed in SEEDS} == set(AREAS)
    assert {seed.provider for seed in SEEDS} == set(MODELS)
    assert min(Counter(seed.area for seed in SEEDS).values()) >= 2


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_each_changes_something(seed: Seed, tmp_path: Path) -> None:
    """An overlay gives a spec that differs from the shipped one; a fault is one that the simulator has."""
    assert seed.changes or seed.faults or seed.page
    arguments = seed.arguments(tmp_path)
    assert arguments[0] == seed.model
    for order in seed.faults:
        parse_order(order, SHIPPED.all())
    if seed.changes:
        served = SpecStore((tmp_path,)).get(seed.model)
        assert served.root.plain() != SHIPPED.get(seed.model).root.plain()
        is_told = changes(SHIPPED.get(seed.model), served)
        assert is_told, "nothing that a buyer could see"
    if seed.page:
        assert page(seed) != page(unchanged(seed.provider))


def test_the_page_says_what_the_spec_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unchanged, it is no drift; what is found in a changed one comes from the change."""
    file = tmp_path / "page.md"
    file.write_text(page(unchanged("eachlabs")), encoding="utf-8")
    outcome = call(capsys, "drift", "docs", MODELS["eachlabs"], file, "--format", "json")
    assert (outcome.code, outcome.json["findings"]) == (0, [])


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed.page], ids=lambda seed: seed.name)
def test_what_a_page_says_is_found_there(
    seed: Seed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its facet."""
    file = tmp_path / "page.md"
    file.write_text(page(seed), encoding="utf-8")
    found = call(capsys, "drift", "docs", seed.model, file, "--format", "json").json["findings"]
    assert [finding["facet"] for finding in found if seed.is_named_by(finding)], json.dumps(found)


def test_words_that_the_page_does_not_hold_are_refused() -> None:
    """A change of the page that is none would be found by nobody."""
    seed = Seed(name="x", area="documents", provider="eachlabs", facets=("rate",), page={"no such words": ""})
    with pytest.raises(ValueError, match="x: the page does not hold 'no such words'"):
        page(seed)


@pytest.mark.parametrize(
    ("facet", "field", "verdict", "rule", "named"),
    [
        ("enum", "/status", "violates", "response.enum", True),
        ("enum", "/task/status", "violates", "response.enum", True),
        ("enum", "/other", "violates", "response.enum", False),
        ("type", "/status", "violates", "response.type", False),
        ("enum", "/status", "inconclusive", "response.enum", False),
        (None, "", "inconclusive", "job.unfinished", True),
    ],
)
def test_what_counts_as_named(facet: str | None, field: str, verdict: str, rule: str, named: bool) -> None:
    """The facet at the place, or the very rule; what could not be observed names nothing else."""
    seed = Seed(name="x", area="enums", provider="novita", facets=("enum", "job.unfinished"), field="/status")
    finding = {"facet": facet, "field": field, "verdict": verdict, "rule": rule}
    assert seed.is_named_by(finding) is named
