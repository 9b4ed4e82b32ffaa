"""Two editions of the small spec, and what changed from the one to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.compare.changes import changes
from harness.finding import Finding, Impact, Rule, Severity
from tests.minimal import MINIMAL, minimal
from tests.whole import read_record, whole

__all__ = [
    "ACCEPTED",
    "CANCEL",
    "MISSING",
    "NO_WEBHOOK",
    "ONE_EVENT",
    "SOUND",
    "TOO_MANY",
    "TWO_EVENTS",
    "WAITING",
    "Case",
    "Edit",
    "added",
    "assert_case",
    "assert_every_rule",
    "between",
]

Edit = tuple[str, str]

_RECORD = read_record("compare/findings.json")
_LAST_PROPERTY = "callback_url: {type: string, format: uri}"
_LAST_WORD = "  guidance: /guidance\n"


def added(line: str, word: str = "") -> tuple[Edit, ...]:
    """Edits that add a request property, and the canonical word that leads to it."""
    edits: tuple[Edit, ...] = ((_LAST_PROPERTY, f"{_LAST_PROPERTY}\n          {line}"),)
    return (*edits, (_LAST_WORD, f"{_LAST_WORD}  {word}\n")) if word else edits


_WEBHOOK = "\nwebhook:\n  source: page#Webhooks\n"
_CREATED = '      "201":\n        meaning: created\n'
MISSING = '  "404":\n    source: page#Errors\n'


def _operation(text: str) -> Edit:
    return _WEBHOOK, text + _WEBHOOK


def _events(*names: str) -> Edit:
    entries = "".join(f"          {name}: {{source: page#Events, schema: undocumented}}\n" for name in names)
    return _operation(
        "  events:\n    method: GET\n    path: /v1/events\n    source: page#Events\n    responses:\n"
        '      "200":\n        source: page#Events\n'
        "        stream: {keep_alive_s: 15, buffered: false, source: page#Events}\n"
        f"        events:\n{entries}"
    )


CANCEL = _operation(
    "  cancel:\n    method: DELETE\n    path: /v1/videos/{id}\n    source: page#Cancel\n"
    "    parameters:\n      id: {in: path, required: true, schema: {type: string}, role: job_id}\n"
    '    responses:\n      "204": {source: page#Cancel, schema: undocumented}\n'
)
WAITING = _operation(
    "  generate:\n    method: POST\n    path: /v1/now\n    source: page#Now\n    request:\n"
    "      content_type: application/json\n      source: page#Now\n      schema: {type: object}\n"
    '    responses:\n      "200": {source: page#Now, schema: undocumented}\n'
)
ACCEPTED = (_CREATED, f'      "202": {{source: page#Create, schema: undocumented}}\n{_CREATED}')
TOO_MANY = (MISSING, f'  "429": {{source: page#Errors, schema: undocumented}}\n{MISSING}')
_WEBHOOK_SECTION = MINIMAL[MINIMAL.index("webhook:\n  source") : MINIMAL.index("\nerrors:")]
NO_WEBHOOK = (_WEBHOOK_SECTION, "webhook: undocumented\n")
ONE_EVENT = _events("video_done")
TWO_EVENTS = _events("video_done", "video_failed")
SOUND = added("sound: {type: boolean, default: true}", "audio: /sound")


def between(old: tuple[Edit, ...], new: tuple[Edit, ...]) -> tuple[Finding, ...]:
    """What changed from the small spec with the one set of edits to that with the other."""
    return changes(minimal(*old), minimal(*new))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What must be found between two editions: one finding, of these members."""

    old: tuple[Edit, ...] = ()
    new: tuple[Edit, ...] = ()
    rule: str
    severity: Severity
    field: str
    facet: str
    expected: Any = None
    observed: Any = None
    impact: tuple[Impact, ...] = ()
    message: str


def assert_case(case: Case) -> None:
    """Exactly one finding, as the case has it, and as it is on record in its other members."""
    found = between(case.old, case.new)
    assert [finding.message for finding in found] == [case.message]
    (finding,) = found
    assert finding.rule.id == case.rule
    assert finding.severity is case.severity
    assert (finding.field, finding.facet) == (case.field, case.facet)
    assert (finding.expected, finding.observed) == (case.expected, case.observed)
    assert finding.impact == case.impact
    assert whole(finding) == _RECORD[case.message]


def assert_every_rule(rules: tuple[Rule, ...], cases: tuple[Case, ...]) -> None:
    """Every rule of an area fires in a case, and stays silent in another, where another rule fires alone."""
    for rule in rules:
        assert any(case.rule == rule.id for case in cases), f"{rule.id} never fires"
        assert any(case.rule != rule.id for case in cases), f"{rule.id} is never silent"
