"""`harness check request|response|traffic`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from harness.check.body import Judges
from harness.cli.output import deliver, read_input, store_of
from harness.errors import OperatorError
from harness.finding import Judgement
from harness.spec.store import SpecStore

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Judges what was given, by its kind."""
    store = store_of(arguments)
    judge = {"request": _request, "response": _response, "traffic": _traffic}[arguments.kind]
    return deliver(judge(arguments, store), arguments)


def judges_for(store: SpecStore) -> Judges:
    """Validators that know what every seller calls a parameter; the other specs are read only when asked."""

    def aliases() -> Mapping[str, str]:
        from harness.spec.vocabulary import aliases_of

        return aliases_of(store.all())

    return Judges(aliases=aliases)


def _request(arguments: argparse.Namespace, store: SpecStore) -> Judgement:
    from harness.check.request import check_request

    if arguments.all:
        if arguments.file is not None:
            raise OperatorError("check request: --all takes the place of MODEL; give one FILE")
        file, references = arguments.target, store.ids
    else:
        file, references = arguments.file, (arguments.target,)
    if file is None:
        raise OperatorError("check request: expected MODEL and FILE, or --all and FILE")
    specs = [store.get(reference) for reference in references]
    content, shown = read_input(file)
    judges = judges_for(store)
    total = Judgement()
    for spec in specs:
        total += check_request(spec, content, file=shown, operation=arguments.operation, judges=judges)
    return total


def _response(arguments: argparse.Namespace, store: SpecStore) -> Judgement:
    from harness.check.response import check_response

    spec = store.get(arguments.target)
    content, shown = read_input(arguments.file)
    return check_response(
        spec,
        arguments.operation,
        content,
        status=arguments.status,
        file=shown,
        judges=judges_for(store),
    )


def _traffic(arguments: argparse.Namespace, store: SpecStore) -> Judgement:
    from harness.run import check_traffic, shipped_recordings

    paths = tuple(Path(name) for name in arguments.paths) or shipped_recordings()
    now = datetime.now(UTC).replace(microsecond=0)
    return check_traffic(store, paths, judges_for(store), now=now).judgement
