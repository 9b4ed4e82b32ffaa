"""A native request of one seller as a native request of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.compare.values import shown
from harness.finding import Finding, Location, Rule, Severity
from harness.spec.model import Spec
from harness.spec.pointer import MISSING, resolve, split
from harness.spec.schema import known_properties
from harness.translate.canonical import to_canonical
from harness.translate.defaults import default_losses
from harness.translate.losses import PRIVATE, Origin, Teller, Where, impact_of
from harness.translate.native import to_native
from harness.translate.rules import (
    DROPPED,
    NOT_CARRIED,
    OTHER_MODEL,
    UNKNOWN,
)
from harness.translate.slots import Slot, request_at, slots_of
from harness.translate.values import GuidanceScale, Translation
from harness.translate.way import Way

__all__ = ["translate"]

HANDED: frozenset[str] = frozenset({"webhook_url", "webhook_secret", "billing_account"})
"""Words that were given to one seller and are nobody else's to have."""

OWN: Mapping[str, Severity] = {"model_version": Severity.INFO, "routing": Severity.WARNING}
"""Words whose values each seller makes up, with how much it is to lose one."""


def translate(  # noqa: PLR0913 - each is a choice of the caller's, and has a default
    source: Spec,
    target: Spec,
    body: Any,
    *,
    operation: str = "submit",
    source_operation: str = "submit",
    pin_defaults: bool = False,
    guidance_scale: GuidanceScale | None = None,
    settings: Mapping[str, Any] | None = None,
    locate: Callable[[str], Location | None] = lambda _: None,
) -> Translation:
    """The request of `target` that asks for what `body` asks of `source`.

    Defaults that the request relies on are written out where the target's differ. Whether the body keeps to
    its own seller's documents is for `harness.check` to say. `locate` gives the place of a pointer in a file.
    """
    canonical, leftovers = to_canonical(source, body, operation=source_operation)
    before, chosen = slots_of(source, source_operation), dict(settings or {})
    teller = Teller(target=target, operation=operation, origin=_origin(source, before, body, locate))
    way = Way(
        source=source,
        source_operation=source_operation,
        teller=teller,
        before=before,
        after=slots_of(target, operation),
        reading=guidance_scale,
        settings=chosen,
    )
    losses = (*_losses(way, canonical, leftovers),)
    native = to_native(
        target,
        canonical,
        operation=operation,
        pin_defaults=pin_defaults,
        guidance_scale=guidance_scale,
        settings=chosen,
        origin=teller.origin,
    )
    return Translation(body=native.body, losses=losses + native.losses, canonical=native.canonical)


def _origin(
    source: Spec, before: Mapping[str, Slot], body: Any, locate: Callable[[str], Location | None]
) -> Origin:
    values = {word: resolve(body, slot.pointer) for word, slot in before.items()}
    return Origin(
        spec=source,
        pointers={word: slot.pointer for word, slot in before.items()},
        values={word: value for word, value in values.items() if value is not MISSING and value is not None},
        locate=locate,
    )


def _losses(way: Way, canonical: dict[str, Any], leftovers: Mapping[str, Any]) -> Iterator[Finding]:
    """All that is said of the way; `canonical` becomes what is to be written, `settings` with it."""
    yield from _other_model(way)
    yield from _leftovers(way, leftovers)
    yield from _withheld_words(way, canonical)
    yield from default_losses(way, canonical)


def _other_model(way: Way) -> Iterator[Finding]:
    """Said once, where the sellers do not sell the same."""
    old, new = way.source.model.group, way.target.model.group
    if old != new:
        yield way.teller.loss(
            OTHER_MODEL,
            Where(word="model", pointer="", at="/model", facet="name"),
            f"{way.source.ref} is {old}, {way.target.ref} is {new}",
            expected=old,
            observed=new,
        )


def _leftovers(way: Way, leftovers: Mapping[str, Any]) -> Iterator[Finding]:
    """What has no canonical word; between revisions of one endpoint it stays, into `settings`."""
    own, theirs = request_at(way.source, way.source_operation), way.request
    for pointer, value in leftovers.items():
        own_name = pointer == way.teller.origin.pointers.get("model")
        is_known = not own_name and _is_known(own.schema, pointer)
        if is_known and way.source.id == way.target.id and _is_known(theirs.schema, pointer):
            way.settings.setdefault(pointer, value)
        elif is_known:
            message = f"{pointer} ({shown(value)}) is left out: no word of it holds at other sellers"
            yield _left(way, DROPPED, pointer, message, value)
        else:
            what = f"{pointer or 'the body'} ({shown(value)})"
            name = "name of the model" if own_name else "parameter"
            message = f"{what} is left out: {way.source.ref} documents no such {name}"
            yield _left(way, UNKNOWN, pointer, message, value).but(
                model=way.source.ref,
                operation=way.source_operation,
                source=way.source.location_at(own.at),
            )


def _left(way: Way, rule: Rule, pointer: str, message: str, value: Any) -> Finding:
    where = Where(word=None, pointer=pointer, at=way.request.at, facet="presence")
    return way.teller.loss(rule, where, message, observed=value)


def _withheld_words(way: Way, canonical: dict[str, Any]) -> Iterator[Finding]:
    """Words that are not handed on; they are taken out of `canonical`."""
    for word in [word for word in canonical if _is_withheld(way, word)]:
        value = canonical.pop(word)
        if word not in way.chosen:
            yield _withheld(way, word, value)


def _is_withheld(way: Way, word: str) -> bool:
    if word in way.chosen:
        return True
    if word in OWN:
        return way.source.id != way.target.id
    return word in HANDED and word in way.after and way.source.provider_id != way.target.provider_id


def _withheld(way: Way, word: str, value: Any) -> Finding:
    told = word if word in PRIVATE else f"{word} ({shown(value)})"
    if word in OWN:
        rule, why = DROPPED, f"it is a word of {way.source.ref} alone"
    else:
        rule, why = NOT_CARRIED, f"it was given to {way.source.provider.name}"
    at = way.after[word].at if word in way.after else way.request.at
    where = Where(word=word, pointer=way.teller.origin.pointer(word), at=at, facet="presence")
    return way.teller.loss(
        rule,
        where,
        f"{told} is left out: {why}",
        observed=value,
        severity=OWN.get(word),
        impact=impact_of(word),
    )


def _is_known(schema: Mapping[str, Any], pointer: str) -> bool:
    """Whether a schema names the property at a pointer."""
    found: list[Mapping[str, Any]] = [schema]
    for name in split(pointer):
        found = [below for one in found for below in known_properties(one).get(name, ())]
    return bool(found) and pointer != ""
