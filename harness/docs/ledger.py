"""Where a reader writes down what it finds: one claim an address, the first and the firmest one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from harness.docs.claims import Basis, Claim, Document, Listing, Place, Scope, Unplaced
from harness.docs.vocabulary import words_of
from harness.finding import Direction
from harness.spec.facts import CONSTRAINTS, Address
from harness.spec.model import State
from harness.spec.pointer import split

__all__ = ["ENDPOINT", "Ledger"]

ENDPOINT = Scope(operation=None, direction=Direction.SPEC)
"""The scope of what is said of the endpoint as a whole."""


class Ledger:
    """The claims of one document while it is read."""

    def __init__(self, name: str, content: bytes, form: str) -> None:
        self.name = name
        self.digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.form = form
        self.title = ""
        self.date: str | None = None
        self.url: str | None = None
        self.shared = False
        self._claims: dict[Address, Claim] = {}
        self._listings: list[Listing] = []
        self._unplaced: list[Unplaced] = []

    def say(
        self,
        scope: Scope,
        field: str,
        facet: str,
        value: Any,
        place: Place,
        *,
        basis: Basis = Basis.STATED,
    ) -> None:
        """A documented value."""
        self._write(scope.address(field, facet), State.DOCUMENTED, value, place, basis)

    def absent(self, scope: Scope, field: str, facet: str, place: Place) -> None:
        """The page says that there is none; `constraints` stands for all of them."""
        for name in CONSTRAINTS if facet == "constraints" else (facet,):
            self._write(scope.address(field, name), State.ABSENT, None, place, Basis.STATED)

    def hide(self, scope: Scope, field: str, facets: Iterable[str], place: Place) -> None:
        """The page does not show these facets, whether there are any or not."""
        for facet in facets:
            address = scope.address(field, facet)
            if address not in self._claims:
                self._claims[address] = Claim(
                    address=address, state=State.UNDOCUMENTED, value=None, place=place
                )

    def extend(self, scope: Scope, field: str, facet: str, values: Iterable[Any], place: Place) -> None:
        """Adds to a list of values, such as an enum that several samples make up; a stated one stays."""
        claim = self._claims.get(scope.address(field, facet))
        if claim is not None and claim.basis is Basis.STATED and not claim.is_hidden:
            return
        known = claim.value if claim is not None and isinstance(claim.value, list) else []
        merged = [*known, *(value for value in values if value not in known)]
        if merged:
            self._claims[scope.address(field, facet)] = Claim(
                address=scope.address(field, facet),
                state=State.DOCUMENTED,
                value=merged,
                place=place,
                basis=Basis.SAMPLE,
            )

    def listing(self, scope: Scope, field: str, facets: Iterable[str], place: Place) -> None:
        """The members of an object are listed completely."""
        self._listings.append(Listing(scope=scope, field=field, facets=frozenset(facets), place=place))

    def open_listing(self, scope: Scope | None) -> None:
        """The members of a message are not listed completely after all."""
        self._listings = [listing for listing in self._listings if listing.scope != scope]

    def unplaced(self, what: str, why: str, place: Place) -> None:
        """Something that the reader cannot place."""
        entry = Unplaced(what=what, why=why, place=place)
        if entry not in self._unplaced:
            self._unplaced.append(entry)

    def value(self, scope: Scope, field: str, facet: str) -> Any:
        """What is documented at an address so far; None where nothing is."""
        claim = self._claims.get(scope.address(field, facet))
        return claim.value if claim is not None else None

    def fields(self, scope: Scope) -> list[str]:
        """The fields that are present in a message so far."""
        return [
            address.field
            for address, claim in self._claims.items()
            if address.facet == "presence" and address.field and claim.value and _is_in(address, scope)
        ]

    def prune(self, scope: Scope) -> None:
        """Forgets what samples show inside of objects whose members a table leaves open."""
        stated = [
            a.field for a, c in self._claims.items() if _is_in(a, scope) and c.basis is not Basis.SAMPLE
        ]
        open_objects = [
            address.field
            for address, claim in self._claims.items()
            if _is_in(address, scope)
            and address.field
            and (address.facet, claim.value, claim.basis) == ("type", "object", Basis.STATED)
            and not any(field.startswith(f"{address.field}/") for field in stated)
        ]
        for address in list(self._claims):
            if _is_in(address, scope) and any(address.field.startswith(f"{f}/") for f in open_objects):
                del self._claims[address]

    def messages(self) -> list[Scope]:
        """Every message that was spoken of."""
        found = {(a.operation, a.direction, a.status): None for a in self._claims}
        return [Scope(operation=o, direction=d, status=s) for o, d, s in found if d is not Direction.SPEC]

    def said_words(self, scope: Scope) -> list[str]:
        """The status words that were given a meaning in a message so far."""
        return [
            split(address.field)[-1]
            for address in self._claims
            if address.facet == "job.states" and _is_in(address, scope)
        ]

    def _write(self, address: Address, state: State, value: Any, place: Place, basis: Basis) -> None:
        known = self._claims.get(address)
        if known is None or known.is_hidden or _firmness(basis) > _firmness(known.basis):
            self._claims[address] = Claim(address=address, state=state, value=value, place=place, basis=basis)

    def document(self, words: Mapping[tuple[str | None, str], str] | None = None) -> Document:
        """All that was written down."""
        claims = tuple(self._claims.values())
        return Document(
            format=self.form,
            name=self.name,
            digest=self.digest,
            title=self.title,
            claims=claims,
            listings=tuple(self._listings),
            unplaced=tuple(self._unplaced),
            words=words if words is not None else words_of(claims),
            date=self.date,
            url=self.url,
            shared=self.shared,
        )


def _is_in(address: Address, scope: Scope) -> bool:
    return (address.operation, address.direction, address.status) == (
        scope.operation,
        scope.direction,
        scope.status,
    )


def _firmness(basis: Basis) -> int:
    return (Basis.READ, Basis.SAMPLE, Basis.STATED).index(basis)
