"""What measured jobs allow to say: of each provider, and of each pair of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from harness.bench.comparing import comparable, comparisons
from harness.bench.pool import Pool, Seller, join_runs, pools_of, time_of
from harness.bench.providers import provider_summary
from harness.bench.terms import Terms, reading_of, terms_of
from harness.bench.unequal import unequal
from harness.measurement.job import BenchRecord, JobOutcome, Mismatch
from harness.measurement.summary import BenchSummary, Comparison
from harness.spec.model import Spec
from harness.stats.bootstrap import RESAMPLES

__all__ = ["conclude", "conclude_joined"]


def conclude(
    records: Sequence[BenchRecord], specs: Mapping[str, Spec], *, resamples: int = RESAMPLES
) -> tuple[BenchSummary, ...]:
    """One summary for each plan and provenance among the runs.

    `specs` holds the spec of each model by its ref. The terms of a comparison are those that the plan
    declares (see `terms_of`). Raises OperatorError for a plan whose terms cannot be read.
    """
    return tuple(_summary(pool, specs, resamples) for pool in pools_of(records))


def conclude_joined(
    records: Sequence[BenchRecord], specs: Mapping[str, Spec], *, resamples: int = RESAMPLES
) -> BenchSummary:
    """One summary of all the runs.

    Raises OperatorError where they cannot be one: none at all, simulated beside live, different plans, the
    same job in two runs.
    """
    return _summary(join_runs(records), specs, resamples)


def _summary(pool: Pool, specs: Mapping[str, Spec], resamples: int) -> BenchSummary:
    newest, seed = pool.records[-1], pool.records[0].seed
    terms = terms_of(newest.plan, pool.design)
    sellers = pool.sellers()
    pairs, notes = comparable(sellers, specs)
    declared, seen = _mismatches(pool, specs)
    compared = comparisons(pool, pairs, terms, (declared, seen))
    return BenchSummary(
        runs=tuple(record.id for record in pool.records),
        provenance=pool.provenance,
        design=pool.design,
        started_at=min(record.created_at for record in pool.records),
        ended_at=_ended_at(pool),
        cap_s=max(record.cap_s for record in pool.records),
        providers=tuple(
            provider_summary(
                pool,
                seller,
                specs.get(seller.model),
                margin=terms.estimate_margin,
                seed=seed,
                resamples=resamples,
            )
            for seller in sellers
        ),
        comparisons=compared,
        mismatches=_all_mismatches(declared, compared),
        notes=(*notes, *_notes(pool, sellers, terms)),
    )


def _ended_at(pool: Pool) -> datetime | None:
    """When the last run ended; None while one was cut short."""
    ends = [record.finished_at for record in pool.records]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _mismatches(pool: Pool, specs: Mapping[str, Spec]) -> tuple[tuple[Mismatch, ...], tuple[Mismatch, ...]]:
    """What any of the runs declares, and what the requests of any of them show."""
    declared: list[Mismatch] = []
    seen: list[Mismatch] = []
    for record in pool.records:
        declared += [mismatch for mismatch in record.mismatches if mismatch not in declared]
        found = unequal(record.requests, specs, reading_of(record.plan))
        seen += [mismatch for mismatch in found if mismatch not in seen]
    return tuple(declared), tuple(seen)


def _all_mismatches(declared: Sequence[Mismatch], compared: Sequence[Comparison]) -> tuple[Mismatch, ...]:
    found = list(declared)
    for comparison in compared:
        found += [mismatch for mismatch in comparison.mismatches if mismatch not in found]
    return tuple(found)


def _notes(pool: Pool, sellers: Sequence[Seller], terms: Terms) -> Iterator[str]:
    cut = [record.id for record in pool.records if record.finished_at is None]
    if cut:
        yield f"cut short: {', '.join(cut)}"
    yield from _changed_requests(pool)
    if len({record.region for record in pool.records}) > 1:
        named = sorted({record.region or "unnamed" for record in pool.records})
        yield f"several regions are joined: {', '.join(named)}"
    if len({record.cap_s for record in pool.records}) > 1:
        yield "the runs gave up jobs at different times"
    if terms.units is None and len(sellers) > 1:
        yield "the plan declares no number of blocks: the verdicts hold for one look, not the best of many"
    for seller in sellers:
        untimed = sum(
            job.outcome is JobOutcome.SUCCEEDED and time_of(job) is None for job, _ in pool.jobs(seller)
        )
        if untimed:
            yield f"{seller.model}: {untimed} delivered jobs have no time and are left out of it"


def _changed_requests(pool: Pool) -> Iterator[str]:
    """A request that is not the same in all runs: their times are pooled, and it is said."""
    sent: dict[str, list[Any]] = {}
    for record in pool.records:
        for model, body in record.requests.items():
            known = sent.setdefault(model, [])
            if body not in known:
                known.append(body)
    for model, bodies in sent.items():
        if len(bodies) > 1:
            yield f"{model}: {len(bodies)} different requests were sent in these runs"
