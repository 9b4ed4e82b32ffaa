"""What a document says, as a dictionary that tests can look into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.docs.claims import Document
from harness.docs.read import read_document
from harness.spec.model import State

__all__ = ["ABSENT", "HIDDEN", "PAGES", "edited_page", "hold_of", "page", "said"]

PAGES = Path(__file__).resolve().parent / "pages"
ABSENT = "(absent)"
HIDDEN = "(hidden)"


def page(name: str, *, model: str | None = None) -> Document:
    """One of the pages beside these tests, read."""
    return read_document((PAGES / name).read_bytes(), name, model=model)


def edited_page(name: str, *edits: tuple[str, str]) -> Document:
    """The page with each first string, which must stand in it, replaced by the second."""
    text = (PAGES / name).read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text, f"{before!r} is not in {name}"
        text = text.replace(before, after)
    return read_document(text.encode(), name)


def said(document: Document) -> dict[str, Any]:
    """`submit request /duration default` -> the value, or the word for there being none."""
    words = {State.ABSENT: ABSENT, State.UNDOCUMENTED: HIDDEN}
    return {
        f"{claim.address.subject} {claim.address.facet}": words.get(claim.state, claim.value)
        for claim in document.claims
    }


def hold_of(document: Document, start: str) -> dict[str, Any]:
    """Of what it says, what begins so, without that beginning."""
    return {
        key.removeprefix(start).strip(): value
        for key, value in said(document).items()
        if key.startswith(start)
    }
