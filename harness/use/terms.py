"""Changes of the terms, and differences between sellers, judged by what the user uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.compare.values import form, shown
from harness.finding import Finding, Severity
from harness.spec.model import Spec, State
from harness.use.bill import Cost, cost_of, money
from harness.use.case import Case, Weighed, joined, leaves_out
from harness.use.model import PriceLine, Sent, Use

__all__ = ["WEIGHERS", "weigh_discrepancy"]


def _price(case: Case) -> Weighed | None:
    """What another price makes of the bill of the requests that are sent."""
    before, after = _line(case.finding.expected), _line(case.finding.observed)
    if before is None or after is None or case.sent is None:
        return None
    if not case.sent:
        return Weighed(severity=Severity.INFO, words="you send no request to this model")
    told = [words for sent in case.sent[:3] for words in _costs(case, sent, before, after)]
    if not told:
        return None
    return Weighed(severity=case.finding.severity, words=f"the bill: {'; '.join(told)}")


def _line(price: Any) -> tuple[PriceLine, ...] | None:
    if not isinstance(price, Mapping) or price.get("amount") is None or price.get("currency") is None:
        return None
    unit, amount = str(price.get("unit") or "video"), float(price["amount"])
    return (PriceLine(currency=str(price["currency"]), unit=unit, amount=amount, when={}),)


def _costs(
    case: Case, sent: Sent, before: tuple[PriceLine, ...], after: tuple[PriceLine, ...]
) -> Iterator[str]:
    old, new = (cost_of(sent, case.usage, case.spec, {}, lines) for lines in (before, after))
    if old is not None and new is not None and old.currency == new.currency:
        month = _month(sent, old, new)
        yield (
            f"{sent.name} costs {money(new.amount)} {new.currency} a video instead of "
            f"{money(old.amount)}{month}"
        )


def _month(sent: Sent, old: Cost, new: Cost) -> str:
    if sent.per_month is None:
        return ""
    total = (new.amount - old.amount) * sent.per_month
    return f", {'+' if total >= 0 else '-'}{money(abs(total))} {new.currency} a month"


WEIGHERS: Mapping[str, Callable[[Case], Weighed | None]] = {"diff.price": _price}
"""The judges of changes of the terms, by rule."""


# ---- differences between sellers


def weigh_discrepancy(finding: Finding, use: Use, spec_of: Callable[[str], Spec | None]) -> Weighed | None:
    """What a difference between sellers is to whoever uses some of them."""
    values: Mapping[str, Any] = finding.observed if isinstance(finding.observed, Mapping) else {}
    used = {ref: value for ref, value in values.items() if ref.partition("@")[0] in use.models}
    if not used:
        return Weighed(severity=Severity.INFO, words="you use none of these sellers")
    if len(used) == 1:
        words = f"you use {next(iter(used))} alone; it matters when you switch"
        return Weighed(severity=Severity.INFO, words=words)
    if len({form(value, facet=finding.facet or "") for value in used.values()}) == 1:
        return Weighed(severity=Severity.INFO, words=f"{joined(list(used))}, which you use, say the same")
    if finding.facet == "default" and all(_is_pinned(finding, ref, use, spec_of) for ref in used):
        word = finding.field.split("/")[1]
        return Weighed(severity=Severity.INFO, words=f"all requests that you send set {word}")
    told = [f"{ref} ({_told(value)})" for ref, value in used.items()]
    return Weighed(severity=finding.severity, words=f"you use {joined(told)}")


def _told(value: Any) -> str:
    return str(value) if value in (State.UNDOCUMENTED.value, State.ABSENT.value) else shown(value)


def _is_pinned(finding: Finding, ref: str, use: Use, spec_of: Callable[[str], Spec | None]) -> bool:
    usage, spec = use.models[ref.partition("@")[0]], spec_of(ref)
    pointer = spec.mapping.get(finding.field.split("/")[1]) if spec is not None else None
    if pointer is None or not usage.requests:
        return False
    return not any(leaves_out(sent.body, pointer) for sent in usage.requests)
