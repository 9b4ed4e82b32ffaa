"""Recorded messages that a provider sends unasked: events and webhooks, and their place among the answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.finding import Direction, Location, Skipped
from harness.spec.model import JobState, Spec
from harness.spec.store import SpecStore
from harness.wire.message import Delivery, Event, Exchange
from tests.check.judging import as_bytes, brief
from tests.check.recorded import EACHLABS, OXEN, PROMPT, Judge, exchange
from tests.minimal import minimal

UUID = "7cf9b23a-1234-5678-9abc-def012345678"


@pytest.fixture(scope="module")
def novita(store: SpecStore) -> Judge:
    """Neither events nor webhooks."""
    return Judge([store.get("novita/kling-v2.6-pro-t2v")])


@pytest.fixture(scope="module")
def eachlabs(store: SpecStore) -> Judge:
    """The one provider with webhooks."""
    return Judge([store.get("eachlabs")])


@pytest.fixture(scope="module")
def oxen(store: SpecStore) -> Judge:
    """The one provider with events."""
    return Judge([store.get("oxen")])


@pytest.fixture(scope="module")
def everyone(specs: tuple[Spec, ...]) -> Judge:
    """All five."""
    return Judge(specs)


STREAM = f"""\
: keep-alive

event: usage
data: {{"tokens": 5}}

event: media_generation_completed
data: {{"generation_id": "{UUID}", "status": "succeeded", "media_type": "video",
data: "model": "m", "url": "https://x"}}

