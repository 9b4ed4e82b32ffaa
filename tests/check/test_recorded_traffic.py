"""What a recording of our own holds besides answers: outputs, streams with times, outages that are meant."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.finding import Severity, Skipped, Verdict
from harness.spec.model import JobState
from harness.spec.store import SpecStore
from harness.wire.message import Exchange, Provenance
from tests.check.judging import brief
from tests.check.recorded import OXEN, PROMPT, Judge, exchange, poll, submit


@pytest.fixture(scope="module")
def novita(store: SpecStore) -> Judge:
    """A provider that is polled."""
    return Judge([store.get("novita/kling-v2.6-pro-t2v")])


@pytest.fixture(scope="module")
def oxen(store: SpecStore) -> Judge:
    """The one provider with events."""
    return Judge([store.get("oxen")])


def stream(*events_s: float, error: str | None = None) -> Exchange:
    """A stream that says the end of a job, after something else."""
    model = "kling-video-v2-6-pro-text-to-video"
    said = {
        "generation_id": "t",
        "status": "succeeded",
        "media_type": "video",
        "model": model,
        "url": "https://x",
    }
    done = json.dumps(said)
    body = f"event: other\ndata: {{}}\n\nevent: media_generation_completed\ndata: {done}\n\n".encode()
    found = exchange(
        "GET", f"{OXEN}/events", None, body, content_type="text/event-stream", at=(0.0, 300.0), error=error
    )
    return replace(found, events_s=events_s)


CREATED = exchange(
    "POST",
    f"{OXEN}/ai/queue",
    {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT},
    {"generations": [{"generation_id": "t", "status": "queued"}]},
    at=(1.0, 2.0),
)


def test_what_a_job_delivered_is_no_unknown_operation(novita: Judge):
    """It is told apart from a request that belongs to nothing."""
    video = exchange("GET", "https://x", None, b"\x00")
    other = exchange("GET", "https://api.novita.ai/v3/x", None, b"{}")
    skipped = novita(submit(), poll("SUCCEED"), video, other).judgement.observed.skipped
    assert skipped[0] == Skipped(what="c.yaml#2", why="a job's output, which is not judged by its bytes here")
    assert skipped[1].why.startswith("no operation of novita/kling-v2.6-pro-t2v has the path /v3/x")


def test_an_event_counts_from_when_it_came(oxen: Judge):
    """Not from when the stream ended, which is when the client had what it wanted."""
    timed, whole = oxen(CREATED, stream(50.0, 100.0)), oxen(CREATED, stream())
    (job,) = timed.jobs
    assert (job.trace.state, job.trace.mode, job.trace.high_s) == (JobState.SUCCEEDED, "events", 99.0)
    assert whole.jobs[0].trace.high_s == 299.0
    assert timed.judged == whole.judged == {"oxen/kling-video-v2-6-pro-text-to-video": 2}
    assert timed.judgement.verdict is whole.judgement.verdict is Verdict.CONFORMS


@pytest.mark.parametrize("events_s", [(), (50.0, 100.0)])
def test_a_stream_may_end_as_it_likes(oxen: Judge, events_s: tuple[float, ...]):
    """What it said before it broke off was said."""
    check = oxen(CREATED, stream(*events_s, error="the provider closed the stream"))
    assert check.judgement.findings == ()
    assert check.jobs[0].trace.state is JobState.SUCCEEDED


def test_an_outage_that_is_meant_leaves_nothing_open(novita: Judge):
    """It is availability data; a request without any answer is not what was meant."""
    down = poll("", status=401, answered="x")
    meant = novita(down, shows_outage=True).judgement
    assert brief(meant) == [("traffic.unavailable-expected", None)]
    assert meant.verdict is Verdict.CONFORMS
    assert novita(down).judgement.verdict is Verdict.INCONCLUSIVE
    lost = exchange("GET", "https://api.novita.ai/v3/async/task-result?task_id=t", error="reset")
    assert novita(lost, shows_outage=True).judgement.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("provenance", "severity"), [(Provenance.SIMULATED, Severity.INFO), (Provenance.LIVE, Severity.WARNING)]
)
def test_a_status_that_the_simulator_made_up_says_nothing_of_a_provider(
    novita: Judge, provenance: Provenance, severity: Severity
):
    """The same status of the provider itself is worth a warning."""
    (finding,) = novita(poll("", status=404, answered="x"), provenance=provenance).judgement.findings
    assert (finding.rule.id, finding.severity) == ("response.status-undocumented", severity)
    assert finding.message.endswith("; here it is the simulator's own choice") == (severity is Severity.INFO)
