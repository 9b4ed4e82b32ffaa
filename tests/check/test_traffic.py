"""Recorded messages against the specs: each by itself, then each job's life."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from harness.check.body import Judges
from harness.check.traffic import RecordingCheck, check_recording, nothing_observed
from harness.finding import Direction, Location, Severity, Skipped, Verdict
from harness.spec.model import JobState, Spec
from harness.spec.store import SpecStore
from harness.wire.message import (
    Delivery,
    Event,
    Exchange,
    HttpRequest,
    HttpResponse,
    Provenance,
    Recording,
)
from tests.check.judging import as_bytes, brief
from tests.minimal import minimal

NOVITA = "https://api.novita.ai/v3/async"
EACHLABS = "https://api.eachlabs.ai/v1/prediction"
OXEN = "https://hub.oxen.ai/api"
UUID = "7cf9b23a-1234-5678-9abc-def012345678"
PROMPT = {"prompt": "a fox"}


def exchange(
    method: str,
    url: str,
    body: Any = None,
    answer: Any = None,
    *,
    status: int = 200,
    content_type: str | None = None,
    at: tuple[float, float] | None = None,
    error: str | None = None,
) -> Exchange:
    """One exchange; without an answer (None) there was none."""
    headers = (("Content-Type", content_type),) if content_type else ()
    response = (
        HttpResponse(status=status, headers=headers, body=as_bytes(answer)) if answer is not None else None
    )
    return Exchange(
        request=HttpRequest(method=method, url=url, body=b"" if body is None else as_bytes(body)),
        response=response,
        subject=Location(file="c.yaml"),
        sent_s=at[0] if at else None,
        received_s=at[1] if at else None,
        error=error,
    )


def submit(task: str = "t", **members: Any) -> Exchange:
    return exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, {"task_id": task}, **members)


def poll(word: str, task: str = "t", *, answered: Any = None, **members: Any) -> Exchange:
    answer = {
        "task": {"task_id": task, "status": f"TASK_STATUS_{word}"},
        "videos": [{"video_url": "https://x"}],
    }
    url = f"{NOVITA}/task-result?task_id={task}"
    return exchange("GET", url, None, answer if answered is None else answered, **members)


def recording(*messages: Exchange | Delivery | Event, **members: Any) -> Recording:
    exchanges = [message for message in messages if isinstance(message, Exchange)]
    given = {"provenance": Provenance.LIVE, **members}
    return Recording(
        file="c.yaml",
        exchanges=tuple(
            Exchange(
                request=each.request,
                response=each.response,
                subject=Location(file="c.yaml", index=index),
                sent_s=each.sent_s,
                received_s=each.received_s,
                error=each.error,
            )
            for index, each in enumerate(exchanges)
        ),
        deliveries=tuple(message for message in messages if isinstance(message, Delivery)),
        events=tuple(message for message in messages if isinstance(message, Event)),
        **given,
    )


class Judge:
    """Checks recordings against some of the shipped specs."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.specs = specs

    def __call__(self, *messages: Exchange | Delivery | Event, **members: Any) -> RecordingCheck:
        return check_recording(recording(*messages, **members), self.specs, Judges())


@pytest.fixture(scope="module")
def novita(store: SpecStore) -> Judge:
    """Both of Novita's models, the older one first."""
    return Judge([store.get("novita/kling-v1.6-t2v"), store.get("novita/kling-v2.6-pro-t2v")])


@pytest.fixture(scope="module")
def eachlabs(store: SpecStore) -> Judge:
    """The one provider with webhooks."""
    return Judge([store.get("eachlabs")])


@pytest.fixture(scope="module")
def oxen(store: SpecStore) -> Judge:
    """The one provider with events and with a blocking call."""
    return Judge([store.get("oxen")])


@pytest.fixture(scope="module")
def everyone(specs: tuple[Spec, ...]) -> Judge:
    """All five."""
    return Judge(specs)


