"""Findings: what every judgement leaves behind, whoever made it.

A finding says which rule fired, at which place of which message, what was expected there and why, and
what was seen. Severity is what CI acts on; impact is what it does to a user of the provider.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

__all__ = [
    "Direction",
    "Finding",
    "Impact",
    "Judgement",
    "Kind",
    "Location",
    "Observed",
    "Rule",
    "Severity",
    "Skipped",
    "Verdict",
    "wildcard",
]


class Severity(StrEnum):
    """How loud a finding is; `rank` grows with it."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return tuple(Severity).index(self)


class Kind(StrEnum):
    """What was held against what."""

    VIOLATION = "violation"  # a message against its spec, or a spec against the format
    DRIFT = "drift"  # a source against its earlier self
    DISCREPANCY = "discrepancy"  # two providers differ: a fact, not a fault
    CONTRADICTION = "contradiction"  # one provider against itself


class Verdict(StrEnum):
    """What a judgement came to. Nothing observed is inconclusive, never conforms."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


class Impact(StrEnum):
    """What a finding does to a user, in the order of what is noticed last."""

    BILL = "bill"  # costs change
    OUTPUT = "output"  # the video changes
    BREAKS = "breaks"  # requests fail, or parsing fails


class Direction(StrEnum):
    """Of the message that a fact belongs to."""

    REQUEST = "request"
    RESPONSE = "response"
    WEBHOOK = "webhook"
    EVENT = "event"
    DOCUMENT = "document"
    SPEC = "spec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place: in a file (line and column from 1), in a document, in a recording (index from 0)."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    document: str | None = None
    index: int | None = None

    def __str__(self) -> str:
        """`file:line:column`, as editors and CI understand it."""
        parts = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        text = ":".join(parts)
        if self.index is not None:
            text = f"{text}#{self.index}" if text else f"#{self.index}"
        return text or (self.document or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of a rule table. The id is `<area>.<what>`."""

    id: str
    severity: Severity
    summary: str
    advice: str
    kind: Kind = Kind.VIOLATION
    direction: Direction | None = None
    impact: tuple[Impact, ...] = ()
    inconclusive: bool = False

    @property
    def area(self) -> str:
        """The part of the id before the first dot."""
        return self.id.split(".", 1)[0]


