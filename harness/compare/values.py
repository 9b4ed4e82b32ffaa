"""Values of facts, made comparable and put into words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from harness.spec.facts import Fact
from harness.spec.model import State

__all__ = ["UNORDERED", "fact_form", "form", "name_of", "shown", "state_or_value"]

UNORDERED: frozenset[str] = frozenset({"enum", "type", "states", "statuses", "states_without_delivery"})
"""Facets whose value is a list in which the order says nothing."""

_LONGEST = 100


def form(value: Any, *, facet: str = "") -> str:
    """A text that two values share exactly if they are equal as JSON: 1 is 1.0, but neither true nor "1"."""
    if facet in UNORDERED:
        members = value if isinstance(value, list) else [value]
        return json.dumps(sorted(_text(member) for member in members))
    return _text(value)


def fact_form(fact: Fact | None) -> str | None:
    """The same for a fact with its state; None where nothing is stated."""
    if fact is None or not fact.is_stated:
        return None
    if fact.state is State.ABSENT:
        return State.ABSENT
    return form(fact.value, facet=fact.address.facet)


def name_of(field: str) -> str:
    """The bare name at the end of a fact's field, which is a JSON Pointer or `{query}/name`."""
    return field.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def shown(value: Any) -> str:
    """A value in a message: JSON, on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def state_or_value(state: State, value: Any) -> Any:
    """How a cell is written where no state stands beside it: the value, or the word for there being none."""
    return value if state is State.DOCUMENTED else state.value


def _text(value: Any) -> str:
    return json.dumps(_normal(value), sort_keys=True, ensure_ascii=False)


def _normal(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _normal(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(member) for member in value]
    return value
