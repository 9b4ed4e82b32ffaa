"""What a monitor last saw, and when: `.harness/state.json`.

A monitor is a command that runs again and again (`drift docs`). Of each model it keeps when it was last
observed without a doubt. Where it has never been, its time counts from the first run of the monitor; where
there is no state at all (a cache that was lost), from the day on which the baseline was accepted. The
findings of the last run are kept by fingerprint, so that `harness waive` knows what they were about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from harness.finding import Finding, Judgement, Verdict
from harness.spec.fields import Fields, fault, kind_of, table, text
from harness.spec.json_text import parse_json
from harness.spec.node import Node
from harness.use.rules import STALE

__all__ = [
    "EVERYTHING",
    "Monitor",
    "MonitorState",
    "age_of",
    "identity",
    "read_state",
    "stale_findings",
    "state_json",
]

SCHEMA = "harness.state/1"
EVERYTHING = "*"
"""The name under which a run that judged no model is kept."""

_AGE = re.compile(r"([1-9][0-9]{0,5})([mhdw])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """When a monitor first ran, when it last observed each model, and what it found last."""

    since: datetime
    seen: Mapping[str, datetime] = field(default_factory=dict)
    findings: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorState:
    """All monitors of one state file."""

    monitors: Mapping[str, Monitor] = field(default_factory=dict)

    def finding(self, fingerprint: str) -> Mapping[str, str | None] | None:
        """What a finding of the last runs was about."""
        return next(
            (m.findings[fingerprint] for m in self.monitors.values() if fingerprint in m.findings), None
        )

    def after(
        self, name: str, judgement: Judgement, *, now: datetime, since: datetime | None = None
    ) -> MonitorState:
        """The state after a run; `since` is from when on time counts for a monitor without a state."""
        old = self.monitors.get(name) or Monitor(since=min(since or now, now))
        seen = {**old.seen, **dict.fromkeys(_observed(judgement), now)}
        found = {f.fingerprint: identity(f) for f in judgement.findings}
        return MonitorState(monitors={**self.monitors, name: replace(old, seen=seen, findings=found)})


def identity(finding: Finding) -> dict[str, str | None]:
    """What a finding is about, without its values."""
    return {
        "rule": finding.rule.id,
        "model": finding.model,
        "operation": finding.operation,
        "direction": finding.direction.value if finding.direction else None,
        "field": finding.field,
        "facet": finding.facet,
    }


def _observed(judgement: Judgement) -> Iterator[str]:
    if not judgement.observed.anything:
        return
    verdicts = _verdicts(judgement)
    yield from (model for model, verdict in verdicts.items() if verdict is not Verdict.INCONCLUSIVE)


def _verdicts(judgement: Judgement) -> Mapping[str, Verdict]:
    return judgement.model_verdicts or {EVERYTHING: judgement.verdict}


def stale_findings(
    state: MonitorState, name: str, judgement: Judgement, *, now: datetime, allowed: timedelta
) -> Iterator[Finding]:
    """One finding for each model that this run did not observe either, and none did for too long.

    `state` is the one after the run.
    """
    monitor = state.monitors[name]
    for model, verdict in _verdicts(judgement).items():
        last = monitor.seen.get(model)
        age = now - (last or monitor.since)
        if verdict is Verdict.INCONCLUSIVE and age > allowed:
            yield _stale(name, model, last, monitor.since, age_text(age), age_text(allowed))


def _stale(name: str, model: str, last: datetime | None, since: datetime, age: str, allowed: str) -> Finding:
    what = "anything" if model == EVERYTHING else model
    when = "never" if last is None else f"last on {_moment(last)}"
    counted = f", in runs since {_moment(since)}" if last is None else ""
    return Finding(
        rule=STALE,
        message=f"{name} observed {what} {when}{counted}: {age} ago, allowed are {allowed}",
        field=f"/{name}",
        model=None if model == EVERYTHING else model,
        expected=allowed,
    )


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def age_text(age: timedelta) -> str:
    """`9 days`, `30 hours`, `5 minutes`."""
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        number = age // length
        if age >= 2 * length or (age >= length and age % length == timedelta(0)):
            return f"{number:,} {unit if number == 1 else unit + 's'}"
    minutes = age // timedelta(minutes=1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def age_of(written: str) -> timedelta | None:
    """`30m`, `12h`, `7d` or `2w` as a length of time; None for anything else."""
    found = _AGE.match(written)
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))}) if found else None


# ---- as a file


def state_json(state: MonitorState) -> dict[str, Any]:
    """The state in the shape of `harness.state/1`."""
    return {
        "schema": SCHEMA,
        "monitors": {
            name: {
                "since": _written(monitor.since),
                "seen": {model: _written(when) for model, when in sorted(monitor.seen.items())},
                "findings": {key: dict(about) for key, about in sorted(monitor.findings.items())},
            }
            for name, monitor in sorted(state.monitors.items())
        },
    }


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def read_state(content: str, file: str) -> MonitorState:
    """The state in a JSON text. Raises SourceError, with the first fault."""
    fields = Fields(parse_json(content, file).root, "")
    schema = fields.required("schema", text)
    if schema != SCHEMA:
        raise fault(f"/schema: expected {SCHEMA}, got {schema!r}", fields.node.mapping["schema"].mark)
    state = MonitorState(monitors=fields.table("monitors", _monitor, required=True))
    fields.finish()
    return state


def _monitor(node: Node, at: str) -> Monitor:
    fields = Fields(node, at)
    monitor = Monitor(
        since=fields.required("since", _time),
        seen=fields.table("seen", _time, required=True),
        findings=fields.table("findings", _about, required=True),
    )
    fields.finish()
    return monitor


def _time(node: Node, at: str) -> datetime:
    found = text(node, at)
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise fault(f"{at}: expected a time such as 2026-01-08T06:00:00Z, got {found!r}", node.mark)
    return moment


def _about(node: Node, at: str) -> Mapping[str, str | None]:
    return table(node, at, _text_or_null)


def _text_or_null(node: Node, at: str) -> str | None:
    if node.value is not None and not isinstance(node.value, str):
        raise fault(f"{at}: expected a string or null, got {kind_of(node)}", node.mark)
    return node.value
