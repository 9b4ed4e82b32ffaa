"""Documents and specs as sides of one comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.compare.change import Side
from harness.docs.calls import NAMED
from harness.docs.claims import Claim, Document, Place, fact_of
from harness.finding import Direction, Location
from harness.spec.facts import Address

__all__ = [
    "CLAIM",
    "EARLIER",
    "align_operations",
    "claim_at",
    "claims_named",
    "document_side",
    "is_nameless",
    "same_path",
    "shape_of_path",
]

_VARIABLE = re.compile(r"\{[^{}]*\}")
CLAIM = "/claim/"
"""What the `at` of a claim begins with, when it stands as a fact."""

EARLIER = "/earlier/"
"""The same for an earlier document."""


def shape_of_path(path: str) -> str:
    """A path with the names of what is variable left out."""
    return _VARIABLE.sub("{}", path).rstrip("/")


def same_path(one: Any, other: Any) -> bool:
    """Whether two paths differ in the names of what is variable alone."""
    return (
        isinstance(one, str)
        and isinstance(other, str)
        and _VARIABLE.sub("{}", one) == _VARIABLE.sub("{}", other)
    )


def calls_of(statements: Iterable[tuple[Address, Any]]) -> dict[str, tuple[str, str]]:
    """Operation -> (method, path) out of statements."""
    found: dict[str, dict[str, str]] = {}
    for address, value in statements:
        if address.operation is not None and address.facet in ("method", "path") and isinstance(value, str):
            found.setdefault(address.operation, {})[address.facet] = value
    return {name: (call.get("method", ""), call.get("path", "")) for name, call in found.items()}


def align_operations(
    ours: Iterable[tuple[Address, Any]], theirs: Iterable[tuple[Address, Any]]
) -> dict[str, str]:
    """Our operation -> their name for the same call; where none is the same, its own name if it is free."""
    own, others = calls_of(ours), calls_of(theirs)
    names: dict[str, str] = {}
    for name, (method, path) in own.items():
        for other, call in others.items():
            if (
                call[0] == method
                and shape_of_path(call[1]) == shape_of_path(path)
                and other not in names.values()
            ):
                names[name] = other
                break
    for name, (method, path) in own.items():
        if name not in names:
            taken = set(names.values())
            names[name] = name if name not in taken else f"{method} {path}"
    return names


def claims_named(document: Document, names: Mapping[str, str]) -> Document:
    """The document with other names for its operations."""

    def renamed(name: str | None) -> str | None:
        return names.get(name, name) if name is not None else None

    claims = tuple(
        replace(claim, address=replace(claim.address, operation=renamed(claim.address.operation)))
        for claim in document.claims
    )
    listings = tuple(
        replace(each, scope=replace(each.scope, operation=renamed(each.scope.operation)))
        for each in document.listings
    )
    words = {(renamed(operation), word): field for (operation, word), field in document.words.items()}
    return replace(document, claims=claims, listings=listings, words=words)


def document_side(document: Document, claims: Iterable[Claim], *, tag: str, other: Sequence[Claim]) -> Side:
    """Some claims of a document as a side; `other` are those of the other side, under another tag.

    What only the other side says is placed where it would stand here: at what is around it.
    """
    kept = tuple(claims)
    facts = tuple(fact_of(claim, f"{tag}{index}", document.name) for index, claim in enumerate(kept))
    places = {claim.address: claim.place for claim in reversed(kept)}

    def locate(at: str) -> Location:
        own = claim_at(at, kept, tag)
        if own is not None:
            return own.place.location(document.name)
        their = claim_at(at, tuple(other), EARLIER if tag == CLAIM else CLAIM)
        place = _nearest(their.address, places) if their is not None else None
        return (
            place.location(document.name)
            if place is not None
            else Location(file=document.name, line=1, column=1)
        )

    return Side(label=document.title or document.name, facts=facts, words=document.words, locate=locate)


def _nearest(address: Address, places: Mapping[Address, Place]) -> Place | None:
    """The place of what is nearest around an address."""
    at = replace(address, facet="presence")
    while at not in places and at.field:
        at = replace(at, field=at.field.rpartition("/")[0])
    return places.get(at)


def claim_at(at: str, claims: tuple[Claim, ...], tag: str) -> Claim | None:
    """The claim that the `at` of a fact leads back to, if it is one of these."""
    number = at.removeprefix(tag).partition("/")[0]
    return claims[int(number)] if at.startswith(tag) and number.isdecimal() else None


def is_nameless(address: Address) -> bool:
    """Whether specs have no name for the operation, or no form for the status, that this is about."""
    is_answer = address.direction is Direction.RESPONSE and address.status is not None
    if is_answer and not re.fullmatch(r"[1-5](?:\d\d|XX)", address.status or ""):
        return True
    return address.operation is not None and address.operation not in NAMED
