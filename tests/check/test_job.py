"""The life cycle of one job, look by look: what is wrong, and how long it took."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.check.job import JobTrace, Look, look_findings
from harness.finding import Direction, Finding, Location
from harness.spec.model import Job, JobState, Spec
from harness.wire.job import job_views
from tests.check.judging import brief
from tests.minimal import MINIMAL, minimal, place_of

ID = "example/video-1-text-to-video"
WORDS = ("waiting", "done", "broken")
MINUTE = 60.0


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec: waiting is running, done is succeeded, broken is failed; none is queued."""
    return minimal(
        ("            waiting: running\n", "            waiting: running\n            parked: queued\n")
    )


def job_of(spec: Spec, operation: str = "poll") -> Job:
    response = next(iter(spec.operations[operation].responses.values()))
    assert response.job is not None
    return response.job


def look(spec: Spec, body: Any, *, operation: str = "poll", job: Job | None = None, **members: Any) -> Look:
    job = job or job_of(spec, operation)
    (view,) = job_views(job, body)
    subject = Location(file="c.yaml", index=members.pop("index", 0))
    given = {"direction": Direction.RESPONSE, **members}
    return Look(view=view, job=job, operation=operation, subject=subject, **given)


def poll(spec: Spec, word: str, **members: Any) -> Look:
    body = {"id": "a", "status": word, "videos": [{"url": "https://x"}]}
    if "progress" in members:
        body["progress"] = members.pop("progress")
    return look(spec, body, **{"asked_for": "a", **members})


def followed(spec: Spec, *looks: Look) -> tuple[JobTrace, list[Finding]]:
    """The trace after the looks, and the findings of all of them."""
    trace, found = JobTrace(id="a"), []
    for number, each in enumerate(looks):
        found += look_findings(spec, trace if number else None, each)
        trace.take(each)
    return trace, found


class TestIdentity:
    def test_a_create_answer_without_an_id_is_a_job_that_cannot_be_polled(self, spec: Spec):
        """It may have been billed all the same."""
        _, (finding,) = followed(spec, look(spec, {}, operation="submit"))
        assert finding.rule.id == "job.id-missing"
        assert finding.message == "/id: the answer does not carry the job's id"
        assert (finding.pointer, finding.facet, finding.operation) == ("/id", "id", "submit")
        assert finding.source is not None
        assert (finding.source.line, finding.source.column) == place_of(MINIMAL, "job: {^id: /id}")

    @pytest.mark.parametrize("body", [{"id": ""}, {"id": None}, {"id": 5}])
    def test_an_id_that_is_no_text_is_none(self, spec: Spec, body: Any):
        """Nothing can be asked for with it."""
        _, found = followed(spec, look(spec, body, operation="submit"))
        assert brief(found) == [("job.id-missing", "/id")]

    def test_only_a_create_answer_has_to_carry_it(self, spec: Spec):
        """Whoever polls knows the id."""
        _, found = followed(spec, look(spec, {"status": "waiting"}, asked_for="a"))
        assert found == []

    def test_an_answer_about_another_job_is_seen(self, spec: Spec):
        """Its state says nothing of the job asked for, and is not held against it."""
        trace, found = followed(
            spec,
            poll(spec, "waiting", progress=50),
            look(
                spec, {"id": "b", "status": "done", "videos": [{"url": "x"}], "progress": 100}, asked_for="a"
            ),
            poll(spec, "waiting", progress=60),
        )
        (finding,) = found
        assert finding.rule.id == "job.id-changed"
        assert finding.message == "/id: asked for job 'a', got 'b'"
        assert (finding.pointer, finding.facet, finding.observed) == ("/id", "id", "b")
        assert (trace.state, trace.polls, trace.progress_percent) == (JobState.RUNNING, 3, 60)

    def test_the_fingerprint_does_not_hold_the_id(self, spec: Spec):
        """The same fault tomorrow, of another job, is the same finding."""
        mixed = [look(spec, {"id": "x", "status": "waiting"}, asked_for=name) for name in ("a", "b")]
        found = [finding for each in mixed for finding in look_findings(spec, None, each)]
        assert [finding.rule.id for finding in found] == ["job.id-changed"] * 2
        assert len({finding.fingerprint for finding in found}) == 1


