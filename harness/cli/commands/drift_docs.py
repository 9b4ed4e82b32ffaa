"""`harness drift docs`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.fetching import run_fetched
from harness.cli.output import deliver, note, store_of
from harness.cli.pages import is_url, load
from harness.errors import OperatorError

if TYPE_CHECKING:
    from harness.docs.claims import Document
    from harness.spec.model import Spec
    from harness.spec.store import SpecStore

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Holds a document against the spec of its model, and says how much of the spec it covers."""
    from harness.docs.against import coverage, judge
    from harness.docs.read import read_document

    store = store_of(arguments)
    model, file = arguments.model, arguments.file
    if file is None and model is not None and (model == "-" or Path(model).is_file()):
        model, file = None, model
    url = next((each for each in (file, model) if each is not None and is_url(each)), None)
    if file is None or url is not None:
        return run_fetched(arguments, store, url, _spec_of)
    spec = store.get(model) if model is not None else None
    content, name = load(file)
    document = read_document(content, name, model=spec.model.name if spec is not None else None)
    spec = spec or _spec_of(document, store)
    counted = coverage(spec, document)
    extra = {
        "document": {"name": name, "format": document.format, "digest": document.digest},
        "coverage": {"source": counted.source, "facts": counted.facts, "covered": counted.covered},
    }
    if counted.source is not None:
        note(
            f"{name}: {counted.covered} of {counted.facts} facts that {spec.ref} rests on it for are covered"
        )
    return deliver(judge(spec, document), arguments, extra=extra)


def _spec_of(document: Document, store: SpecStore) -> Spec:
    """The spec that knows this very document, else the one of the model that the document names."""
    name = document.first("name", field="/model/name")
    specs = list(_all(store))
    by_digest = [spec for spec in specs if any(s.digest == document.digest for s in spec.sources.values())]
    own = [spec for spec in by_digest if spec.sources.get("seed", None) is not None]
    for candidates in (
        [spec for spec in own if spec.sources["seed"].digest == document.digest],
        by_digest,
        [spec for spec in specs if name is not None and spec.model.name == name.value],
    ):
        ids = dict.fromkeys(spec.id for spec in candidates)
        if len(ids) == 1:
            return candidates[0]
    raise OperatorError(f"{document.name}: which model's it is, it does not say; give MODEL and FILE")


def _all(store: SpecStore) -> Iterator[Spec]:
    """Every baseline with its revisions, oldest first."""
    for spec in store.all():
        yield spec
        yield from store.later_revisions(spec)
