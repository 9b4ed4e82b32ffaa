"""`harness run`: the main job."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from harness.cli.by_use import judge_by_use
from harness.cli.commands.check import judges_for
from harness.cli.output import deliver, note, store_of
from harness.errors import OperatorError

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Runs the main job, writes the report, prints the findings."""
    from harness.report.files import write_report
    from harness.run import run as run_job
    from harness.run import shipped_recordings

    store = store_of(arguments)
    recordings = (*shipped_recordings(), *(Path(name) for name in arguments.traffic))
    now = datetime.now(UTC).replace(microsecond=0)
    record = run_job(store, recordings, judges_for(store), now=now, margin=arguments.margin)
    judged = judge_by_use(record.judgement, arguments, store)
    record = replace(record, judgement=judged.judgement)
    directory = Path(arguments.output_dir)
    try:
        written = write_report(record, directory)
    except OSError as error:
        raise OperatorError(f"{directory}: {error.strerror or error}") from None
    code = deliver(judged, arguments)
    note(f"wrote {', '.join(str(path) for path in written)}")
    return code
