"""What a finding is known by, for the findings that are made of more than a schema's violation.

Waivers match fingerprints, and a fingerprint is made of these members: each is held here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from harness.check.body import Judges
from harness.check.expiry import expiry_findings
from harness.check.response import response_findings
from harness.finding import Direction, Finding, Location
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.check.recorded import EACHLABS, NOVITA, OXEN, PROMPT, Judge, exchange, recording, submit
from tests.minimal import minimal

ID = "example/video-1-text-to-video"
NOVITA_ID = "novita/kling-v2.6-pro-t2v"
HERE = Location(file="c.yaml", index=3)


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec."""
    return minimal()


def identity(finding: Finding) -> tuple[Any, ...]:
    """The members that make a fingerprint."""
    return (
        *(finding.rule.id, finding.model, finding.operation, finding.direction),
        *(finding.field, finding.facet, finding.expected, finding.observed),
    )


def answered(spec: Spec, status: int, body: bytes, content_type: str | None = None) -> Finding:
    """The one finding on an answer to a poll that was recorded at HERE."""
    (finding,) = response_findings(
        spec, "poll", status, body, subject=HERE, judges=Judges(), content_type=content_type
    )
    return finding


@pytest.mark.parametrize("status", [500, 503])
def test_of_a_gateways_page(spec: Spec, status: int) -> None:
    """Every server error without JSON, the first of them included."""
    documented = minimal(
        ('  "404":\n    source: page#Errors\n', f'  "{status}":\n    source: page#Errors\n'),
    )
    finding = answered(documented, status, b"<html>")
    assert identity(finding) == (
        *("traffic.unavailable", ID, "poll", Direction.RESPONSE),
        *("", "status", None, status),
    )
    assert finding.message == (
        f"poll: status {status}, the body no JSON; nothing can be said of the contract"
    )
    assert (finding.subject, finding.pointer) == (HERE, None)


def test_of_an_undocumented_status(spec: Spec) -> None:
    """What is documented is what was expected."""
    finding = answered(spec, 418, b"{}")
    assert identity(finding) == (
        *("response.status-undocumented", ID, "poll", Direction.RESPONSE),
        *("", "status", ["200", "404", "5XX"], 418),
    )
    assert finding.subject == HERE
    assert finding.source is not None
    assert finding.source.line is not None


def test_of_another_content_type(spec: Spec) -> None:
    """Without its parameters, however many there are."""
    body = b'{"id": "job-1", "status": "pending"}'
    (finding,) = [
        found
        for found in response_findings(
            spec,
            "poll",
            200,
            body,
            subject=HERE,
            judges=Judges(),
            content_type="Text/HTML; charset=utf-8; q=1",
        )
        if found.rule.id == "response.content-type"
    ]
    assert identity(finding) == (
        *("response.content-type", ID, "poll", Direction.RESPONSE),
        *("", "content_type", "application/json", "text/html"),
    )
    assert finding.subject == HERE
    assert finding.source is not None


def test_of_a_body_that_is_no_json(spec: Spec) -> None:
    """It stands where it was recorded; a letter that is not ASCII is shown as it is."""
    finding = answered(spec, 200, "é".encode())
    assert identity(finding) == (
        *("response.not-json", ID, "poll", Direction.RESPONSE),
        *("", "json", "JSON", "é"),
    )
    assert finding.message.endswith('; it begins "é"')
    assert (finding.subject, finding.pointer) == (HERE, "")
    assert finding.source is not None
    assert finding.source.file is not None


def test_of_an_expired_recording() -> None:
    """A fault of the file, not of a model."""
    end = datetime(2026, 3, 1, 12, tzinfo=UTC)
    (finding,) = expiry_findings(recording(submit(), expires=end), end)
    assert identity(finding) == (
        *("cassette.expired", None, None, finding.direction),
        *("", "expires", "2026-03-01T12:00:00+00:00", "2026-03-01T12:00:00+00:00"),
    )


def test_of_an_outage(store: SpecStore) -> None:
    """By model and operation: a waiver of one is none of another."""
    judge = Judge([store.get(NOVITA_ID)])
    (finding,) = judge(
        exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, b"", status=503)
    ).judgement.findings
    assert identity(finding)[:6] == (
        *("traffic.unavailable", NOVITA_ID, "submit", Direction.RESPONSE),
        *("", "status"),
    )


def test_of_a_recorded_request_that_is_no_json(store: SpecStore) -> None:
    """The operation and the place in the recording."""
    judge = Judge([store.get(NOVITA_ID)])
    sent = exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", b"{", {"task_id": "t"})
    (finding,) = judge(sent).judgement.findings
    assert identity(finding)[:4] == ("request.not-json", NOVITA_ID, "submit", Direction.REQUEST)
    assert finding.subject == Location(file="c.yaml", index=0)


def test_of_a_recorded_request(store: SpecStore) -> None:
    """A blocking call is not a submit."""
    judge = Judge([store.get("oxen")])
    call = exchange("POST", f"{OXEN}/ai/videos/generate", {"prompt": 5}, {})
    found = {
        (finding.rule.id, finding.operation)
        for finding in judge(call).judgement.findings
        if finding.rule.id.startswith("request.")
    }
    assert found == {("request.type", "generate"), ("request.required", "generate")}


@pytest.mark.parametrize("path", ["ai/videos/generate", "ai/queue"])
def test_a_call_that_may_be_billed_is_not_taken_back_by_a_later_one(store: SpecStore, path: str) -> None:
    """Its job may exist, whatever became of the next; a poll without an answer is made good by the next."""
    judge = Judge([store.get("oxen")])
    body = {"model": "kling-video-v2-6-pro-text-to-video", "prompt": "a fox"}
    lost, later = (exchange("POST", f"{OXEN}/{path}", body, answer) for answer in (None, {}))
    rules = [finding.rule.id for finding in judge(lost, later).judgement.findings]
    assert "traffic.no-answer" in rules


def test_a_poll_without_an_answer_is_made_good_by_the_next(store: SpecStore) -> None:
    """Nothing is billed by it."""
    judge = Judge([store.get("eachlabs")])
    lost = exchange("GET", f"{EACHLABS}/p")
    later = exchange(
        "GET", f"{EACHLABS}/p", None, {"status": "error", "message": "m", "details": "d"}, status=404
    )
    assert not [f for f in judge(lost, later).judgement.findings if f.rule.id == "traffic.no-answer"]
