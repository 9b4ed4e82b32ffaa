"""Waivers: what was found and accepted, by fingerprint, with a reason and a last day. Two-sided.

A waiver silences the finding with its fingerprint and nothing else: what changes has another fingerprint.
One that silences nothing in a run that did observe its subject is a finding itself; where nothing was
observed, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from harness.finding import Direction, Finding, Judgement, Rule, Verdict
from harness.spec import yaml
from harness.spec.fields import Fields, fault, kind_of, one_of, text
from harness.spec.load import check_format
from harness.spec.node import Mark, Node
from harness.use.rules import EXPIRED, EXPIRES_SOON, SAME_DAY, UNUSED

__all__ = ["FINGERPRINT", "MANY", "WARN_BEFORE", "Scope", "Waiver", "apply_waivers", "read_waivers"]

FINGERPRINT = re.compile(r"[0-9a-f]{12}\Z")
WARN_BEFORE = timedelta(days=14)
MANY = 3
"""From this many waivers that end on one day on, it is said that their days should be spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One accepted finding; `until` is the last day on which it holds.

    What the finding was about (`rule` to `facet`) is None where it was not written down: then the waiver
    holds all the same, but nobody can tell when it is no longer needed.
    """

    fingerprint: str
    reason: str
    until: date
    owner: str | None = None
    rule: str | None = None
    model: str | None = None
    operation: str | None = None
    direction: str | None = None
    field: str | None = None
    facet: str | None = None
    mark: Mark

    @property
    def area(self) -> str | None:
        """The area of its rule."""
        return None if self.rule is None else self.rule.split(".", 1)[0]

    def is_about(self, finding: Finding) -> bool:
        """Whether a finding is about the same thing, with whatever values; a revision makes no difference."""
        mine = (self.rule, _id(self.model), self.operation, self.direction, self.field, self.facet)
        direction = finding.direction.value if finding.direction else None
        theirs = (finding.rule.id, _id(finding.model), finding.operation, direction)
        return self.rule is not None and mine == (*theirs, finding.field, finding.facet)


def _id(model: str | None) -> str | None:
    return None if model is None else model.partition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a run could have found: rules of these areas; `whole` where no model or file was left out."""

    areas: frozenset[str] = frozenset()
    whole: bool = False


# ---- reading


def read_waivers(content: str, file: str) -> tuple[Waiver, ...]:
    """The waivers in a YAML text. Raises SourceError, with the first fault."""
    fields = Fields(yaml.parse(content, file), "")
    fields.required("format", check_format)
    found = fields.required("waivers", _waivers)
    fields.finish()
    return found


def _waivers(node: Node, at: str) -> tuple[Waiver, ...]:
    if not isinstance(node.value, Mapping):
        raise fault(f"{at}: expected a mapping of fingerprints, got {kind_of(node)}", node.mark)
    return tuple(_waiver(child, f"{at}/{name}", name) for name, child in node.value.items())


def _waiver(node: Node, at: str, fingerprint: str) -> Waiver:
    if not FINGERPRINT.match(fingerprint):
        raise fault(f"{at}: expected a fingerprint of 12 hex digits, got {fingerprint!r}", node.name_mark)
    fields = Fields(node, at)
    waiver = Waiver(
        fingerprint=fingerprint,
        reason=fields.required("reason", text),
        until=fields.required("until", _day),
        owner=fields.maybe("owner", text),
        rule=fields.maybe("rule", text),
        model=fields.maybe("model", text),
        operation=fields.maybe("operation", text),
        direction=fields.maybe("direction", one_of([direction.value for direction in Direction])),
        field=fields.maybe("field", _any_text),
        facet=fields.maybe("facet", text),
        mark=node.name_mark,
    )
    fields.finish()
    return waiver


def _any_text(node: Node, at: str) -> str:
    return "" if node.value == "" else text(node, at)


def _day(node: Node, at: str) -> date:
    found = text(node, at)
    try:
        day = date.fromisoformat(found)
    except ValueError:
        day = None
    if day is None or day.isoformat() != found:
        raise fault(f"{at}: expected a day such as 2026-12-31, got {found!r}", node.mark)
    return day


# ---- applying


