"""Each pair of providers of one model beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from harness.bench.pool import Block, Pool, Seller, time_of
from harness.bench.terms import Terms
from harness.bench.unequal import mismatches_of_pair
from harness.bench.verdict import decide
from harness.measurement.job import Design, JobOutcome, Mismatch
from harness.measurement.summary import Comparison, ComparisonVerdict
from harness.spec.model import Spec
from harness.stats.compare import Pair, PairedRatio, compare_pairs, holm
from harness.stats.sequential import Look

__all__ = ["comparable", "comparisons"]

UNIT = {Design.NIGHTLY: "night", Design.SITTING: "block"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """Two sellers with all that the test needs. `look` is None before the first one."""

    first: Seller
    second: Seller
    look: Look | None
    looks: int
    begun: int  # units in which a job of each was sent
    wanted: int  # units of the next look
    pairs: tuple[Pair, ...]
    left_out: int
    found: PairedRatio | None


def comparable(
    sellers: Sequence[Seller], specs: Mapping[str, Spec]
) -> tuple[tuple[tuple[Seller, Seller], ...], tuple[str, ...]]:
    """The pairs that may be compared, and notes on those that may not.

    Only models of one family, version, tier and task are; a blocking request only with a blocking one.
    """
    pairs: list[tuple[Seller, Seller]] = []
    notes: list[str] = []
    for first, second in combinations(sellers, 2):
        if first.model == second.model:
            continue
        why = _why_not(first, second, specs)
        if why is None:
            pairs.append((first, second))
        else:
            notes.append(f"{first.model} and {second.model} are not compared: {why}")
    return tuple(pairs), tuple(dict.fromkeys(notes))


def _why_not(first: Seller, second: Seller, specs: Mapping[str, Spec]) -> str | None:
    unknown = [seller.model for seller in (first, second) if seller.model not in specs]
    if unknown:
        return f"there is no spec of {unknown[0]}, and so no word of its version"
    one, other = (specs[seller.model].model for seller in (first, second))
    if one.group != other.group:
        return f"{one.group} is not {other.group}"
    if (first.mode == "blocking") != (second.mode == "blocking"):
        return f"{first.mode} and {second.mode} are different operations"
    return None


def comparisons(
    pool: Pool,
    pairs: Sequence[tuple[Seller, Seller]],
    terms: Terms,
    mismatches: tuple[Sequence[Mismatch], Sequence[Mismatch]],
) -> tuple[Comparison, ...]:
    """Every pair with its verdict; `mismatches` are what the plan declares, and what was seen."""
    measured = [_measure(pool, first, second, terms) for first, second in pairs]
    tested = [one.found.p_value for one in measured if one.found is not None]
    adjusted = iter(holm(tested))
    return tuple(
        _comparison(
            one,
            None if one.found is None else next(adjusted),
            pool.design,
            terms,
            mismatches_of_pair(*mismatches, one.first.model, one.second.model),
        )
        for one in measured
    )


def _measure(pool: Pool, first: Seller, second: Seller, terms: Terms) -> _Measured:
    """The pairs of the units that the look takes: those of later units are not looked at."""
    blocks = [block for block in pool.blocks if _is_begun(block, first) and _is_begun(block, second)]
    units = list(dict.fromkeys(_unit(pool, block) for block in blocks))
    plan = _scaled(pool, terms).looks(max(len(units), 1))
    look = plan.at(len(units))
    taken = frozenset(units if look is None else units[: look.units])
    pairs = [
        Pair(first=one, second=other, unit=_unit(pool, block))
        for block in blocks
        if _unit(pool, block) in taken
        and (one := time_of(block.jobs[first])) is not None
        and (other := time_of(block.jobs[second])) is not None
    ]
    level = (look or plan.looks[0]).level
    return _Measured(
        first=first,
        second=second,
        look=look,
        looks=len(plan.looks),
        begun=len(units),
        wanted=next((other.units for other in plan.looks if other.units > len(units)), plan.looks[-1].units),
        pairs=tuple(pairs),
        left_out=sum(_unit(pool, block) in taken for block in blocks) - len(pairs),
        found=compare_pairs(pairs, level=level) if pairs else None,
    )


def _scaled(pool: Pool, terms: Terms) -> Terms:
    """The terms of all machines together: each of them sits through its own blocks, but nights are shared."""
    machines = len({record.machine for record in pool.records})
    if pool.design is Design.NIGHTLY or terms.units is None or machines == 1:
        return terms
    return Terms(
        equivalence_margin=terms.equivalence_margin,
        estimate_margin=terms.estimate_margin,
        units=terms.units * machines,
        first_look=None if terms.first_look is None else terms.first_look * machines,
        spending=terms.spending,
        alpha=terms.alpha,
    )


def _is_begun(block: Block, seller: Seller) -> bool:
    job = block.jobs.get(seller)
    return job is not None and job.outcome is not JobOutcome.UNSENT


def _unit(pool: Pool, block: Block) -> str:
    return block.night if pool.design is Design.NIGHTLY else f"{block.run}#{block.number}"


def _comparison(
    one: _Measured,
    p_adjusted: float | None,
    design: Design,
    terms: Terms,
    mismatches: tuple[Mismatch, ...],
) -> Comparison:
    found = one.found
    verdict, reason = _verdict(one, p_adjusted, design, terms)
    nights = {pair.unit for pair in one.pairs} if design is Design.NIGHTLY else set()
    return Comparison(
        first=one.first.model,
        second=one.second.model,
        design=design,
        ratio=found.ratio if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        p_value=found.p_value if found else None,
        p_adjusted=p_adjusted,
        equivalence_margin=terms.equivalence_margin,
        pairs=len(one.pairs),
        days=len(nights) if design is Design.NIGHTLY else min(1, len(one.pairs)),
        look=one.look.number if one.look else 0,
        looks=one.looks,
        verdict=verdict,
        reason=reason,
        mismatches=mismatches,
        level=found.level if found else terms.alpha,
        median_ratio=found.median_ratio if found else None,
        unit=UNIT[design],
        units=found.units if found else 0,
        left_out=one.left_out,
    )


def _verdict(
    one: _Measured, p_adjusted: float | None, design: Design, terms: Terms
) -> tuple[ComparisonVerdict, str]:
    if one.found is None or p_adjusted is None:
        return ComparisonVerdict.INSUFFICIENT, "no block has a time of both"
    if one.look is None:
        unit = UNIT[design]
        return (
            ComparisonVerdict.INSUFFICIENT,
            f"{one.begun} of {one.wanted} {unit}s: the plan declares no earlier look",
        )
    return decide(one.found, p_adjusted, margin=terms.equivalence_margin, design=design)