class TestMatching:
    def test_a_job_that_is_created_polled_and_done_conforms(self, novita: Judge):
        """Every message counts, and the job is followed to its end."""
        check = novita(submit(), poll("QUEUED"), poll("PROCESSING"), poll("SUCCEED"))
        assert check.judgement.findings == ()
        assert check.judgement.verdict is Verdict.CONFORMS
        assert check.judgement.observed.exchanges == 4
        assert check.judged == {"novita/kling-v2.6-pro-t2v": 4}
        (job,) = check.jobs
        assert (job.model, job.trace.id, job.trace.state, job.trace.polls) == (
            "novita/kling-v2.6-pro-t2v",
            "t",
            JobState.SUCCEEDED,
            3,
        )

    def test_a_poll_belongs_to_the_model_whose_job_it_asks_for(self, novita: Judge):
        """Both models share the path, and one recording may hold jobs of both."""
        old = exchange("POST", f"{NOVITA}/kling-v1.6-t2v", PROMPT, {"task_id": "o"})
        check = novita(old, submit("n"), poll("SUCCEED", "n"), poll("QUEUED", "o"))
        assert check.judgement.findings == ()
        assert check.judged == {"novita/kling-v1.6-t2v": 2, "novita/kling-v2.6-pro-t2v": 2}
        assert {(job.model, job.trace.id, job.trace.polls) for job in check.jobs} == {
            ("novita/kling-v1.6-t2v", "o", 1),
            ("novita/kling-v2.6-pro-t2v", "n", 1),
        }

    def test_what_belongs_to_no_model_is_skipped_with_the_reason(self, novita: Judge):
        """It is neither judged nor counted."""
        check = novita(exchange("GET", "https://example.com/", None, "{}"))
        assert check.judgement.findings == ()
        assert check.judgement.observed.skipped == (
            Skipped(what="c.yaml#0", why="no spec has the server https://example.com"),
        )
        assert (check.judgement.observed.exchanges, check.judged, check.jobs) == (0, {}, ())
        assert check.judgement.verdict is Verdict.INCONCLUSIVE

    def test_the_request_of_another_model_is_not_judged(self, oxen: Judge):
        """A document may show one; the answer is the same for all models."""
        other = {"model": "kling-video-o3-pro", "input_image": "x"}
        call = exchange("POST", f"{OXEN}/ai/queue", other, {"generations": [{"status": "queued"}]})
        check = oxen(call, other_model="kling-video-o3-pro")
        assert brief(check.judgement) == [("response.required", "/generations/0/generation_id")]


class TestRequests:
    def test_a_recorded_request_is_judged(self, novita: Judge):
        """Its findings point to the exchange."""
        call = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", {"duration": 7}, {"task_id": "t"})
        check = novita(poll("QUEUED"), call)
        assert brief(check.judgement) == [("request.required", "/prompt"), ("request.enum", "/duration")]
        assert {finding.subject for finding in check.judgement.findings} == {Location(file="c.yaml", index=1)}

    @pytest.mark.parametrize("body", [b"prompt=a+fox", b"", b"\xff"])
    def test_a_body_that_is_no_json_was_sent_all_the_same(self, novita: Judge, body: bytes):
        """In a recording it is a finding, not a fault of the file."""
        call = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", body, {"task_id": "t"})
        (finding,) = novita(call).judgement.findings
        assert (finding.rule.id, finding.pointer, finding.direction) == (
            "request.not-json",
            "",
            Direction.REQUEST,
        )

    def test_what_a_document_prints_and_its_spec_declares_is_information(self, store: SpecStore):
        """The contradiction is said where the specs are judged; it is no fault of the recording."""
        model = "klingai/video-v2-6-pro-text-to-video"
        call = exchange(
            "POST",
            "https://api.aimlapi.com/v2/video/generations",
            {"model": model, "prompt": "a fox", "duration": "5", "cfg_scale": 2},
            {"id": "a", "status": "queued"},
        )
        judge = Judge([store.get("aimlapi")])
        printed = judge(call, provenance=Provenance.DOCUMENTED).judgement
        assert [(f.rule.id, f.severity, f.impact) for f in printed.findings if f.facet == "type"] == [
            ("request.type", Severity.INFO, ())
        ]
        assert [f.message for f in printed.findings] == [
            '/duration: expected an integer, got string "5"; send it without quotes: 5 '
            "(declared contradiction sample-duration)",
            "/cfg_scale: expected at most 1, got 2",
        ]
        live = judge(call).judgement
        assert [f.severity for f in live.findings] == [Severity.ERROR, Severity.ERROR]


