"""What the page says in words and counts, as data."""

from __future__ import annotations

from harness.report.page import page_of
from harness.report.page_json import page_json
from tests.report.example import FINDINGS, GROUP, example, judgement


def test_sentences_stand_as_the_page_shows_them() -> None:
    """The first line, the verdict's sentence, what is unknown, the notes."""
    page, written = page_of(example()), page_json(example())
    assert written["evidence"] == page.evidence
    assert written["sentence"] == page.sentence
    assert written["unknowns"] == list(page.unknowns)
    assert [(note["term"], note["meaning"]) for note in written["notes"]] == list(page.notes)


def test_counts_are_those_of_the_headings() -> None:
    """Rows of each group by what they cost, endpoints and providers."""
    written = page_json(example())
    assert written["groups"][0] == {
        "name": GROUP,
        "sellers": 2,
        "rows": 4,
        "differing": 3,
        "agreeing": 1,
        "tiers": [
            {"text": "The bill changes, without an error", "rows": 1},
            {"text": "The request is refused", "rows": 1},
            {"text": "Unknown, or only written differently", "rows": 1},
        ],
    }
    assert (written["endpoints"], written["providers"]) == (3, 2)
    assert (written["discrepancies"], written["contradictions"], written["confidence"]) == (1, 1, 0.95)


def test_findings_of_one_fault_are_counted_with_their_places() -> None:
    """By fingerprint; nothing is left without a row in a small run."""
    (first, second) = (FINDINGS[1], FINDINGS[1])
    written = page_json(example(judgement=judgement(first, second)))["findings"]
    assert written == {
        "findings": 2,
        "rows": 1,
        "without_row": 0,
        "repeated": [{"fingerprint": first.fingerprint, "findings": 2, "places": ["request.json:1:12"]}],
        "rest": [],
    }
