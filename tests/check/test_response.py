"""One response body, by operation and status."""

from __future__ import annotations

from typing import Any

import pytest

from harness.check.body import Judges
from harness.check.response import Unreadable, decode, response_findings, unreadable_request
from harness.errors import OperatorError
from harness.finding import Direction, Finding, Location, Observed, Severity, Skipped, Verdict
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.check.judging import as_bytes, brief, response
from tests.minimal import minimal

ID = "example/video-1-text-to-video"
DONE = {"id": "job-1", "status": "done", "videos": [{"url": "https://cdn.example.com/1.mp4"}]}


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec."""
    return minimal()


class TestCheckResponse:
    def test_what_is_documented_conforms(self, spec: Spec):
        """One operation at one status was seen."""
        judgement = response(spec, "poll", DONE)
        assert judgement.findings == ()
        assert judgement.observed == Observed(operations=1, facts=1)
        assert (judgement.models, judgement.verdict) == ((ID,), Verdict.CONFORMS)

    def test_faults_are_those_of_a_response(self, spec: Spec):
        """With its direction, its place in the file, and no advice on how to send it."""
        body = '{"id": "a", "status": "done",\n  "videos": [{"url": "b"}], "progress": "5"}'
        (finding,) = response(spec, "poll", body).findings
        assert finding.message == '/progress: expected a number, got string "5"'
        assert (finding.rule.id, finding.direction, finding.operation) == (
            "response.type",
            Direction.RESPONSE,
            "poll",
        )
        assert finding.subject == Location(file="r.json", line=2, column=29)

    def test_an_unknown_member_is_information(self, spec: Spec):
        """It is additive: nobody who reads the documented members is hurt."""
        judgement = response(spec, "poll", {**DONE, "queue": 5})
        assert brief(judgement) == [("response.unknown-property", "/queue")]
        assert judgement.findings[0].severity is Severity.INFO
        assert judgement.verdict is Verdict.CONFORMS

    def test_a_member_that_the_document_forbids_is_more_than_additive(self):
        """`additionalProperties: false` is a promise."""
        closed = minimal(
            (
                "          properties: {id: {type: string}}\n",
                "          additionalProperties: false\n          properties: {id: {type: string}}\n",
            )
        )
        judgement = response(closed, "submit", {"id": "a", "queue": 5}, status=201)
        assert brief(judgement) == [("response.constraint", "/queue")]
        assert judgement.verdict is Verdict.VIOLATES

    def test_an_error_body_is_judged_by_the_common_table(self, spec: Spec):
        """Statuses that the operation does not state itself."""
        assert brief(response(spec, "poll", {"message": 5}, status=404)) == [("response.type", "/message")]

    def test_an_operation_that_is_not_documented_is_refused(self, spec: Spec):
        """The message names those that are."""
        with pytest.raises(OperatorError) as caught:
            response(spec, "cancel", {})
        assert str(caught.value) == f"{ID} documents no operation 'cancel'; it documents: submit, poll"

    def test_a_stream_of_events_is_refused(self, store: SpecStore):
        """Taken for one body it would pass unread."""
        with pytest.raises(OperatorError) as caught:
            response(store.get("oxen"), "events", "event: x")
        oxen = "oxen/kling-video-v2-6-pro-text-to-video"
        assert str(caught.value) == f"{oxen}: events answers with a stream of events; use check traffic"

    def test_a_body_that_no_document_describes_is_said_to_be_unjudged(self, spec: Spec):
        """The status is documented and nothing more."""
        judgement = response(spec, "poll", "<html>", status=503)
        assert judgement.findings == ()
        assert judgement.observed.skipped == (
            Skipped(what="the body of poll 503", why="the documents do not describe it"),
        )

    def test_an_undocumented_status_is_a_warning(self, spec: Spec):
        """What is documented is named; the body cannot be judged."""
        judgement = response(spec, "poll", {}, status=418)
        (finding,) = judgement.findings
        assert finding.message == "poll: status 418 is not documented; documented: 200, 404, 5XX"
        assert (finding.rule.id, finding.severity) == ("response.status-undocumented", Severity.WARNING)
        assert (finding.pointer, finding.field, finding.facet) == (None, "", "status")
        assert (finding.expected, finding.observed) == (["200", "404", "5XX"], 418)
        assert finding.source is not None
        assert finding.source.document == "page#Read"
        assert judgement.observed.skipped == (
            Skipped(what="the body of poll 418", why="the documents do not describe it"),
        )


class TestUnreadable:
    @pytest.mark.parametrize(
        ("body", "rule", "message", "place"),
        [
            (
                b"<html>\nBad Gateway",
                "response.not-json",
                "the body: not JSON: expected a value, got '<'; it begins \"<html>\\nBad Gateway\"",
                "r.json:1:1",
            ),
            (
                b'{"id": "a",\n}',
                "response.not-json",
                "the body: not JSON: expected a key in double quotes, got '}'; "
                'it begins "{\\"id\\": \\"a\\",\\n}"',
                "r.json:2:1",
            ),
            (
                b"",
                "response.not-json",
                'the body: not JSON: expected a value, got the end; it begins ""',
                "r.json:1:1",
            ),
            (
                b'"\xff"',
                "response.not-utf8",
                'the body: byte 1 is not UTF-8; it begins "\\"\ufffd\\""',
                "r.json",
            ),
            (
                b"x" * 5000,
                "response.not-json",
                f"the body: not JSON: expected a value, got 'x'; it begins \"{'x' * 60}\"",
                "r.json:1:1",
            ),
        ],
    )
    def test_a_body_that_is_no_json_is_a_finding(
        self, spec: Spec, body: bytes, rule: str, message: str, place: str
    ):
        """It is the provider's fault, not that of the file it was saved in."""
        judgement = response(spec, "poll", body)
        (finding,) = judgement.findings
        assert (finding.rule.id, finding.message, str(finding.subject)) == (rule, message, place)
        assert (finding.pointer, finding.facet, finding.expected) == ("", "json", "JSON")
        assert finding.observed == body[:200].decode("utf-8", "replace")
        assert judgement.verdict is Verdict.VIOLATES

    @pytest.mark.parametrize("body", [b'\xef\xbb\xbf{"id": NaN}', b'{"id": "\\ud83d", "id": 1}'])
    def test_what_lax_readers_take_is_read(self, body: bytes):
        """A byte order mark, NaN, double keys: their own rules speak of them."""
        assert not isinstance(decode(body, "r.json"), Unreadable)

    def test_of_a_recorded_request_it_is_the_client_who_sent_it(self, spec: Spec):
        """The same words under the rule for requests."""
        read = decode(b"a=b", "cassette.yaml")
        assert isinstance(read, Unreadable)
        at = "/operations/submit/request/schema"
        subject = Location(file="cassette.yaml", index=0)
        finding = unreadable_request(spec, at, read, "submit", subject)
        assert (finding.rule.id, finding.direction) == ("request.not-json", Direction.REQUEST)
        assert finding.message == "the body: not JSON: expected a value, got 'a'; it begins \"a=b\""
        assert (finding.subject, finding.operation) == (subject, "submit")


