"""What a document says, in the form in which specs are compared: claims, each with its place.

A claim has the address of a fact. Its state is documented, absent ("-" in a cell for the default), or
undocumented, which here means hidden: the page has a place for the value and shows nothing there
("Possible values:" with nothing after it). Hidden is unknown, not absent. What a page does not mention has
no claim at all; whether it would have been mentioned, its listings say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.finding import Direction, Location
from harness.spec.facts import Address, Fact
from harness.spec.model import SourceRef, State

__all__ = ["Basis", "Claim", "Document", "Listing", "Place", "Scope", "Unplaced", "fact_of"]


class Basis(StrEnum):
    """What a claim rests on."""

    STATED = "stated"  # a table, a schema, a sentence
    SAMPLE = "sample"  # a request or an answer that is shown
    READ = "read"  # how code or prose beside it puts it, or what follows from names


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a document something stands: line and column from 1, and the headings above it."""

    line: int
    column: int
    headings: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The headings in one text."""
        return ", ".join(self.headings) or "top"

    def location(self, name: str) -> Location:
        """The same place as a finding carries it."""
        return Location(file=name, line=self.line, column=self.column, document=self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The message that claims are about."""

    operation: str | None
    direction: Direction
    status: str | None = None

    def address(self, field: str, facet: str) -> Address:
        """The address of a facet in this message."""
        return Address(
            operation=self.operation, direction=self.direction, status=self.status, field=field, facet=facet
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of a document. `value` is JSON; None unless documented."""

    address: Address
    state: State
    value: Any
    place: Place
    basis: Basis = Basis.STATED

    @property
    def is_hidden(self) -> bool:
        """Whether the page has a place for the value and shows nothing there."""
        return self.state is State.UNDOCUMENTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A complete list of the members of one object; `facets` are those it states wherever there is one."""

    scope: Scope
    field: str
    facets: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Something that looks like a fact and that the reader does not know where to put."""

    what: str
    why: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one page says. `words` leads from (operation, canonical word) to the request field.

    `shared` pages describe every model of a provider; a model's own page does not.
    """

    format: str
    name: str
    digest: str
    title: str
    claims: tuple[Claim, ...]
    listings: tuple[Listing, ...]
    unplaced: tuple[Unplaced, ...]
    words: Mapping[tuple[str | None, str], str]
    date: str | None = None
    url: str | None = None
    shared: bool = False

    def first(self, facet: str, *, field: str | None = None) -> Claim | None:
        """The first claim of a facet, at one field if that is given."""
        return next(
            (
                claim
                for claim in self.claims
                if claim.address.facet == facet and field in (None, claim.address.field)
            ),
            None,
        )


def fact_of(claim: Claim, at: str, document: str) -> Fact:
    """The claim as a fact; `at` is what leads back to it."""
    source = SourceRef(document=document, place=claim.place.path)
    return Fact(address=claim.address, state=claim.state, value=claim.value, at=at, sources=(source,))
