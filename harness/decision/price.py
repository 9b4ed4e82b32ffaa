"""What a second of video costs by a stated price: the user's own of `harness.yaml`, else a documented one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.decision.model import Evidence, Fit
from harness.ranking.rank import Figure
from harness.spec.model import Spec
from harness.spec.node import Mark
from harness.spec.pointer import resolve
from harness.use.bill import Cost, cost_of, price_of, seconds_of
from harness.use.model import Sent, Usage, Use

__all__ = ["stated_price"]

_MARK = Mark(file="", line=0, column=0)


def stated_price(
    spec: Spec, use: Use | None, fits: Sequence[Fit], *, source: str, where: str
) -> Evidence | None:
    """The price of the wishes at one seller, by the second; None where none is stated in US dollars.

    It is a price and no bill: failed jobs are not in it. Its range are the wishes.
    """
    usage = use.models.get(spec.id) if use is not None else None
    usage = usage or Usage(model=spec.id, reference=spec.ref, mark=_MARK)
    costs = dict(_by_wish(spec, usage, fits))
    if not costs:
        return None
    own = bool(usage.prices) and use is not None
    low, high = min(costs.values()), max(costs.values())
    mean = sum(costs.values()) / len(costs)
    return Evidence(
        criterion="price",
        figure=Figure(
            value=min(max(mean, low), high),  # a sum is rounded
            low=low,
            high=high,
            basis="declared" if own else "documented",
            source=source,
        ),
        counts=costs,
        why=f"by the price in {use.file if own and use else 'its documents'}; no job was billed yet",
        where=(where,),
    )


def _by_wish(spec: Spec, usage: Usage, fits: Sequence[Fit]) -> Iterator[tuple[str, float]]:
    for fit in fits:
        length_s = seconds_of(resolve(fit.body, spec.mapping.get("duration_s", "/")))
        cost = _cost(spec, usage, fit)
        if cost is not None and cost.currency == "USD" and length_s:
            yield fit.wish, cost.amount / length_s


def _cost(spec: Spec, usage: Usage, fit: Fit) -> Cost | None:
    if not usage.prices and not price_of(spec):
        return None
    sent = Sent(name=fit.wish, operation="submit", body=fit.body, per_month=None, mark=usage.mark)
    return cost_of(sent, usage, spec, {})
