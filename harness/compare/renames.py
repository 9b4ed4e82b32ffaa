"""Renames: one property gone and one new that are the same thing under another name.

Two presences are a rename only on evidence. In a request the evidence is the mapping: the canonical word
that led to the one leads to the other. In an answer it is the job: the pointer that led to the one leads to
the other, but for one name, and both have the same schema. Without evidence both presences are reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.compare.align import at_address
from harness.compare.values import fact_form
from harness.finding import Direction, wildcard
from harness.spec.facts import Fact
from harness.spec.model import JobState, State

__all__ = ["Rename", "find_renames", "moved", "renamed", "word_renames"]

Scope = tuple[str | None, Direction, str | None]
Words = Mapping[tuple[str | None, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A property that has another name, with the two statements of its presence."""

    scope: Scope
    old: Fact
    new: Fact
    word: str | None

    @property
    def old_field(self) -> str:
        """The field it had."""
        return self.old.address.field

    @property
    def new_field(self) -> str:
        """The field it has."""
        return self.new.address.field


def find_renames(
    old: Sequence[Fact], new: Sequence[Fact], old_words: Words, new_words: Words
) -> tuple[Rename, ...]:
    """The renames for which there is evidence, in the order of the old side."""
    olds, news = _presences(old), _presences(new)
    found: dict[tuple[Scope, str], Rename] = {}
    for scope, before, after, word in (*_by_word(old_words, new_words), *_by_job(old, new)):
        gone = (scope, before) in olds and (scope, before) not in news
        fresh = (scope, after) in news and (scope, after) not in olds
        if not (gone and fresh) or _is_said(found.values(), scope, before, after):
            continue
        rename = Rename(scope=scope, old=olds[scope, before], new=news[scope, after], word=word)
        if scope[1] is Direction.REQUEST or _alike(old, new, rename):
            found[scope, before] = rename
    return tuple(found.values())


def renamed(fact: Fact, renames: Sequence[Rename]) -> Fact:
    """An old fact as it would be if only the names had changed: its field, and pointers in its value."""
    for rename in renames:
        scope = fact.address.operation, fact.address.direction, fact.address.status
        if scope == rename.scope and not fact.address.facet.startswith("job."):
            field = moved(fact.address.field, rename)
            fact = at_address(fact, field=field) if field != fact.address.field else fact
        if _points_into(fact, scope, rename):
            fact = replace(fact, value=_moved_value(fact.value, rename))
    return fact


def word_renames(old: Sequence[Fact], new: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of status words of which one is gone and one is new, each the only word for its state."""
    before, after = _state_words(old), _state_words(new)
    for (scope, state), words in before.items():
        others = after.get((scope, state), {})
        if len(words) == len(others) == 1:
            (gone, old_fact), (fresh, new_fact) = *words.items(), *others.items()
            known_after = {word for (where, _), found in after.items() if where == scope for word in found}
            known_before = {word for (where, _), found in before.items() if where == scope for word in found}
            if gone not in known_after and fresh not in known_before:
                yield old_fact, new_fact


def moved(pointer: str, rename: Rename) -> str:
    """A pointer at or below the renamed property, with the new name; array indices stay."""
    parts, old = pointer.split("/"), rename.old_field.split("/")
    head = parts[: len(old)]
    if len(head) < len(old) or wildcard("/".join(head)) != rename.old_field:
        return pointer
    indices = iter(part for part, name in zip(head, old, strict=True) if name == "*")
    new = [next(indices, "*") if name == "*" else name for name in rename.new_field.split("/")]
    return "/".join(new + parts[len(old) :])


def _presences(facts: Sequence[Fact]) -> dict[tuple[Scope, str], Fact]:
    return {(_scope(f), f.address.field): f for f in facts if f.address.facet == "presence" and f.is_stated}


def _scope(fact: Fact) -> Scope:
    return fact.address.operation, fact.address.direction, fact.address.status


def _is_said(renames: Iterable[Rename], scope: Scope, before: str, after: str) -> bool:
    """Whether a rename of this property, or of one around it, is known."""
    same = [rename for rename in renames if rename.scope == scope]
    return any(rename.old_field == before or moved(before, rename) == after for rename in same)


def _one_name(before: str, after: str) -> tuple[str, str] | None:
    """The parts of two pointers up to the one name in which they differ, if it is only one."""
    one, other = before.split("/"), after.split("/")
    if len(one) != len(other):
        return None
    differing = [index for index, names in enumerate(zip(one, other, strict=True)) if names[0] != names[1]]
    if len(differing) != 1:
        return None
    end = differing[0] + 1
    return "/".join(one[:end]), "/".join(other[:end])


def _by_word(old: Words, new: Words) -> Iterator[tuple[Scope, str, str, str | None]]:
    for (operation, word), before in old.items():
        after = new.get((operation, word))
        if after is None or after == before:
            continue
        scope = (operation, Direction.REQUEST, None)
        around = _one_name(before, after)
        if around is not None and around != (before, after):
            yield scope, *around, None
        yield scope, before, after, word


def _by_job(old: Sequence[Fact], new: Sequence[Fact]) -> Iterator[tuple[Scope, str, str, None]]:
    after = {(_scope(fact), fact.address.facet): _pointers(fact) for fact in new}
    for fact in old:
        for pair in zip(_pointers(fact), after.get((_scope(fact), fact.address.facet), ()), strict=False):
            names = _one_name(wildcard(pair[0]), wildcard(pair[1]))
            if names is not None:
                yield _scope(fact), *names, None


def _is_pointer(facet: str) -> bool:
    return facet == "error_message" or (facet.startswith("job.") and facet not in ("job.states", "job.state"))


def _pointers(fact: Fact) -> list[str]:
    if not _is_pointer(fact.address.facet):
        return []
    return fact.value if isinstance(fact.value, list) else [fact.value]


def _alike(old: Sequence[Fact], new: Sequence[Fact], rename: Rename) -> bool:
    """Whether both have the same schema, all the way down."""
    return _schema(old, rename.scope, rename.old_field) == _schema(new, rename.scope, rename.new_field)


def _schema(facts: Sequence[Fact], scope: Scope, field: str) -> set[tuple[str, str, str | None]]:
    return {
        (fact.address.field.removeprefix(field), fact.address.facet, fact_form(fact))
        for fact in facts
        if _scope(fact) == scope
        and (fact.address.field == field or fact.address.field.startswith(f"{field}/"))
        and fact.is_stated
        and fact.address.facet not in ("required", "presence")
        and not fact.address.facet.startswith("job.")
    }


def _points_into(fact: Fact, scope: Scope, rename: Rename) -> bool:
    if fact.state is not State.DOCUMENTED:
        return False
    if fact.address.facet in ("request_field", "secret_field"):
        return rename.scope == ("submit", Direction.REQUEST, None)
    return scope == rename.scope and _is_pointer(fact.address.facet)


def _moved_value(value: Any, rename: Rename) -> Any:
    if isinstance(value, list):
        return [moved(pointer, rename) for pointer in value]
    return moved(value, rename)


def _state_words(facts: Sequence[Fact]) -> dict[tuple[Scope, JobState], dict[str, Fact]]:
    found: dict[tuple[Scope, JobState], dict[str, Fact]] = {}
    for fact in facts:
        if fact.address.facet == "job.states":
            found.setdefault((_scope(fact), JobState(fact.value)), {})[fact.address.field] = fact
    return found
