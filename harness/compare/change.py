"""One fact that differs between an old and a new source, and how it is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.compare.values import name_of, shown
from harness.finding import Direction, Finding, Impact, Location, Rule, Severity
from harness.spec.facts import Address, Fact, facts
from harness.spec.model import Spec, State

__all__ = ["Change", "Side", "report", "side_of"]

WordKey = tuple[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is compared: the facts of a spec, or what a document says in the same form.

    `words` leads from (operation, canonical word) to the field of the request that the word stands for;
    `job_id` is the word of the parameter that carries the job's id. `locate` gives the place of a fact by
    its `at`, and the nearest place around it where there is none.
    """

    label: str
    facts: tuple[Fact, ...]
    words: Mapping[WordKey, str]
    locate: Callable[[str], Location]


def side_of(spec: Spec) -> Side:
    """A spec as one side of a comparison."""
    words: dict[WordKey, str] = {}
    for operation in spec.operations.values():
        if operation.request is not None:
            words |= {(operation.name, word): field for word, field in spec.mapping.items()}
        parameter = operation.job_id_parameter
        if parameter is not None:
            words[operation.name, "job_id"] = f"{{{parameter.location}}}/{parameter.name}"
    return Side(label=spec.ref, facts=tuple(facts(spec)), words=words, locate=spec.location_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed facet. `old` or `new` is None where that side has nothing at this address.

    `places` are the (operation, status) pairs that changed alike; `word` is the canonical word of a request
    parameter; `facets` are the values of all facets at the same place, of the new side if it has the place,
    else of the old one. For a rename `facet` is `name`, and the values are the two fields, or words.
    """

    model: str
    address: Address
    places: tuple[tuple[str | None, str | None], ...]
    old: Fact | None
    new: Fact | None
    old_location: Location
    new_location: Location
    word: str | None
    facets: Mapping[str, Any]
    is_status_word: bool = False

    @property
    def facet(self) -> str:
        """The changed facet."""
        return self.address.facet

    @property
    def is_request(self) -> bool:
        """Whether the client sends it; else the provider does."""
        return self.address.direction is Direction.REQUEST

    @property
    def before(self) -> Any:
        """The old value; None where there was none."""
        return self.old.value if self.old is not None and self.old.state is State.DOCUMENTED else None

    @property
    def after(self) -> Any:
        """The new value; None where there is none."""
        return self.new.value if self.new is not None and self.new.state is State.DOCUMENTED else None

    @property
    def was(self) -> State:
        """The old state."""
        return self.old.state if self.old is not None else State.UNDOCUMENTED

    @property
    def is_now(self) -> State:
        """The new state."""
        return self.new.state if self.new is not None else State.UNDOCUMENTED

    @property
    def appeared(self) -> bool:
        """Whether there is a value now and there was none."""
        return self.was is not State.DOCUMENTED and self.is_now is State.DOCUMENTED

    @property
    def vanished(self) -> bool:
        """Whether there was a value and there is none now."""
        return self.was is State.DOCUMENTED and self.is_now is not State.DOCUMENTED

    @property
    def only_said(self) -> bool:
        """Whether no value is concerned: an absence is said now, or is no longer."""
        return State.DOCUMENTED not in (self.was, self.is_now)


def report(
    change: Change,
    rule: Rule,
    consequence: str,
    *,
    severity: Severity | None = None,
    impact: tuple[Impact, ...] | None = None,
    facet: str | None = None,
) -> Finding:
    """The finding for a change; `consequence` says in words what it does to whoever calls the provider."""
    statuses = [status for _, status in change.places if status is not None]
    before, after = change.before, change.after
    field = change.address.field
    if change.facet == "presence" and not field and statuses:
        before, after = (statuses[0] if value else None for value in (before, after))
    elif change.facet == "name" and change.address.direction is not Direction.SPEC:
        field = str(before)
        before, after = _names(before, after)
    return Finding(
        rule=rule,
        message=f"{_where(change, field, statuses)}: {_what(change)}; {consequence}",
        field=field,
        model=change.model,
        operation=change.address.operation,
        direction=change.address.direction,
        facet=facet or change.facet,
        expected=before,
        observed=after,
        source=change.old_location,
        subject=change.new_location,
        severity_override=severity if severity is not rule.severity else None,
        impact_override=impact if impact != rule.impact else None,
    )


def _names(before: str, after: str) -> tuple[str, str]:
    """The bare names where they stand at one level, else the whole fields."""
    if before.rpartition("/")[0] == after.rpartition("/")[0]:
        return name_of(before), name_of(after)
    return before, after


def _where(change: Change, field: str, statuses: list[str]) -> str:
    operation = change.address.operation
    unique = ", ".join(dict.fromkeys(statuses))
    owner = f" of {operation}" if operation is not None else ""
    match change.address.direction:
        case Direction.REQUEST:
            whole = f"request{owner}" if field or change.facet != "presence" else f"call {operation}"
        case Direction.RESPONSE:
            whole = f"answer {unique}{owner or ' of any operation'}"
        case Direction.EVENT:
            whole = f"event {unique}{owner}"
        case Direction.WEBHOOK:
            whole = "webhook"
        case _:
            return field
    return f"{whole}, {field}" if field else whole


def _what(change: Change) -> str:
    if change.facet == "presence":
        return "new" if change.appeared else "gone"
    if change.facet == "name" and change.address.direction is not Direction.SPEC:
        return f"called {name_of(change.after) if change.is_status_word else change.after} now"
    if change.facet == "job.states" and (change.appeared or change.vanished):
        return f"new, means {change.after}" if change.appeared else f"gone, meant {change.before}"
    if isinstance(change.before, Mapping) and isinstance(change.after, Mapping):
        members = _members(change.before, change.after)
        return members if change.address.direction is Direction.SPEC else f"{change.facet}: {members}"
    return f"{change.facet} was {_told(change.old)}, is {_told(change.new)}"


def _members(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The members that differ, of two values of several members each."""
    names = (name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name))
    return ", ".join(f"{name} was {shown(before.get(name))}, is {shown(after.get(name))}" for name in names)


def _told(fact: Fact | None) -> str:
    if fact is None or fact.state is State.UNDOCUMENTED:
        return "undocumented"
    return "documented as absent" if fact.state is State.ABSENT else shown(fact.value)