class TestContentType:
    @staticmethod
    def found(spec: Spec, content_type: str | None) -> list[Finding]:
        return list(
            response_findings(
                spec,
                "poll",
                200,
                as_bytes(DONE),
                subject=Location(file="c.yaml", index=2),
                judges=Judges(),
                content_type=content_type,
            )
        )

    @pytest.mark.parametrize(
        "content_type", [None, "application/json", "Application/JSON; charset=utf-8", "application/json;"]
    )
    def test_parameters_and_case_make_no_difference(self, spec: Spec, content_type: str | None):
        """Nor does a recording without headers."""
        assert self.found(spec, content_type) == []

    @pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/problem+json"])
    def test_another_type_is_a_warning_and_the_body_is_judged_all_the_same(
        self, spec: Spec, content_type: str
    ):
        """Labels are often wrong where the body is right."""
        (finding,) = self.found(spec, content_type)
        essence = content_type.partition(";")[0]
        assert finding.message == f"poll: expected content type application/json, got {essence}"
        assert (finding.rule.id, finding.severity) == ("response.content-type", Severity.WARNING)
        assert (finding.facet, finding.expected, finding.observed) == (
            "content_type",
            "application/json",
            essence,
        )
        assert finding.subject == Location(file="c.yaml", index=2)


# What the pages print of their answers, each with one thing changed (None: dropped), and what comes of it.
TAMPERED: tuple[tuple[str, str, int, str, str, Any, str], ...] = (
    ("novita/kling-v1.6", "submit", 200, "sample", "/task_id", None, "required"),
    ("novita/kling-v1.6", "submit", 200, "sample", "/task_id", 5, "type"),
    ("novita/kling-v1.6", "poll", 200, "succeeded", "/task/status", "SUCCEED", "enum"),
    ("novita/kling-v1.6", "poll", 200, "succeeded", "/task/progress_percent", 101, "maximum"),
    ("novita/kling-v1.6", "poll", 200, "succeeded", "/videos/0/video_url_ttl", 3600, "type"),
    ("aimlapi", "poll", 200, "completed", "/status", "succeeded", "enum"),
    ("aimlapi", "poll", 200, "completed", "/id", None, "required"),
    ("aimlapi", "poll", 200, "completed", "/video/url", "not an address", "format"),
    ("eachlabs", "submit", 201, "created", "/status", "succeeded", "enum"),
    ("eachlabs", "poll", 200, "success", "/status", "succeeded", "enum"),
    ("eachlabs", "poll", 200, "success", "/output", None, "required"),
    ("eachlabs", "poll", 400, "body", "/details", None, "required"),
    ("oxen", "submit", 200, "two", "/generations/1/status", "success", "enum"),
    ("oxen", "poll", 200, "processing", "/error_message", None, "required"),
    ("oxen", "poll", 200, "processing", "/enqueued_at", "now", "type"),
    ("oxen", "poll", 200, "succeeded", "/result_url", None, "required"),
    ("oxen", "poll", 404, "not-found", "/error/title", None, "required"),
    ("oxen", "cancel", 200, "success", "/status", "cancelled", "enum"),
)


