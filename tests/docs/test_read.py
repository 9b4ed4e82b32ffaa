"""Pages are recognised by what they hold, and what is no page is refused."""

from __future__ import annotations

import pytest

from harness.docs.read import FORMATS, MAX_BYTES, read_document
from harness.errors import OperatorError, SourceError
from tests.docs.said import PAGES, hold_of, page, said

FORMS = {
    "novita.md": "novita-markdown",
    "novita-source.mdx": "mintlify-source",
    "gitbook.txt": "gitbook-text",
    "gitbook.md": "gitbook-markdown",
    "flat.md": "flat-markdown",
    "model.mdx": "markdown-tables",
    "create.mdx": "markdown-tables",
    "get.mdx": "markdown-tables",
    "errors.mdx": "markdown-tables",
    "payload.mdx": "markdown-tables",
    "queue.mdx": "markdown-tables",
    "api.yaml": "openapi",
    "bundle.json": "openapi",
}


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_a_page_is_recognised_by_its_content(name: str, form: str) -> None:
    """Whatever it is called."""
    document = read_document((PAGES / name).read_bytes(), "page")
    assert document.format == form
    assert form in FORMATS
    assert document.claims


def test_every_page_has_a_test() -> None:
    """No page lies beside the tests unread."""
    assert {path.name for path in PAGES.iterdir()} == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_every_claim_stands_somewhere_on_the_page(name: str) -> None:
    """Line and column lie within the text."""
    lines = (PAGES / name).read_text(encoding="utf-8").split("\n")
    for claim in page(name).claims:
        assert 1 <= claim.place.line <= len(lines), claim
        assert 1 <= claim.place.column <= len(lines[claim.place.line - 1]) + 1, claim


def test_line_breaks_of_windows_and_a_mark_at_the_start_change_nothing() -> None:
    """The digest is that of the bytes as they came."""
    plain = (PAGES / "model.mdx").read_bytes()
    other = b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n")
    assert said(read_document(other, "p")) == said(read_document(plain, "p"))
    assert read_document(other, "p").digest != read_document(plain, "p").digest


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "p: not UTF-8 at byte 0"),
        (b"Hello.\n", f"p: not a page of a form that is known: {', '.join(FORMATS)}"),
        (b"", f"p: not a page of a form that is known: {', '.join(FORMATS)}"),
        (b'{"openapi": "2.0", "paths": {}}', "p: expected an OpenAPI 3 file, got openapi '2.0'"),
    ],
)
def test_what_is_no_page_is_refused(content: bytes, message: str) -> None:
    """One message, that of an operator's fault."""
    with pytest.raises(OperatorError) as caught:
        read_document(content, "p")
    assert str(caught.value) == message


def test_a_page_beyond_all_size_is_refused() -> None:
    """Before anything is decoded."""
    with pytest.raises(OperatorError, match=r"^p: expected at most 16,000,000 bytes, got 16,000,001$"):
        read_document(b" " * (MAX_BYTES + 1), "p")


def test_broken_json_names_its_place() -> None:
    """As an editor does."""
    with pytest.raises(SourceError) as caught:
        read_document(b'{"openapi": "3.0.0",\n "paths": ]', "p")
    assert str(caught.value) == "p:2:11: not JSON: Expecting value"


def test_of_a_file_for_many_models_the_one_asked_for_counts() -> None:
    """Its branch of the choice, and the operations that take it."""
    one = page("bundle.json", model="dolly-1")
    assert hold_of(one, "submit request /model")["enum"] == ["dolly-1"]
    assert "submit request /seed presence" not in said(one)
    assert "submit request /prompt presence" in said(one)
    assert not hold_of(one, "POST /v2/songs")


def test_where_a_file_does_not_know_the_model_everything_counts() -> None:
    """Nothing found is not nothing there."""
    assert said(page("bundle.json", model="other")) == said(page("bundle.json"))
