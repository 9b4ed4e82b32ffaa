"""What the fetched documents say, in the form in which `harness drift accept` keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from harness.cli.fetching import KeptPages
from harness.cli.output import note
from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.use.lock import LockedDocument

__all__ = ["documents_after"]


def documents_after(
    known: Mapping[str, tuple[LockedDocument, ...]], specs: Iterable[Spec], keep: Path
) -> dict[str, tuple[LockedDocument, ...]]:
    """The documents of each model: as they were read last, else as they were accepted before."""
    pages = KeptPages(keep)
    found = dict(known)
    for spec in specs:
        documents = {each.id: each for each in known.get(spec.id, ())}
        for source in spec.sources.values():
            content = pages.content(source.url) if source.url is not None else None
            if content is not None and source.url is not None:
                document = _read(spec, source.id, source.url, content)
                documents |= {} if document is None else {source.id: document}
        found[spec.id] = tuple(documents.values())
    return found


def _read(spec: Spec, source: str, url: str, content: bytes) -> LockedDocument | None:
    """What one page says, under the spec's names for operations; None where no reader knows its form."""
    from harness.compare.change import side_of
    from harness.docs.claims import fact_of
    from harness.docs.read import read_document
    from harness.docs.sides import align_operations, claims_named

    try:
        document = read_document(content, url, model=spec.model.name)
    except OperatorError as error:
        note(f"{spec.ref}: {source} is not accepted: {error}")
        return None
    ours = ((claim.address, claim.value) for claim in document.claims)
    theirs = ((fact.address, fact.value) for fact in side_of(spec).facts)
    document = claims_named(document, align_operations(ours, theirs))
    claims = (claim for claim in document.claims if not claim.is_hidden)
    return LockedDocument(
        id=source,
        url=url,
        digest=document.digest,
        claims=tuple(fact_of(claim, f"/claim/{index}", source) for index, claim in enumerate(claims)),
    )
