"""`harness drift docs` without a file: the documents of the specs, fetched from where they stand."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.by_use import files_of, text_at
from harness.cli.live import needs_live, network_of
from harness.cli.output import deliver, write_file
from harness.errors import OperatorError
from harness.finding import Finding, Judgement, Observed, Skipped
from harness.spec.model import Spec
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.client.pages import Fetched, Known, Missed
    from harness.docs.claims import Document

__all__ = ["KeptPages", "run_fetched"]

_SCHEMA = "harness.documents/1"
_PAUSE_S = 1.0
"""Between two requests, but on this machine."""

SpecOf = Callable[["Document", SpecStore], Spec]
"""The spec that a document belongs to by what it says. Raises OperatorError where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """An address, and the models whose specs rest on it (none: what the page says decides)."""

    url: str
    specs: tuple[Spec, ...]


def run_fetched(arguments: argparse.Namespace, store: SpecStore, url: str | None, spec_of: SpecOf) -> int:
    """Fetches, one at a time, and holds each page against its specs."""
    needs_live("drift docs with a URL")
    specs = _specs(arguments, store, url)
    pages = [_Page(url=url, specs=specs)] if url is not None else _pages(specs)
    kept = KeptPages(Path(arguments.keep))
    answers = asyncio.run(_fetch(pages, kept))
    kept.write()
    judgement = _without_address(specs) if url is None else Judgement()
    rows = []
    for page in pages:
        content, missed = answers[page.url]
        judged = _judged(page, content, missed, store, spec_of)
        rows.append({**kept.row(page.url), "url": page.url, "models": list(judged.models)})
        judgement += judged
    return deliver(judgement, arguments, extra={"documents": rows})


def _specs(arguments: argparse.Namespace, store: SpecStore, url: str | None) -> tuple[Spec, ...]:
    """The model named; with a URL alone none, else the models of harness.yaml, else every baseline."""
    named = [arguments.model] if arguments.model is not None and arguments.model != url else []
    if not named and url is None:
        files = files_of(arguments, store)
        named = [usage.reference for usage in files.use.models.values()] if files.use is not None else []
        return tuple(store.get(reference) for reference in named) or store.all()
    return tuple(store.get(reference) for reference in named)


def _pages(specs: Iterable[Spec]) -> list[_Page]:
    """Every address of the shipped specs once, with the specs that rest on it."""
    found: dict[str, dict[str, Spec]] = {}
    shipped = _shipped_urls()
    for spec in specs:
        for source in spec.sources.values():
            if source.url in shipped and source.url is not None:
                found.setdefault(source.url, {})[spec.ref] = spec
    return [_Page(url=url, specs=tuple(by_ref.values())) for url, by_ref in found.items()]


def _shipped_urls() -> frozenset[str]:
    """The addresses that come with this package: one out of a pull request's spec is not called."""
    store = SpecStore()
    every = (each for spec in store.all() for each in (spec, *store.later_revisions(spec)))
    return frozenset(s.url for spec in every for s in spec.sources.values() if s.url is not None)


def _without_address(specs: Iterable[Spec]) -> Judgement:
    """What cannot be fetched, listed."""
    specs, shipped = tuple(specs), _shipped_urls()
    skipped = tuple(
        Skipped(
            what=f"{spec.ref} {source.id}",
            why="no address of it is known; give the file"
            if source.url is None
            else f"{source.url} is in no shipped spec; give it by hand",
        )
        for spec in specs
        for source in spec.sources.values()
        if source.url not in shipped
    )
    models = tuple(spec.ref for spec in specs)
    return Judgement(observed=Observed(skipped=skipped), models=models, unobserved=frozenset(models))


async def _fetch(pages: list[_Page], kept: KeptPages) -> dict[str, tuple[bytes | None, Missed | None]]:
    from harness.client.keys import is_loopback, origin
    from harness.client.pages import Missed, PageFetcher

    found: dict[str, tuple[bytes | None, Missed | None]] = {}
    async with PageFetcher(network_of()) as fetcher:
        for page in pages:
            if found and not is_loopback(origin(page.url)[1]):
                await asyncio.sleep(_PAUSE_S)
            answer = await fetcher.fetch(page.url, kept.known(page.url))
            if isinstance(answer, Missed):
                found[page.url] = None, answer
            else:
                found[page.url] = kept.keep(page.url, answer), None
    return found


