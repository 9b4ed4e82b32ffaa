"""Documents against documents: what a page says now against what an earlier edition said."""

from __future__ import annotations

from dataclasses import replace

from harness.compare.changes import changes_of_sides
from harness.docs.claims import Basis, Claim, Document
from harness.docs.sides import CLAIM, EARLIER, align_operations, claims_named, document_side
from harness.finding import Direction, Finding, Judgement, Observed, Skipped
from harness.spec.facts import Address

__all__ = ["changes_of_documents", "judge_documents"]

_NAMES_OF_OURS = ("/model/family", "/model/version", "/model/tier")


def judge_documents(old: Document, new: Document) -> Judgement:
    """What changed, how much it rests on, and what was not compared."""
    findings = changes_of_documents(old, new)
    counted = [sum(1 for claim in each.claims if not claim.is_hidden) for each in (old, new)]
    skipped = tuple(
        Skipped(what=f"{each.what} ({document.name}:{each.place.line})", why=each.why)
        for document in (old, new)
        for each in document.unplaced
    )
    observed = Observed(facts=sum(counted) if all(counted) else 0, skipped=skipped)
    return Judgement(findings=findings, observed=observed, models=(model_of(new),))


def model_of(document: Document) -> str:
    """What the document is about: the provider's name of the model, else its title."""
    name = document.first("name", field="/model/name")
    return str(name.value) if name is not None and name.value else document.title or document.name


def changes_of_documents(old: Document, new: Document) -> tuple[Finding, ...]:
    """One finding for each changed facet.

    What follows from names or from code alone (which word means which state, how a sample reads an answer)
    is not compared: the page did not say it. Where one side hides a facet, or is of a kind that does not
    show it, nothing is known of a change.
    """
    names = align_operations(
        ((claim.address, claim.value) for claim in old.claims),
        ((claim.address, claim.value) for claim in new.claims),
    )
    old = claims_named(old, names)
    hidden = {claim.address for each in (old, new) for claim in each.claims if claim.is_hidden}
    before, after = _comparable(old, hidden), _comparable(new, hidden)
    if old.format != new.format:
        after += _not_shown(before, new, {claim.address for claim in after})
    found = changes_of_sides(
        document_side(old, before, tag=EARLIER, other=after),
        document_side(new, after, tag=CLAIM, other=before),
    )
    return tuple(replace(finding, model=model_of(new)) for finding in found if not _is_inferred(finding))


def _comparable(document: Document, hidden: set[Address]) -> list[Claim]:
    return [
        claim
        for claim in document.claims
        if claim.address not in hidden and not _is_ours(claim) and claim.address.facet != "job.states"
    ]


def _is_ours(claim: Claim) -> bool:
    """Whether it is our reading rather than what the page says; the job's places serve renames alone."""
    if claim.address.field in _NAMES_OF_OURS:
        return True
    if claim.basis is not Basis.READ:
        return False
    return claim.address.facet not in _EVIDENCE or (
        not claim.address.field and claim.address.facet == "presence"
    )


_EVIDENCE = ("presence", "type", "job.id", "job.status", "job.output", "job.error")


def _is_inferred(finding: Finding) -> bool:
    facet = finding.facet or ""
    return facet.startswith("job.") or facet == "error_message" or finding.field in _NAMES_OF_OURS


def _not_shown(before: list[Claim], new: Document, known: set[Address]) -> list[Claim]:
    """Of another kind of page, what it could not show, as it was."""
    listings = {(each.scope, each.field): each.facets for each in new.listings}
    kept = []
    for claim in before:
        address = claim.address
        if address in known:
            continue
        around = next(
            (
                facets
                for (scope, field), facets in listings.items()
                if scope.address(address.field, address.facet) == address
                and address.field.rpartition("/")[0] == field
            ),
            None,
        )
        is_shown = around is not None and (address.facet == "presence" or address.facet in around)
        if not is_shown or address.direction is Direction.SPEC:
            kept.append(claim)
    return kept