@pytest.mark.parametrize(
    ("model", "operation", "status", "example", "pointer", "value", "rule"),
    [pytest.param(*row, id=f"{row[0]} {row[1]} {row[4]} {row[6]}") for row in TAMPERED],
)
def test_one_change_of_a_printed_answer_is_one_finding(
    store: SpecStore,
    model: str,
    operation: str,
    status: int,
    example: str,
    pointer: str,
    value: Any,
    rule: str,
):
    """Status word changed, member dropped, type changed: each is caught where it stands."""
    spec = store.get(model)
    documented = spec.responses_for(operation, status)
    assert documented is not None
    (body,) = (shown.value for shown in documented.examples if shown.name == example)
    assert response(spec, operation, body, status=status).findings == ()
    tampered = response(spec, operation, changed(body, pointer, value), status=status)
    assert brief(tampered) == [(f"response.{rule}", pointer)]


def changed(body: Any, pointer: str, value: Any) -> Any:
    """A copy with another value at one place; None drops the member."""
    name, _, rest = pointer.removeprefix("/").partition("/")
    copy = list(body) if isinstance(body, list) else dict(body)
    key: Any = int(name) if isinstance(copy, list) else name
    if rest:
        copy[key] = changed(copy[key], f"/{rest}", value)
    elif value is None:
        del copy[key]
    else:
        copy[key] = value
    return copy
