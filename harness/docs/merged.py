"""The facts of a spec with the claims of a document laid over them: what would hold if the page is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from harness.compare.values import form
from harness.docs.claims import Basis, Claim, Document, Listing, fact_of
from harness.docs.sides import CLAIM, claim_at, same_path
from harness.finding import Direction, Location
from harness.spec.facts import Address, Fact
from harness.spec.model import Spec, State
from harness.spec.pointer import split

__all__ = ["Merged", "agrees"]


def agrees(fact: Fact, claim: Claim) -> bool:
    """Whether both say the same."""
    facet = fact.address.facet
    if facet == "path" and claim.basis is not Basis.STATED:
        return same_path(fact.value, claim.value)
    return fact.state is claim.state and form(fact.value, facet=facet) == form(claim.value, facet=facet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The new side: the spec's facts, with the document's claims in their place."""

    document: Document
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
    source: str | None
    places: frozenset[Address]

    def laid_over(self) -> Iterator[Fact]:
        """Every fact as the document has it, or as the spec has it where the document has nothing to say."""
        by_address = {claim.address: index for index, claim in enumerate(self.claims)}
        present = {claim.address.field: None for claim in self.claims if claim.address.facet == "presence"}
        said: set[Address] = set()
        for fact in self.facts:
            index = by_address.get(fact.address)
            if index is not None and self._is_same(fact, index):
                said.add(fact.address)
                yield fact
            elif index is not None:
                said.add(fact.address)
                yield self._fact(index)
            elif not self._is_gone(fact, present):
                yield fact
        for index, claim in enumerate(self.claims):
            if claim.address not in said and not claim.is_hidden and not self._is_needless(claim):
                yield self._fact(index)

    def _is_same(self, fact: Fact, index: int) -> bool:
        claim = self.claims[index]
        return claim.is_hidden or agrees(fact, claim)

    def _fact(self, index: int) -> Fact:
        return fact_of(self.claims[index], f"{CLAIM}{index}", self.document.name)

    def _is_needless(self, claim: Claim) -> bool:
        """What our own reading adds to the spec's silence is no change of the provider's."""
        address = claim.address
        if address.facet == "meaning":
            return True
        if self._is_of_others(claim):
            return True
        if claim.basis is Basis.STATED:
            return address.facet == "required" and claim.value is False and self._knows(address)
        if address.direction is Direction.SPEC:
            return True
        if not self._knows(replace(address, field="")):
            return False
        if claim.basis is Basis.READ:
            return address.facet != "job.states" or not self._has_states(address)
        return self._knows(address) and address.facet != "presence"

    def _is_of_others(self, claim: Claim) -> bool:
        """Whether a page for all models speaks of a parameter that this one need not have."""
        address = claim.address
        if not self.document.shared or address.direction is not Direction.REQUEST:
            return False
        if claim.state is State.ABSENT:
            return True
        is_complete = any(
            listing.scope.address("", "") == replace(address, field="", facet="")
            for listing in self.document.listings
        )
        return not is_complete and address.field.startswith("/") and not self._knows(address)

    def _knows(self, address: Address) -> bool:
        """Whether the spec has this place."""
        return replace(address, facet="presence") in self.places

    def _has_states(self, address: Address) -> bool:
        return any(
            fact.address.facet == "job.states"
            and fact.address.operation == address.operation
            and fact.address.direction is address.direction
            for fact in self.facts
        )

    def _is_gone(self, fact: Fact, present: Mapping[str, None]) -> bool:
        """Whether the document would say it if it still held."""
        if fact.address.facet == "job.states":
            return self._is_word_gone(fact)
        if fact.address.facet.startswith("job."):
            return False
        listing = self._listing(fact.address)
        if listing is None or not fact.is_stated:
            return False
        own = [ref for ref in fact.sources if ref.document == self.source]
        if self.source is not None and not own:
            return False
        if own and all(ref.place.endswith(".description") for ref in own):
            return False  # what was taken out of prose, a schema does not show
        if listing.field == fact.address.field.rpartition("/")[0]:
            is_listed = self._has_member(fact.address)
            return not is_listed or fact.address.facet in listing.facets
        return True

    def _is_word_gone(self, fact: Fact) -> bool:
        """Whether the document lists the words of that status, and this is none of them."""
        word = split(fact.address.field)[-1]
        listed = [
            claim.value
            for claim in self.claims
            if claim.address.facet == "enum"
            and claim.basis is Basis.STATED
            and claim.address == replace(fact.address, field=claim.address.field, facet="enum")
            and split(claim.address.field)[-1:] == ("status",)
        ]
        return bool(listed) and isinstance(listed[0], list) and word not in listed[0]

    def _has_member(self, address: Address) -> bool:
        presence = replace(address, facet="presence")
        return any(claim.address == presence for claim in self.claims)

    def _listing(self, address: Address) -> Listing | None:
        """The complete list that this member, or one around it that is missing, would stand in."""
        field = address.field
        while field.startswith("/"):
            around = field.rpartition("/")[0]
            for listing in self.document.listings:
                same = listing.scope.address("", "") == replace(address, field="", facet="")
                is_listed = field != address.field and self._has_member(replace(address, field=field))
                if same and listing.field == around and not is_listed:
                    return listing
            field = around
        return None

    def locate_in(self, spec: Spec) -> Callable[[str], Location]:
        """The place in the spec; of what is new, that of what it would stand in."""
        places = {fact.address: fact.at for fact in self.facts if fact.address.facet == "presence"}

        def locate(at: str) -> Location:
            claim = claim_at(at, self.claims, CLAIM)
            if claim is None:
                return spec.location_at(at)
            address = replace(claim.address, facet="presence")
            while address not in places and address.field:
                address = replace(address, field=address.field.rpartition("/")[0])
            return spec.location_at(places.get(address, ""))

        return locate

    def locate(self, at: str) -> Location:
        """The place in the document; of what is gone, that of the list that it should stand in."""
        claim = claim_at(at, self.claims, CLAIM)
        if claim is not None:
            return claim.place.location(self.document.name)
        fact = next((fact for fact in self.facts if fact.at == at), None)
        listing = self._listing(fact.address) if fact is not None else None
        if listing is None and fact is not None:
            answer = fact.address.direction, fact.address.status
            same = (
                each for each in self.document.listings if (each.scope.direction, each.scope.status) == answer
            )
            listing = next(same, None)
        if listing is not None:
            return listing.place.location(self.document.name)
        return Location(file=self.document.name, line=1, column=1)