class TestOutages:
    @pytest.mark.parametrize("status", [401, 403, 408, 425, 429, 500, 502, 599])
    def test_an_outage_says_nothing_of_the_contract(self, novita: Judge, status: int):
        """It is inconclusive, never a violation, whatever the body reads."""
        judgement = novita(poll("", status=status, answered="<html>")).judgement
        (finding,) = judgement.findings
        assert finding.rule.id == "traffic.unavailable"
        assert finding.message == f"poll: status {status}; nothing can be said of the contract"
        assert (finding.facet, finding.observed, finding.pointer) == ("status", status, None)
        assert finding.subject == Location(file="c.yaml", index=0)
        assert judgement.verdict is Verdict.INCONCLUSIVE
        assert judgement.worst() is None

    def test_a_documented_error_body_is_judged_all_the_same(self, eachlabs: Judge):
        """What the provider says of its errors is part of the contract."""
        call = exchange("GET", f"{EACHLABS}/a", None, {"status": "error", "message": "slow down"}, status=429)
        assert brief(eachlabs(call).judgement) == [
            ("response.required", "/details"),
            ("traffic.unavailable", None),
        ]

    def test_an_answer_later_takes_it_back(self, novita: Judge):
        """A poll that failed once has cost time and nothing else."""
        check = novita(submit(), poll("", status=503, answered="x"), poll("SUCCEED"))
        assert check.judgement.findings == ()
        assert check.judgement.verdict is Verdict.CONFORMS

    def test_an_answer_to_another_operation_does_not(self, novita: Judge):
        """That jobs can be polled says nothing of whether they can be created."""
        refused = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, "x", status=429)
        check = novita(refused, poll("SUCCEED"))
        assert brief(check.judgement) == [("traffic.unavailable", None)]

    def test_an_error_that_a_document_prints_is_no_outage(self, eachlabs: Judge):
        """There is no provider who could be down."""
        body = {"status": "error", "message": "...", "details": "..."}
        call = exchange("GET", f"{EACHLABS}/a", None, body, status=401)
        assert eachlabs(call, provenance=Provenance.DOCUMENTED).judgement.findings == ()

    @pytest.mark.parametrize(
        ("error", "message"),
        [
            (None, "submit: no answer was recorded"),
            ("timed out after 30 s", "submit: no answer was recorded: timed out after 30 s"),
        ],
    )
    def test_a_request_without_an_answer_is_inconclusive(
        self, novita: Judge, error: str | None, message: str
    ):
        """Nobody knows what became of it."""
        call = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, error=error)
        judgement = novita(call).judgement
        (finding,) = judgement.findings
        assert (finding.rule.id, finding.message, finding.observed) == ("traffic.no-answer", message, None)
        assert judgement.verdict is Verdict.INCONCLUSIVE

    def test_a_body_that_was_cut_off_is_not_the_provider_s_fault(self, novita: Judge):
        """What is missing of it was lost on the way."""
        cut = poll("", answered='{"task": {"task', error="connection reset")
        (finding,) = novita(cut).judgement.findings
        assert (finding.rule.id, finding.observed) == ("traffic.no-answer", 200)
        assert finding.message == "poll: no whole answer was recorded: connection reset"


class TestAnswers:
    def test_an_undocumented_status_is_a_warning_and_no_outage(self, novita: Judge):
        """It is an answer; the job is not followed through it."""
        check = novita(submit(), poll("QUEUED", status=418))
        assert brief(check.judgement) == [("response.status-undocumented", None)]
        assert [job.trace.polls for job in check.jobs] == [0]

    def test_the_content_type_of_the_recording_is_judged(self, novita: Judge):
        """Where the recording has one."""
        check = novita(submit(content_type="text/html"))
        assert brief(check.judgement) == [("response.content-type", None)]

    def test_a_body_that_cannot_be_read_is_said_once(self, novita: Judge):
        """And says nothing of the job."""
        check = novita(submit(), poll("", answered="<html>"))
        assert brief(check.judgement) == [("response.not-json", "")]

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            ({"task": "none"}, ("response.type", "/task")),
            ([], ("response.type", "")),
            ({"task": {"task_id": "t", "status": 5}}, ("response.type", "/task/status")),
            ({"task": {"task_id": "t", "status": "SUCCEED"}}, ("response.enum", "/task/status")),
            ({"task": {"task_id": 5, "status": "TASK_STATUS_QUEUED"}}, ("response.type", "/task/task_id")),
            (
                {"task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"}, "videos": {}},
                ("response.type", "/videos"),
            ),
            (
                {"task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"}, "videos": [{"video_url": 5}]},
                ("response.type", "/videos/0/video_url"),
            ),
        ],
    )
    def test_one_fault_is_one_finding(self, novita: Judge, answer: Any, expected: tuple[str, str]):
        """What the schema has said, the life cycle does not say again."""
        assert brief(novita(submit(), poll("", answered=answer)).judgement) == [expected]

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            ({}, [("job.status-missing", "/task/status")]),
            ({"task": {"task_id": "t"}}, [("job.status-missing", "/task/status")]),
            (
                {"task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"}},
                [("job.output-missing", "/videos/0/video_url")],
            ),
            (
                {"task": {"task_id": "u", "status": "TASK_STATUS_QUEUED"}},
                [("job.id-changed", "/task/task_id")],
            ),
        ],
    )
    def test_what_the_schema_lets_pass_the_life_cycle_may_not(
        self, novita: Judge, answer: Any, expected: list[tuple[str, str]]
    ):
        """The page of the poll calls no member required; a job needs some of them."""
        assert brief(novita(submit(), poll("", answered=answer)).judgement) == expected

    def test_a_double_key_hides_nothing(self, novita: Judge):
        """The value is there all the same, and is followed."""
        answer = '{"task": {"task_id": "t"}, "task": {"task_id": "u", "status": "TASK_STATUS_QUEUED"}}'
        assert brief(novita(submit(), poll("", answered=answer)).judgement) == [
            ("response.duplicate-key", "/task"),
            ("job.id-changed", "/task/task_id"),
        ]


