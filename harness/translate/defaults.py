"""What a request gets without asking: the defaults of one seller beside those of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.compare.values import shown
from harness.finding import Finding, Severity
from harness.spec.model import State
from harness.translate.losses import Where, impact_of
from harness.translate.native import NEUTRAL, WATCHED, unsaid_scale
from harness.translate.rules import DEFAULT_DIFFERS, DEFAULT_PINNED, DEFAULT_UNKNOWN, DROPPED
from harness.translate.slots import Slot
from harness.translate.values import carry, scaled_parts
from harness.translate.way import Way

__all__ = ["default_losses"]


def default_losses(way: Way, canonical: dict[str, Any]) -> Iterator[Finding]:
    """What the request gets without asking; what has to be written out is put into `canonical`."""
    for word in WATCHED:
        old, new = way.before.get(word), way.after.get(word)
        if word in canonical or word in way.chosen or (old is None and new is None):
            continue
        state = old.default_state if old is not None else State.UNDOCUMENTED
        if old is not None and old.has_to_be:
            continue
        if old is not None and state is State.DOCUMENTED:
            yield from _relied(way, old, new, canonical)
        elif new is None or not new.has_to_be:
            yield from _unstated(way, word, old, new, state)


def _relied(way: Way, old: Slot, new: Slot | None, canonical: dict[str, Any]) -> Iterator[Finding]:
    value = old.default
    if new is None:
        if value != NEUTRAL.get(old.word):
            yield _default_dropped(way, old, value)
        return
    number, of = scaled_parts(value)
    if old.word == "guidance" and carry(number, of, new.range, way.reading) is None:
        yield unsaid_scale(way.teller, new, number, of, severity=Severity.WARNING)
    elif not _is_default(way, new, value):
        canonical[old.word] = value
        yield _default_pinned(way, old, new, value)


def _is_default(way: Way, new: Slot, value: Any) -> bool:
    if new.default_state is not State.DOCUMENTED:
        return False
    if new.word != "guidance":
        return bool(new.default == value)
    number, of = scaled_parts(value)
    default, own = scaled_parts(new.default)
    return bool(carry(number, of, own, way.reading) == default)


def _default_pinned(way: Way, old: Slot, new: Slot, value: Any) -> Finding:
    at = f"{new.at}/default" if "default" in new.schema else new.at
    return way.teller.loss(
        DEFAULT_PINNED,
        Where(word=new.word, pointer=new.pointer, at=at, facet="default"),
        f"{new.pointer} is written out: the request relied on {shown(old.schema['default'])}, "
        f"the default of {way.source.ref}; {way.target.ref} {_stated(new)}",
        expected=value,
        observed=_default(new),
    )


def _default_dropped(way: Way, old: Slot, value: Any) -> Finding:
    return way.teller.loss(
        DROPPED,
        Where(word=old.word, pointer=old.pointer, at=way.request.at, facet="presence"),
        f"{old.word} is left out: the request relied on {shown(old.schema['default'])}, the default of "
        f"{way.source.ref}, and {way.target.ref} documents no such parameter",
        observed=value,
        severity=Severity.WARNING,
        impact=impact_of(old.word),
    )


def _unstated(way: Way, word: str, old: Slot | None, new: Slot | None, state: State) -> Iterator[Finding]:
    theirs = new.default_state if new is not None else State.UNDOCUMENTED
    if state is State.ABSENT:
        if new is None or theirs is State.ABSENT:
            return
        rule = DEFAULT_DIFFERS if theirs is State.DOCUMENTED else DEFAULT_UNKNOWN
    else:
        is_neutral = new is not None and word in NEUTRAL and new.default == NEUTRAL[word]
        if is_neutral or (way.source.id == way.target.id and old and new and theirs is state):
            return
        rule = DEFAULT_UNKNOWN
    place = new or old
    yield way.teller.loss(
        rule,
        Where(
            word=word,
            pointer=place.pointer if place is not None else "",
            at=new.at if new is not None else way.request.at,
            facet="default",
        ),
        f"{word} is left out: {way.source.ref} {_stated(old)}, {way.target.ref} {_stated(new)}",
        expected=state.value,
        observed=_default(new),
        impact=impact_of(word),
    )


def _default(slot: Slot | None) -> Any:
    """A documented default as the seller writes it, else the word for there being none."""
    if slot is None:
        return State.UNDOCUMENTED.value
    return slot.schema.get("default", slot.default_state.value)


def _stated(slot: Slot | None) -> str:
    if slot is None:
        return "documents no such parameter"
    if slot.default_state is State.DOCUMENTED:
        return f"has the default {shown(slot.schema['default'])}"
    return (
        "documents that there is no default" if slot.default_state is State.ABSENT else "documents no default"
    )
