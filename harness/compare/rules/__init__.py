"""The rules by which a change is judged, one file for each area.

An area says which facets are its own; every facet of a fact belongs to exactly one. `check` gives the one
finding for a change. Rules for requests and for answers mirror each other; `WITHOUT_MIRROR` says why one
has no mirror.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harness.compare.change import Change
from harness.compare.rules import (
    absence,
    bounds,
    default,
    enum,
    job,
    meaning,
    name,
    presence,
    required,
    terms,
    transport,
    types,
    webhook,
)
from harness.finding import Finding, Rule

__all__ = ["AREAS", "RULES", "WITHOUT_MIRROR", "check"]

RULES: tuple[Rule, ...] = (
    *absence.RULES,
    *presence.RULES,
    *name.RULES,
    *required.RULES,
    *default.RULES,
    *bounds.RULES,
    *enum.RULES,
    *types.RULES,
    *transport.RULES,
    *job.RULES,
    *meaning.RULES,
    *terms.RULES,
    *webhook.RULES,
)

AREAS: Mapping[str, Callable[[Change], Iterator[Finding]]] = {
    **dict.fromkeys(presence.FACETS, presence.check),
    **dict.fromkeys(name.FACETS, name.check),
    **dict.fromkeys(required.FACETS, required.check),
    **dict.fromkeys(default.FACETS, default.check),
    **dict.fromkeys(bounds.FACETS, bounds.check),
    **dict.fromkeys(enum.FACETS, enum.check),
    **dict.fromkeys(types.FACETS, types.check),
    **dict.fromkeys(transport.FACETS, transport.check),
    **dict.fromkeys(job.FACETS, job.check),
    **dict.fromkeys(meaning.FACETS, meaning.check),
    **dict.fromkeys(terms.FACETS, terms.check),
    **dict.fromkeys(webhook.FACETS, webhook.check),
}
"""The judge of each facet; where no value is concerned, `absence` judges."""

WITHOUT_MIRROR: Mapping[str, str] = {
    "diff.request-property-added-required": "a new member of an answer harms nobody, always there or not",
    "diff.request-property-added-default": "what an answer leaves out costs nothing",
    "diff.operation-added": "a call is made, not received; its answers are added with it",
    "diff.operation-removed": "a call is made, not received; its answers go with it",
    "diff.response-status-added": "a request has no status",
    "diff.response-status-removed": "a request has no status",
    "diff.status-word-renamed": "the client sends no status",
    "diff.status-word-added": "the client sends no status",
    "diff.status-word-removed": "the client sends no status",
    "diff.status-word-meaning": "the client sends no status",
    "diff.response-meaning": "a request has no status",
    "diff.job-place": "where a request carries the id is a parameter, judged by its name",
    "diff.path": "an answer has no path",
    "diff.method": "an answer has no method",
    "diff.server": "an answer comes from where the request went",
    "diff.auth": "the provider sends no key; what proves a webhook is among its terms",
    "diff.validation": "the client judges answers when it likes",
}


def check(change: Change) -> Iterator[Finding]:
    """The finding for a change."""
    judge = absence.check if change.only_said else AREAS[change.facet]
    yield from judge(change)
