"""Canonical requests in the words of one seller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.compare.values import shown
from harness.errors import OperatorError
from harness.finding import Finding, Rule, Severity
from harness.spec.model import Spec, State
from harness.spec.pointer import MISSING, join, resolve, split
from harness.spec.schema import SchemaJudge, Violation, known_properties
from harness.translate.losses import PRIVATE, Origin, Teller, Where, impact_of
from harness.translate.rules import (
    DEFAULT_UNKNOWN,
    DROPPED,
    LIMIT,
    OUTSIDE,
    REQUIRED,
    ROUNDED,
    SCALE_UNSAID,
    SCALED,
    TYPE,
)
from harness.translate.slots import Slot, request_at, slots_of
from harness.translate.values import (
    Canonical,
    GuidanceScale,
    Range,
    Translation,
    carry,
    kind_of,
    scaled_parts,
)

__all__ = ["NEUTRAL", "WATCHED", "pinned", "range_text", "to_native", "unsaid_scale"]

WATCHED: tuple[str, ...] = (
    *("negative_prompt", "duration_s", "aspect_ratio", "audio"),
    *("guidance", "mode", "count"),
)
"""The words of which a request without them gets something all the same, by a default."""

NEUTRAL: Mapping[str, Any] = {"count": 1}
"""The values that ask for what a request without the word gets anywhere: one video."""


def pinned(
    spec: Spec,
    canonical: Canonical,
    *,
    operation: str = "submit",
    guidance_scale: GuidanceScale | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Translation:
    """`to_native` with every documented default of the seller written out.

    A default that is not documented cannot be: each such word is a loss (`translate.default-unknown`).
    """
    return to_native(
        spec,
        canonical,
        operation=operation,
        pin_defaults=True,
        guidance_scale=guidance_scale,
        settings=settings,
    )


def to_native(
    spec: Spec,
    canonical: Canonical,
    *,
    operation: str = "submit",
    pin_defaults: bool = False,
    guidance_scale: GuidanceScale | None = None,
    settings: Mapping[str, Any] | None = None,
    origin: Origin | None = None,
) -> Translation:
    """The native request of a canonical one.

    A value is written wherever its meaning is sure, even where the seller documents that it is refused: it
    is neither cut nor replaced. `guidance` on another range has no sure meaning without `guidance_scale`, and
    is left out. `settings` are values by JSON Pointer that the body has whatever `canonical` says; `origin`
    tells of the request that the canonical one was made of. Raises OperatorError for an operation without a
    request body and for a pointer of `settings` that leads into a value.
    """
    writer = _Writer(
        teller=Teller(target=spec, operation=operation, origin=origin or Origin()),
        slots=slots_of(spec, operation),
        reading=guidance_scale,
        settings=settings or {},
    )
    losses = [*writer.write_words(canonical, pin_defaults=pin_defaults)]
    for pointer, value in writer.settings.items():
        put(writer.body, pointer, value)
    schema = request_at(spec, operation).schema
    if pin_defaults:
        _pin_unmapped(schema, writer.body, "", frozenset(s.pointer for s in writer.slots.values()))
    losses += writer.broken(SchemaJudge(schema))
    return Translation(body=writer.body, losses=tuple(losses), canonical=writer.written())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    """One body as it is being written."""

    teller: Teller
    slots: Mapping[str, Slot]
    reading: GuidanceScale | None
    settings: Mapping[str, Any]
    body: dict[str, Any] = field(default_factory=dict)

    def write_words(self, canonical: Canonical, *, pin_defaults: bool) -> Iterator[Finding]:
        for word, slot in self.slots.items():
            if slot.pointer in self.settings:
                continue
            if slot.own_value is not None:
                put(self.body, slot.pointer, slot.own_value)
            elif word in canonical:
                yield from self._write(slot, canonical[word])
            elif pin_defaults:
                yield from self._pin(slot)
        for word, value in canonical.items():
            if word not in self.slots:
                yield self._dropped(word, value)

    def written(self) -> dict[str, Any]:
        """What the body says, in canonical words."""
        values = {word: resolve(self.body, slot.pointer) for word, slot in self.slots.items()}
        return {
            word: self.slots[word].canonical(value)
            for word, value in values.items()
            if value is not MISSING and self.slots[word].own_value is None
        }

    def _write(self, slot: Slot, value: Any) -> Iterator[Finding]:
        if slot.word == "guidance":
            number, of = scaled_parts(value)
            value = carry(number, of, slot.range, self.reading)
            if value is None:
                yield unsaid_scale(self.teller, slot, number, of)
                return
            yield from self._scaled(slot, number, of, value)
        native = slot.native(value)
        put(self.body, slot.pointer, native)
        yield from self._type_change(slot, native)

    def _scaled(self, slot: Slot, number: Any, of: Range | None, value: Any) -> Iterator[Finding]:
        if of == slot.range or self.reading is None or kind_of(number) != "number":
            return
        ranges = f"{shown(number)} of {range_text(of)} is {shown(value)} of {range_text(slot.range)}"
        where = Where(word=slot.word, pointer=slot.pointer, at=f"{slot.at}/maximum", facet="maximum")
        message = f"{slot.pointer}: {ranges}, read as {self.reading}"
        yield self.teller.loss(SCALED, where, message, observed=number)
        if carry(value, slot.range, of, self.reading) != number:
            message = f"{slot.pointer}: {shown(value)} does not come back as {shown(number)}"
            yield self.teller.loss(ROUNDED, where, message, observed=number)

    def _type_change(self, slot: Slot, native: Any) -> Iterator[Finding]:
        given = self.teller.origin.values.get(slot.word, MISSING)
        if given is MISSING or kind_of(given) == kind_of(native):
            return
        yield self.teller.loss(
            TYPE,
            Where(word=slot.word, pointer=slot.pointer, at=f"{slot.at}/type", facet="type"),
            f"{slot.pointer}: {shown(given)} is written as {shown(native)}",
            expected=kind_of(native),
            observed=kind_of(given),
        )

    def _pin(self, slot: Slot) -> Iterator[Finding]:
        if slot.default_state is State.DOCUMENTED and not slot.has_to_be:
            put(self.body, slot.pointer, slot.schema["default"])
        elif self.teller.origin.spec is None and _gets_something(slot):
            yield self._unknown_default(slot)

    def _unknown_default(self, slot: Slot) -> Finding:
        return self.teller.loss(
            DEFAULT_UNKNOWN,
            Where(word=slot.word, pointer=slot.pointer, at=slot.at, facet="default"),
            f"{slot.word} is left out, and {self.teller.target.ref} documents no default of {slot.pointer}",
            observed=State.UNDOCUMENTED.value,
            impact=impact_of(slot.word),
        )

    def _dropped(self, word: str, value: Any) -> Finding:
        target = self.teller.target
        is_neutral = word in NEUTRAL and value == NEUTRAL[word]
        told = word if word in PRIVATE else f"{word} ({shown(value)})"
        return self.teller.loss(
            DROPPED,
            Where(
                word=word,
                pointer=self.teller.origin.pointer(word),
                at=request_at(target, self.teller.operation).at,
                facet="presence",
            ),
            f"{told} is left out: {target.ref} documents no such parameter",
            observed=value,
            severity=Severity.INFO if is_neutral else None,
            impact=() if is_neutral else impact_of(word),
        )

    def broken(self, judge: SchemaJudge) -> Iterator[Finding]:
        """Where the body is not what the seller documents."""
        words = {slot.pointer: slot.word for slot in self.slots.values()}
        at = request_at(self.teller.target, self.teller.operation).at
        for violation in judge.violations(self.body):
            rule, message = _words(violation, self.teller.target.ref, words.get(violation.pointer))
            yield self.teller.loss(
                rule,
                Where(
                    word=words.get(violation.pointer),
                    pointer=violation.pointer,
                    at=_place(f"{at}/schema", violation),
                    facet=violation.facet,
                ),
                message,
                expected=violation.expected,
                observed=violation.observed,
            )


def _gets_something(slot: Slot) -> bool:
    """Whether leaving it out gets something that nobody documents."""
    return slot.default_state is State.UNDOCUMENTED and slot.word in WATCHED and not slot.has_to_be


def _words(violation: Violation, ref: str, word: str | None) -> tuple[Rule, str]:
    pointer = violation.pointer or "the body"
    if violation.facet == "required":
        return REQUIRED, f"{pointer}: {ref} demands it, and nothing in the request gives it"
    if violation.facet == "maxLength":
        got = f"{violation.observed:,} characters, {ref} documents at most {violation.expected:,}"
        return LIMIT, f"{pointer}: {got}; nothing was cut"
    value = "the value" if word in PRIVATE else shown(violation.observed)
    if violation.facet in ("presence", "additionalProperties"):
        return OUTSIDE, f"{pointer}: {ref} documents no such parameter"
    demand = f"{violation.facet} {shown(violation.expected)}"
    return OUTSIDE, f"{pointer}: {value} is not what {ref} documents ({demand})"


def _place(schema_at: str, violation: Violation) -> str:
    at = schema_at + violation.at
    if violation.facet == "required":
        return join(["properties", split(violation.pointer)[-1]], at.rsplit("/", 1)[0])
    return at


def unsaid_scale(
    teller: Teller, slot: Slot, number: Any, of: Range | None, *, severity: Severity | None = None
) -> Finding:
    """A number of one range that has no sure reading on that of a parameter."""
    if of is None or slot.range is None:
        told = f"{shown(number)} of {range_text(of)} has no sure reading on {range_text(slot.range)}"
    else:
        readings = [carry(number, of, slot.range, reading) for reading in GuidanceScale]
        could = " or ".join(shown(value) for value in readings)
        told = f"{shown(number)} of {range_text(of)} could be {could} of {range_text(slot.range)}"
    return teller.loss(
        SCALE_UNSAID,
        Where(word=slot.word, pointer=slot.pointer, at=f"{slot.at}/maximum", facet="maximum"),
        f"{slot.pointer}: {told}, and no document says which; it is not carried over",
        expected=list(slot.range) if slot.range is not None else None,
        observed=number,
        severity=severity,
    )


def range_text(of: Range | None) -> str:
    """A documented range in words."""
    return "a range that is not documented" if of is None else f"{shown(of[0])} to {shown(of[1])}"


def put(body: dict[str, Any], pointer: str, value: Any) -> None:
    """Writes a value at a JSON Pointer, with the objects around it. Raises OperatorError inside a value."""
    parts = split(pointer)
    if not parts:
        raise OperatorError("expected a JSON Pointer to a member of the request, got the empty one")
    place = body
    for index, name in enumerate(parts[:-1]):
        below = place.setdefault(name, {})
        if not isinstance(below, dict):
            raise OperatorError(f"{pointer}: {join(parts[: index + 1])} is no object")
        place = below
    place[parts[-1]] = value


def _pin_unmapped(schema: Mapping[str, Any], inside: dict[str, Any], at: str, mapped: frozenset[str]) -> None:
    """Writes out the defaults of parameters without a canonical word, in the objects that are there."""
    for name, schemas in known_properties(schema).items():
        pointer, below = join([name], at), inside.get(name)
        if pointer in mapped:
            continue
        if isinstance(below, dict):
            _pin_unmapped(schemas[0], below, pointer, mapped)
        elif name not in inside and "default" in schemas[0] and name not in schema.get("required", ()):
            inside[name] = schemas[0]["default"]