class TestStatus:
    def test_an_answer_without_a_status_is_a_failed_poll(self, spec: Spec):
        """Where the schema does not demand it, the life cycle does."""
        _, (finding,) = followed(spec, look(spec, {"id": "a"}, asked_for="a"))
        assert finding.rule.id == "job.status-missing"
        assert finding.message == "/status: the answer does not say the job's status"
        assert (finding.pointer, finding.facet) == ("/status", "status")

    def test_a_word_without_a_meaning_is_named(self, spec: Spec):
        """With all words that have one."""
        trace, (finding,) = followed(spec, poll(spec, "paused"))
        assert finding.rule.id == "job.status-unknown"
        assert finding.message == (
            "/status: status 'paused' is none of the documented: waiting, parked, done, broken"
        )
        assert (finding.facet, finding.observed) == ("states", "paused")
        assert finding.expected == ["waiting", "parked", "done", "broken"]
        assert trace.state is None

    def test_a_body_that_says_nothing_of_the_state_is_not_asked_for_it(self, spec: Spec):
        """The create answer of the small spec has no status."""
        _, found = followed(spec, look(spec, {"id": "a", "status": "success"}, operation="submit"))
        assert found == []


class TestOutput:
    @pytest.mark.parametrize("videos", [None, [], [{}], [{"url": ""}], [{"url": None}]])
    def test_success_without_a_video_is_a_fault(self, spec: Spec, videos: Any):
        """The job is paid, and there is nothing."""
        body = {"id": "a", "status": "done", "videos": videos}
        _, (finding,) = followed(spec, look(spec, body, asked_for="a"))
        assert finding.rule.id == "job.output-missing"
        assert finding.message == "/videos/0/url: the job succeeded and the answer carries no output"
        assert (finding.pointer, finding.field) == ("/videos/0/url", "/videos/*/url")

    @pytest.mark.parametrize("word", ["waiting", "broken"])
    def test_only_success_has_to_bring_one(self, spec: Spec, word: str):
        """A running or failed job has none."""
        _, found = followed(spec, look(spec, {"id": "a", "status": word}, asked_for="a"))
        assert found == []

    def test_where_no_output_is_documented_none_is_missed(self, spec: Spec):
        """The webhook of the small spec does not carry it."""
        payload = spec.webhook.value.payload if spec.webhook.value else None
        assert payload is not None
        assert payload.job is not None
        call = look(
            spec,
            {"id": "a", "state": "ok"},
            job=payload.job,
            direction=Direction.WEBHOOK,
        )
        assert list(look_findings(spec, None, replace(call, operation=None))) == []


