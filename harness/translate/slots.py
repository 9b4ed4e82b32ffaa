"""Where a canonical word stands in the request of one seller, and what is documented of it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.errors import OperatorError
from harness.spec.model import Request, Spec, State
from harness.spec.pointer import join, split
from harness.spec.schema import known_properties
from harness.translate.values import Range, as_type, kind_of, scaled_form

__all__ = ["NUMERIC", "TYPED", "Slot", "request_at", "slots_of"]

NUMERIC: frozenset[str] = frozenset({"duration_s", "guidance", "seed", "count"})
"""The canonical words whose value is a number."""

TYPED: Mapping[str, frozenset[str]] = {
    **{word: frozenset({"number"}) for word in NUMERIC},
    "audio": frozenset({"boolean"}),
}
"""The JSON type of the canonical words whose value is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The parameter of one seller for one canonical word.

    `pointer` leads into the request body, `at` to its schema in the spec. `has_to_be` says that no request
    is documented without it.
    """

    word: str
    pointer: str
    at: str
    schema: Mapping[str, Any]
    has_to_be: bool
    own_value: str | None = None
    """The value that this parameter always has, being the seller's name of the model."""

    @property
    def types(self) -> frozenset[str]:
        """The documented JSON types, else those of the documented values; none where nothing is said."""
        stated = self.schema.get("type", ())
        listed = [stated] if isinstance(stated, str) else stated
        return frozenset(listed) or frozenset(kind_of(member) for member in self.schema.get("enum", ()))

    @property
    def default_state(self) -> State:
        """What the documents say of its default."""
        if "default" in self.schema:
            return State.DOCUMENTED
        return State.ABSENT if "default" in self.schema.get("x-absent", ()) else State.UNDOCUMENTED

    @property
    def default(self) -> Any:
        """The documented default in canonical form; None where there is none."""
        return self.canonical(self.schema["default"]) if "default" in self.schema else None

    @property
    def range(self) -> Range | None:
        """The documented lowest and highest value, None where one of them is not documented."""
        low, high = self.schema.get("minimum"), self.schema.get("maximum")
        return (low, high) if low is not None and high is not None else None

    def canonical(self, native: Any) -> Any:
        """A native value in canonical form; one that has none stays as it is."""
        value = as_type(native, TYPED[self.word]) if self.word in TYPED else native
        if self.word == "guidance":
            return scaled_form(value, self.range)
        whole = isinstance(value, float) and value.is_integer() and self.word in NUMERIC
        return int(value) if whole else value

    def native(self, value: Any) -> Any:
        """A canonical value (of `guidance`: on this parameter's range) with a type that is documented."""
        return as_type(value, self.types) if self.word in TYPED else value


def request_at(spec: Spec, operation: str) -> Request:
    """The documented request body of an operation. Raises OperatorError where there is none."""
    found = spec.operations.get(operation)
    if found is None:
        known = ", ".join(spec.operations)
        raise OperatorError(f"{spec.ref} documents no operation {operation!r}; it documents: {known}")
    if found.request is None:
        raise OperatorError(f"{spec.ref}: operation {operation!r} has no request body")
    return found.request


def slots_of(spec: Spec, operation: str) -> Mapping[str, Slot]:
    """The parameters of an operation by canonical word. Raises OperatorError as `request_at` does."""
    request = request_at(spec, operation)
    slots = (_slot(spec, word, pointer, request) for word, pointer in spec.mapping.items())
    return {slot.word: slot for slot in slots if slot is not None}


def _slot(spec: Spec, word: str, pointer: str, request: Request) -> Slot | None:
    schema: Mapping[str, Any] = request.schema
    at, has_to_be = f"{request.at}/schema", True
    for name in split(pointer):
        below = known_properties(schema).get(name)
        if not below:
            return None
        has_to_be = has_to_be and name in schema.get("required", ())
        schema, at = below[0], join(["properties", name], at)
    own = None
    if word == "model":
        named = schema.get("enum", ())
        own = named[0] if len(named) == 1 else spec.model.name
    return Slot(word=word, pointer=pointer, at=at, schema=schema, has_to_be=has_to_be, own_value=own)
