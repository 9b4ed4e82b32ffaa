"""Native requests in canonical words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.spec.pointer import join
from harness.spec.vocabulary import CANONICAL
from harness.translate.slots import TYPED, Slot, slots_of
from harness.translate.values import is_number, kind_of

__all__ = ["effective", "read_canonical", "to_canonical"]


def to_canonical(
    spec: Spec, body: Any, *, operation: str = "submit"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`(canonical, leftovers)` of a native request body.

    What is left out, or null, is not in `canonical`; neither is the seller's own name of the model.
    `leftovers` holds by JSON Pointer what has no canonical word. The body is taken as it is: whether it keeps
    to the seller's documents is for `harness.check` to say. Raises OperatorError for an operation without a
    request body.
    """
    slots = slots_of(spec, operation)
    by_pointer = {slot.pointer: slot for slot in slots.values()}
    canonical: dict[str, Any] = {}
    leftovers: dict[str, Any] = {}
    for pointer, value in _members(body, "", by_pointer):
        slot = by_pointer.get(pointer)
        if slot is None or (slot.own_value is not None and value != slot.own_value):
            leftovers[pointer] = value
        elif slot.own_value is None and value is not None:
            canonical[slot.word] = slot.canonical(value)
    return {word: canonical[word] for word in slots if word in canonical}, leftovers


def _members(value: Any, at: str, slots: Mapping[str, Slot]) -> Iterator[tuple[str, Any]]:
    """Every member of the body that is a parameter, or in which none stands."""
    holds_slots = any(pointer.startswith(f"{at}/") for pointer in slots)
    if at in slots or not holds_slots or not isinstance(value, Mapping):
        yield at, value
        return
    for name, member in value.items():
        yield from _members(member, join([name], at), slots)


def effective(spec: Spec, body: Any, *, operation: str = "submit") -> dict[str, Any]:
    """What a native body asks for in canonical words, the seller's documented defaults included.

    A word that is left out and has no documented default is not in it.
    """
    canonical, _ = to_canonical(spec, body, operation=operation)
    for word, slot in slots_of(spec, operation).items():
        if not slot.has_to_be and slot.default is not None:
            canonical.setdefault(word, slot.default)
    return canonical


def read_canonical(document: Any, file: str) -> dict[str, Any]:
    """A canonical request as a person wrote it; `file` names it in messages.

    Raises OperatorError for a word that is not canonical and for a value of another type than the word's.
    """
    if not isinstance(document, Mapping):
        raise OperatorError(f"{file}: expected an object of canonical words, got {kind_of(document)}")
    for word, value in document.items():
        _read_word(word, value, f"{file}: /{word}")
    return dict(document)


def _read_word(word: str, value: Any, at: str) -> None:
    if word == "model":
        raise OperatorError(f"{at}: the model's name is each seller's own; leave it out")
    if word not in CANONICAL:
        near = difflib.get_close_matches(word, CANONICAL, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(CANONICAL)}"
        raise OperatorError(f"{at}: no canonical word; {hint}")
    if word == "guidance" and isinstance(value, Mapping):
        _read_scaled(value, at)
        return
    (wanted,) = TYPED.get(word, frozenset({"string"}))
    if kind_of(value) != wanted:
        raise OperatorError(f"{at}: expected {_A[wanted]}, got {kind_of(value)}")


_A = {"number": "a number", "boolean": "true or false", "string": "a text"}


def _read_scaled(value: Mapping[str, Any], at: str) -> None:
    of = value.get("range")
    is_range = isinstance(of, list) and len(of) == 2 and all(is_number(end) for end in of) and of[0] < of[1]
    if set(value) != {"value", "range"} or not is_number(value["value"]) or not (of is None or is_range):
        raise OperatorError(f'{at}: expected a number, or {{"value": NUMBER, "range": [LOWEST, HIGHEST]}}')