class TestOrder:
    def test_a_job_that_goes_on_has_no_fault(self, spec: Spec):
        """Queued, running, done, and done again."""
        trace, found = followed(spec, *(poll(spec, word) for word in ("parked", "waiting", "done", "done")))
        assert found == []
        assert (trace.state, trace.polls, len(trace.looks)) == (JobState.SUCCEEDED, 4, 4)

    def test_a_look_may_miss_what_was_between(self, spec: Spec):
        """From queued straight to the end."""
        _, found = followed(spec, poll(spec, "parked"), poll(spec, "broken"))
        assert found == []

    def test_a_running_job_does_not_go_back_to_the_queue(self, spec: Spec):
        """The finding names both states."""
        _, (finding,) = followed(spec, poll(spec, "waiting"), poll(spec, "parked", index=2))
        assert finding.rule.id == "job.went-backwards"
        assert finding.message == "/status: job 'a' was running and is now queued"
        assert (finding.pointer, finding.facet) == ("/status", "status")
        assert (finding.expected, finding.observed) == ("running", "queued")
        assert finding.subject == Location(file="c.yaml", index=2)

    @pytest.mark.parametrize(
        ("word", "state"), [("waiting", "running"), ("parked", "queued"), ("broken", "failed")]
    )
    def test_a_job_that_has_ended_does_not_change(self, spec: Spec, word: str, state: str):
        """Neither to another end nor back to life; the first end counts for what follows."""
        trace, found = followed(spec, poll(spec, "done"), poll(spec, word), poll(spec, "done"))
        (finding,) = found
        assert finding.rule.id == "job.terminal-changed"
        assert finding.message == f"/status: job 'a' was succeeded and is now {state}"
        assert trace.state is JobState.SUCCEEDED

    def test_an_answer_that_states_its_meaning_without_a_word_can_break_the_order_too(self, spec: Spec):
        """There is no place to point to then, and the message does not pretend one."""
        blocking = replace(job_of(spec), status=None, states={}, state=JobState.FAILED)
        _, (finding,) = followed(spec, poll(spec, "done"), look(spec, {"id": "a"}, job=blocking))
        assert finding.message == "the answer: job 'a' was succeeded and is now failed"
        assert (finding.pointer, finding.field) == (None, "")

    def test_progress_does_not_go_down(self, spec: Spec):
        """One fall is one finding; what rises again is compared with where it fell to."""
        _, found = followed(
            spec, *(poll(spec, "waiting", progress=percent) for percent in (10, 50, 40, 45, 45, 90))
        )
        (finding,) = found
        assert finding.rule.id == "job.progress-decreased"
        assert finding.message == "/progress: progress of job 'a' went from 50 to 40 percent"
        assert (finding.pointer, finding.facet, finding.observed) == ("/progress", "progress_percent", 40)

    def test_a_look_that_does_not_say_the_progress_changes_nothing(self, spec: Spec):
        """What was said before stays."""
        trace, found = followed(spec, poll(spec, "waiting", progress=50), poll(spec, "waiting"))
        assert (found, trace.progress_percent) == ([], 50)

    def test_without_a_trace_there_is_no_order(self, spec: Spec):
        """The first look at a job may show any state."""
        assert list(look_findings(spec, None, poll(spec, "done", progress=100))) == []


class TestCovered:
    @pytest.mark.parametrize("pointer", ["/status", ""])
    def test_what_the_body_was_found_wrong_for_is_not_said_again(self, spec: Spec, pointer: str):
        """One fault is one finding: at the place itself, or above it."""
        covered = frozenset({pointer})
        assert list(look_findings(spec, None, look(spec, {"status": "odd"}, covered=covered))) == []

    @pytest.mark.parametrize("pointer", ["/videos", "/videos/0", "/videos/0/url"])
    def test_every_place_above_covers_what_stands_below(self, spec: Spec, pointer: str):
        """Where the array is missing, its element is no second fault."""
        each = look(spec, {"id": "a", "status": "done"}, covered=frozenset({pointer}))
        assert list(look_findings(spec, None, each)) == []

    @pytest.mark.parametrize("pointer", ["/video", "/videos/1", "/videos/0/url/x", "/stat"])
    def test_a_place_beside_it_covers_nothing(self, spec: Spec, pointer: str):
        """Not even one whose name begins alike."""
        each = look(spec, {"id": "a", "status": "done"}, covered=frozenset({pointer}))
        assert brief(look_findings(spec, None, each)) == [("job.output-missing", "/videos/0/url")]


class TestMode:
    @pytest.mark.parametrize(
        ("operations", "mode"),
        [
            (("generate",), "blocking"),
            (("submit", "poll"), "poll"),
            (("submit", "poll", "events"), "poll"),
            (("submit", "events"), "events"),
            (("submit", None), "webhook"),
        ],
    )
    def test_it_says_how_the_end_was_waited_for(
        self, spec: Spec, operations: tuple[str | None, ...], mode: str
    ):
        """A job that was polled as well counts as polled."""
        trace = JobTrace(id="a")
        for operation in operations:
            direction = {"events": Direction.EVENT, None: Direction.WEBHOOK}.get(
                operation, Direction.RESPONSE
            )
            each = look(spec, {"id": "a", "status": "done"}, job=job_of(spec), direction=direction)
            trace.take(replace(each, operation=operation))
        assert trace.mode == mode


