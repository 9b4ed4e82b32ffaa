"""`harness drift accept`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from harness import __version__
from harness.cli.accepting import documents_after
from harness.cli.by_use import Files, files_of, lock_at
from harness.cli.exit_codes import ExitCode
from harness.cli.output import store_of, write_file
from harness.cli.stdout import write_stdout
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from harness.use.case import counted
from harness.use.lock import Lock, lock_of, lock_text

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Writes what the specs say now to the lock, and says which models it moved."""
    store = store_of(arguments)
    files = files_of(arguments, store)
    path = Path(arguments.lock) if arguments.lock is not None else files.lock
    old = lock_at(path)
    specs = _specs(arguments, store, files)
    now = datetime.now(UTC).replace(microsecond=0)
    # What was read of the documents stays accepted until they are read anew.
    documents = {model: locked.documents for model, locked in old.models.items()} if old is not None else {}
    documents = documents_after(documents, specs, Path(arguments.keep))
    new = lock_of(specs, now=now, version=__version__, documents=documents)
    if arguments.models and old is not None:
        new = replace(new, models={**old.models, **new.models})
    write_file(path, lock_text(new))
    write_stdout("\n".join([*_told(old, new), f"wrote {path}: {counted(len(new.models), 'model')}"]))
    return ExitCode.DONE


def _specs(arguments: argparse.Namespace, store: SpecStore, files: Files) -> tuple[Spec, ...]:
    """The specs to accept: those named, else those of harness.yaml, else every baseline."""
    named = list(arguments.models)
    if not named and files.use is not None:
        named = [usage.reference for usage in files.use.models.values()]
    return tuple(store.get(reference) for reference in named) or store.all()


def _told(old: Lock | None, new: Lock) -> list[str]:
    lines = []
    for model, locked in new.models.items():
        before = old.models.get(model) if old is not None else None
        if before is None:
            lines.append(f"{locked.reference}: accepted, {len(locked.facts)} facts")
        elif before.digest != locked.digest:
            lines.append(f"{locked.reference}: accepted in place of {before.reference} of another content")
        else:
            lines.append(f"{locked.reference}: as before")
    gone = [model for model in (old.models if old is not None else ()) if model not in new.models]
    return [*lines, *(f"{model}: no longer in the baseline" for model in gone)]
