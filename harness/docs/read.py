"""A provider's page, recognised by its content, read by the reader for its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.docs.claims import Document
from harness.docs.flat import is_flat, unfolded
from harness.errors import OperatorError

__all__ = ["FORMATS", "MAX_BYTES", "read_document"]

MAX_BYTES = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """One form of page: how it is recognised and read."""

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[bytes, str], Document]


def _readers() -> tuple[_Reader, ...]:
    """Every form, the most particular first."""
    from harness.docs import gitbook, mintlify, novita, openapi, reference

    return (
        _Reader(name="openapi", recognises=openapi.is_openapi, read=openapi.read_openapi),
        _Reader(name="flat-markdown", recognises=is_flat, read=_read_flat),
        _Reader(name="mintlify-source", recognises=mintlify.is_mintlify, read=mintlify.read_mintlify),
        _Reader(name="novita-markdown", recognises=novita.is_novita, read=novita.read_novita),
        _Reader(
            name="gitbook-markdown",
            recognises=gitbook.is_gitbook_markdown,
            read=gitbook.read_gitbook_markdown,
        ),
        _Reader(name="gitbook-text", recognises=gitbook.is_gitbook_text, read=gitbook.read_gitbook_text),
        _Reader(name="markdown-tables", recognises=reference.is_reference, read=reference.read_reference),
    )


FORMATS: tuple[str, ...] = (
    *("openapi", "flat-markdown", "mintlify-source", "novita-markdown"),
    *("gitbook-markdown", "gitbook-text", "markdown-tables"),
)
"""The forms that are known."""


def read_document(content: bytes, name: str, *, model: str | None = None) -> Document:
    """The claims of a page. `name` is for people; nothing is concluded from it.

    `model` is the provider's name of a model: of a file for many, what concerns that one counts. Where the
    file does not know it, everything does.

    Raises OperatorError where the bytes are no page of a form that is known, SourceError where they are
    nearly one.
    """
    if len(content) > MAX_BYTES:
        raise OperatorError(f"{name}: expected at most {MAX_BYTES:,} bytes, got {len(content):,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OperatorError(f"{name}: not UTF-8 at byte {error.start}") from None
    text = text.replace("\r\n", "\n")
    for reader in _readers():
        if reader.recognises(text):
            source = text.encode("utf-8") if "\r" in text or content[:3] == b"\xef\xbb\xbf" else content
            return _as_served(_read(reader, source, name, model), content)
    raise OperatorError(f"{name}: not a page of a form that is known: {', '.join(FORMATS)}")


def _read(reader: _Reader, source: bytes, name: str, model: str | None) -> Document:
    if reader.name == "openapi" and model is not None:
        from harness.docs.openapi import read_openapi

        document = read_openapi(source, name, model)
        if any(claim.address.operation is not None for claim in document.claims):
            return document
    return reader.read(source, name)


def _as_served(document: Document, content: bytes) -> Document:
    """The document with the digest of the bytes as they came."""
    import hashlib
    from dataclasses import replace

    return replace(document, digest=f"sha256:{hashlib.sha256(content).hexdigest()}")


def _read_flat(content: bytes, name: str) -> Document:
    from harness.docs.blocks import parse_page
    from harness.docs.reference import read_page

    text = content.decode("utf-8")
    document = read_page(parse_page(unfolded(text)), content, name, "flat-markdown")
    return _on_one_line(document, unfolded(text))


def _on_one_line(document: Document, text: str) -> Document:
    """The document with its places on the one line that was served."""
    from dataclasses import replace

    from harness.docs.claims import Place
    from harness.docs.jsx import line_starts

    starts = line_starts(text)

    def served(place: Place) -> Place:
        return replace(place, line=1, column=starts[place.line - 1] + place.column)

    return replace(
        document,
        claims=tuple(replace(claim, place=served(claim.place)) for claim in document.claims),
        listings=tuple(replace(each, place=served(each.place)) for each in document.listings),
        unplaced=tuple(replace(each, place=served(each.place)) for each in document.unplaced),
    )
