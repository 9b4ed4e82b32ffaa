"""The decision as a whole: groups apart, figures that lead to their evidence, no order without live data."""

from __future__ import annotations

import pytest

from harness.decision.model import GroupDecision
from harness.measurement.job import Provenance
from harness.ranking.criteria import CRITERIA
from harness.ranking.profile import Profile
from harness.ranking.rank import Status
from harness.report.decision_json import decision_json
from harness.report.json import record_json
from harness.spec.pointer import resolve
from tests.decision.made import AIML, EACH, NOVITA, OLD, OXEN, decision_of, live_runs, run_record

FAST = Profile(id="mine", title="Mine", weights={"latency": 5.0, "tail": 3.0, "success": 2.0})
MEDIANS = {NOVITA: 90.0, OXEN: 400.0, AIML: 250.0, EACH: 260.0}


def pro(*runs: object, profiles: tuple[Profile, ...] = (FAST,)) -> GroupDecision:
    return decision_of(*runs, profiles=profiles).groups[0]  # type: ignore[arg-type]


def test_groups_are_never_mixed() -> None:
    """1.6 stands alone."""
    found = decision_of()
    assert [{sheet.model for sheet in group.sheets} for group in found.groups] == [
        {AIML, EACH, NOVITA, OXEN},
        {OLD},
    ]
    assert found.groups[1].switches == ()


def test_every_seller_has_a_line_for_every_criterion() -> None:
    """In their order; what is unknown says why."""
    for group in decision_of().groups:
        for sheet in group.sheets:
            assert [line.criterion for line in sheet.evidence] == [row.id for row in CRITERIA]
            assert all(line.why for line in sheet.evidence)


def test_without_live_jobs_nothing_is_ranked() -> None:
    """Documents and simulations tell how to call a seller, not which to choose."""
    assert pro().rankings[0].ranking.status is Status.NO_LIVE_DATA
    simulated = live_runs(MEDIANS, provenance=Provenance.SIMULATED)
    assert pro(simulated).rankings[0].ranking.status is Status.SIMULATED


def test_simulated_jobs_of_some_do_not_stand_beside_live_ones_of_others() -> None:
    """Whoever has no live job is unknown, and not as fast as a simulator."""
    simulated = live_runs(MEDIANS, provenance=Provenance.SIMULATED)
    group = pro(live_runs({NOVITA: 90.0}), simulated)
    assert group.rankings[0].ranking.status is Status.UNKNOWNS
    bases = {figure.basis for sheet in group.sheets for figure in sheet.figures.values()}
    assert bases == {"live", "documented"}


def test_live_jobs_rank() -> None:
    """A seller that is much faster comes first, whatever the uncertainty."""
    ranking = pro(live_runs(MEDIANS)).rankings[0].ranking
    assert ranking.status is Status.RANKED
    assert ranking.standings[0].vendor == NOVITA
    assert ranking.standings[0].first > 0.99


def test_one_seller_with_live_jobs_leaves_the_others_unknown() -> None:
    """Whoever was not measured may be better: the criteria that decide are named."""
    ranking = pro(live_runs({NOVITA: 150.0})).rankings[0].ranking
    assert ranking.status is Status.UNKNOWNS
    assert ranking.deciding == ("latency", "tail", "success")


@pytest.mark.parametrize("with_jobs", [False, True])
def test_every_pointer_leads_to_its_record(*, with_jobs: bool) -> None:
    """A figure to its evidence, the evidence to what it rests on, with the same numbers."""
    decision = decision_of(*([live_runs(MEDIANS)] if with_jobs else []))
    document = {**record_json(run_record()), "decision": decision_json(decision)}
    checked = 0
    for group in decision.groups:
        for sheet in group.sheets:
            for line in sheet.evidence:
                for where in line.where:
                    assert resolve(document, where) is not None, where
                if line.figure is None:
                    continue
                there = resolve(document, line.figure.source)
                assert (there["criterion"], there["value"]) == (line.criterion, line.figure.value)
                checked += 1
                if line.criterion == "latency":
                    assert resolve(document, line.where[0])["value_s"] == line.figure.value
    assert checked > 10


def test_every_ordered_pair_is_taken_for_every_wish() -> None:
    """Four sellers, two wishes: 24 ways."""
    group = pro()
    ways = {(one.wish, one.source, one.target) for one in group.switches}
    assert len(ways) == len(group.switches) == 24
    for one in group.switches:
        assert one.source != one.target
