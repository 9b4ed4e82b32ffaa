"""One finding beside what the user does with the model that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.finding import Direction, Finding, Severity, wildcard
from harness.spec.model import Spec
from harness.spec.pointer import matches
from harness.use.model import Sent, Usage

__all__ = ["Case", "Weighed", "counted", "joined", "leaves_out", "names_of"]

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a finding is to the user: its severity, and in words what it does to them."""

    severity: Severity
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding and the usage of its model. `spec` is None where the model's spec is not at hand."""

    finding: Finding
    usage: Usage
    spec: Spec | None

    @property
    def field(self) -> str:
        """The field that the finding is about."""
        return self.finding.field

    @property
    def is_in_body(self) -> bool:
        """Whether the field is one of a body: a path or query parameter is in no request that is listed."""
        return not self.field.startswith("{")

    @property
    def sent(self) -> tuple[Sent, ...] | None:
        """The requests sent to the operation; None where it is not said what is sent."""
        if self.usage.requests is None:
            return None
        operation = self.finding.operation
        return tuple(s for s in self.usage.requests if operation is None or s.operation == operation)

    @property
    def word(self) -> str | None:
        """The canonical word of the field, where the spec has one."""
        mapping = self.spec.mapping if self.spec is not None else {}
        return next((word for word, pointer in mapping.items() if pointer == self.field), None)

    @property
    def calls(self) -> frozenset[str] | None:
        """The operations that are called; None where that is not said."""
        if self.usage.requests is None or self.usage.reads is None:
            return None
        return frozenset(sent.operation for sent in self.usage.requests) | frozenset(self.usage.reads)

    @property
    def places(self) -> tuple[str, ...]:
        """Where the user would read the field."""
        match self.finding.direction:
            case Direction.WEBHOOK:
                return ("webhook",)
            case Direction.EVENT:
                return ("events",)
            case _:
                operation = self.finding.operation
                return ("errors",) if operation is None else (operation, "errors")

    def read_of(self, fields: Iterable[str]) -> tuple[str, ...] | None:
        """The pointers that are read at, above or below one of these fields; None where it is not said."""
        if self.usage.reads is None:
            return None
        read = [p for place in self.places for p in self.usage.reads.get(place, ())]
        wanted = tuple(fields)
        return tuple(dict.fromkeys(p for p in read if any(_touch(wildcard(p), f) for f in wanted)))

    def relying(self) -> tuple[Sent, ...]:
        """Those of the requests sent that leave the field out of what is around it."""
        return tuple(sent for sent in self.sent or () if leaves_out(sent.body, self.field))

    def sending(self) -> tuple[Sent, ...]:
        """Those of the requests sent that have the field."""
        return tuple(sent for sent in self.sent or () if any(True for _ in matches(sent.body, self.field)))


def _touch(read: str, field: str) -> bool:
    field = wildcard(field)
    return read == field or read.startswith(f"{field}/") or field.startswith(f"{read}/")


def leaves_out(body: object, field: str) -> bool:
    """Whether a default of the field would hold in a body: null counts as left out."""
    parent, _, _ = field.rpartition("/")
    around = sum(1 for _ in matches(body, parent)) if parent else 1
    return sum(1 for _, value in matches(body, field) if value is not None) < around


def names_of(sent: Sequence[Sent]) -> str:
    """The names of requests, the first few of them."""
    names = [one.name for one in sent[:_MOST_NAMES]]
    more = len(sent) - len(names)
    return joined([*names, f"{more} more"] if more else names)


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def counted(number: int, noun: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"
