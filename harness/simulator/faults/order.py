"""Faults as they are ordered (`NAME[.OPERATION][:MODEL][@RATE]`), and when each of them strikes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from harness.errors import OperatorError
from harness.simulator.chance import drawn_for
from harness.simulator.faults.fault import Fault
from harness.simulator.faults.table import FAULTS
from harness.spec.model import Spec

__all__ = ["FaultOrder", "FaultPlan", "parse_order"]

F = TypeVar("F", bound=Fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOrder:
    """A fault that was asked for. `model` is an id (None: all); `rate` replaces the row's own choice of
    requests by a share of them, or for faults that strike no requests, of the jobs (None: the row's choice).
    `nth` is the row's, but for an operation that the order names itself: there the first request is struck.
    """

    fault: Fault
    operations: tuple[str, ...]
    model: str | None = None
    rate: float | None = None
    nth: tuple[int, ...] | None = None

    def impossible(self, spec: Spec) -> str | None:
        """Why a model cannot show the fault, or None."""
        known = {*spec.operations, "output"}
        if self.operations and not known & set(self.operations):
            return f"it has no operation {' or '.join(self.operations)}"
        return self.fault.needs(spec)


def parse_order(text: str, specs: Sequence[Spec]) -> FaultOrder:
    """An order as the command line has it. `MODEL` is any unambiguous part of an id that is served.

    Raises OperatorError for a name, operation, model or rate that is not known.
    """
    rest, rate = _rate(text)
    name_and_operation, _, model = rest.partition(":")
    name, dot, operation = name_and_operation.partition(".")
    rows = {row.name: row for row in FAULTS}
    if name not in rows:
        near = difflib.get_close_matches(name, rows, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; see harness simulate --list-faults"
        raise OperatorError(f"--fault {text}: no fault {name!r}{hint}")
    fault = rows[name]
    operations, nth = fault.operations, fault.nth
    if dot:
        if not fault.reach:
            raise OperatorError(f"--fault {text}: {name} does not strike an operation")
        if operation not in fault.reach:
            reach = ", ".join(fault.reach)
            raise OperatorError(f"--fault {text}: {name} strikes {reach}; got {operation!r}")
        operations, nth = (operation,), None if nth is None else (1,)
    return FaultOrder(
        fault=fault,
        operations=operations,
        model=_model(text, model, specs) if model else None,
        rate=rate,
        nth=nth,
    )


def _rate(text: str) -> tuple[str, float | None]:
    """What follows the last `@`, where it is a number; a date belongs to the model."""
    rest, at_sign, last = text.rpartition("@")
    if not at_sign:
        return text, None
    try:
        rate = float(last)
    except ValueError:
        return text, None
    if not 0.0 <= rate <= 1.0:
        raise OperatorError(f"--fault {text}: expected a rate from 0 to 1, got {last}")
    return rest, rate


def _model(text: str, part: str, specs: Sequence[Spec]) -> str:
    name = part.partition("@")[0]
    found = sorted({spec.id for spec in specs if spec.id == name} or {s.id for s in specs if name in s.id})
    if len(found) == 1:
        return found[0]
    served = ", ".join(found or [spec.id for spec in specs])
    what = "is ambiguous" if found else "is not served"
    raise OperatorError(f"--fault {text}: model {part!r} {what}: {served}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """Which faults strike where. The same seed strikes the same requests, whatever their order in time."""

    orders: tuple[FaultOrder, ...] = ()
    seed: int = 0

    def striking(
        self, kind: type[F], spec: Spec, *, operation: str = "", nth: int = 1, subject: str = ""
    ) -> list[F]:
        """The faults of a kind that strike a request (the nth of its operation and subject), or a job."""
        return [
            order.fault
            for order in self.orders
            if isinstance(order.fault, kind) and self._strikes(order, spec, operation, nth, subject)
        ]

    def _strikes(self, order: FaultOrder, spec: Spec, operation: str, nth: int, subject: str) -> bool:
        if order.model not in (None, spec.id) or (order.operations and operation not in order.operations):
            return False
        if order.fault.needs(spec) is not None:
            return False
        if order.rate is None:
            return order.nth is None or nth in order.nth
        place = (order.fault.name, spec.id, operation, subject, nth)
        return drawn_for(self.seed, *place).random() < order.rate

    def notes(self, specs: Iterable[Spec]) -> list[str]:
        """What was asked for and cannot be: one line for each fault and model."""
        served = list(specs)
        return [
            f"fault {order.fault.name} cannot strike {spec.id}: {why}"
            for order in self.orders
            for spec in served
            if order.model in (None, spec.id) and (why := order.impossible(spec)) is not None
        ]