"""


def stream(text: str = STREAM, **members: Any) -> Exchange:
    return exchange("GET", f"{OXEN}/events", None, text, content_type="text/event-stream", **members)


def enqueue(**members: Any) -> Exchange:
    body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT}
    answer = {"generations": [{"generation_id": UUID, "status": "queued"}]}
    return exchange("POST", f"{OXEN}/ai/queue", body, answer, **members)


class TestEvents:
    def test_the_events_of_a_stream_are_judged_and_followed(self, oxen: Judge):
        """Others share the stream and are skipped."""
        check = oxen(enqueue(), stream())
        assert check.judgement.findings == ()
        assert check.judgement.observed.skipped == (
            Skipped(what="c.yaml#1", why="event 'usage' is none of this model's"),
        )
        (job,) = check.jobs
        assert (job.trace.id, job.trace.state, job.trace.mode) == (UUID, JobState.SUCCEEDED, "events")

    def test_an_event_ends_no_later_than_its_stream(self, oxen: Judge):
        """A recorded stream has no times inside, and is often subscribed to before the job is created."""
        check = oxen(stream(at=(0.0, 100.0)), enqueue(at=(1.0, 2.0)))
        assert check.judgement.findings == ()
        (job,) = check.jobs
        assert (job.trace.low_s, job.trace.high_s) == (0, 99)

    def test_a_fault_of_an_event_is_one_of_a_response(self, oxen: Judge):
        """Its direction says what it was; a missing output is said once."""
        text = STREAM.replace(', "url": "https://x"', "").replace('"model": "m"', '"model": 5')
        findings = oxen(stream(text)).judgement.findings
        assert brief(findings) == [("response.type", "/model"), ("response.required", "/url")]
        assert len(oxen(stream(text), stream(text)).judgement.findings) == 2 * len(findings)
        assert {(finding.direction, finding.operation) for finding in findings} == {
            (Direction.EVENT, "events")
        }

    def test_data_that_is_no_json_is_a_fault(self, oxen: Judge):
        """The event says nothing then."""
        check = oxen(stream("event: media_generation_completed\ndata: done\n\n"))
        assert brief(check.judgement) == [("response.not-json", "")]
        assert check.jobs == ()

    def test_an_event_by_itself_belongs_to_the_only_model_that_streams(self, everyone: Judge):
        """Recordings of other formats hold events one by one."""
        event = Event(
            name="media_generation_completed",
            data=json.dumps({"generation_id": UUID, "status": "failed", "media_type": "video", "error": "x"}),
            subject=Location(file="c.yaml", index=0),
        )
        check = everyone(event)
        assert check.judgement.findings == ()
        assert check.judged == {"oxen/kling-video-v2-6-pro-text-to-video": 1}
        other = replace(event, name="usage")
        assert everyone(other).judged == {}
        assert everyone(event, event).judged == {"oxen/kling-video-v2-6-pro-text-to-video": 2}

    def test_without_a_model_that_streams_it_is_skipped(self, novita: Judge):
        """Nothing here has events."""
        event = Event(name="x", data="{}", subject=Location(file="c.yaml", index=0))
        assert novita(event).judgement.observed.skipped == (
            Skipped(what="c.yaml#0", why="no single model here has events"),
        )


def delivery(received_s: float | None = None, **changes: Any) -> Delivery:
    body = {"exec_id": "a", "status": "succeeded", "output": "https://x", "error": "", **changes}
    return Delivery(body=as_bytes(body), subject=Location(file="c.yaml", index=9), received_s=received_s)


def predicted(word: str, sent_s: float) -> Exchange:
    answer = {"status": word, "predictionID": "a", "output": "https://x", "metrics": {"predict_time": 1}}
    return exchange("GET", f"{EACHLABS}/a", None, answer, at=(sent_s, sent_s + 1))


class TestDeliveries:
    def test_a_webhook_has_its_own_words(self, eachlabs: Judge):
        """Poll says success where the webhook says succeeded, and both mean the same."""
        check = eachlabs(predicted("success", 5), delivery())
        assert check.judgement.findings == ()
        assert check.judgement.observed.exchanges == 2
        (job,) = check.jobs
        assert job.trace.state is JobState.SUCCEEDED

    def test_its_faults_are_those_of_a_response(self, eachlabs: Judge):
        """With their own direction and without an operation."""
        (finding,) = eachlabs(delivery(status="success")).judgement.findings
        assert (finding.rule.id, finding.pointer) == ("response.enum", "/status")
        assert (finding.direction, finding.operation) == (Direction.WEBHOOK, None)
        assert finding.subject == Location(file="c.yaml", index=9)

    def test_without_a_single_model_that_calls_it_is_skipped(self, novita: Judge, store: SpecStore):
        """Neither with none nor with two can it be said whose it is."""
        why = "no single model here has webhooks"
        two = Judge([store.get("eachlabs"), store.get("eachlabs@latest")])
        for judge in (novita, two):
            assert judge(delivery()).judgement.observed.skipped == (Skipped(what="c.yaml#9", why=why),)

    @pytest.mark.parametrize(
        ("payload", "jobs"),
        [
            ("payload: {schema: undocumented, job: {id: /id, status: /state, states: {ok: succeeded}}}", 1),
            ("payload: {schema: {type: object}}", 0),
        ],
    )
    def test_what_a_payload_does_not_document_is_not_judged(self, payload: str, jobs: int):
        """Its body may be undocumented, or where the job stands in it."""
        described = (
            "payload:\n"
            "    schema: {type: object, properties: {id: {type: string}, "
            "state: {type: string, enum: [ok, failed]}}}\n"
            "    job: {id: /id, status: /state, states: {ok: succeeded, failed: failed}}"
        )
        call = Delivery(body=b'{"id": "a", "state": "ok"}', subject=Location(file="c.yaml"))
        check = Judge([minimal((described, payload))])(call)
        assert (check.judgement.findings, len(check.jobs)) == ((), jobs)


class TestOrder:
    def test_a_webhook_between_two_polls_is_read_between_them(self, eachlabs: Judge):
        """A poll that was sent after the job's end was told must not find it running."""
        check = eachlabs(predicted("processing", 5), predicted("processing", 20), delivery(received_s=10))
        (finding,) = check.judgement.findings
        assert (finding.rule.id, finding.subject) == (
            "job.terminal-changed",
            Location(file="c.yaml", index=1),
        )

    def test_a_poll_that_was_under_way_is_not_held_against_it(self, eachlabs: Judge):
        """Its answer may be older than the call."""
        check = eachlabs(predicted("processing", 9.5), delivery(received_s=10))
        assert check.judgement.findings == ()
        (job,) = check.jobs
        assert job.trace.ended_s == 10

    def test_without_times_the_order_is_that_of_the_file(self, eachlabs: Judge):
        """Polls first, then calls."""
        check = eachlabs(predicted("processing", 5), predicted("processing", 20), delivery())
        assert check.judgement.findings == ()
