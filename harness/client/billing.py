"""What one request may cost at worst, before it is sent.

The price is the documented one, else the operator's own; it is never invented. A request counts as one job,
times every parameter that is documented to multiply the bill.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from harness.errors import BudgetError, OperatorError
from harness.spec.model import Spec
from harness.spec.pointer import MISSING, join, resolve, split

__all__ = ["Prices", "UserPrice", "WorstCase", "microusd", "worst_case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPrice:
    """What the operator says that a model costs, in US dollars for each video or each second of it."""

    unit: Literal["video", "second"]
    amount_usd: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.amount_usd) or self.amount_usd < 0:
            raise OperatorError(f"a price of {self.amount_usd} US dollars: expected 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The operator's prices, by model id or `ID@DATE`."""

    by_model: Mapping[str, UserPrice] = field(default_factory=dict)

    def of(self, spec: Spec) -> UserPrice | None:
        """The price of a spec's model: the documented one, else the operator's; None where there is neither.

        A documented price in another currency is none here: no rate of exchange is invented.
        """
        stated = spec.price.value
        if stated is not None and stated.currency == "USD" and stated.amount is not None:
            return UserPrice(unit="second" if stated.unit == "second" else "video", amount_usd=stated.amount)
        return self.by_model.get(spec.ref) or self.by_model.get(spec.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstCase:
    """Jobs, and their cost in millionths of a US dollar (None: no price is known)."""

    jobs: int
    cost_microusd: int | None


def microusd(amount_usd: float, times: float = 1) -> int:
    """So many times an amount in millionths of a US dollar, rounded up: sums of them are exact."""
    return math.ceil(Decimal(str(amount_usd)) * Decimal(str(times)) * 1_000_000)


def worst_case(
    spec: Spec, body: Mapping[str, Any] | bytes, prices: Prices, *, allow_redirected_bill: bool = False
) -> WorstCase:
    """The most that a request can make and cost.

    Raises BudgetError for a multiplier that is no positive integer, and for a parameter that sends the bill
    to another account, unless that is allowed.
    """
    value = _parsed(body)
    jobs = 1
    for pointer, kind, schema in _billing_parameters(spec):
        given = resolve(value, pointer)
        if kind == "redirects":
            if given not in (MISSING, None) and not allow_redirected_bill:
                raise BudgetError(f"{spec.ref}: {pointer} sends the bill to another account; allow it first")
        else:
            jobs *= _factor(spec, pointer, given, schema)
    price = prices.of(spec)
    if price is None:
        return WorstCase(jobs=jobs, cost_microusd=None)
    if price.unit == "video":
        return WorstCase(jobs=jobs, cost_microusd=jobs * microusd(price.amount_usd))
    seconds = _longest_s(spec, value)
    cost = None if seconds is None else jobs * microusd(price.amount_usd, seconds)
    return WorstCase(jobs=jobs, cost_microusd=cost)


def _parsed(body: Mapping[str, Any] | bytes) -> Any:
    """The body as a value; of what is no JSON, nothing can be read, by the provider neither."""
    if not isinstance(body, bytes):
        return body
    try:
        return json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BudgetError(f"the body has {twice!r} twice: nobody can say which one is billed")
    return found


def _billing_parameters(spec: Spec) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(pointer, what it does to the bill, its schema), each once.

    Those of every operation count for each: nothing says that a call ignores what another one documents.
    """
    seen: set[str] = set()
    for operation in spec.operations.values():
        if operation.request is not None:
            for pointer, schema in _marked(operation.request.schema, ""):
                if pointer not in seen:
                    seen.add(pointer)
                    yield pointer, schema["x-billing"], schema


def _marked(schema: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "x-billing" in schema:
        yield pointer, schema
    for name, below in schema.get("properties", {}).items():
        yield from _marked(below, join([name], pointer))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            yield from _marked(branch, pointer)


def _factor(spec: Spec, pointer: str, given: Any, schema: Mapping[str, Any]) -> int:
    """By how much a multiplier multiplies; left out, its documented default, else its maximum."""
    value = given
    if given is MISSING:
        value = schema.get("default", schema.get("maximum", MISSING))
        if value is MISSING:
            raise BudgetError(f"{spec.ref}: {pointer} multiplies the bill and has no known default: state it")
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        shown = json.dumps(value, default=str)[:60]
        raise BudgetError(
            f"{spec.ref}: {pointer} multiplies the bill: expected a positive integer, got {shown}"
        )
    return value


def _longest_s(spec: Spec, body: Any) -> float | None:
    """The longest video that a request can stand for, in seconds; None where the documents do not tell."""
    pointer = spec.mapping.get("duration_s")
    request = spec.operations["submit"].request
    if pointer is None or request is None:
        return None
    schema: Mapping[str, Any] = request.schema
    for part in split(pointer):
        schema = schema.get("properties", {}).get(part, {})
    given, documented = resolve(body, pointer), [_seconds(value) for value in schema.get("enum", ())]
    if given in schema.get("enum", ()):
        return _seconds(given)
    if given is MISSING and "default" in schema:
        return _seconds(schema["default"])
    known = [value for value in (*documented, _seconds(schema.get("maximum")), _seconds(given)) if value]
    return max(known, default=None)  # a value that is not documented may be taken as any of these


def _seconds(value: Any) -> float | None:
    """`5` and `"5"` are five seconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and found > 0 else None
