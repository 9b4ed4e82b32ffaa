"""Facts of two sides, laid so that what speaks of the same thing has the same address.

An answer that one side states for an operation and the other for all of them, or under 5XX instead of 500,
is the same answer; a figure of time is the same under another name; an operation's own auth that repeats
the endpoint's says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.compare.values import fact_form, form
from harness.finding import Direction
from harness.spec.facts import Address, Fact
from harness.spec.model import State

__all__ = ["aligned", "at_address"]

ResponseKey = tuple[str | None, str]
_NAMED = ("/latency", "/poll_interval")


def aligned(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Both sides with comparable addresses. Each fact keeps its `at`."""
    old_facts, new_facts = _own_form(old), _own_form(new)
    old_facts, new_facts = _with_answers_of(old_facts, new_facts), _with_answers_of(new_facts, old_facts)
    old_facts, new_facts = (
        _without_split_wildcards(old_facts, new_facts),
        _without_split_wildcards(new_facts, old_facts),
    )
    for section in _NAMED:
        old_facts, new_facts = _same_names(old_facts, new_facts, section)
    return old_facts, new_facts


def at_address(fact: Fact, **changes: object) -> Fact:
    """The same statement under another address."""
    return replace(fact, address=replace(fact.address, **changes))  # type: ignore[arg-type]


def _own_form(facts: Iterable[Fact]) -> list[Fact]:
    """A side without repetition: an operation's own auth that says what the endpoint's says."""
    found = list(facts)
    auth = next((fact_form(fact) for fact in found if fact.address.field == "/auth"), None)
    return [fact for fact in found if not (_is_own_auth(fact.address) and fact_form(fact) == auth)]


def _is_own_auth(address: Address) -> bool:
    return address.facet == "auth" and address.operation is not None


def _answer(fact: Fact) -> ResponseKey | None:
    address = fact.address
    if address.direction is not Direction.RESPONSE or address.status is None:
        return None
    return address.operation, address.status


def _answers(facts: Sequence[Fact]) -> dict[ResponseKey, list[Fact]]:
    found: dict[ResponseKey, list[Fact]] = {}
    for fact in facts:
        key = _answer(fact)
        if key is not None:
            found.setdefault(key, []).append(fact)
    return found


def _wildcard(status: str) -> str:
    return f"{status[0]}XX"


def _effective(key: ResponseKey, among: Iterable[ResponseKey]) -> ResponseKey | None:
    """Which documented answer holds at a status that has none of its own, as in `Spec.responses_for`."""
    operation, status = key
    candidates = ((operation, _wildcard(status)), (None, status), (None, _wildcard(status)))
    known = set(among)
    return next((candidate for candidate in candidates if candidate in known), None)


def _with_answers_of(facts: list[Fact], other: Sequence[Fact]) -> list[Fact]:
    """The side, with a copy of what holds for each answer that only the other side states by itself."""
    own, others = _answers(facts), _answers(other)
    copies: list[Fact] = []
    for key in others:
        source = _effective(key, own) if key not in own else None
        if source is not None:
            copies += [at_address(fact, operation=key[0], status=key[1]) for fact in own[source]]
    return facts + copies


def _without_split_wildcards(facts: list[Fact], other: Sequence[Fact]) -> list[Fact]:
    """The side without a 2XX of its own that the other side splits into 200, 201 and so on."""
    own, others = _answers(facts), _answers(other)
    split = {
        key
        for key in own
        if key[1].endswith("XX")
        and key not in others
        and any(each[0] == key[0] and _wildcard(each[1]) == key[1] for each in others)
    }
    return [fact for fact in facts if _answer(fact) not in split]


def _same_names(old: list[Fact], new: list[Fact], section: str) -> tuple[list[Fact], list[Fact]]:
    """The entries of one section, the old ones under the names of the new ones that they stand for.

    The names are this project's own. The same figure is the same entry; of the others, one of the same mode.
    """
    before, after = _entries(old, section), _entries(new, section)
    names: dict[str, str] = {}
    for alike in (_same_value, _same_field, _same_mode):
        for fact in before:
            taken = set(names.values())
            match = next(
                (f for f in after if f.address.field not in taken and alike(fact, f)),
                None,
            )
            if fact.address.field not in names and match is not None:
                names[fact.address.field] = match.address.field
    # An old entry without a counterpart must not meet a new one that merely has its name.
    unused = {fact.address.field: f"{fact.address.field} (old)" for fact in before}
    renamed = {**{field: new for field, new in unused.items() if field in names.values()}, **names}
    moved = [
        at_address(fact, field=renamed[fact.address.field]) if fact.address.field in renamed else fact
        for fact in old
    ]
    return _without_bare_absence(moved, after, section), _without_bare_absence(new, before, section)


def _entries(facts: Iterable[Fact], section: str) -> list[Fact]:
    return [
        fact
        for fact in facts
        if fact.address.direction is Direction.SPEC and fact.address.field.startswith(f"{section}/")
    ]


def _same_value(one: Fact, other: Fact) -> bool:
    return form(one.value) == form(other.value)


def _same_field(one: Fact, other: Fact) -> bool:
    return one.address.field == other.address.field


def _same_mode(one: Fact, other: Fact) -> bool:
    return bool(one.value.get("mode") == other.value.get("mode"))


def _without_bare_absence(facts: list[Fact], other: Sequence[Fact], section: str) -> list[Fact]:
    """Without "there is none" where the other side has entries: their being new says it."""
    if not other:
        return facts
    return [f for f in facts if not (f.address.field == section and f.state is State.ABSENT)]
