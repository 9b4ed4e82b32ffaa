"""The page to choose by, as it is written: without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from harness.report.html import record_html
from tests.decision.made import run_record
from tests.report.choosing import KINDS, decided
from tests.report.test_choice_hostile import JOB
from tests.report.test_html import read


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """A page for each state of the evidence."""
    return {kind: record_html(run_record(), None, decided(kind)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_somewhere_and_every_id_is_one(pages: Mapping[str, str], kind: str) -> None:
    """Figures, rows, findings, questions, what evidence rests on; labels of controls too."""
    reader = read(pages[kind])
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {href[1:] for a in reader.all("a") if (href := a.get("href"))}
    labels = {str(name) for tag in ("label", "output") for a in reader.all(tag) if (name := a.get("for"))}
    assert targets | labels <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_sections_stand_in_the_order_of_a_decision(pages: Mapping[str, str], kind: str) -> None:
    """The answer first, method last; what was measured only where something was; all in the contents."""
    reader = read(pages[kind])
    order = [a["id"] for a in reader.all("h2")]
    measured = () if kind == "unmeasured" else ("measured",)
    assert order == [
        *("answer", "sellers", "ranking", "unknown", "comparison", "switching", "timeline", "questions"),
        *("times", *measured, "contradictions", "conformance", "endpoints", "findings", "evidence", "method"),
    ]
    links = [href[1:] for a in reader.all("a") if (href := a["href"]) and href != "#main"]
    assert links[: len(order)] == order


@pytest.mark.parametrize("kind", KINDS)
def test_headings_tables_and_attributes_are_in_order(pages: Mapping[str, str], kind: str) -> None:
    """No level is skipped, each table has a caption, no style or handler stands in an element."""
    reader = read(pages[kind])
    levels = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert len(reader.all("table")) == len(reader.all("caption"))
    assert all(a.get("scope") for a in reader.all("th"))
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]


def test_the_policy_names_the_script_with_the_ranking_in_it(pages: Mapping[str, str]) -> None:
    """Only where there is something to rank; the data beside it is no script."""
    for kind, has_ranking in (("ranked", True), ("unmeasured", False)):
        page = pages[kind]
        (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy = str(next(m["content"] for m in read(page).all("meta") if m.get("http-equiv")))
        assert f"script-src 'sha256-{digest}'; " in policy
        assert "unsafe" not in policy
        assert ("mulberry32" in script) == has_ranking
        assert ('<script type="application/json" id="ranking-data">' in page) == has_ranking


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "unmeasured",
            "No live data: no job was run at any seller. Documents dated 2025-05-21 to 2026-08-17. Rests "
            "on 0 live, 244 simulated and 42 documented exchanges: no API was measured.",
        ),
        ("unmeasured", "No vendor can be chosen by measured figures yet."),
        ("ranked", "The evidence puts first: Oxen.ai for kling 2.6 pro text-to-video."),
        (
            "ranked",
            "What was measured and weighs most, time of a job, median: Oxen.ai 117 s (115 s to 120 s); "
            "Novita 146 s (142 s to 149 s);",
        ),
        ("close", "the sellers are too close for an order; first in the draws: "),
        ("unknowns", "what is unknown decides who comes first: time of a job, median, "),
        ("simulated", "The only measured figures are simulated; they show that tools work"),
    ],
)
def test_the_answer_is_said_in_every_state(pages: Mapping[str, str], kind: str, words: str) -> None:
    """Or why there is none."""
    assert words in read(pages[kind]).text


def test_jobs_of_trials_stand_beside_what_was_measured() -> None:
    """One job each, with its interval and provenance."""
    decision = replace(decided("unmeasured"), trials=(JOB,))
    text = read(record_html(run_record(), {}, decision)).text
    assert "Single jobs of trials One job shows that something can happen, not how often." in text
    assert "novita/kling-v2.6-pro-t2v live trial.json 2026-11-20T00:00:00Z succeeded 1\u20132 s 0" in text


def test_the_same_decision_gives_the_same_page(pages: Mapping[str, str]) -> None:
    """Byte for byte."""
    assert record_html(run_record(), None, decided("ranked")) == pages["ranked"]
