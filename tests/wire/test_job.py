"""Reading what a body says of a job, by the pointers of a spec."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.spec.model import Job, JobState
from harness.wire.job import JobView, job_views

JOB = Job(
    at="/job",
    id="/id",
    status="/status",
    states={"waiting": JobState.QUEUED, "done": JobState.SUCCEEDED, "broken": JobState.FAILED},
    output="/videos/0/url",
    error=("/error/message", "/error/name"),
    progress_percent="/progress",
    evidence={},
)
MANY = Job(
    at="/job",
    id="/jobs/0/id",
    status="/jobs/0/status",
    states={"waiting": JobState.QUEUED},
    output="/url",
    evidence={},
)


def only(job: Job, body: Any) -> JobView:
    (view,) = job_views(job, body)
    return view


class TestOneJob:
    def test_everything_that_a_body_says_is_read(self):
        """Id, word and meaning, output, error and progress, with where the findings will point."""
        body = {
            "id": "a",
            "status": "done",
            "videos": [{"url": "https://x"}, {"url": "https://y"}],
            "error": {"message": "", "name": "late"},
            "progress": 99.5,
        }
        assert only(JOB, body) == JobView(
            id="a",
            id_pointer="/id",
            word="done",
            word_pointer="/status",
            state=JobState.SUCCEEDED,
            output="https://x",
            output_pointer="/videos/0/url",
            error="late",
            progress_percent=99.5,
        )

    @pytest.mark.parametrize("body", [{}, [], "text", None, 5, {"videos": {}}, {"error": "text"}])
    def test_a_body_that_says_nothing_is_no_reason_to_fail(self, body: Any):
        """Whatever the provider sends instead, there is one view with nothing in it."""
        view = only(JOB, body)
        assert (view.id, view.word, view.state, view.output, view.error, view.progress_percent) == (None,) * 6
        assert (view.id_pointer, view.word_pointer, view.output_pointer) == (
            "/id",
            "/status",
            "/videos/0/url",
        )

    @pytest.mark.parametrize("word", ["DONE", "", "unknown"])
    def test_a_word_that_is_not_mapped_means_nothing(self, word: str):
        """Words are compared to the letter."""
        view = only(JOB, {"status": word})
        assert (view.word, view.state) == (word, None)

    @pytest.mark.parametrize("value", [5, True, None, ["done"], {"a": 1}])
    def test_an_id_or_a_word_that_is_no_text_is_none(self, value: Any):
        """Their type is for the schema to judge."""
        view = only(JOB, {"id": value, "status": value})
        assert (view.id, view.word) == (None, None)

    @pytest.mark.parametrize(("value", "progress"), [(0, 0), (50.5, 50.5), (True, None), ("50", None)])
    def test_progress_is_a_number(self, value: Any, progress: float | None):
        """A boolean is none, though Python counts it as one."""
        assert only(JOB, {"progress": value}).progress_percent == progress

    def test_the_first_error_with_words_in_it_counts(self):
        """An empty one before it does not."""
        assert only(JOB, {"error": {"message": "late", "name": "E1"}}).error == "late"

    @pytest.mark.parametrize(
        ("body", "output"),
        [
            ({"videos": [{"url": "https://x"}]}, "https://x"),
            ({"videos": [{"bytes": "AAAA"}]}, "AAAA"),
            ({"videos": [{"url": None, "bytes": "AAAA"}]}, "AAAA"),
            ({"videos": [{}]}, None),
        ],
    )
    def test_the_file_itself_may_stand_where_its_address_would(self, body: Any, output: str | None):
        """Findings still point to where the address is documented."""
        view = only(replace(JOB, output_inline="/videos/0/bytes"), body)
        assert (view.output, view.output_pointer) == (output, "/videos/0/url")

    def test_a_block_without_a_status_may_say_the_state_itself(self):
        """A blocking call's answer means that the job is done, whatever it reads."""
        blocking = replace(JOB, status=None, states={}, state=JobState.SUCCEEDED)
        view = only(blocking, {"status": "broken"})
        assert (view.state, view.word, view.word_pointer) == (JobState.SUCCEEDED, None, None)

    def test_a_block_without_a_status_says_nothing_of_the_state(self):
        """The "success" of a create answer is not the job's."""
        created = replace(JOB, status=None, states={})
        assert only(created, {"id": "a", "status": "done"}).state is None

    def test_what_a_block_does_not_map_is_not_read(self):
        """Pointers that a spec leaves out are none in the view."""
        bare = Job(at="/job", states={}, evidence={})
        assert only(bare, {"id": "a", "status": "done"}) == JobView(
            id=None,
            id_pointer=None,
            word=None,
            word_pointer=None,
            state=None,
            output=None,
            output_pointer=None,
            error=None,
            progress_percent=None,
        )

    def test_an_array_of_outputs_is_still_one_job(self):
        """Only an id inside an array makes several jobs."""
        assert only(JOB, {"videos": [{"url": "a"}, {"url": "b"}]}).output == "a"


class TestManyJobs:
    def test_each_element_of_the_array_is_a_job(self):
        """The pointers of each lead to its own element; those outside the array stay."""
        body = {"jobs": [{"id": "a", "status": "waiting"}, {"id": "b", "status": "odd"}], "url": "https://x"}
        views = list(job_views(MANY, body))
        assert [(v.id, v.id_pointer, v.word_pointer, v.state) for v in views] == [
            ("a", "/jobs/0/id", "/jobs/0/status", JobState.QUEUED),
            ("b", "/jobs/1/id", "/jobs/1/status", None),
        ]
        assert {(v.output, v.output_pointer) for v in views} == {("https://x", "/url")}

    @pytest.mark.parametrize("body", [{"jobs": []}, {}, {"jobs": "none"}, {"jobs": {"0": {"id": "a"}}}, []])
    def test_without_an_array_the_first_job_is_missing(self, body: Any):
        """One view remains, so that its missing id is noticed."""
        view = only(MANY, body)
        assert (view.id_pointer, view.word, view.state) == ("/jobs/0/id", None, None)

    def test_an_element_that_is_no_object_is_a_job_without_an_id(self):
        """It is counted, not passed over."""
        assert [view.id for view in job_views(MANY, {"jobs": [None, {"id": "b"}]})] == [None, "b"]
