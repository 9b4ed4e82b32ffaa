"""Every rule of message checking with an example that fires it and one, next to it, that does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.check.expiry import expiry_findings
from harness.check.rules import (
    BY_FACET,
    CASSETTE_RULES,
    JOB_RULES,
    REQUEST_RULES,
    RESPONSE_RULES,
    RULES,
    TRAFFIC_RULES,
    rule,
    rule_for,
)
from harness.check.traffic import nothing_observed
from harness.check.video_rules import VIDEO_RULES
from harness.finding import Direction, Finding, Impact, Kind, Severity
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.check.delivered import EXAMPLES as VIDEO_EXAMPLES
from tests.check.judging import as_bytes, request, response
from tests.check.recorded import NOVITA, PROMPT, Judge, exchange, poll, recording, submit
from tests.minimal import minimal
from tests.whole import read_record, whole

# A body in which every facet can be broken by itself.
SCHEMA = (
    "type: object\n"
    "{indent}required: [text]\n"
    "{indent}properties:\n"
    "{indent}  text: {{type: string, minLength: 2, maxLength: 4, pattern: '^[a-z]*$'}}\n"
    "{indent}  size: {{type: number, minimum: 0, maximum: 10, multipleOf: 2}}\n"
    "{indent}  mode: {{type: string, enum: [Fast, Slow]}}\n"
    "{indent}  link: {{type: string, format: uri}}\n"
)
GOOD: Mapping[str, Any] = {"text": "abc", "size": 4, "mode": "Fast", "link": "https://x"}

REQUEST_BODY = """\
        type: object
        x-source: page#Create, body
        required: [prompt]
        properties:
          prompt: {type: string, minLength: 1, maxLength: 500}
          duration:
            type: integer
            enum: [5, 10]
            default: 5
          aspect_ratio: {type: string, enum: ["16:9", "1:1"], x-absent: [default]}
          guidance: {type: number, minimum: 0, maximum: 1, x-sources: {maximum: forum#first answer}}
          callback_url: {type: string, format: uri}
"""
CREATE_ANSWER = """\
          type: object
          required: [id]
          properties: {id: {type: string}}
"""

# Rule -> (a body that fires it, the same body put right). What is not said of a body is as in GOOD.
BODIES: Mapping[str, tuple[Any, Any]] = {
    "type": ({"text": 5}, {"text": "five"}),
    "enum": ({"mode": "fast"}, {"mode": "Fast"}),
    "required": ('{"size": 4}', '{"text": "abc"}'),
    "minimum": ({"size": -2}, {"size": 0}),
    "maximum": ({"size": 12}, {"size": 10}),
    "min-length": ({"text": "a"}, {"text": "ab"}),
    "max-length": ({"text": "abcde"}, {"text": "abcd"}),
    "pattern": ({"text": "AB"}, {"text": "ab"}),
    "format": ({"link": "not an address"}, {"link": "https://example.com/?a=b"}),
    "unknown-property": ({"txt": "abc"}, {"text": "abc"}),
    "constraint": ({"size": 3}, {"size": 2}),
    "duplicate-key": ('{"text": "abc", "text": "abc"}', '{"text": "abc", "size": 4}'),
    "not-finite": ('{"text": "abc", "size": NaN}', '{"text": "abc", "size": 4}'),
    "surrogate": ('{"text": "ab\\ud83d"}', '{"text": "\\u0061b"}'),
}


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec with such a body."""
    return with_bodies()


def with_bodies() -> Spec:
    """The small spec, with the body above as its request and as the answer to it."""
    return minimal(
        (REQUEST_BODY, "        " + SCHEMA.format(indent=" " * 8)),
        (CREATE_ANSWER, "          " + SCHEMA.format(indent=" " * 10)),
        ("        job: {id: /id}\n", ""),
        (
            "  prompt: /prompt\n  duration_s: /duration\n  aspect_ratio: /aspect_ratio\n"
            "  guidance: /guidance\n  webhook_url: /callback_url\n",
            "  prompt: /text\n",
        ),
        ("  request_field: /callback_url\n", "  request_field: /link\n"),
    )


@pytest.fixture(scope="module")
def novita(store: SpecStore) -> Judge:
    """One real provider, for what only recordings show."""
    return Judge([store.get("novita/kling-v2.6-pro-t2v")])


def body_findings(spec: Spec, area: str, body: Any) -> list[Finding]:
    whole = body if isinstance(body, (str, bytes)) else {**GOOD, **body}
    judgement = request(spec, whole) if area == "request" else response(spec, "submit", whole, status=201)
    return list(judgement.findings)


Fires = Callable[[Spec, Judge], list[Finding]]


def of_body(area: str, body: Any) -> Fires:
    return lambda spec, novita: body_findings(spec, area, body)


def of_answer(body: bytes | str = b"{}", **members: Any) -> Fires:
    def fires(spec: Spec, novita: Judge) -> list[Finding]:
        status = members.get("status", 201)
        return list(response(spec, "submit", as_bytes(body), status=status).findings)

    return fires


def of_traffic(*messages: Any, **members: Any) -> Fires:
    return lambda spec, novita: list(novita(*messages, **members).judgement.findings)


def of_age(*, expires_days: int | None) -> Fires:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    expires = None if expires_days is None else now + timedelta(days=expires_days)
    aged = recording(submit(), expires=expires)
    return lambda spec, novita: list(expiry_findings(aged, now))


def task(**members: Any) -> Any:
    return poll("", answered={"task": {"task_id": "t", "status": "TASK_STATUS_PROCESSING", **members}})


def of_minimal_poll(body: Any) -> Fires:
    """The answer to a poll of a spec that lists no status words in its schema."""

    def fires(spec: Spec, novita: Judge) -> list[Finding]:
        open_spec = minimal(
            ("status: {type: string, enum: [waiting, done, broken]}", "status: {type: string}")
        )
        call = exchange("GET", "https://api.example.com/v1/videos/a", None, body)
        return list(Judge([open_spec])(call).judgement.findings)

    return fires


DOWN = poll("", status=503, answered="x")


NOT_SENT = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", "prompt=fox", {"task_id": "t"})
NO_ID = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, {"task_id": ""})
NO_ANSWER = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT)
SUCCESS_WITHOUT_VIDEO = {"task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"}, "videos": []}

