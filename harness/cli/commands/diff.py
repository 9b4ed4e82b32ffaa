"""`harness diff`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.commands.lint import spec_of
from harness.cli.output import deliver, store_of
from harness.cli.pages import load
from harness.errors import OperatorError
from harness.finding import Judgement, Observed
from harness.spec.model import Spec
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.docs.claims import Document

__all__ = ["run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What was named: a spec, or a document."""

    spec: Spec | None = None
    document: Document | None = None


def run(arguments: argparse.Namespace) -> int:
    """Classifies what changed from one spec or document to the other."""
    store = store_of(arguments)
    old = _side(arguments.old, store)
    new = _side(arguments.new, store, model=old.spec.model.name if old.spec is not None else None)
    if new.spec is not None and old.spec is not None:
        return deliver(_specs(old.spec, new.spec), arguments)
    if new.document is None:
        raise OperatorError(
            f"diff: {arguments.old} is a document and {arguments.new} a spec; give the spec first"
        )
    if old.spec is not None:
        from harness.docs.against import judge

        return deliver(judge(old.spec, new.document), arguments)
    if old.document is None:
        raise AssertionError("a side is a spec or a document")
    return deliver(_documents(old.document, new.document), arguments)


def _specs(old: Spec, new: Spec) -> Judgement:
    from harness.compare.changes import changes
    from harness.spec.facts import facts

    counted = sum(1 for spec in (old, new) for _ in facts(spec))
    return Judgement(findings=changes(old, new), observed=Observed(facts=counted), models=(new.ref,))


def _documents(old: Document, new: Document) -> Judgement:
    from harness.docs.between import judge_documents

    return judge_documents(old, new)


def _side(reference: str, store: SpecStore, *, model: str | None = None) -> _Side:
    """A file that is not a spec is a document; everything else names a spec."""
    path = Path(reference)
    if reference != "-" and not (path.is_file() and not _is_spec(path)):
        return _Side(spec=spec_of(reference, store))
    from harness.docs.read import read_document

    content, name = load(reference)
    return _Side(document=read_document(content, name, model=model))


def _is_spec(path: Path) -> bool:
    """Whether a file is a spec, or meant as one: YAML that is not OpenAPI."""
    if path.suffix not in (".yaml", ".yml"):
        return False
    from harness.docs.openapi import is_openapi

    return not is_openapi(path.read_text(encoding="utf-8", errors="replace"))