def _judged(
    page: _Page, content: bytes | None, missed: Missed | None, store: SpecStore, spec_of: SpecOf
) -> Judgement:
    """One page against each of its specs."""
    from harness.docs.against import judge

    if content is None:
        rule_id, why = (missed.rule.id, missed.why) if missed is not None else ("", "")
        return _unobserved(page, rule_id, why)
    judgement: Judgement | None = None
    for spec in page.specs or (None,):
        try:
            document, found = _read(page, content, spec, store, spec_of)
        except OperatorError as error:
            judged = _unobserved(page, "drift.document-unreadable", str(error))
        else:
            judged = judge(found, document)
            if not judged.observed.anything:
                judged = _unobserved(page, "drift.document-unreadable", "no fact is read from it")
        judgement = judged if judgement is None else judgement + judged
    return judgement or Judgement()


def _read(
    page: _Page, content: bytes, spec: Spec | None, store: SpecStore, spec_of: SpecOf
) -> tuple[Document, Spec]:
    from harness.docs.read import read_document

    document = read_document(content, page.url, model=spec.model.name if spec is not None else None)
    return document, spec if spec is not None else spec_of(document, store)


def _unobserved(page: _Page, rule_id: str, why: str) -> Judgement:
    """What keeps a page that was not seen from passing: one finding for each model that rests on it."""
    from harness.client.pages import page_finding

    models = tuple(spec.ref for spec in page.specs)
    findings: tuple[Finding, ...] = tuple(
        page_finding(rule_id, page.url, why, model) for model in models or (None,)
    )
    return Judgement(findings=findings, models=models, unobserved=frozenset(models))


class KeptPages:
    """What was fetched before: `documents.json`, and the bytes of each edition by their digest."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "documents.json"
        self._bodies = directory / "documents"
        self._rows = _rows(text_at(self._path), str(self._path))

    def known(self, url: str) -> Known | None:
        """What to ask the server with; None where the edition itself is not at hand."""
        from harness.client.pages import Known

        row = self._rows.get(url)
        if row is None or not self._body(row["digest"]).is_file():
            return None
        members = {name: row.get(name) for name in ("etag", "last_modified")}
        return Known(url=str(row["url"]), digest=str(row["digest"]), **members)

    def keep(self, url: str, fetched: Fetched) -> bytes:
        """The bytes of the page, from the server or from before."""
        now = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        old = self._rows.get(url, {})
        same = old.get("digest") == fetched.known.digest
        self._rows[url] = {
            **asdict(fetched.known),
            "checked_utc": now,
            "changed_utc": old.get("changed_utc", now) if same else now,
        }
        path = self._body(fetched.known.digest)
        try:
            if fetched.content is None:
                return path.read_bytes()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(fetched.content)
        except OSError as error:
            raise OperatorError(f"{path}: {error.strerror or error}") from None
        return fetched.content

    def content(self, url: str) -> bytes | None:
        """The bytes of the page as it was fetched last; None where they are not at hand."""
        row = self._rows.get(url)
        path = None if row is None else self._body(row["digest"])
        try:
            return path.read_bytes() if path is not None and path.is_file() else None
        except OSError as error:
            raise OperatorError(f"{path}: {error.strerror or error}") from None

    def row(self, url: str) -> Mapping[str, Any]:
        """What is kept of a page."""
        row = self._rows.get(url, {})
        return {name: row.get(name) for name in ("digest", "checked_utc", "changed_utc")}

    def write(self) -> None:
        """Writes what is known now. Raises OperatorError."""
        document = {"schema": _SCHEMA, "documents": self._rows}
        write_file(self._path, json.dumps(document, indent=1, sort_keys=True) + "\n")

    def _body(self, digest: object) -> Path:
        name = str(digest).removeprefix("sha256:")
        return self._bodies / (name if name.isalnum() else "none")


def _rows(text: str | None, file: str) -> dict[str, dict[str, Any]]:
    if text is None:
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise OperatorError(f"{file}: not JSON; delete it to begin anew") from None
    rows = document.get("documents") if isinstance(document, dict) else None
    if not isinstance(rows, dict) or document.get("schema") != _SCHEMA:
        raise OperatorError(f"{file}: expected {_SCHEMA}; delete it to begin anew")
    for url, row in rows.items():
        if not isinstance(row, dict) or not {"url", "digest"} <= set(row):
            raise OperatorError(f"{file}: /documents/{url}: expected url and digest; delete it to begin anew")
    return rows
