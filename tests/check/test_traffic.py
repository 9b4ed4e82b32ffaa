"""Recorded messages against the specs: each by itself, then each job's life."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.check.traffic import nothing_observed
from harness.finding import Direction, Location, Severity, Skipped, Verdict
from harness.spec.model import JobState
from harness.spec.store import SpecStore
from harness.wire.message import Cut, Provenance
from tests.check.judging import brief
from tests.check.recorded import EACHLABS, NOVITA, OXEN, PROMPT, Judge, exchange, poll, submit
from tests.minimal import minimal


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

    def test_a_poll_of_an_unknown_job_belongs_to_a_model_that_was_seen(self, novita: Judge):
        """Here the answer with the job's id was lost; with nothing seen at all, the first model is taken."""
        lost = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT)
        assert novita(lost, poll("QUEUED")).judged == {"novita/kling-v2.6-pro-t2v": 2}
        assert novita(poll("QUEUED")).judged == {"novita/kling-v1.6-t2v": 1}

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

    def test_what_was_found_before_an_outage_stays_found(self, eachlabs: Judge):
        """A documented error body adds its faults to those of the messages before it."""
        error = {"status": "error", "message": "slow down"}
        call = exchange("GET", f"{EACHLABS}/a", None, error, status=429)
        lost = exchange("GET", f"{EACHLABS}/a", None, {"status": "error", "details": "x"}, status=401)
        assert brief(eachlabs(call, lost).judgement) == [
            ("response.required", "/details"),
            ("response.required", "/message"),
            ("traffic.unavailable", None),
            ("traffic.unavailable", None),
        ]

    def test_a_gateways_page_breaks_no_contract(self, eachlabs: Judge):
        """A 502 is documented as JSON; a page of HTML comes from something before the provider."""
        call = exchange("GET", f"{EACHLABS}/a", None, "<html>Bad Gateway</html>", status=502)
        assert brief(eachlabs(call).judgement) == [("traffic.unavailable", None)]

    def test_an_answer_later_takes_it_back(self, novita: Judge):
        """A poll that failed once has cost time and nothing else."""
        check = novita(submit(), poll("", status=503, answered="x"), poll("SUCCEED"))
        assert check.judgement.findings == ()
        assert check.judgement.verdict is Verdict.CONFORMS

    def test_an_answer_to_another_operation_does_not(self, novita: Judge):
        """That jobs can be polled says nothing of whether they can be created."""
        refused = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, "x", status=429)
        check = novita(refused, poll("SUCCEED"))
        assert check.judged == {"novita/kling-v2.6-pro-t2v": 2}
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

    def test_a_submit_that_may_have_been_billed_is_not_forgotten(self, novita: Judge):
        """That a second submit went well does not say what the first one cost."""
        lost = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, error="connection reset")
        check = novita(lost, submit(), poll("SUCCEED"))
        assert brief(check.judgement) == [("traffic.no-answer", None)]

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

    def test_of_a_body_that_was_not_kept_whole_nothing_is_said(self, novita: Judge):
        """Its first bytes are no JSON, and that is the doing of the recording."""
        whole = poll("QUEUED")
        assert whole.response is not None
        cut = replace(whole.response, body=b'{"ta', cut=Cut(size_bytes=900, sha256="0" * 64))
        judgement = novita(submit(), replace(whole, response=cut)).judgement
        assert judgement.findings == ()
        assert judgement.observed.skipped == (
            Skipped(what="c.yaml#1", why="of a body of 900 bytes, only the first are kept"),
        )

    def test_a_body_of_which_only_long_texts_were_cut_is_judged(self, novita: Judge):
        """The rest of it is there."""
        whole = poll("ODD")
        assert whole.response is not None
        cut = replace(whole.response, cut=Cut(size_bytes=900, sha256="0" * 64, strings=1))
        assert brief(novita(replace(whole, response=cut)).judgement) == [("response.enum", "/task/status")]

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

    def test_an_unknown_member_hides_nothing(self):
        """It is no fault, so what the life cycle finds there is said."""
        status = "            status: {type: string, enum: [waiting, done, broken]}\n"
        answer = {"id": "a", "status": "paused"}
        call = exchange("GET", "https://api.example.com/v1/videos/a", None, answer)
        assert brief(Judge([minimal((status, ""))])(call).judgement) == [
            ("response.unknown-property", "/status"),
            ("job.status-unknown", "/status"),
        ]

    def test_a_double_key_hides_nothing(self, novita: Judge):
        """The value is there all the same, and is followed."""
        answer = '{"task": {"task_id": "t"}, "task": {"task_id": "u", "status": "TASK_STATUS_QUEUED"}}'
        assert brief(novita(submit(), poll("", answered=answer)).judgement) == [
            ("response.duplicate-key", "/task"),
            ("job.id-changed", "/task/task_id"),
        ]


def test_nothing_observed_is_inconclusive():
    """An empty directory must not pass."""
    finding = nothing_observed("traffic")
    assert finding.message == "traffic: no recorded exchange that belongs to a known model"
    assert (finding.rule.id, finding.verdict) == ("traffic.nothing-observed", Verdict.INCONCLUSIVE)
    assert finding.subject == Location(file="traffic")
