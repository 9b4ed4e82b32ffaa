"""How a loss is told: the finding, its place in the request that was given, and what is kept out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.compare.weights import governed
from harness.finding import Direction, Finding, Impact, Location, Rule, Severity, wildcard
from harness.spec.model import Spec
from harness.spec.pointer import join

__all__ = ["PRIVATE", "Origin", "Teller", "Where", "impact_of"]

PRIVATE: frozenset[str] = frozenset({"webhook_url", "webhook_secret"})
"""Words whose value is never shown: an address that is called may carry a token."""

_BREAKS: frozenset[str] = frozenset({"webhook_url", "webhook_secret", "response_format"})
_LONGEST = 200


def impact_of(word: str | None) -> tuple[Impact, ...]:
    """What it does to a user when a word's value changes or is gone."""
    return (Impact.BREAKS,) if word in _BREAKS else governed(word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The request that was given: whose it is, and where each word stood in it.

    `spec` is None for a canonical request; `locate` gives the place of a pointer in a file, where there is
    one.
    """

    spec: Spec | None = None
    pointers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    locate: Callable[[str], Location | None] = lambda _: None

    def pointer(self, word: str) -> str:
        """Where a word stands in the request that was given."""
        return self.pointers.get(word, join([word]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a loss is about: `pointer` leads into a body, `at` into the spec of the target."""

    word: str | None
    pointer: str
    at: str
    facet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Makes findings about one request on its way to one seller."""

    target: Spec
    operation: str
    origin: Origin

    def loss(
        self,
        rule: Rule,
        where: Where,
        message: str,
        *,
        expected: Any = None,
        observed: Any = None,
        severity: Severity | None = None,
        impact: tuple[Impact, ...] | None = None,
    ) -> Finding:
        """One loss."""
        given = self.origin.pointer(where.word) if where.word is not None else where.pointer
        return Finding(
            rule=rule,
            message=message,
            field=wildcard(where.pointer),
            pointer=where.pointer,
            model=self.target.ref,
            operation=self.operation,
            direction=Direction.REQUEST,
            facet=where.facet,
            expected=expected,
            observed=None if where.word in PRIVATE else _short(observed),
            source=self.target.location_at(where.at),
            subject=self.origin.locate(given),
            severity_override=severity,
            impact_override=impact,
        )


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[:_LONGEST]}… ({len(value)} characters)"
    return value
