"""Every number on the page stands in report.json where the page says; every figure links to its record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.report.anchors import anchor
from harness.report.files import write_report
from harness.spec.pointer import resolve
from tests.decision.made import run_record
from tests.report.choosing import KINDS, decided, report_of
from tests.report.example import example
from tests.report.numbers import shown, wrong
from tests.report.test_large import many


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[str, Any]]:
    """Page and data of each state of the evidence, of ten thousand findings, a run alone, and a change."""
    directories = {kind: tmp_path_factory.mktemp(kind) for kind in (*KINDS, "large", "plain", "since")}
    for kind in KINDS:
        report_of(kind, directories[kind])
    write_report(many(), directories["large"], decided("ranked"))
    write_report(example(), directories["plain"])
    _, old = read(directories["unmeasured"])
    write_report(run_record(), directories["since"], decided("ranked"), old=old)
    return {kind: read(directory) for kind, directory in directories.items()}


def read(directory: Path) -> tuple[str, Any]:
    """The page and the data beside it."""
    page = (directory / "report.html").read_text(encoding="utf-8")
    return page, json.loads((directory / "report.json").read_bytes())


@pytest.mark.parametrize("kind", [*KINDS, "large", "plain", "since"])
def test_every_number_stands_in_its_record(reports: Mapping[str, tuple[str, Any]], kind: str) -> None:
    """Of every text with a digit, the nearest pointer leads to a value that holds the number."""
    page, document = reports[kind]
    assert wrong(page, document) == []
    assert len(shown(page).found) > (50 if kind == "plain" else 1000)


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_links_to_a_record_with_the_same_number(
    reports: Mapping[str, tuple[str, Any]], kind: str
) -> None:
    """The element that a figure links to names the same record, and shows it."""
    page, document = reports[kind]
    walk = shown(page)
    followed = 0
    for one in walk.found:
        if one.href is None or not one.at or not one.at.startswith("/decision/groups"):
            continue
        target = walk.pointers.get(one.href.removeprefix("#"))
        if one.href == f"#{anchor(one.at)}":
            assert target == one.at
            assert wrong(f'<main><p data-at="{target}">{one.text}</p></main>', document) == []
            followed += 1
    assert followed >= 8


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_figure_rests_on_stands_on_the_page(reports: Mapping[str, tuple[str, Any]], kind: str) -> None:
    """Every pointer of the evidence has an element that says so, and a value in report.json."""
    page, document = reports[kind]
    walk = shown(page)
    for group in document["decision"]["groups"]:
        for vendor in group["vendors"]:
            for line in vendor["evidence"]:
                for pointer in line["where"]:
                    assert walk.pointers[anchor(pointer)] == pointer
                    resolve(document, pointer)


def test_a_number_that_is_changed_is_noticed(reports: Mapping[str, tuple[str, Any]]) -> None:
    """One figure after the other, in the data alone: the page that shows the old one is wrong."""
    page, document = reports["ranked"]
    vendor = document["decision"]["groups"][0]["vendors"][0]
    for number, line in enumerate(vendor["evidence"]):
        if line["value"] is None:
            continue
        changed = json.loads(json.dumps(document))
        own = changed["decision"]["groups"][0]["vendors"][0]["evidence"][number]
        own.update(value=777.0, low=777.0, high=777.0, counts={}, why="", where=[])
        assert [one for one in wrong(page, changed) if one.endswith(f"/vendors/0/evidence/{number}")]
    other = json.loads(json.dumps(document))
    first = other["decision"]["groups"][0]["rankings"][0]["standings"][0]
    first.update(score=0.123, low=0.123, high=0.123)
    assert [one for one in wrong(page, other) if one.endswith("/rankings/0/standings/0")]


def test_a_number_without_a_pointer_is_wrong() -> None:
    """So is one that rounds to another, and one that stands elsewhere."""
    document = {"a": {"share": 0.876, "name": "v2.6", "list": [5, 6]}}

    def of(text: str, at: str = "/a") -> list[str]:
        found = wrong(f'<main><p data-at="{at}">{text}</p></main>', document)
        return [re.split(" in ", one)[0] for one in found]

    assert wrong("<main>3</main>", document) == ["3 in '3' at None"]
    assert of("88%") == of("87.6%") == of("0.88") == of("v2.6") == of("2", "/a/list") == []
    assert (of("87%"), of("1"), of("7")) == (["87"], ["1"], ["7"])
    assert of("3", "/a/list") == ["3"]
