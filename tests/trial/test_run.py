"""The jobs of a trial: taken up where they were left, and addresses that are to outlive them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.cassette.read import read_recordings
from harness.client.billing import Prices
from harness.client.budget import Budget
from harness.client.calls import Endpoints
from harness.client.journal import Journal
from harness.client.limits import Limits
from harness.client.receiver import ReceiverOptions
from harness.client.results import Mode
from harness.spec.store import SpecStore
from harness.trial.kept import Ran
from harness.trial.plan import common_words, planned
from harness.trial.run import World, run_errands
from harness.trial.state import TrialState
from harness.wire.message import Recording
from tests.integration.world import clock, keyring_of
from tests.simulator.serving import Served, serving

MODEL = "novita/kling-v1.6-t2v"


def ran(
    served: Served,
    path: Path,
    state: TrialState,
    *,
    scale: float,
    job_s: float = 3600.0,
    base_url: str | None = None,
    **more: Any,
) -> Ran:
    """One more call of one trial."""
    spec = SpecStore().get(MODEL)
    words = common_words([spec], {})
    errand = planned(spec, words, mode=Mode.POLL, directory=path, prices=Prices())
    journal = Journal.open(path / "journal.sqlite", utc_now=lambda: datetime.now(UTC))
    world = World(
        state=state,
        journal=journal,
        keyring=keyring_of((spec,), served.base_urls),
        endpoints=Endpoints(overrides={"novita": base_url or served.base_urls["novita"]}),
        clock=clock(scale),
        budget=Budget(max_jobs=1, scope=state.scope),
        limits=Limits(job_s=job_s, shortest_real_s=20.0),
        network=None,
        receiver=ReceiverOptions(),
        live=False,
        now=datetime.now(UTC),
        expires=None,
        title=None,
        overwrite=False,
        with_utc=False,
        **more,
    )
    try:
        (one,) = asyncio.run(run_errands([errand], world))
    finally:
        journal.close()
    return one


def begun(path: Path) -> TrialState:
    return TrialState.begin(path, (MODEL,), {"g": {}}, datetime.now(UTC))


def read(one: Ran) -> Recording:
    (found,) = read_recordings(one.files[0])
    assert isinstance(found, Recording)
    return found


def test_a_job_that_did_not_end_in_time_is_gone_on_with(tmp_path: Path):
    """No cassette of half a job; then the whole of it, and one job. Once more, nothing is sent at all."""
    state = begun(tmp_path)
    with serving(models=(MODEL,), time_scale=100.0, seed=3) as served:
        first = ran(served, tmp_path, state, scale=100.0, job_s=30.0)
        assert (first.outcome, first.files) == ("unfinished", ())
        assert [finding.rule.id for finding in first.findings] == ["job.unfinished"]
        second = ran(served, tmp_path, state, scale=100.0)
        requests = served.ledger()["requests"]
        third = ran(served, tmp_path, state, scale=100.0)
        ledger = served.ledger()
    assert second.outcome == "succeeded"
    assert third == second
    assert ledger["requests"] == requests
    (job,) = ledger["jobs"]
    found = read(second)
    assert [exchange.request.method for exchange in found.exchanges].count("POST") == 1
    moments = [exchange.sent_s for exchange in found.exchanges if exchange.sent_s is not None]
    assert moments == sorted(moments)
    ended_s = max(e.received_s or 0.0 for e in found.exchanges if "task-result" in e.request.url)
    assert ended_s >= job["ended_s"] - job["submitted_s"] - 5.0


def test_a_job_that_cannot_be_gone_on_with_is_kept(tmp_path: Path):
    """It is not given up, and above all not made again: the operator is told what is in the way."""
    state = begun(tmp_path)
    with serving(models=(MODEL,), time_scale=100.0, seed=3) as served:
        ran(served, tmp_path, state, scale=100.0, job_s=5.0)
        elsewhere = ran(served, tmp_path, state, scale=100.0, base_url="https://api.example.com")
        assert elsewhere.outcome == "unfinished"
        assert elsewhere.note is not None
        assert "and novita is at https://api.example.com:443 now" in elsewhere.note
        assert state.kept(MODEL) is None
        assert ran(served, tmp_path, state, scale=100.0).outcome == "succeeded"
        assert len(served.ledger()["jobs"]) == 1


def test_the_life_of_an_address(tmp_path: Path):
    """It is asked for again when half of its documented hour is over."""
    with serving(models=(MODEL,), time_scale=1500.0, seed=3) as served:
        one = ran(served, tmp_path, begun(tmp_path), scale=1500.0, lifetime_share=0.5)
    outputs = [e for e in read(one).exchanges if e.request.header("range")]
    assert [e.request.header("range") for e in outputs][-1] == "bytes=0-0"
    assert [e.response.status for e in outputs if e.response is not None] == [206] * len(outputs)
    polled_s = max(e.received_s or 0.0 for e in read(one).exchanges if "task-result" in e.request.url)
    assert (outputs[-1].sent_s or 0.0) - polled_s > 0.5 * 3600 - 1


def test_a_seller_that_cannot_be_reached_stops_nobody(tmp_path: Path):
    """It is said, as what came of it."""
    with serving(models=(MODEL,), time_scale=3000.0) as served:
        pass
    one = ran(served, tmp_path, begun(tmp_path), scale=3000.0)
    assert one.outcome == "unsent"
    assert one.note is not None
    assert one.note.startswith("never reached the provider")
