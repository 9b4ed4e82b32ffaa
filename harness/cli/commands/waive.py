"""`harness waive`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from harness.cli.by_use import files_of, state_at, text_at
from harness.cli.exit_codes import ExitCode
from harness.cli.output import note, read_input, store_of, write_file
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.spec.node import Mark
from harness.use.waive import with_waiver
from harness.use.waivers import FINGERPRINT, Waiver

__all__ = ["run"]

_MEMBERS = ("rule", "model", "operation", "direction", "field", "facet")


def run(arguments: argparse.Namespace) -> int:
    """Writes one waiver, whole or not at all."""
    fingerprint, until = _fingerprint(arguments.fingerprint), _day(arguments.until)
    if not arguments.reason.strip():
        raise OperatorError("--reason: expected why it is accepted, got nothing")
    files = files_of(arguments, store_of(arguments))
    about = _in_reports(fingerprint, arguments.reports)
    if about is None and files.state is not None:
        about = state_at(files.state).finding(fingerprint)
    if about is None:
        note(
            f"{fingerprint}: in no report given by --from, and in no state of an earlier run: it is waived "
            "by its fingerprint alone, and nobody will be told when it is no longer needed"
        )
    path = files.waivers
    waiver = Waiver(
        fingerprint=fingerprint,
        reason=arguments.reason.strip(),
        until=until,
        owner=arguments.owner,
        mark=Mark(str(path), 1, 1),
        **(about or {}),
    )
    write_file(path, with_waiver(text_at(path), str(path), waiver))
    subject = f" ({about['rule']}, {about['model'] or 'all models'})" if about else ""
    write_stdout(f"{path}: {fingerprint}{subject} is waived until {until.isoformat()}")
    return ExitCode.DONE


def _fingerprint(text: str) -> str:
    if not FINGERPRINT.match(text):
        raise OperatorError(f"expected a fingerprint of 12 hex digits, got {text!r}")
    return text


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"--until: expected a day such as 2026-12-31, got {text!r}") from None
    if day < datetime.now(UTC).date():
        raise OperatorError(f"--until: {day.isoformat()} is over; expected a day from today on")
    return day


def _in_reports(fingerprint: str, names: list[str]) -> Mapping[str, str | None] | None:
    for name in names:
        content, shown = read_input(name)
        try:
            findings = json.loads(content)["findings"]
            found = next((f for f in findings if f["fingerprint"] == fingerprint), None)
        except (ValueError, KeyError, TypeError):
            raise OperatorError(f"{shown}: expected the findings of a run as JSON") from None
        if found is not None:
            return _about(found)
    return None


def _about(found: Mapping[str, Any]) -> Mapping[str, str | None]:
    values = {name: found.get(name) for name in _MEMBERS}
    return {name: value if isinstance(value, str) else None for name, value in values.items()}
