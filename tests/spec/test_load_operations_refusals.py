"""What the loader refuses of operations, bodies, examples and jobs, each at its place."""

from __future__ import annotations

import pytest

from tests.minimal import EVENTS, MINIMAL, assert_refused

POLL_STATES = """\
          states:
            waiting: running
            done: succeeded
            broken: failed
"""


class TestRefused:
    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            ("\n  poll:\n", "\n  status:\n", "^operations:", "/operations: missing key 'poll'"),
            (
                "\nwebhook:\n",
                "  delete: {}\n\nwebhook:\n",
                "^delete",
                "/operations: unknown key 'delete'; known here: cancel, events, generate, model, poll, "
                "source, submit",
            ),
            (
                "method: POST",
                "method: SEND",
                "method: ^SEND",
                "/operations/submit/method: expected one of GET, POST, PUT, PATCH, DELETE, got 'SEND'",
            ),
            (
                "path: /v1/videos\n",
                "path: v1/videos\n",
                "path: ^v1/videos\n",
                "/operations/submit/path: expected a path such as /v1/jobs/{id}, got 'v1/videos'",
            ),
            (
                "path: /v1/videos/{id}\n",
                "path: /v1/videos?id={id}\n",
                "path: ^/v1/videos?id",
                "/operations/poll/path: expected a path such as /v1/jobs/{id}, got '/v1/videos?id={id}'",
            ),
            (
                "at_run: [/duration]",
                "at_run: /duration",
                "at_run: ^/duration",
                "/operations/submit/validation/at_run: expected a list, got a string, '/duration'",
            ),
            (
                "at_run: [/duration]",
                "at_run: [duration]",
                "at_run: [^duration]",
                "/operations/submit/validation/at_run/0: expected a JSON Pointer such as /task/status, "
                "got 'duration'",
            ),
            (
                "in: path,",
                "in: cookie,",
                "in: ^cookie",
                "/operations/poll/parameters/id/in: expected one of path, query, header, got 'cookie'",
            ),
            (
                "role: job_id",
                "role: id",
                "role: ^id",
                "/operations/poll/parameters/id/role: expected one of job_id, got 'id'",
            ),
            (
                "required: true, schema",
                "schema",
                "^id: {in: path",
                "/operations/poll/parameters/id: missing key 'required'",
            ),
        ],
    )
    def test_operations_and_parameters(self, before: str, after: str, marked: str, message: str):
        """Names, methods, paths and what travels in them."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                '"201":',
                '"20":',
                '^"20":',
                '/operations/submit/responses/20: expected a status such as "200" or "5XX", got \'20\'',
            ),
            (
                "\n  5XX:",
                "\n  5xx:",
                "^5xx",
                '/errors/5xx: expected a status such as "200" or "5XX", got \'5xx\'',
            ),
            (
                MINIMAL[MINIMAL.index("errors:\n") : MINIMAL.index("\nlimits:")],
                "errors: [404]\n",
                "errors: ^[404]",
                "/errors: expected a mapping, got a list",
            ),
            (
                "schema: undocumented}",
                "schema: none}",
                "schema: ^none",
                "/errors/5XX/schema: expected a mapping, got a string, 'none'",
            ),
            (
                "error_message: /message",
                "error_message: message",
                "error_message: ^message",
                "/errors/404/error_message: expected a JSON Pointer such as /task/status, got 'message'",
            ),
            (
                "        job: {id: /id}\n",
                "        job: {id: /id}\n        stream: {}\n",
                "^schema:\n          type: object\n          required: [id]\n",
                "/operations/submit/responses/201: unknown key 'schema'; known here: billed, content_type, "
                "error_message, events, examples, job, meaning, source, stream",
            ),
            (
                "{role: minimal,",
                "{role: short,",
                "role: ^short",
                "/operations/submit/request/examples/minimal/role: expected one of minimal, full, sample, "
                "got 'short'",
            ),
            (
                "sample: {value: {id: job-1}, source",
                "sample: {source",
                "^sample: {source",
                "/operations/submit/responses/201/examples/sample: expected either value or text",
            ),
            (
                "sample: {value: {id: job-1}, source",
                "sample: {value: {id: job-1}, text: x, source",
                "^sample: {value: {id",
                "/operations/submit/responses/201/examples/sample: expected either value or text",
            ),
            (
                "sample: {value: {id: job-1}, source: page#Create}",
                "sample: {value: {id: job-1}}",
                "^sample: {value: {id",
                "/operations/submit/responses/201/examples/sample: missing key 'source'",
            ),
        ],
    )
    def test_responses_and_examples(self, before: str, after: str, marked: str, message: str):
        """Statuses, bodies, and what a document shows of them."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                "done: succeeded",
                "done: success",
                "done: ^success",
                "/operations/poll/responses/200/job/states/done: expected one of queued, running, "
                "succeeded, failed, cancelled, got 'success'",
            ),
            (
                POLL_STATES,
                "",
                "^job:\n          id: /id\n          status",
                "/operations/poll/responses/200/job: status and states belong together",
            ),
            (
                "          status: /status\n",
                "",
                "^job:\n          id: /id\n          states",
                "/operations/poll/responses/200/job: status and states belong together",
            ),
            (
                "          status: /status\n",
                "          statuses: /status\n",
                "^statuses",
                "/operations/poll/responses/200/job: unknown key 'statuses'; did you mean 'status'?",
            ),
            (
                "error: [/error]",
                "error: []",
                "error: ^[]",
                "/operations/poll/responses/200/job/error: expected a string, got a list",
            ),
            (
                "job: {id: /id}\n",
                "job: {id: /id, evidence: {created_at: /t}}\n",
                "^created_at",
                "/operations/submit/responses/201/job/evidence: unknown key 'created_at'; did you mean "
                "'completed_at'?",
            ),
            (
                "job: {id: /id}\n",
                "job: {id: id}\n",
                "job: {id: ^id}",
                "/operations/submit/responses/201/job/id: expected a JSON Pointer such as /task/status, "
                "got 'id'",
            ),
        ],
    )
    def test_jobs(self, before: str, after: str, marked: str, message: str):
        """Where the job stands, and what its words mean."""
        assert_refused(before, after, marked, message)

    @pytest.mark.parametrize(
        ("before", "after", "marked", "message"),
        [
            (
                "subscribe: before_submit",
                "subscribe: early",
                "subscribe: ^early",
                "/operations/events/responses/200/stream/subscribe: expected one of before_submit, "
                "any_time, got 'early'",
            ),
            (
                "states_without_event: [cancelled]",
                "states_without_event: cancelled",
                "states_without_event: ^cancelled",
                "/operations/events/responses/200/stream/states_without_event: expected a list, got a "
                "string, 'cancelled'",
            ),
            (
                "ping: {schema: undocumented}",
                "ping: {}",
                "  ^ping: {}",
                "/operations/events/responses/200/events/ping: missing key 'schema'",
            ),
        ],
    )
    def test_streams(self, before: str, after: str, marked: str, message: str):
        """The terms of a stream, and what it sends."""
        events = EVENTS.replace(before, after)
        assert events != EVENTS

        assert_refused("\nwebhook:\n", f"{events}\nwebhook:\n", marked, message)
