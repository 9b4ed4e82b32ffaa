"""Which generated requests are sent, in which order, and which are not. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from harness.client.billing import Prices, WorstCase, worst_case
from harness.client.budget import Budget
from harness.client.journal import Spent
from harness.conform.valid import minimal_body, valid_requests
from harness.errors import BudgetError
from harness.finding import Skipped
from harness.generate.case import Case, Kind
from harness.generate.cases import every_fault
from harness.spec.model import Spec
from harness.spec.pointer import join, split

__all__ = ["MOST_CREATED", "MOST_VALID", "Plan", "Sending", "is_judged_at_submit", "plan_of"]

MOST_VALID = 10
"""How many valid requests are sent: each makes a job, and what is left of the bound may be made by others."""

MOST_CREATED = 12
"""After so many jobs nothing more is sent, unless requests were asked for that are judged in a job."""

_CHOICES = 2
"""How many requests are sent for one facet of one place; the first ones say most."""

_UNWRITABLE = "no strict JSON: tried in process alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One request to be sent. `is_late`: nothing says that it is judged before it has made a job.

    `worst` is what it may make and cost, whatever comes back.
    """

    case: Case
    is_late: bool
    worst: WorstCase

    @property
    def tier(self) -> str:
        """T3 makes a paid job; T2 may."""
        return "T3" if self.case.kind is Kind.VALID else "T2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sent, in order, and what is not. `most_created` is None where only the budget bounds jobs."""

    spec: Spec
    base: Mapping[str, Any]
    sendings: tuple[Sending, ...]
    skipped: tuple[Skipped, ...]
    most_created: int | None

    @property
    def worst_jobs(self) -> int:
        """How many jobs all of it may make: an invalid request counts as one that makes a job."""
        return sum(sending.worst.jobs for sending in self.sendings)

    def of_tier(self, tier: str) -> tuple[Sending, ...]:
        """The requests of one tier."""
        return tuple(sending for sending in self.sendings if sending.tier == tier)


def plan_of(
    spec: Spec, *, budget: Budget | None, send_negatives: bool, given: Mapping[str, Any] | None = None
) -> Plan:
    """What is sent under a budget (None: there is no bound, because nothing costs anything there).

    `given` is the operator's minimal request, where the documents do not tell of one. Raises BudgetError
    where not even the smallest valid request may be sent, and OperatorError where none can be made.
    """
    base = minimal_body(spec, given)
    skipped: list[Skipped] = []
    valid = [_sending(spec, case, budget, is_late=False) for case in _valid(spec, base, skipped)]
    invalid = [
        _sending(spec, case, budget, is_late=not is_judged_at_submit(spec, case.pointer or ""))
        for case in _invalid(spec, base, skipped, send_negatives=send_negatives)
    ]
    first, *rest = valid
    turns = (each for pair in zip_longest(invalid, rest) for each in pair if each is not None)
    chosen = _within(spec, (first, *turns), budget, skipped)
    return Plan(
        spec=spec,
        base=base,
        sendings=chosen,
        skipped=tuple(skipped),
        most_created=None if any(sending.is_late for sending in chosen) else MOST_CREATED,
    )


def _sending(spec: Spec, case: Case, budget: Budget | None, *, is_late: bool) -> Sending:
    prices = budget.prices if budget is not None else Prices()
    return Sending(case=case, is_late=is_late, worst=worst_case(spec, case.body, prices))


def _valid(spec: Spec, base: Mapping[str, Any], skipped: list[Skipped]) -> list[Case]:
    found = valid_requests(spec, base)
    if len(found) > MOST_VALID:
        why = f"at most {MOST_VALID} valid requests are sent: each makes a job"
        skipped.append(Skipped(what=f"{spec.ref}: {len(found) - MOST_VALID} valid combinations", why=why))
    return found[:MOST_VALID]


