"""Figures that were measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.decision.measured import Place, conformance, measured_evidence, place_of, provenance_of
from harness.decision.model import Evidence
from harness.measurement.job import Provenance
from harness.measurement.summary import BenchSummary, ProviderSummary
from harness.ranking.rank import Figure
from harness.stats.rates import wilson
from tests.bench.measured import concluded
from tests.decision.made import NOVITA, OXEN, live_runs, run_record
from tests.report.bench_example import bench, latency, provider

SIMULATED = concluded(live_runs({NOVITA: 150, OXEN: 300}, provenance=Provenance.SIMULATED))
LIVE = concluded(live_runs({NOVITA: 150}, blocks=40))


def evidence(line: ProviderSummary, criterion: str) -> Evidence:
    return measured_evidence(Place(line=line, pointer="/p"), criterion, "/s")


def test_only_lines_of_the_provenance_asked_for_speak() -> None:
    """However many jobs of another there are."""
    found = place_of(NOVITA, [SIMULATED, LIVE], Provenance.LIVE)
    assert found is not None
    assert (found.line.provenance, found.pointer) == (Provenance.LIVE, "/decision/measured/1/providers/0")
    assert place_of(OXEN, [SIMULATED, LIVE], Provenance.LIVE) is None
    line = measured_evidence(place_of(OXEN, [SIMULATED, LIVE], Provenance.SIMULATED), "latency", "/s")
    assert line.figure is not None
    assert line.figure.basis == "simulated"


def test_where_anything_of_a_group_is_live_simulated_figures_do_not_speak() -> None:
    """Of any of its sellers: a job that was measured, or a message that was recorded."""
    novita, oxen = (next(m for m in run_record().models if m.id == model) for model in (NOVITA, OXEN))
    assert provenance_of([novita, oxen], [SIMULATED]) is Provenance.SIMULATED
    assert provenance_of([novita, oxen], [SIMULATED, LIVE]) is Provenance.LIVE
    assert provenance_of([oxen], [SIMULATED, LIVE]) is Provenance.SIMULATED
    recorded = replace(oxen, messages={"live": 1})
    assert provenance_of([novita, recorded], [SIMULATED]) is Provenance.LIVE


def test_a_way_that_is_needed_speaks_before_more_jobs() -> None:
    """A webhook's times are not a poller's."""
    polled, hooked = provider(NOVITA, 100, jobs=50), provider(NOVITA, 90, jobs=20, mode="webhook")
    summary = bench(providers=(polled, hooked))
    provenance = summary.provenance
    assert place_of(NOVITA, [summary], provenance) == Place(
        line=polled, pointer="/decision/measured/0/providers/0"
    )
    found = place_of(NOVITA, [summary], provenance, ["webhook"])
    assert found == Place(line=hooked, pointer="/decision/measured/0/providers/1")


def test_a_revision_is_its_model_and_nobody_elses() -> None:
    """Jobs of `ID@DATE` are jobs of `ID`."""
    summary: BenchSummary = bench(providers=(provider(f"{NOVITA}@2026-01-01", 100),))
    assert place_of(NOVITA, [summary], summary.provenance) is not None
    assert place_of(OXEN, [summary], summary.provenance) is None


@pytest.mark.parametrize("criterion", ["latency", "tail", "success", "availability", "price"])
def test_nothing_measured_is_unknown(criterion: str) -> None:
    """And never zero."""
    line = measured_evidence(None, criterion, "/s")
    assert (line.figure, line.why) == (None, "no job of it was measured")


@pytest.mark.parametrize(("criterion", "index"), [("latency", 0), ("tail", 1)])
def test_a_time_is_the_quantile_that_it_points_to(criterion: str, index: int) -> None:
    """Median and 90th percentile with their intervals."""
    line = evidence(LIVE.providers[0], criterion)
    total = next(i for i, one in enumerate(LIVE.providers[0].latencies) if one.phase.value == "total")
    quantile = LIVE.providers[0].latencies[total].quantiles[index]
    assert line.where == (f"/p/latencies/{total}/quantiles/{index}",)
    assert line.figure == Figure(
        value=quantile.value_s or 0,
        low=quantile.low_s or 0,
        high=quantile.high_s or 0,
        basis="live",
        source="/s",
    )
    assert line.counts == {"jobs": 40, "mode": "poll", "days": 20}


def test_what_censoring_hides_reaches_to_where_nothing_scores() -> None:
    """More than the cap is all that is known, so the range goes on to the worst."""
    quantile = replace(
        latency(100).quantiles[0], p=0.9, value_s=None, low_s=None, high_s=None, beyond_s=300.0
    )
    line = provider(NOVITA, 100, latencies=(latency(100, quantiles=(quantile,)),))
    found = evidence(line, "tail")
    assert found.figure is not None
    assert (found.figure.low, found.figure.value, found.figure.high) == (300, 300, 900)
    assert found.why.startswith("more than this: beyond it jobs were given up; ")


def test_too_few_jobs_have_no_percentile() -> None:
    """What is not there is unknown, with the reason."""
    line = provider(NOVITA, 100, latencies=(latency(100, quantiles=()),))
    found = evidence(line, "tail")
    assert (found.figure, found.why) == (None, "too few jobs were measured for it")


def test_a_price_that_nobody_knows_is_unknown() -> None:
    """The note says why."""
    found = evidence(
        provider(NOVITA, 100, cost_usd_per_delivered_s=None, cost_note="no price is known"), "price"
    )
    assert (found.figure, found.why) == (None, "no price is known")


def test_live_messages_alone_say_how_a_seller_keeps_to_its_documents() -> None:
    """A simulator made of the documents conforms to them."""
    record = next(model for model in run_record().models if model.id == NOVITA)
    assert record.messages["simulated"] > 0
    assert conformance(record, source="/s", where="/w").figure is None
    live = replace(record, messages={"live": 40, "simulated": 9}, violating={"live": 2, "simulated": 9})
    line = conformance(live, source="/s", where="/w")
    low, high = wilson(38, 40)
    assert line.figure == Figure(value=0.95, low=low, high=high, basis="live", source="/s")
    assert line.counts == {"messages": 40, "violating": 2}
