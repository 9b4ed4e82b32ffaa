"""The records that a report is made of: runs of benchmarks, trials, and recorded traffic."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cassette.read import SUFFIXES
from harness.cli.output import note, read_text_input
from harness.errors import OperatorError
from harness.measurement.files import HISTORY_SCHEMA, LINE_SCHEMA, read_runs
from harness.measurement.job import BenchRecord
from harness.measurement.json import SCHEMA as RUN_SCHEMA
from harness.measurement.trial import SCHEMA as TRIAL_SCHEMA
from harness.measurement.trial_read import TrialJob, read_trial
from harness.report.bench_json import BENCH_SCHEMA
from harness.report.json import RUN_SCHEMA as REPORT_SCHEMA
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.measurement.summary import BenchSummary
    from harness.spec.model import Spec

__all__ = ["Records", "records_of", "summaries"]

_RUNS = frozenset({RUN_SCHEMA, HISTORY_SCHEMA, LINE_SCHEMA})
_CONCLUSIONS = {
    REPORT_SCHEMA: "a report, not a record; --against holds this one against it",
    BENCH_SCHEMA: "what was concluded from runs; give the runs themselves, each a file beside it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What was given: runs of benchmarks, jobs of trials, and paths of recorded traffic."""

    runs: tuple[BenchRecord, ...] = ()
    trials: tuple[TrialJob, ...] = ()
    traffic: tuple[Path, ...] = ()


def records_of(names: Sequence[str]) -> Records:
    """The evidence behind names of files, of directories, and URLs of histories.

    In a directory, runs and trials are found by what they say that they are, reports beside them are passed
    over, and the rest is traffic. Raises OperatorError for what is none of these, with its place where it has
    one, and for runs whose reader is not installed.
    """
    runs: list[BenchRecord] = []
    trials: list[TrialJob] = []
    traffic: list[Path] = []
    for name in names:
        if "://" in name:
            runs += _history(name)
            continue
        for path, schema in _files(Path(name)):
            if schema in _RUNS:
                runs += _runs(str(path))
            elif schema == TRIAL_SCHEMA:
                trials += read_trial(*read_text_input(str(path)))
            else:
                traffic.append(path)
    if runs:
        _needs("numpy", "a run of a benchmark")
    return Records(runs=tuple(_once(runs)), trials=tuple(trials), traffic=tuple(traffic))


def _files(path: Path) -> Iterator[tuple[Path, str | None]]:
    """The documents of ours behind a name, and the name itself where there is traffic behind it."""
    if not path.is_dir():
        schema = _schema(path)
        if schema in _CONCLUSIONS:
            raise OperatorError(f"{path}: this is {_CONCLUSIONS[schema]}")
        if path.is_file() and path.suffix.lower() not in SUFFIXES:
            known = ", ".join(sorted(SUFFIXES))
            raise OperatorError(f"{path}: expected a run, a trial or recorded traffic ({known})")
        yield path, schema
        return
    found = [(file, _schema(file)) for file in sorted(path.rglob("*")) if _is_read(file, path)]
    yield from ((file, schema) for file, schema in found if schema in _RUNS or schema == TRIAL_SCHEMA)
    others = [file for file, schema in found if schema not in {*_RUNS, *_CONCLUSIONS, TRIAL_SCHEMA}]
    if others or not found:
        yield path, None


def _is_read(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return file.is_file() and not hidden and file.suffix.lower() in SUFFIXES


def _once(runs: Iterable[BenchRecord]) -> Iterable[BenchRecord]:
    """Each run once, in the fullest form in which it was given."""
    found: dict[str, BenchRecord] = {}
    for run in runs:
        known = found.get(run.id)
        if known is None or len(run.jobs) > len(known.jobs):
            found[run.id] = run
    return found.values()


def _schema(path: Path) -> str | None:
    """What a file says that it is; None for what is no JSON of ours."""
    if not path.is_file() or path.suffix.lower() not in (".json", ".jsonl", ".ndjson"):
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = json.loads(text if path.suffix.lower() == ".json" else text.partition("\n")[0])
    except (OSError, ValueError, RecursionError):
        return None  # whoever reads it as traffic says what is wrong, and where
    found = document.get("schema") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None


def _runs(name: str) -> tuple[BenchRecord, ...]:
    read = read_runs(*read_text_input(name))
    for words in read.notes:
        note(words)
    return read.records


def _history(url: str) -> tuple[BenchRecord, ...]:
    _needs("sqlalchemy", "a history")
    from harness.bench.history.engine import target_of
    from harness.bench.history.history import History, history_is_there

    if not history_is_there(url):
        raise OperatorError(f"no history at {target_of(url).shown}: nothing was measured into it")
    history = History.open(url, fallback=Path("unused"))
    try:
        return tuple(history.records([line.record.id for line in history.list()]))
    finally:
        history.close()


def _needs(library: str, what: str) -> None:
    if find_spec(library) is None:
        raise OperatorError(f"report: {what} needs {library}: pip install 'video-api-harness[bench]'")


def summaries(runs: Sequence[BenchRecord], store: SpecStore) -> tuple[BenchSummary, ...]:
    """What the runs allow to say: one summary for each plan and provenance, newest first."""
    if not runs:
        return ()
    from harness.bench.conclude import conclude
    from harness.report.words import counted

    jobs = sum(len(run.jobs) for run in runs)
    note(f"concluding from {counted(len(runs), 'run')} with {counted(jobs, 'job')}")
    specs = {ref: spec for ref in _refs(runs) if (spec := _spec(store, ref)) is not None}
    found = conclude(runs, specs)
    return tuple(sorted(found, key=lambda summary: summary.started_at, reverse=True))


def _refs(runs: Sequence[BenchRecord]) -> Iterable[str]:
    return dict.fromkeys(ref for run in runs for ref in run.models)


def _spec(store: SpecStore, ref: str) -> Spec | None:
    """The spec of a model that was measured; None where it is not among the specs any more."""
    try:
        return store.get(ref)
    except OperatorError:
        from harness.report.visible import visible

        note(f"{visible(ref)}: no spec of it is known here, so its documents are not beside its jobs")
        return None