def _within(
    spec: Spec, sendings: Iterable[Sending], budget: Budget | None, skipped: list[Skipped]
) -> tuple[Sending, ...]:
    """Those that the budget covers if each of them is billed."""
    chosen: list[Sending] = []
    left: list[Sending] = []
    spent = Spent(jobs=0, cost_microusd=0, unpriced_jobs=0)
    for sending in sendings:
        refusal = None if budget is None else budget.refusal(sending.worst, spec.ref)(spent)
        if refusal is not None and not chosen:
            raise BudgetError(f"conform: {refusal}")
        if refusal is not None or left:
            left.append(sending)
            continue
        chosen.append(sending)
        spent = Spent(
            jobs=spent.jobs + sending.worst.jobs,
            cost_microusd=spent.cost_microusd + (sending.worst.cost_microusd or 0),
            unpriced_jobs=0,
        )
    for kind in Kind:
        count = sum(sending.case.kind is kind for sending in left)
        if count:
            why = "the budget does not cover them, each counted as a job"
            skipped.append(Skipped(what=f"{spec.ref}: {count} {kind.value} requests", why=why))
    return tuple(chosen)


# ---- invalid requests


def is_judged_at_submit(spec: Spec, pointer: str) -> bool:
    """Whether the documents say that the value at a pointer is judged before a job is made.

    The longest entry that covers the pointer counts, else `*`.
    """
    stated = spec.operations["submit"].validation
    if stated is None or stated.value is None:
        return False
    best, early = -1, False
    for entries, is_early in ((stated.value.at_submit, True), (stated.value.at_run, False)):
        for entry in entries:
            covers = entry in ("*", pointer) or pointer.startswith(f"{entry}/")
            length = 0 if entry == "*" else len(entry)
            if covers and length > best:
                best, early = length, is_early
    return early


def _invalid(
    spec: Spec, base: Mapping[str, Any], skipped: list[Skipped], *, send_negatives: bool
) -> list[Case]:
    """The invalid requests to be sent, the first of each fault before the second; the model's name last."""
    request = spec.operations["submit"].request
    turns: dict[tuple[str | None, str | None], int] = {}
    found: list[tuple[int, Case]] = []
    whys: dict[str, int] = {}
    for case in every_fault(request.schema, dict(base)) if request is not None else ():
        why = _reason_not_to(spec, case, send_negatives=send_negatives)
        if why is not None:
            whys[why] = whys.get(why, 0) + 1
            continue
        # Unknown names are one fault, whatever they are.
        key = (case.pointer if case.facet != "presence" else _parent(case.pointer), case.facet)
        turns[key] = turns.get(key, 0) + 1
        if turns[key] <= _CHOICES:
            found.append((turns[key] + 9 * (case.pointer == spec.mapping.get("model")), case))
    skipped += [Skipped(what=f"{spec.ref}: {count} invalid requests", why=why) for why, count in whys.items()]
    return [case for _, case in sorted(found, key=lambda pair: pair[0])]


def _parent(pointer: str | None) -> str:
    return join(split(pointer or "")[:-1])


def _reason_not_to(spec: Spec, case: Case, *, send_negatives: bool) -> str | None:
    """Why an invalid request is not sent; None where it is."""
    pointer = case.pointer or ""
    if not case.is_strict:
        return _UNWRITABLE
    if not isinstance(case.body, Mapping):
        return "no JSON object: tried in process alone"
    if any(pointer == billing or pointer.startswith(f"{billing}/") for billing in _billing(spec)):
        return "the parameter multiplies the bill, or sends it to another account"
    if send_negatives:
        return None
    if case.facet == "presence":
        return "no document says that an unknown property is refused; --send-negatives sends them"
    if is_judged_at_submit(spec, pointer):
        return None
    stated = spec.operations["submit"].validation
    if stated is None or stated.value is None:
        return "when it is judged is not documented, so it may become a paid job; --send-negatives sends them"
    return "it is documented as judged when the job runs, and so is a paid job; --send-negatives sends them"


def _billing(spec: Spec) -> Iterator[str]:
    request = spec.operations["submit"].request
    for name, schema in request.schema.get("properties", {}).items() if request is not None else ():
        if "x-billing" in schema:
            yield join([name])
