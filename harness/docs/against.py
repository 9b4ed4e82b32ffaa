"""A document against a spec: one finding for each facet on which they differ, with both places.

The claims of the page are laid over the facts of the spec, and what changes is judged by the rules for
changes. A fact on which the page is silent counts as gone only where the page would show it: in a list that
is complete, of a facet that its kind states, and, where the spec knows an edition of the page, only if that
edition said it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.compare.change import Side, side_of
from harness.compare.changes import changes_of_sides
from harness.compare.values import form
from harness.docs.claims import Basis, Claim, Document
from harness.docs.merged import Merged, agrees
from harness.docs.phrases import typed
from harness.docs.sides import align_operations, claims_named, is_nameless
from harness.docs.vocabulary import status_meaning
from harness.finding import Direction, Finding, Judgement, Observed, Skipped
from harness.spec.facts import Address, Fact
from harness.spec.model import Contradiction, Spec, State

__all__ = ["Coverage", "coverage", "drift", "judge", "source_of"]

_SPEC_WIDE = ("/model/family", "/model/version", "/model/tier", "/model/name")
_NAMED_ENTRIES = ("/latency/", "/poll_interval/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many facts of a spec rest on a document, and which of them no claim covers."""

    source: str | None
    facts: int
    covered: int
    missed: tuple[Fact, ...]


def judge(spec: Spec, document: Document) -> Judgement:
    """The findings, how much they rest on, and what was not judged."""
    counted = coverage(spec, document)
    compared = sum(1 for claim in document.claims if not claim.is_hidden)
    skipped = tuple(
        Skipped(what=f"{each.what} ({document.name}:{each.place.line})", why=each.why)
        for each in document.unplaced
    )
    if counted.source is not None:
        what = f"{counted.covered} of {counted.facts} facts that {spec.ref} sources to {counted.source}"
        rest = counted.facts - counted.covered
        skipped = (
            (Skipped(what=f"{rest} facts", why=f"no claim covers them: {what} are covered"), *skipped)
            if rest
            else skipped
        )
    return Judgement(
        findings=drift(spec, document),
        observed=Observed(facts=compared, skipped=skipped),
        models=(spec.ref,),
    )


def drift(spec: Spec, document: Document) -> tuple[Finding, ...]:
    """One finding for each facet that the document states otherwise than the spec."""
    old = side_of(spec)
    document = _with_names_of(spec, old, document)
    source = source_of(spec, document)
    claims = _claims(old, document)
    facts = (*old.facts, *_meanings(spec, claims))
    places = frozenset(fact.address for fact in facts if fact.address.facet == "presence")
    merged = Merged(document=document, claims=claims, facts=facts, source=source, places=places)
    new = Side(
        label=spec.ref, facts=tuple(merged.laid_over()), words=_words(old, document), locate=merged.locate
    )
    found = changes_of_sides(replace(old, facts=facts, locate=merged.locate_in(spec)), new)
    known = source is not None and spec.sources[source].digest == document.digest
    return tuple(
        replace(finding, model=spec.ref)
        for finding in found
        if not (known and _is_declared(spec, finding, source or "")) and not _is_silence(finding)
    )


def _is_silence(finding: Finding) -> bool:
    """Whether the page merely does not say of a renamed member whether it is always there."""
    return finding.facet == "required" and finding.observed is None


def source_of(spec: Spec, document: Document) -> str | None:
    """The id under which the spec knows this document, or an edition of it."""
    for name, source in spec.sources.items():
        if source.digest == document.digest:
            return name
    if document.format == "openapi":
        return None  # its title is that of the provider, and says nothing
    for name, source in spec.sources.items():
        if source.digest is not None and _same_title(source.title, document.title):
            return name
    return None


def _same_title(known: str, title: str) -> bool:
    one, other = (text.lower().removesuffix(" - documentation").strip() for text in (known, title))
    return bool(one) and (one == other or (len(one) > 12 and other.startswith(one)))


def coverage(spec: Spec, document: Document) -> Coverage:
    """Which of the facts that rest on the document a claim covers: the same value, or hidden on the page."""
    source = source_of(spec, document)
    old = side_of(spec)
    document = _with_names_of(spec, old, document)
    hidden = {claim.address for claim in document.claims if claim.is_hidden}
    claims = {c.address: c for c in _claims(old, document) if not c.is_hidden or c.address in hidden}
    own = [f for f in old.facts if f.is_stated and any(ref.document == source for ref in f.sources)]
    missed = tuple(fact for fact in own if not _is_covered(fact, claims.get(fact.address)))
    return Coverage(source=source, facts=len(own), covered=len(own) - len(missed), missed=missed)


def _is_covered(fact: Fact, claim: Claim | None) -> bool:
    return claim is not None and (claim.is_hidden or agrees(fact, claim))


# ---- the claims, as they are comparable with this spec


