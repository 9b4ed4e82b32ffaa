"""What changed from one spec to another: `harness diff OLD NEW`.

The facts of both sides are laid side by side and judged by the rules in `harness.compare.rules`. One real
change is one finding:

* a rename stands for its two presences, and for every pointer that follows it;
* what is new or gone as a whole stands for everything below it;
* a status word stands for its entry in the enum of the status property;
* the same change in several answers is reported once, with their statuses.

Whether a fact is undocumented or not mentioned at all makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.compare.align import aligned
from harness.compare.change import Change, Side, side_of
from harness.compare.renames import find_renames, renamed, word_renames
from harness.compare.rules import check
from harness.compare.values import fact_form, name_of
from harness.finding import Direction, Finding, Location, wildcard
from harness.spec.facts import Address, Fact
from harness.spec.model import Spec, State
from harness.spec.pointer import join

__all__ = ["changes", "changes_of_sides"]

Index = dict[Address, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """What both sides say at one address."""

    address: Address
    old: Fact | None
    new: Fact | None
    places: tuple[tuple[str | None, str | None], ...]
    word: str | None = None
    is_status_word: bool = False


def changes(old: Spec, new: Spec) -> tuple[Finding, ...]:
    """One finding for each changed facet, in the order of the old spec, what is new at the end."""
    return changes_of_sides(side_of(old), side_of(new))


def changes_of_sides(old: Side, new: Side) -> tuple[Finding, ...]:
    """The same for any two sources of facts."""
    old_facts, new_facts = aligned(old.facts, new.facts)
    renames = find_renames(old_facts, new_facts, old.words, new.words)
    old_facts = [renamed(fact, renames) for fact in old_facts]
    words = list(word_renames(old_facts, new_facts))
    before, after = _index(old_facts), _index(new_facts)
    pairs = [_rename_pair(rename.old, rename.new, rename.word) for rename in renames]
    pairs += [replace(_rename_pair(one, other, None), is_status_word=True) for one, other in words]
    pairs += _different(before, after, words)
    pairs = [pair for pair in pairs if not _follows(pair, pairs, before, after)]
    return tuple(
        finding for pair in _folded(pairs) for finding in check(_change(pair, old, new, before, after))
    )


def _index(facts: Iterable[Fact]) -> Index:
    """The facts by address. What several branches of a schema say of one address is one list of values."""
    found: Index = {}
    for fact in facts:
        known = found.get(fact.address)
        if known is None or not known.is_stated:
            found[fact.address] = fact
        elif fact.is_stated and fact_form(known) != fact_form(fact):
            found[fact.address] = replace(known, value=[*_listed(known.value), *_listed(fact.value)])
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _rename_pair(old: Fact, new: Fact, word: str | None) -> _Pair:
    """The change of a name; the values are the fields."""
    address = replace(new.address, facet="name")
    return _Pair(
        address=address,
        old=replace(old, value=old.address.field),
        new=replace(new, value=new.address.field),
        places=((address.operation, address.status),),
        word=word,
    )


def _different(before: Index, after: Index, words: Sequence[tuple[Fact, Fact]]) -> list[_Pair]:
    """The addresses at which the sides differ."""
    said = {fact.address for pair in words for fact in pair}
    return [
        _Pair(
            address=address,
            old=before.get(address),
            new=after.get(address),
            places=((address.operation, address.status),),
        )
        for address in dict.fromkeys((*before, *after))
        if address not in said and _differ(before.get(address), after.get(address))
    ]


def _differ(old: Fact | None, new: Fact | None) -> bool:
    """Whether they differ; absent differs from silent only where a reader would look for a statement."""
    if fact_form(old) == fact_form(new):
        return False
    states = {fact.state for fact in (old, new) if fact is not None}
    return State.DOCUMENTED in states or len(states) > 1


# ---- what another finding says already


def _follows(pair: _Pair, pairs: Sequence[_Pair], before: Index, after: Index) -> bool:
    if pair.address.facet == "name":
        return _is_slug(pair.address) and _slug_in_request(pairs)
    if pair.address.facet == "enum" and _is_status_enum(pair, pairs, before, after):
        return True
    return _is_covered(pair.address, before, after)


def _is_slug(address: Address) -> bool:
    return address.direction is Direction.SPEC and address.field == "/model/name"


def _slug_in_request(pairs: Sequence[_Pair]) -> bool:
    return any(
        pair.address.direction is Direction.REQUEST
        and pair.address.facet in ("enum", "const")
        and name_of(pair.address.field) == "model"
        for pair in pairs
    )


def _is_status_enum(pair: _Pair, pairs: Sequence[_Pair], before: Index, after: Index) -> bool:
    """Whether an enum is that of a job's status, and all its changes are reported as status words."""
    address = pair.address
    status = Address(
        operation=address.operation,
        direction=address.direction,
        status=address.status,
        field="",
        facet="job.status",
    )
    known = after.get(status) or before.get(status)
    if known is None or wildcard(str(known.value)) != address.field or pair.old is None or pair.new is None:
        return False
    changed = set(_listed(pair.old.value)) ^ set(_listed(pair.new.value))
    return changed <= _changed_words(pairs, status)


def _changed_words(pairs: Sequence[_Pair], address: Address) -> set[str]:
    scope = address.operation, address.direction, address.status
    words: set[str] = set()
    for pair in pairs:
        at = pair.address
        if (at.operation, at.direction, at.status) != scope:
            continue
        if at.facet == "job.states":
            words.add(name_of(at.field))
        elif pair.is_status_word:
            words |= {name_of(fact.value) for fact in (pair.old, pair.new) if fact is not None}
    return words