class TestLatency:
    def submitted(self, spec: Spec, sent_s: float | None = 10.0, received_s: float | None = 12.0) -> Look:
        return look(spec, {"id": "a"}, operation="submit", sent_s=sent_s, received_s=received_s)

    def polled(self, spec: Spec, word: str, sent_s: float | None) -> Look:
        received_s = None if sent_s is None else sent_s + 1
        return poll(spec, word, sent_s=sent_s, received_s=received_s)

    def test_it_is_an_interval(self, spec: Spec):
        """More than from the create answer to the last pending poll, no more than from the create request."""
        trace, _ = followed(
            spec,
            self.submitted(spec),
            self.polled(spec, "waiting", 25),
            self.polled(spec, "waiting", 40),
            self.polled(spec, "done", 55),
        )
        assert (trace.low_s, trace.high_s) == (40 - 12, 56 - 10)

    def test_a_job_that_was_done_at_the_first_poll_took_more_than_nothing(self, spec: Spec):
        """Nothing bounds it from below."""
        trace, _ = followed(spec, self.submitted(spec), self.polled(spec, "done", 25))
        assert (trace.low_s, trace.high_s) == (0, 16)

    def test_a_job_whose_end_was_not_seen_has_no_upper_end(self, spec: Spec):
        """It is censored, not dropped."""
        trace, _ = followed(spec, self.submitted(spec), self.polled(spec, "waiting", 600))
        assert (trace.low_s, trace.high_s) == (588, None)

    def test_without_a_timeline_nothing_is_known(self, spec: Spec):
        """Not even that it took more than nothing."""
        trace, _ = followed(spec, self.submitted(spec, None, None), self.polled(spec, "done", None))
        assert (trace.low_s, trace.high_s) == (None, None)

    def test_without_its_create_request_nothing_is_known(self, spec: Spec):
        """Times count from there."""
        trace, _ = followed(spec, self.polled(spec, "waiting", 25), self.polled(spec, "done", 40))
        assert (trace.low_s, trace.high_s) == (None, None)

    def test_a_pending_word_in_the_create_answer_bounds_nothing(self, spec: Spec):
        """It is as old as the request."""
        created = look(
            spec,
            {"id": "a", "status": "parked"},
            operation="submit",
            job=job_of(spec),
            sent_s=10.0,
            received_s=12.0,
        )
        trace, _ = followed(spec, created, self.polled(spec, "done", 25))
        assert (trace.low_s, trace.high_s) == (0, 16)

    def test_a_look_without_a_time_takes_none_away(self, spec: Spec):
        """An event between two polls may come without one."""
        trace, _ = followed(
            spec,
            self.submitted(spec),
            self.polled(spec, "waiting", 25),
            self.polled(spec, "waiting", None),
            self.polled(spec, "done", None),
            self.polled(spec, "done", 55),
        )
        assert (trace.low_s, trace.high_s) == (13, 46)

    def test_a_second_create_answer_does_not_start_the_clock_again(self, spec: Spec):
        """A repeated submit with the same id is the same job."""
        trace, _ = followed(
            spec,
            self.submitted(spec),
            self.submitted(spec, 40.0, 41.0),
            self.polled(spec, "done", 55),
        )
        assert (trace.low_s, trace.high_s) == (0, 46)

    def test_a_job_that_comes_back_to_life_ended_when_it_first_did(self, spec: Spec):
        """That it was seen pending later is a fault, and no reason to call it longer."""
        trace, found = followed(
            spec,
            self.submitted(spec),
            self.polled(spec, "waiting", 25),
            self.polled(spec, "done", 40),
            self.polled(spec, "waiting", 300),
        )
        assert brief(found) == [("job.terminal-changed", "/status")]
        assert (trace.low_s, trace.high_s) == (13, 31)

    def test_the_earliest_that_saw_the_end_counts(self, spec: Spec):
        """An answer may come later than one that was asked for after it."""
        slow = poll(spec, "done", sent_s=20.0, received_s=90.0)
        trace, _ = followed(spec, self.submitted(spec), slow, self.polled(spec, "done", 30))
        assert trace.high_s == 21

    def test_clocks_that_disagree_give_no_interval_that_cannot_be(self, spec: Spec):
        """A recording is a stranger's file."""
        early = poll(spec, "done", sent_s=1.0, received_s=2.0)
        trace, _ = followed(spec, self.submitted(spec), self.polled(spec, "waiting", MINUTE), early)
        assert (trace.low_s, trace.high_s) == (0, 0)