class TestLifeCycle:
    def test_a_state_that_goes_backwards_is_caught(self, novita: Judge):
        """At the exchange that shows it."""
        check = novita(submit(), poll("PROCESSING"), poll("QUEUED"), poll("SUCCEED"))
        (finding,) = check.judgement.findings
        assert (finding.rule.id, finding.pointer) == ("job.went-backwards", "/task/status")
        assert finding.subject == Location(file="c.yaml", index=2)

    def test_an_end_that_is_taken_back_is_caught(self, novita: Judge):
        """Failed, and then succeeded after all."""
        check = novita(submit(), poll("FAILED"), poll("SUCCEED"))
        assert brief(check.judgement) == [("job.terminal-changed", "/task/status")]

    def test_two_jobs_do_not_mix(self, novita: Judge):
        """The end of one is not that of the other."""
        check = novita(submit("a"), submit("b"), poll("SUCCEED", "a"), poll("QUEUED", "b"))
        assert check.judgement.findings == ()

    def test_every_job_of_one_request_is_followed(self, oxen: Judge):
        """One create answer of Oxen may hold four."""
        answer = {"generations": [{"generation_id": x, "status": "queued"} for x in ("a", "b")]}
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT, "num_generations": 2}
        check = oxen(exchange("POST", f"{OXEN}/ai/queue", body, answer, at=(1.0, 2.0)))
        assert check.judgement.findings == ()
        assert [(job.trace.id, job.trace.state, job.trace.low_s) for job in check.jobs] == [
            ("a", JobState.QUEUED, 0),
            ("b", JobState.QUEUED, 0),
        ]

    def test_a_create_answer_without_jobs_is_caught(self, oxen: Judge):
        """An empty list is valid by its schema."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT}
        check = oxen(exchange("POST", f"{OXEN}/ai/queue", body, {"generations": []}))
        assert brief(check.judgement) == [("job.id-missing", "/generations/0/generation_id")]

    def test_a_blocking_call_is_a_job_of_its_own(self, oxen: Judge):
        """It has no id; its time is that of the call."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT}
        answer = {"model": "m", "created": 1, "videos": [{"url": "https://x"}]}
        call = exchange("POST", f"{OXEN}/ai/videos/generate", body, answer, at=(5.0, 305.0))
        check = oxen(call, call)
        assert check.judgement.findings == ()
        assert [(j.trace.id, j.trace.mode, j.trace.low_s, j.trace.high_s) for j in check.jobs] == [
            ("c.yaml#0", "blocking", 0, 300),
            ("c.yaml#1", "blocking", 0, 300),
        ]

    def test_a_video_that_comes_inline_is_an_output(self, oxen: Judge):
        """Asked for with `response_format: b64_json`."""
        body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT, "response_format": "b64_json"}
        answer = {"model": "m", "created": 1, "videos": [{"b64_json": "AAAA"}]}
        assert oxen(exchange("POST", f"{OXEN}/ai/videos/generate", body, answer)).judgement.findings == ()


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
        assert {finding.direction for finding in findings} == {Direction.EVENT}

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

    def test_without_times_the_order_is_that_of_the_file(self, eachlabs: Judge):
        """Polls first, then calls."""
        check = eachlabs(predicted("processing", 5), predicted("processing", 20), delivery())
        assert check.judgement.findings == ()


def test_nothing_observed_is_inconclusive():
    """An empty directory must not pass."""
    finding = nothing_observed("traffic")
    assert finding.message == "traffic: no recorded exchange that belongs to a known model"
    assert (finding.rule.id, finding.verdict) == ("traffic.nothing-observed", Verdict.INCONCLUSIVE)
    assert finding.subject == Location(file="traffic")