def _is_covered(address: Address, before: Index, after: Index) -> bool:
    """Whether something around this place is new or gone as a whole."""
    own = _one_sided(address.operation, Direction.REQUEST, None, "", before, after)
    if address.operation is not None and own:
        return not (address.direction is Direction.REQUEST and _is_presence(address, ""))
    if address.direction is not Direction.REQUEST and _one_sided(
        address.operation, address.direction, address.status, "", before, after
    ):
        return not _is_presence(address, "")
    if address.facet.startswith("job."):
        return False
    top: str | None = None
    field = address.field
    while field:
        both = _sides(address.operation, address.direction, address.status, field, before, after)
        if both == 2:
            break
        top = field if both == 1 else top
        field = field.rpartition("/")[0]
    return top is not None and not _is_presence(address, top)


def _is_presence(address: Address, field: str) -> bool:
    return address.facet == "presence" and address.field == field


def _sides(
    operation: str | None, direction: Direction, status: str | None, field: str, before: Index, after: Index
) -> int:
    """On how many of the two sides a place is present."""
    address = Address(operation=operation, direction=direction, status=status, field=field, facet="presence")
    found = (index.get(address) for index in (before, after))
    return sum(1 for fact in found if fact is not None and fact.state is State.DOCUMENTED)


def _one_sided(
    operation: str | None, direction: Direction, status: str | None, field: str, before: Index, after: Index
) -> bool:
    return _sides(operation, direction, status, field, before, after) == 1


# ---- the same change in several answers


def _folded(pairs: Iterable[_Pair]) -> Iterator[_Pair]:
    """Equal changes of several answers as one: of one operation, or of all that share the common answers."""
    groups: dict[object, list[_Pair]] = {}
    for pair in pairs:
        groups.setdefault(_sameness(pair), []).append(pair)
    for group in groups.values():
        in_common = any(pair.address.operation is None for pair in group)
        by_operation: dict[str | None, list[_Pair]] = {}
        for pair in group:
            owner = None if in_common and not _is_success(pair) else pair.address.operation
            by_operation.setdefault(owner, []).append(pair)
        for owner, same in by_operation.items():
            yield _merged(sorted(same, key=lambda pair: pair.address.operation != owner))


def _merged(pairs: Sequence[_Pair]) -> _Pair:
    return replace(pairs[0], places=tuple(dict.fromkeys(place for pair in pairs for place in pair.places)))


def _is_success(pair: _Pair) -> bool:
    return (pair.address.status or "").startswith("2")


def _sameness(pair: _Pair) -> object:
    address = pair.address
    if address.direction is Direction.REQUEST or _is_presence(address, ""):
        return address
    if address.facet == "name":
        forms = tuple(fact.value for fact in (pair.old, pair.new) if fact is not None)
    else:
        forms = (fact_form(pair.old), fact_form(pair.new))
    return address.direction, address.field, address.facet, forms


# ---- what the rules are given


def _change(pair: _Pair, old: Side, new: Side, before: Index, after: Index) -> Change:
    at_old = _place(pair.old, pair.new)
    at_new = _place(pair.new, pair.old)
    return Change(
        model=new.label,
        address=pair.address,
        places=pair.places,
        old=pair.old,
        new=pair.new,
        old_location=_locate(old, at_old or at_new or "", pair.old, pair.address.facet),
        new_location=_locate(new, at_new or at_old or "", pair.new, pair.address.facet),
        word=pair.word or _word(pair.address, new) or _word(pair.address, old),
        facets=_facets(pair.address, after) or _facets(pair.address, before),
        is_status_word=pair.is_status_word,
    )


def _place(fact: Fact | None, other: Fact | None) -> str | None:
    """Where the statement stands; of a mapping, its first member that differs."""
    if fact is None:
        return None
    theirs = other.value if other is not None else None
    if isinstance(fact.value, Mapping) and isinstance(theirs, Mapping):
        names = (name for name in fact.value if fact.value[name] != theirs.get(name))
        return next((join([name], fact.at) for name in names), fact.at)
    return fact.at


def _locate(side: Side, at: str, fact: Fact | None, facet: str) -> Location:
    """The place of a statement; what is said in a keyword around it is sourced by itself all the same."""
    place = side.locate(at)
    if fact is not None and fact.state is State.ABSENT:
        around = f"{at.rpartition('/')[0]}/x-absent" if "/schema/" in at else f"{at}/absent"
    elif facet == "required" and "/properties/" in at:
        around = f"{at.rpartition('/properties/')[0]}/required"
    else:
        return place
    return replace(side.locate(around), document=place.document)


def _word(address: Address, side: Side) -> str | None:
    if address.direction is not Direction.REQUEST or not address.field:
        return None
    for (operation, word), field in side.words.items():
        if (operation, field) == (address.operation, address.field):
            return word
    # The canonical vocabulary has no word for it; it governs the bill all the same.
    return "resolution" if name_of(address.field) == "resolution" else None


def _facets(address: Address, index: Mapping[Address, Fact]) -> dict[str, Any]:
    names = ("presence", "required", "default", "x-billing", "type")
    found = {name: index.get(replace(address, facet=name)) for name in names}
    return {name: fact.value for name, fact in found.items() if fact is not None and fact.is_stated}
