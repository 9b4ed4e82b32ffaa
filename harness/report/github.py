"""Findings as annotations of a GitHub workflow run.

Each finding is one line, `::error file=…,line=…::message`, with everything that could end the line, the
properties or the command escaped: a stranger's text cannot give a command of its own. GitHub shows ten
annotations of each kind for one step, so what is loudest comes first.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.finding import Finding, Judgement, Severity, Verdict
from harness.report.visible import disarmed, visible
from harness.report.words import summary_line, told

__all__ = ["findings_github"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def findings_github(judgement: Judgement) -> str:
    """One annotation for each finding, loudest first, then what was not judged and a summary line."""
    return "\n".join(_lines(judgement)) + "\n"


def _lines(judgement: Judgement) -> Iterator[str]:
    for finding in sorted(judgement.findings, key=_loudness):
        yield _annotation(finding)
    for skipped in judgement.observed.skipped:
        yield disarmed(f"not judged: {visible(skipped.what)}: {visible(skipped.why)}")
    yield summary_line(judgement)


def _loudness(finding: Finding) -> tuple[bool, bool, int]:
    return finding.waived, finding.verdict is Verdict.INCONCLUSIVE, -finding.severity.rank


def _annotation(finding: Finding) -> str:
    quiet = finding.waived or finding.verdict is Verdict.INCONCLUSIVE
    command = "notice" if quiet else _COMMANDS[finding.severity]
    notes = [finding.rule.id]
    notes += ["waived"] if finding.waived else []
    notes += ["inconclusive"] if finding.verdict is Verdict.INCONCLUSIVE else []
    pairs = [*_place(finding), ("title", ", ".join(notes))]
    properties = ",".join(f"{name}={_property(value)}" for name, value in pairs)
    model = f"{finding.model}: " if finding.model else ""
    return f"::{command} {properties}::{_data(model + told(finding))}"


def _place(finding: Finding) -> Iterator[tuple[str, str]]:
    location = next((one for one in (finding.subject, finding.source) if one and one.file), None)
    if location is None:
        return
    pairs = (("file", location.file), ("line", location.line), ("col", location.column))
    yield from ((name, str(value)) for name, value in pairs if value is not None)


def _data(text: str) -> str:
    shown = disarmed(visible(text))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
