"""Operations: parameters, bodies, answers, examples, and where the job stands in each."""

from __future__ import annotations

from harness.spec.model import (
    Auth,
    EventStream,
    Example,
    Job,
    JobState,
    Parameter,
    Payload,
    Response,
    State,
    Stated,
    Validation,
)
from tests.minimal import EVENTS, minimal

SUBMIT_VALIDATION = 'validation: {at_submit: ["*"], at_run: [/duration], source: page#Create}'
WITH_EVENTS = ("\nwebhook:\n", f"{EVENTS}\nwebhook:\n")


class TestOperations:
    def test_they_are_read_by_name(self):
        """Method and path as they stand; silence about auth and validation is None."""
        submit, poll = minimal().operations.values()

        assert (submit.name, submit.method, submit.path, submit.auth) == (
            "submit",
            "POST",
            "/v1/videos",
            None,
        )
        assert (poll.name, poll.method, poll.path, poll.validation) == (
            "poll",
            "GET",
            "/v1/videos/{id}",
            None,
        )

    def test_when_parameters_are_judged(self):
        """Pointers, and `*` for every other parameter."""
        assert minimal().operations["submit"].validation == Stated(
            state=State.DOCUMENTED,
            at="/operations/submit/validation",
            value=Validation(at_submit=("*",), at_run=("/duration",)),
        )

    def test_auth_of_one_operation_may_differ(self):
        """An override is a fact in three states like any other."""
        spec = minimal(
            (SUBMIT_VALIDATION, "auth: {scheme: api_key, header: X-Key, source: page#Create}"),
            ("    path: /v1/videos/{id}\n", "    path: /v1/videos/{id}\n    auth: undocumented\n"),
        )

        assert spec.operations["submit"].auth == Stated(
            state=State.DOCUMENTED,
            at="/operations/submit/auth",
            value=Auth(scheme="api_key", header="X-Key"),
        )
        assert spec.operations["poll"].auth == Stated(state=State.UNDOCUMENTED, at="/operations/poll/auth")

    def test_a_parameter_knows_where_it_travels(self):
        """The one with the job's id is found by its role."""
        poll = minimal().operations["poll"]

        assert poll.job_id_parameter == Parameter(
            name="id",
            location="path",
            required=True,
            schema={"type": "string"},
            role="job_id",
            at="/operations/poll/parameters/id",
        )

    def test_a_parameters_name_is_kept_whole(self):
        """A name with a slash is escaped in its place alone."""
        spec = minimal(("      id: {in: path,", "      a/b: {in: query,"))

        (parameter,) = spec.operations["poll"].parameters
        assert (parameter.name, parameter.at) == ("a/b", "/operations/poll/parameters/a~1b")

    def test_a_request_has_its_schema_and_examples(self):
        """Examples keep their order, role and place."""
        request = minimal().operations["submit"].request

        assert request is not None
        assert request.content_type == "application/json"
        assert list(request.schema["properties"]) == [
            "prompt",
            "duration",
            "aspect_ratio",
            "guidance",
            "callback_url",
        ]
        assert request.examples == (
            Example(
                name="minimal",
                role="minimal",
                has_value=True,
                value={"prompt": "a fox"},
                text=None,
                substituted=(),
                at="/operations/submit/request/examples/minimal",
            ),
            Example(
                name="sample",
                role="sample",
                has_value=True,
                value={"prompt": "a fox", "duration": 7},
                text=None,
                substituted=(),
                at="/operations/submit/request/examples/sample",
            ),
        )

    def test_an_example_may_be_a_text_or_null(self):
        """What is not JSON is kept as it is printed; a null is a value."""
        spec = minimal(
            ("{role: minimal, value: {prompt: a fox}, source", "{role: minimal, text: '{\"a\": 1,}', source"),
            ("sample: {value: {id: job-1}, source", "sample: {value: null, substituted: [/id], source"),
        )

        submit = spec.operations["submit"]
        assert submit.request is not None
        text = submit.request.examples[0]
        null = submit.responses["201"].examples[0]
        assert (text.has_value, text.value, text.text) == (False, None, '{"a": 1,}')
        assert (null.has_value, null.value, null.substituted) == (True, None, ("/id",))

    def test_a_job_is_pointed_at(self):
        """Where everything of the job stands in the answer, and what its words mean there."""
        assert minimal().operations["poll"].responses["200"].job == Job(
            at="/operations/poll/responses/200/job",
            id="/id",
            status="/status",
            states={
                "waiting": JobState.RUNNING,
                "done": JobState.SUCCEEDED,
                "broken": JobState.FAILED,
            },
            output="/videos/0/url",
            error=("/error",),
            progress_percent="/progress",
            evidence={},
        )

    def test_a_job_may_have_all_its_members(self):
        """Times, lifetimes, evidence, one pointer to the error, and a state of the answer itself."""
        spec = minimal(
            (
                "job: {id: /id}\n",
                "job: {state: queued, eta_s: /eta, output_ttl_s: /ttl, error: /why, "
                "evidence: {started_at: /t, predict_time_s: /p, source: page#Read}}\n",
            )
        )

        assert spec.operations["submit"].responses["201"].job == Job(
            at="/operations/submit/responses/201/job",
            states={},
            state=JobState.QUEUED,
            error=("/why",),
            eta_s="/eta",
            output_ttl_s="/ttl",
            evidence={"started_at": "/t", "predict_time_s": "/p"},
        )

    def test_responses_of_all_operations(self):
        """Common errors by status or class of statuses; a body may be undocumented."""
        errors = minimal().errors.value

        assert errors is not None
        assert errors["404"].error_message == "/message"
        assert errors["5XX"] == Response(
            status="5XX",
            meaning=None,
            content_type=None,
            schema=None,
            job=None,
            error_message=None,
            examples=(),
            stream=None,
            events={},
            at="/errors/5XX",
        )

    def test_whether_an_answer_is_billed(self):
        """A page may say that what is answered so costs nothing; where it does not, that is unknown."""
        errors = minimal(("  5XX: {source", "  5XX: {billed: false, source")).errors.value

        assert errors is not None
        assert [errors[status].billed for status in ("404", "5XX")] == [None, False]

    def test_a_source_of_all_errors_is_no_status(self):
        """It may stand once for the block."""
        errors = minimal(("errors:\n", "errors:\n  source: page#Errors\n")).errors.value

        assert errors is not None
        assert list(errors) == ["404", "5XX"]

    def test_a_stream_has_terms_and_events(self):
        """An event stream names its events instead of a schema."""
        response = minimal(WITH_EVENTS).operations["events"].responses["200"]

        assert response.schema is None
        assert response.stream == EventStream(
            keep_alive_s=15,
            buffered=False,
            subscribe="before_submit",
            other_events=True,
            states_without_event=(JobState.CANCELLED,),
            at="/operations/events/responses/200/stream",
        )
        assert response.events["ping"] == Payload(
            schema=None, job=None, examples=(), at="/operations/events/responses/200/events/ping"
        )
        assert response.events["job_done"].job == Job(
            at="/operations/events/responses/200/events/job_done/job",
            id="/id",
            states={},
            state=JobState.SUCCEEDED,
            evidence={},
        )