def apply_waivers(judgement: Judgement, waivers: Iterable[Waiver], *, today: date, scope: Scope) -> Judgement:
    """The judgement with what is waived marked so, and what is to be said of the waivers themselves."""
    known = tuple(waivers)
    in_force = {waiver.fingerprint: waiver for waiver in known if waiver.until >= today}
    stale = [
        w for w in in_force.values() if not any(f.fingerprint == w.fingerprint for f in judgement.findings)
    ]
    findings: list[Finding] = []
    changed: set[str] = set()
    for finding in judgement.findings:
        if finding.fingerprint in in_force:
            findings.append(finding.but(waived=True))
            continue
        before = next((waiver for waiver in stale if waiver.is_about(finding)), None)
        if before is not None:
            changed.add(before.fingerprint)
            finding = _with_other_values(finding, before)  # noqa: PLW2901
        findings.append(finding)
    own = [*_ends(known, today), *_unused(stale, changed, judgement, scope)]
    return replace(judgement, findings=(*findings, *own))


def _with_other_values(finding: Finding, before: Waiver) -> Finding:
    said = (
        f"waiver {before.fingerprint}, until {before.until.isoformat()}, is for other values of this: "
        "it does not cover these"
    )
    return finding.but(message=f"{finding.message}; {said}")


def _unused(
    stale: Iterable[Waiver], changed: set[str], judgement: Judgement, scope: Scope
) -> Iterator[Finding]:
    for waiver in stale:
        if waiver.fingerprint not in changed and _was_observed(waiver, judgement, scope):
            message = (
                f"waiver {waiver.fingerprint} waives nothing: {_about(waiver)} was observed and is not found"
            )
            yield _finding(UNUSED, waiver, message)


def _was_observed(waiver: Waiver, judgement: Judgement, scope: Scope) -> bool:
    if waiver.area not in scope.areas or not judgement.observed.anything:
        return False
    subject = waiver.operation, waiver.direction, waiver.field
    if judgement.subjects is not None and subject not in judgement.subjects:
        return False
    if waiver.model is None:
        return scope.whole and judgement.verdict is not Verdict.INCONCLUSIVE
    verdict = judgement.model_verdicts.get(waiver.model)
    return verdict is not None and not _is_in_doubt(waiver.model, judgement)


def _is_in_doubt(model: str, judgement: Judgement) -> bool:
    """Whether something of the model could not be observed: then a finding may be missing for that."""
    unseen = any(f.rule.inconclusive and f.model in (model, None) for f in judgement.findings)
    return unseen or model in judgement.unobserved


def _ends(waivers: tuple[Waiver, ...], today: date) -> Iterator[Finding]:
    for waiver in waivers:
        left = waiver.until - today
        day, owner = waiver.until.isoformat(), f" ({waiver.owner})" if waiver.owner else ""
        if left < timedelta(0):
            message = f"waiver {waiver.fingerprint}{owner} ended on {day}: {_about(waiver)} counts again"
            yield _finding(EXPIRED, waiver, message, expected=day)
        elif left <= WARN_BEFORE:
            when = "today" if not left.days else f"in {left.days} day{'s' if left.days > 1 else ''}, on {day}"
            message = f"waiver {waiver.fingerprint}{owner} ends {when}: {_about(waiver)} counts again then"
            yield _finding(EXPIRES_SOON, waiver, message, expected=day)
    yield from _same_day(waivers, today)


def _same_day(waivers: tuple[Waiver, ...], today: date) -> Iterator[Finding]:
    days = sorted({waiver.until for waiver in waivers if waiver.until >= today})
    for day in days:
        ending = [waiver for waiver in waivers if waiver.until == day]
        if len(ending) >= MANY:
            message = f"{len(ending)} waivers end on {day.isoformat()}: spread their last days"
            yield Finding(
                rule=SAME_DAY,
                message=message,
                field=f"/waivers/{day.isoformat()}",
                expected=day.isoformat(),
                observed=[waiver.fingerprint for waiver in ending],
                subject=ending[0].mark.location(),
            )


def _about(waiver: Waiver) -> str:
    parts = (waiver.rule, waiver.model, waiver.operation, waiver.field)
    return " ".join(part for part in parts if part) or "what it waives"


def _finding(rule: Rule, waiver: Waiver, message: str, expected: str | None = None) -> Finding:
    return Finding(
        rule=rule,
        message=message,
        field=f"/waivers/{waiver.fingerprint}",
        expected=expected,
        subject=waiver.mark.location(),
    )