def wildcard(pointer: str) -> str:
    """A JSON Pointer with `*` in place of every array index: `/videos/0/url` -> `/videos/*/url`."""
    return "/".join("*" if part.isdecimal() else part for part in pointer.split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault, or one fact worth saying, at one place."""

    rule: Rule
    message: str
    field: str
    pointer: str | None = None
    model: str | None = None
    operation: str | None = None
    direction: Direction | None = None
    facet: str | None = None
    expected: Any = None
    observed: Any = None
    source: Location | None = None
    subject: Location | None = None
    severity_override: Severity | None = None
    impact_override: tuple[Impact, ...] | None = None
    waived: bool = False
    consequence: str | None = None
    """What it does to this user, in words, where it was judged by what they use; not of the fingerprint."""

    @property
    def kind(self) -> Kind:
        """The rule's kind."""
        return self.rule.kind

    @property
    def severity(self) -> Severity:
        """The rule's severity, unless this finding weighs more or less."""
        return self.severity_override or self.rule.severity

    @property
    def impact(self) -> tuple[Impact, ...]:
        """What it does to a user."""
        return self.rule.impact if self.impact_override is None else self.impact_override

    @property
    def verdict(self) -> Verdict:
        """Inconclusive for what could not be observed; facts and information do not violate anything."""
        if self.rule.inconclusive:
            return Verdict.INCONCLUSIVE
        if self.severity is Severity.INFO or self.kind in (Kind.DISCREPANCY, Kind.CONTRADICTION):
            return Verdict.CONFORMS
        return Verdict.VIOLATES

    @property
    def fingerprint(self) -> str:
        """12 hex digits that stay the same as long as the fault does, whatever its wording or line.

        SHA-256 over RFC 8785 canonical JSON; see CONTRACT, "Findings as JSON".
        """
        import hashlib

        import rfc8785

        identity: dict[str, Any] = {
            "rule": self.rule.id,
            "model": self.model,
            "operation": self.operation,
            "direction": self.direction.value if self.direction else None,
            "field": self.field,
            "facet": self.facet,
            "expected": self.expected,
        }
        if self.kind is not Kind.VIOLATION:
            identity["observed"] = self.observed
        return hashlib.sha256(rfc8785.dumps(_canonical(identity))).hexdigest()[:12]

    def but(self, **changes: Any) -> Finding:
        """A copy with other values in the named members."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something that was not judged, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How much a judgement rests on. All zero means that nothing was observed."""

    exchanges: int = 0
    operations: int = 0
    facts: int = 0
    skipped: tuple[Skipped, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there was anything at all to judge."""
        return bool(self.exchanges or self.operations or self.facts)

    def __add__(self, other: Observed) -> Observed:
        return Observed(
            exchanges=self.exchanges + other.exchanges,
            operations=self.operations + other.operations,
            facts=self.facts + other.facts,
            skipped=self.skipped + other.skipped,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The findings of one command, and what they rest on.

    `models` names every model that was judged, so that one without findings has a verdict too;
    `unobserved` those of them that nothing was seen of. `subjects` are the (operation, direction, field)
    that were looked at, where that is less than everything of the models: one page of several, say.
    """

    findings: tuple[Finding, ...] = ()
    observed: Observed = field(default_factory=Observed)
    models: tuple[str, ...] = ()
    unobserved: frozenset[str] = frozenset()
    subjects: frozenset[tuple[str | None, str | None, str]] | None = None

    @property
    def verdict(self) -> Verdict:
        """Violates if anything does; else inconclusive if anything is, or if nothing was observed."""
        return _verdict(self.findings, observed=self.observed.anything)

    @property
    def model_verdicts(self) -> Mapping[str, Verdict]:
        """The verdict of each model judged, by id."""
        names = dict.fromkeys((*self.models, *(f.model for f in self.findings if f.model)))
        return {
            name: _verdict(
                [f for f in self.findings if f.model == name],
                observed=self.observed.anything and name not in self.unobserved,
            )
            for name in names
        }

    def worst(self) -> Severity | None:
        """The loudest severity among findings that count: neither waived nor inconclusive."""
        counted = [f.severity for f in self.findings if _counts(f)]
        return max(counted, key=lambda severity: severity.rank, default=None)

    def __add__(self, other: Judgement) -> Judgement:
        return Judgement(
            findings=self.findings + other.findings,
            observed=self.observed + other.observed,
            models=tuple(dict.fromkeys(self.models + other.models)),
            unobserved=(self.unobserved & other.unobserved)
            | (self.unobserved - set(other.models))
            | (other.unobserved - set(self.models)),
            subjects=_both(self.subjects, other.subjects),
        )


def _canonical(value: Any) -> Any:
    """The value as RFC 8785 takes it: every number a finite double, every string without lone surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 2**53 else hex(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {_canonical(str(name)): _canonical(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(member) for member in value]
    return value


def _both(one: frozenset[Any] | None, other: frozenset[Any] | None) -> frozenset[Any] | None:
    return None if one is None or other is None else one | other


def _counts(finding: Finding) -> bool:
    return not finding.waived and finding.verdict is not Verdict.INCONCLUSIVE


def _verdict(findings: Iterable[Finding], *, observed: bool) -> Verdict:
    standing = [f for f in findings if not f.waived]
    if any(f.verdict is Verdict.VIOLATES and f.severity is Severity.ERROR for f in standing):
        return Verdict.VIOLATES
    if not observed or any(f.verdict is Verdict.INCONCLUSIVE for f in standing):
        return Verdict.INCONCLUSIVE
    return Verdict.CONFORMS