# Rule -> (what fires it, what is next to it and does not).
EXAMPLES: Mapping[str, tuple[Fires, Fires]] = {
    **{
        f"{area}.{name}": (of_body(area, bad), of_body(area, good))
        for area in ("request", "response")
        for name, (bad, good) in BODIES.items()
    },
    "request.not-json": (of_traffic(NOT_SENT), of_traffic(submit())),
    "response.not-json": (of_answer(b"<html>"), of_answer('{"text": "abc"}')),
    "response.not-utf8": (of_answer(b'{"text": "\xff"}'), of_answer('{"text": "abc"}')),
    "response.status-undocumented": (of_answer(status=418), of_answer('{"text": "abc"}')),
    "response.content-type": (
        of_traffic(submit(content_type="text/plain")),
        of_traffic(submit(content_type="application/json; charset=utf-8")),
    ),
    "job.status-unknown": (
        of_minimal_poll({"id": "a", "status": "paused"}),
        of_minimal_poll({"id": "a", "status": "waiting"}),
    ),
    "job.status-missing": (of_traffic(poll("", answered={"task": {}})), of_traffic(poll("QUEUED"))),
    "job.id-missing": (of_traffic(NO_ID), of_traffic(submit())),
    "job.id-changed": (of_traffic(task(task_id="u")), of_traffic(task(task_id="t"))),
    "job.went-backwards": (
        of_traffic(poll("PROCESSING"), poll("QUEUED")),
        of_traffic(poll("QUEUED"), poll("PROCESSING")),
    ),
    "job.terminal-changed": (
        of_traffic(poll("FAILED"), poll("SUCCEED")),
        of_traffic(poll("SUCCEED"), poll("SUCCEED")),
    ),
    "job.progress-decreased": (
        of_traffic(task(progress_percent=50), task(progress_percent=49)),
        of_traffic(task(progress_percent=50), task(progress_percent=50)),
    ),
    "job.output-missing": (
        of_traffic(poll("", answered=SUCCESS_WITHOUT_VIDEO)),
        of_traffic(poll("SUCCEED")),
    ),
    **VIDEO_EXAMPLES,
    "traffic.nothing-observed": (
        lambda spec, novita: [nothing_observed("x")],
        of_traffic(submit()),
    ),
    "traffic.unavailable": (
        of_traffic(DOWN),
        of_traffic(poll("QUEUED", status=200)),
    ),
    "traffic.unavailable-expected": (
        of_traffic(DOWN, shows_outage=True),
        of_traffic(submit(), shows_outage=True),
    ),
    "traffic.no-answer": (of_traffic(NO_ANSWER), of_traffic(submit())),
    "cassette.expired": (of_age(expires_days=0), of_age(expires_days=None)),
    "cassette.expires-soon": (of_age(expires_days=14), of_age(expires_days=15)),
}


