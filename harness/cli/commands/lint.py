"""`harness lint`."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.cli.output import deliver, store_of
from harness.errors import OperatorError
from harness.finding import Judgement, Observed
from harness.spec import yaml
from harness.spec.facts import facts
from harness.spec.lint import lint_spec
from harness.spec.load import build
from harness.spec.model import Spec
from harness.spec.revision import is_patch, patched
from harness.spec.store import SpecStore, read_text

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Judges the files given, or all that is known."""
    store = store_of(arguments)
    if not arguments.files:
        from harness.compare.judge import judge_encoding
        from harness.run import lint_all

        return deliver(lint_all(store) + judge_encoding(store), arguments)
    judgement = Judgement()
    for name in arguments.files:
        judgement += lint_file(Path(name), name, store)
    return deliver(judgement, arguments)


def lint_file(path: Path, shown: str, store: SpecStore) -> Judgement:
    """The judgement on one file: a baseline, or a revision or overlay of a spec that the store knows."""
    spec, expected_id = load_file(path, shown, store)
    findings = tuple(lint_spec(spec, expected_id=expected_id))
    counted = sum(1 for fact in facts(spec) if fact.is_stated)
    return Judgement(findings=findings, observed=Observed(facts=counted), models=(spec.ref,))


def load_file(path: Path, shown: str, store: SpecStore) -> tuple[Spec, str | None]:
    """`(spec, the id that its place demands)` of one file."""
    root = yaml.parse(read_text(path, shown), shown)
    if is_patch(root):
        return patched(root, shown, store.base_of), None
    spec = build(root, revision=None)
    below_specs = len(path.resolve().parts) > 3 and path.resolve().parts[-3] == "specs"
    return spec, f"{path.resolve().parent.name}/{path.stem}" if below_specs else None


def spec_of(reference: str, store: SpecStore) -> Spec:
    """A spec by model reference, or out of a file."""
    path = Path(reference)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise OperatorError(f"{reference}: no such file")
        return load_file(path, reference, store)[0]
    return store.get(reference)
