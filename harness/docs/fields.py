"""One parameter or member as a page shows it -> claims about each of its facets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.docs.claims import Place, Scope
from harness.docs.ledger import Ledger
from harness.docs.phrases import default_of, facets_of, is_dash, type_of

__all__ = ["Shown", "as_field", "say_field", "split_name"]

_INDEX = re.compile(r"\[(?:\d*|\*|i|n)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows of one parameter, as it is written there; None where it has no place for it."""

    name: str
    place: Place
    kind: str | None = None
    required: bool | None = None
    default: str | None = None
    constraints: str | None = None
    description: str = ""
    default_is_prose: bool = False


def split_name(name: str) -> list[str]:
    """The parts of a dotted name, `*` for an element: `videos[].url` -> videos, *, url."""
    return [part for part in _INDEX.sub(".*", name).split(".") if part]


def as_field(name: str, *, below: str = "") -> str:
    """The JSON Pointer of a dotted name below another field."""
    parts = (part.replace("~", "~0").replace("/", "~1") for part in split_name(name))
    return "/".join((below, *parts))


def say_field(ledger: Ledger, scope: Scope, field: str, shown: Shown) -> None:
    """Every facet that the page shows of this parameter."""
    place = shown.place
    ledger.say(scope, field, "presence", True, place)
    if shown.required is not None:
        ledger.say(scope, field, "required", shown.required, place)
    kind = _say_type(ledger, scope, field, shown)
    _say_default(ledger, scope, field, shown, kind)
    if shown.constraints is not None:
        _say_constraints(ledger, scope, field, shown, kind)
    for facet, value in facets_of(shown.description, kind).items():
        ledger.say(scope, field, facet, value, place)


def _say_type(ledger: Ledger, scope: Scope, field: str, shown: Shown) -> object:
    if shown.kind is None:
        return ledger.value(scope, field, "type")
    kind, form, inner = type_of(shown.kind)
    if kind is None:
        if shown.kind.strip() and not is_dash(shown.kind):
            ledger.unplaced(f"type {shown.kind.strip()!r} of {shown.name}", "not a JSON type", shown.place)
        return None
    ledger.say(scope, field, "type", kind, shown.place)
    if form is not None:
        ledger.say(scope, field, "format", form, shown.place)
    if kind == "array" and inner is not None:
        ledger.say(scope, f"{field}/*", "presence", True, shown.place)
        ledger.say(scope, f"{field}/*", "type", inner, shown.place)
    return kind


def _say_default(ledger: Ledger, scope: Scope, field: str, shown: Shown, kind: object) -> None:
    if shown.default is None or not shown.default.strip():
        return
    if is_dash(shown.default):
        ledger.absent(scope, field, "default", shown.place)
    elif shown.default_is_prose:
        what = f"default of {shown.name}: {shown.default.strip()}"
        ledger.unplaced(what, "words, not a value", shown.place)
        ledger.hide(scope, field, ("default",), shown.place)
    else:
        ledger.say(scope, field, "default", default_of(shown.default, kind), shown.place)


def _say_constraints(ledger: Ledger, scope: Scope, field: str, shown: Shown, kind: object) -> None:
    text = shown.constraints or ""
    if is_dash(text):
        ledger.absent(scope, field, "constraints", shown.place)
        return
    facets = facets_of(text, kind, is_constraint=True)
    for facet, value in facets.items():
        ledger.say(scope, field, facet, value, shown.place)
    if not facets and text.strip():
        ledger.unplaced(f"constraint of {shown.name}: {text.strip()}", "not a range or a list", shown.place)
