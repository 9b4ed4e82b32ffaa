"""The verdict on what was sent, made out of results."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.client.results import CancelResult, JobHandle, JobResult, Mode, Outcome
from harness.conform.judge import judge_run
from harness.conform.plan import Plan, plan_of
from harness.conform.run import Ran
from harness.conform.sent import Sent
from harness.finding import Verdict
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.minimal import overlay, write_specs

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"


def sent(plan: Plan, tier: str, outcome: Outcome, *, status: int | None = 200, made: bool = True) -> Sent:
    """The first request of a tier, with an end."""
    handle = JobHandle(entry_id="e", spec=plan.spec, mode=Mode.POLL, job_id="job-1" if made else None)
    result = JobResult(handle=handle, outcome=outcome, status=status, note=f"status {status}")
    return Sent(sending=plan.of_tier(tier)[0], result=result)


def judged(plan: Plan, *found: Sent) -> tuple[list[tuple[str, str]], dict[str, Verdict]]:
    """`(rule, message)` of each finding, and the verdict of each tier."""
    online = judge_run(plan, Ran(sent=found, narrowed=(), skipped=()), lambda _: "curl")
    return [(f.rule.id, f.message) for f in online.judgement.findings], dict(online.tiers)


def plan_for(spec: Spec) -> Plan:
    return plan_of(spec, budget=None, send_negatives=False)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Of a provider that judges the model's name at submit."""
    return plan_for(SpecStore().get(OXEN))


def test_what_was_refused_as_documented_is_no_finding(plan: Plan) -> None:
    """An invalid request refused, a valid one taken."""
    refused = sent(plan, "T2", Outcome.REFUSED, status=400, made=False)
    assert judged(plan, refused, sent(plan, "T3", Outcome.SUCCEEDED)) == (
        [],
        {"T2": Verdict.CONFORMS, "T3": Verdict.CONFORMS},
    )


@pytest.mark.parametrize("status", [401, 402, 403, 408, 425, 429])
def test_a_refusal_of_the_caller_says_nothing_of_the_request(plan: Plan, status: int) -> None:
    """Neither that an invalid one is refused, nor that a valid one is."""
    found, tiers = judged(
        plan, *(sent(plan, t, Outcome.REFUSED, status=status, made=False) for t in ("T2", "T3"))
    )
    assert {rule for rule, _ in found} == {"conform.unavailable", "conform.nothing-sent"}
    assert set(tiers.values()) == {Verdict.INCONCLUSIVE}


def test_a_tier_without_an_answer_is_inconclusive(plan: Plan) -> None:
    """Though the other one conforms."""
    found, tiers = judged(plan, sent(plan, "T3", Outcome.SUCCEEDED))
    assert found == [
        (
            "conform.nothing-sent",
            f"T2: {len(plan.of_tier('T2'))} requests were to be sent, and none was answered",
        )
    ]
    assert tiers == {"T2": Verdict.INCONCLUSIVE, "T3": Verdict.CONFORMS}


@pytest.mark.parametrize(
    ("billed", "words"),
    [
        ("null", "whether it is billed is not documented"),
        ("true", "it is billed"),
        ("false", "it is not billed"),
    ],
)
def test_what_a_cancelled_job_costs_is_said_as_the_documents_say_it(
    tmp_path: Path, billed: str, words: str
) -> None:
    """Or that they do not."""
    changes = f'{{operations: {{cancel: {{responses: {{"2XX": {{billed: {billed}}}}}}}}}}}'
    store = SpecStore((write_specs(tmp_path, {"ours": overlay(OXEN, changes)}),))
    plan = plan_for(store.get(OXEN))
    made = sent(plan, "T2", Outcome.CANCELLED)
    cancelled = CancelResult(accepted=True, status=200, note=None)
    found, _ = judged(plan, Sent(sending=made.sending, result=made.result, cancelled=cancelled))
    assert found[0] == (
        "conform.invalid-accepted",
        f"/model: required, and missing; it made the job job-1; to cancel it was accepted, and {words}; curl",
    )
