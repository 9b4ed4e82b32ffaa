"""What is sent under which budget, and what is not: named with its reason."""

from __future__ import annotations

import pytest

from harness.client.billing import Prices, UserPrice
from harness.client.budget import Budget
from harness.conform.plan import MOST_CREATED, MOST_VALID, Plan, is_judged_at_submit, plan_of
from harness.errors import BudgetError
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.minimal import minimal

EACHLABS = SpecStore().get("eachlabs")
OXEN = SpecStore().get("oxen")
UNSAID = SpecStore().get("novita/kling-v2.6-pro-t2v")


def plan(spec: Spec, *, max_jobs: int | None = None, send_negatives: bool = False) -> Plan:
    budget = None if max_jobs is None else Budget(max_jobs=max_jobs)
    return plan_of(spec, budget=budget, send_negatives=send_negatives)


def whys(found: Plan) -> set[str]:
    return {each.why for each in found.skipped}


@pytest.mark.parametrize("model", SpecStore().ids)
def test_valid_requests_stay_below_the_bound_of_jobs(model: str) -> None:
    """The minimal one first; with those that invalid ones may make, twelve jobs at most."""
    found = plan(SpecStore().get(model))
    first, *_ = found.of_tier("T3")
    assert first.case.why == "minimal"
    assert first.case.body == found.base
    assert len(found.of_tier("T3")) == MOST_VALID
    assert found.most_created == MOST_CREATED == 12


def test_negatives_are_sent_where_they_are_judged_at_submit() -> None:
    """Every facet of every place that can be written as strict JSON, twice at most; the model's name last."""
    found = plan(EACHLABS).of_tier("T2")
    keys = [(sending.case.pointer, sending.case.facet) for sending in found]
    assert ("/input/duration", "enum") in keys
    assert ("/webhook_url", "format") in keys
    assert max(keys.count(key) for key in keys) == 2
    assert keys[-1][0] == "/model"
    assert not any(sending.is_late for sending in found)
    assert {facet for _, facet in keys}.isdisjoint({"presence", "not-finite", "duplicate-key", "surrogate"})


def test_negatives_are_not_sent_where_they_may_become_jobs() -> None:
    """Undocumented, or documented as judged at run: each is said."""
    assert plan(UNSAID).of_tier("T2") == ()
    assert (
        "when it is judged is not documented, so it may become a paid job; --send-negatives sends them"
        in whys(plan(UNSAID))
    )
    assert {sending.case.pointer for sending in plan(OXEN).of_tier("T2")} == {"/model"}
    assert (
        "it is documented as judged when the job runs, and so is a paid job; --send-negatives sends them"
        in whys(plan(OXEN))
    )


def test_negatives_that_were_asked_for_are_sent_and_bounded_by_the_budget() -> None:
    """They are counted as jobs, and no other bound holds."""
    found = plan(OXEN, send_negatives=True)
    assert any(sending.is_late for sending in found.of_tier("T2"))
    assert found.most_created is None
    assert found.worst_jobs == len(found.sendings)
    assert "presence" in {sending.case.facet for sending in found.of_tier("T2")}


def test_what_moves_the_bill_is_never_tried() -> None:
    """Neither the number of jobs nor the account that pays, in no request."""
    for sending in plan(OXEN, send_negatives=True).sendings:
        assert not {"num_generations", "target_namespace"} & set(sending.case.body)
    assert "the parameter multiplies the bill, or sends it to another account" in whys(plan(OXEN))


def test_a_budget_takes_the_first_requests_and_the_rest_is_said() -> None:
    """Valid and invalid ones in turns, each counted as a job."""
    found = plan(EACHLABS, max_jobs=4)
    assert [sending.tier for sending in found.sendings] == ["T3", "T2", "T3", "T2"]
    assert found.worst_jobs == 4
    said = {(each.what.split(": ")[1], each.why) for each in found.skipped}
    why = "the budget does not cover them, each counted as a job"
    left = len(plan(EACHLABS).of_tier("T2")) - 2
    assert {("8 valid requests", why), (f"{left} invalid requests", why)} <= said


def test_a_budget_for_nothing_is_refused() -> None:
    """Before anything is sent."""
    with pytest.raises(BudgetError) as caught:
        plan(EACHLABS, max_jobs=0)
    assert str(caught.value) == (
        "conform: the budget does not cover the worst case: 0 of 0 jobs are reserved or spent, "
        "and this request may make 1"
    )


def test_a_budget_in_dollars_counts_what_is_asked_for() -> None:
    """The operator's price, for each second: ten seconds of 0.1 and five of it."""
    prices = Prices(by_model={EACHLABS.ref: UserPrice(unit="second", amount_usd=0.1)})
    found = plan_of(EACHLABS, budget=Budget(max_cost_usd=2.0, prices=prices), send_negatives=False)
    assert 0 < len(found.sendings) < 5
    assert sum(sending.worst.cost_microusd or 0 for sending in found.sendings) <= 2_000_000


def test_when_a_parameter_is_judged_is_read_from_the_nearest_entry() -> None:
    """`*` for all that no entry covers; silence is not at submit."""
    spec = minimal()
    assert is_judged_at_submit(spec, "/prompt")
    assert not is_judged_at_submit(spec, "/duration")
    assert not is_judged_at_submit(spec, "/duration/0")
    assert not is_judged_at_submit(UNSAID, "/prompt")