def _with_names_of(spec: Spec, old: Side, document: Document) -> Document:
    """The document with the spec's names for operations, and for the statuses of answers."""
    ours = ((claim.address, claim.value) for claim in document.claims)
    names = align_operations(ours, ((fact.address, fact.value) for fact in old.facts))
    return claims_named(document, names)


def _claims(old: Side, document: Document) -> tuple[Claim, ...]:
    """The claims under the addresses of the spec; what is too weak to contradict it says nothing."""
    facts = {fact.address: fact for fact in old.facts}
    kinds = {c.address: c.value for c in document.claims if c.address.facet == "type"}
    kept = []
    for stated in document.claims:
        if is_nameless(stated.address):
            continue
        named = _as_named(stated, old.facts)
        fact = facts.get(named.address)
        claim = _as_typed(named, fact, kinds)
        differs = fact is not None and not claim.is_hidden and not agrees(fact, claim)
        if fact is not None and differs and _is_soft(document, fact, claim):
            kept.append(replace(claim, state=State.UNDOCUMENTED, value=None))
        else:
            kept.append(claim)
    return tuple(kept)


def _as_named(claim: Claim, facts: Iterable[Fact]) -> Claim:
    """A figure of time under the spec's own name for it: of the same value, else of the same mode."""
    section = next((each for each in _NAMED_ENTRIES if claim.address.field.startswith(each)), None)
    if section is None:
        return claim
    entries = [fact for fact in facts if fact.address.field.startswith(section)]
    alike = [fact for fact in entries if form(fact.value) == form(claim.value)]
    mode = claim.value.get("mode") if isinstance(claim.value, Mapping) else None
    alike = alike or [fact for fact in entries if mode is not None and fact.value.get("mode") == mode]
    return replace(claim, address=alike[0].address) if alike else claim


def _as_typed(claim: Claim, fact: Fact | None, kinds: Mapping[Address, Any]) -> Claim:
    """A default in quotes, beside a type that has none, is the same default."""
    if claim.address.facet != "default" or fact is None or claim.state is not State.DOCUMENTED:
        return claim
    kind = kinds.get(replace(claim.address, facet="type"))
    value = typed(claim.value, kind)
    return replace(claim, value=value) if form(value) == form(fact.value) else claim


def _is_soft(document: Document, fact: Fact, claim: Claim) -> bool:
    """Whether a claim out of a sample, code or a name is too weak to contradict the spec.

    What a page for all models says that there is not in general, this model may have.
    """
    facet, basis = fact.address.facet, claim.basis
    if basis is Basis.STATED:
        return (
            document.shared and claim.state is State.ABSENT and claim.address.direction is Direction.REQUEST
        )
    if facet in ("required", "content_type", "container", "lifetime", "interval", "format"):
        return True
    if facet == "type":
        return _types(claim.value) <= _widened(_types(fact.value))
    if facet == "enum":
        return _types(claim.value) <= _types(fact.value)
    if claim.address.field in _SPEC_WIDE:
        return True
    return basis is Basis.READ and facet == "job.error"


def _types(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value}


def _widened(kinds: set[Any]) -> set[Any]:
    """A sample does not tell an integer from a number."""
    return kinds | {"number"} if "integer" in kinds else kinds


def _meanings(spec: Spec, claims: Iterable[Claim]) -> Iterator[Fact]:
    """What the spec says that a status means, where the document says it too."""
    for claim in claims:
        address = claim.address
        if address.facet != "meaning" or address.status is None or not address.status.isdecimal():
            continue
        answer = spec.responses_for(address.operation or "", int(address.status))
        meaning = status_meaning(address.status, answer.meaning or "") if answer is not None else []
        if answer is not None and meaning:
            at = f"{answer.at}/meaning"
            yield Fact(
                address=address, state=State.DOCUMENTED, value=meaning, at=at, sources=spec.sources_at(at)
            )


def _words(old: Side, document: Document) -> dict[tuple[str | None, str], str]:
    """The spec's words, and the document's for parameters that the spec lacks."""
    fields = {(operation, field) for (operation, _), field in old.words.items()}
    gone = {key: field for key, field in document.words.items() if (key[0], field) not in fields}
    return {**old.words, **gone}


def _is_declared(spec: Spec, finding: Finding, source: str) -> bool:
    """Whether the spec declares that this very edition contradicts another document there."""
    return any(
        _speaks_of(spec, contradiction, finding)
        for contradiction in spec.contradictions
        if any(ref.document == source for each in contradiction.statements for ref in each.sources)
    )


def _speaks_of(spec: Spec, contradiction: Contradiction, finding: Finding) -> bool:
    if contradiction.about is None or finding.source is None:
        return False
    mark = spec.mark_at(contradiction.about)
    return any(
        fact.at.startswith(contradiction.about)
        and (fact.address.operation, fact.address.field, fact.address.facet)
        == (finding.operation, finding.field, finding.facet)
        for fact in side_of(spec).facts
    ) or (mark.line, mark.file) == (finding.source.line, finding.source.file)
