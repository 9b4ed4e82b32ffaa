"""The report of the main job: judged, decided from, and written."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.by_use import files_of, judge_by_use
from harness.cli.commands.check import judges_for
from harness.cli.exit_codes import ExitCode
from harness.cli.output import deliver, note, store_of
from harness.cli.records import Records, summaries
from harness.errors import OperatorError, SourceError
from harness.spec.store import SpecStore, read_text

if TYPE_CHECKING:
    from harness.decision.model import Decision, Wish
    from harness.ranking.profile import Profile
    from harness.record import RunRecord
    from harness.use.model import Use

__all__ = ["report"]


def report(arguments: argparse.Namespace, records: Records, *, pictures: bool = False) -> ExitCode:
    """Runs the main job over the evidence, writes the report, prints the findings.

    `pictures` asks for each figure as a PNG, too.
    """
    from harness.report.files import write_report
    from harness.run import run as run_job
    from harness.run import shipped_recordings

    store = store_of(arguments)
    use = files_of(arguments, store).use
    wishes, profiles = _wishes(arguments, store, use), _profiles(arguments)
    old = _against(arguments)
    recordings = (*shipped_recordings(), *records.traffic)
    now = datetime.now(UTC).replace(microsecond=0)
    record = run_job(store, recordings, judges_for(store), now=now, margin=arguments.margin)
    judged = judge_by_use(record.judgement, arguments, store)
    record = replace(record, judgement=judged.judgement)
    decision = _decided(record, store, records, wishes=wishes, profiles=profiles, use=use)
    directory = Path(arguments.output_dir)
    try:
        written = write_report(record, directory, decision, old=old, pictures=pictures)
    except OSError as error:
        raise OperatorError(f"{directory}: {error.strerror or error}") from None
    code = deliver(judged, arguments)
    note(f"wrote {', '.join(str(path) for path in written)}")
    return code


def _decided(
    record: RunRecord,
    store: SpecStore,
    records: Records,
    *,
    wishes: Sequence[Wish],
    profiles: Sequence[Profile],
    use: Use | None,
) -> Decision:
    """What the evidence says of the sellers."""
    from harness.decision.decide import decide

    measured = summaries(records.runs, store)
    return decide(record, store, wishes, profiles, measured=measured, trials=records.trials, use=use)


def _wishes(arguments: argparse.Namespace, store: SpecStore, use: Use | None) -> tuple[Wish, ...]:
    from harness.decision.wishes import wishes_of

    needs = getattr(arguments, "needs", [])
    files = list(dict.fromkeys(getattr(arguments, "requests", [])))
    stems = Counter(Path(file).stem for file in files)
    given = tuple(_given(file, needs, is_alone=stems[Path(file).stem] == 1) for file in files)
    return given or wishes_of(use, store, needs=needs)


def _given(name: str, needs: Sequence[str], *, is_alone: bool) -> Wish:
    """A request in canonical words, out of a file, whose name it has."""
    from harness.decision.model import Wish
    from harness.decision.wishes import MODES
    from harness.spec.json_text import parse_json
    from harness.translate import read_canonical

    path = Path(name)
    document = parse_json(read_text(path, name), name)
    for fault in document.faults:
        what = f"{fault.pointer or 'the top'}: {fault.kind.replace('-', ' ')}"
        raise SourceError(what, file=name, line=fault.mark.line, column=fault.mark.column)
    words = read_canonical(document.root.plain(), name)
    ordered = tuple(mode for mode in MODES if mode in needs)
    return Wish(name=path.stem if is_alone else name, words=words, needs=ordered, origin=name)


def _profiles(arguments: argparse.Namespace) -> tuple[Profile, ...]:
    """The profile that was asked for, then the shipped ones."""
    from harness.ranking.profile import SHIPPED, read_profile, shipped_profile

    chosen = getattr(arguments, "profile", None)
    shipped = [shipped_profile(name) for name in SHIPPED]
    if chosen is None:
        return tuple(shipped)
    if chosen in SHIPPED:
        return (shipped_profile(chosen), *(profile for profile in shipped if profile.id != chosen))
    path = Path(chosen)
    if not path.suffix and not path.exists():
        shipped_profile(chosen)  # says which there are
    name = chosen if path.stem in SHIPPED else path.stem
    return (read_profile(read_text(path, chosen), chosen, name=name), *shipped)


def _against(arguments: argparse.Namespace) -> Mapping[str, Any] | None:
    """The earlier report to hold this one against, read before anything else is done."""
    from harness.report.since_read import read_report

    name = getattr(arguments, "against", None)
    return None if name is None else read_report(read_text(Path(name), name), name)
