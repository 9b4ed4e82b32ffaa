"""What a request costs the user, before and after a value of it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.compare.values import form, shown
from harness.finding import Impact
from harness.spec.model import Spec
from harness.spec.pointer import MISSING, resolve, split
from harness.use.case import Case
from harness.use.model import PriceLine, Sent, Usage

__all__ = ["Cost", "bill_words", "cost_of", "money", "price_of", "seconds_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The price of one request: `amount` of `currency`, by which line."""

    amount: float
    currency: str
    line: PriceLine


def money(amount: float) -> str:
    """`0.35`, `1,250.00`, `0.0725`: two decimals at least, as many as a price needs."""
    text = f"{amount:,.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def price_of(spec: Spec | None) -> tuple[PriceLine, ...]:
    """The documented price as a line; none where no amount is documented."""
    stated = spec.price.value if spec is not None else None
    if stated is None or stated.amount is None or stated.currency is None:
        return ()
    unit = stated.unit or "video"
    return (PriceLine(currency=stated.currency, unit=unit, amount=stated.amount, when={}),)


def _default(spec: Spec | None, operation: str, pointer: str) -> Any:
    """The documented default of a body's field."""
    request = spec.operations[operation].request if spec and operation in spec.operations else None
    schema: Any = request.schema if request is not None else {}
    for part in split(pointer):
        schema = schema.get("properties", {}).get(part, {})
    return schema.get("default", MISSING)


def _value(sent: Sent, spec: Spec | None, pointer: str, given: Mapping[str, Any]) -> Any:
    """What holds for a field: what is sent, else what is given for the case, else the documented default."""
    found = resolve(sent.body, pointer)
    if found is not MISSING and found is not None:
        return found
    return given[pointer] if pointer in given else _default(spec, sent.operation, pointer)


def seconds_of(value: Any) -> float | None:
    """A duration in seconds: 5, 5.0 or "5"."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def cost_of(
    sent: Sent, usage: Usage, spec: Spec | None, given: Mapping[str, Any], lines: Sequence[PriceLine] = ()
) -> Cost | None:
    """What one request costs where `given` are the defaults in force; None where it cannot be said.

    The user's own prices go before the documented one; `lines` replaces both.
    """
    candidates = tuple(lines) or usage.prices or price_of(spec)
    line = next((line for line in candidates if _holds(line, sent, spec, given)), None)
    if line is None:
        return None
    mapping = spec.mapping if spec is not None else {}
    amount = line.amount
    if line.unit == "second":
        pointer = mapping.get("duration_s")
        length_s = None if pointer is None else seconds_of(_value(sent, spec, pointer, given))
        if length_s is None:
            return None
        amount *= length_s
    if "count" in mapping:
        number = seconds_of(_value(sent, spec, mapping["count"], given))
        amount *= 1 if number is None else number
    return Cost(amount=amount, currency=line.currency, line=line)


def _holds(line: PriceLine, sent: Sent, spec: Spec | None, given: Mapping[str, Any]) -> bool:
    values = ((wanted, _value(sent, spec, pointer, given)) for pointer, wanted in line.when.items())
    return all(found is not MISSING and form(found) == form(wanted) for wanted, found in values)


def bill_words(case: Case, relying: Sequence[Sent], before: Any, after: Any) -> str | None:
    """What another default does to the bill of these requests; None where it has no say in the bill."""
    if Impact.BILL not in case.finding.impact:
        return None
    known = [
        (sent, old, new)
        for sent in relying
        for old in [cost_of(sent, case.usage, case.spec, _given(case.field, before))]
        for new in [cost_of(sent, case.usage, case.spec, _given(case.field, after))]
        if old is not None and new is not None and old.currency == new.currency
    ]
    if before is None or after is None or not known:
        return _without_figures(case, before, after)
    told = "; ".join(_figures(case, sent, old, new, before, after) for sent, old, new in known[:3])
    return f"the bill: {told}{_month(known)}"


def _given(field: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {field: value}


def _without_figures(case: Case, before: Any, after: Any) -> str:
    missing = "what it does to the bill cannot be said in figures"
    lengths = seconds_of(before), seconds_of(after)
    why = "" if case.usage.prices or price_of(case.spec) else ": harness.yaml has no price of this model"
    if case.word == "duration_s" and lengths[0] and lengths[1]:
        times = f"{lengths[1] / lengths[0]:g} times"
        return f"the bill: where seconds are billed, {times} what it was; {missing}{why}"
    return f"{missing}{why}"


def _figures(case: Case, sent: Sent, old: Cost, new: Cost, before: Any, after: Any) -> str:
    how = ""
    if case.word == "duration_s" and old.line.unit == "second":
        how = (
            f" ({money(old.line.amount)} {old.currency} a second, "
            f"{_plain(before)} s becomes {_plain(after)} s)"
        )
    if old.amount == new.amount:
        return f"{sent.name} costs {money(old.amount)} {old.currency} a video as before{how}"
    share = f", {(new.amount - old.amount) / old.amount:+.0%}" if old.amount else ""
    instead = f"{money(new.amount)} {new.currency} a video instead of {money(old.amount)}"
    return f"{sent.name} costs {instead}{share}{how}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else shown(value)


def _month(known: Sequence[tuple[Sent, Cost, Cost]]) -> str:
    """What it comes to in a month, where it is said how many are sent."""
    sums = dict(_sums(known))
    told = [f"{'+' if total >= 0 else '-'}{money(abs(total))} {currency}" for currency, total in sums.items()]
    return f"; a month: {', '.join(told)}" if told else ""


def _sums(known: Sequence[tuple[Sent, Cost, Cost]]) -> Iterator[tuple[str, float]]:
    for currency in dict.fromkeys(old.currency for _, old, _ in known):
        parts = [
            (new.amount - old.amount) * sent.per_month
            for sent, old, new in known
            if sent.per_month is not None and old.currency == currency
        ]
        if parts:
            yield currency, sum(parts)