FINDINGS = read_record("check/findings.json")


def found_by_rule() -> dict[str, Finding]:
    """What the first example of each rule makes, for the record."""
    novita = Judge([SpecStore().get("novita/kling-v2.6-pro-t2v")])
    return {rule_id: fires(with_bodies(), novita)[0] for rule_id, (fires, _) in EXAMPLES.items()}


def test_every_rule_has_an_example():
    """A rule that nothing fires is a promise that nobody has tried."""
    assert set(EXAMPLES) == set(FINDINGS) == {one.id for one in RULES}


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_it_fires(rule_id: str, spec: Spec, novita: Judge):
    """The example breaks this rule, once, and no other; the finding is the one on record, in every member."""
    found = [whole(finding) for finding in EXAMPLES[rule_id][0](spec, novita)]
    assert [finding["rule"] for finding in found] == [rule_id]
    assert found == [FINDINGS[rule_id]]


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_it_stays_silent(rule_id: str, spec: Spec, novita: Judge):
    """What differs from the example in the one thing breaks nothing."""
    assert EXAMPLES[rule_id][1](spec, novita) == []


def test_ids_are_unique():
    """They are what people waive and look up."""
    assert len({one.id for one in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("rules", "area", "direction"),
    [
        (REQUEST_RULES, "request", Direction.REQUEST),
        (RESPONSE_RULES, "response", Direction.RESPONSE),
        (JOB_RULES, "job", Direction.RESPONSE),
        (VIDEO_RULES, "video", Direction.RESPONSE),
        (TRAFFIC_RULES, "traffic", None),
        (CASSETTE_RULES, "cassette", None),
    ],
)
def test_a_table_holds_the_rules_of_one_area(rules: Any, area: str, direction: Direction | None):
    """The part before the dot says which; all are about what is sent, or about what comes back."""
    assert {one.area for one in rules} == {area}
    assert {one.direction for one in rules} == {direction}
    assert {one.kind for one in rules} == {Kind.VIOLATION}


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_a_rule_explains_itself(one: Any):
    """In whole sentences; what is an error says what breaks, what is none does not."""
    assert one.summary.endswith(".")
    assert one.advice.endswith(".")
    is_of_the_provider = one.area in ("request", "response", "job")
    breaks = one.severity is Severity.ERROR and is_of_the_provider
    if one.area != "video":
        assert one.impact == ((Impact.BREAKS,) if breaks else ())
    else:
        assert one.impact in ((Impact.BREAKS,), (Impact.OUTPUT,), (Impact.BILL, Impact.OUTPUT))


def test_only_what_was_not_observed_is_inconclusive():
    """An outage, a lost answer, nothing at all."""
    assert {one.id for one in RULES if one.inconclusive} == {
        "traffic.nothing-observed",
        "traffic.unavailable",
        "traffic.no-answer",
    }


def test_every_facet_leads_to_a_rule_in_both_directions():
    """What a facet is called does not depend on who sent the message."""
    for facet, name in BY_FACET.items():
        assert rule_for(Direction.REQUEST, facet).id == f"request.{name}"
        if facet != "additionalProperties":
            for direction in (Direction.RESPONSE, Direction.WEBHOOK, Direction.EVENT):
                assert rule_for(direction, facet).id == f"response.{name}"


@pytest.mark.parametrize("facet", ["multipleOf", "minItems", "uniqueItems", "anyOf", "not"])
def test_every_other_keyword_is_a_constraint(facet: str):
    """No keyword of JSON Schema is without a rule."""
    assert rule_for(Direction.REQUEST, facet).id == "request.constraint"
    assert rule_for(Direction.RESPONSE, facet).id == "response.constraint"


def test_a_property_that_a_document_refuses_is_no_mere_addition():
    """In an answer that is an error; in a request it is unknown like any other."""
    assert rule_for(Direction.RESPONSE, "additionalProperties").id == "response.constraint"
    assert rule_for(Direction.REQUEST, "additionalProperties").id == "request.unknown-property"


def test_a_rule_is_found_by_its_id():
    """The same row, not a copy."""
    assert rule("job.id-changed") in JOB_RULES
