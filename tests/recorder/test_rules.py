"""What a recording says of the job beyond what its file shows."""

from __future__ import annotations

from typing import Any

from harness.client.fetch import Fetched
from harness.client.results import JobHandle, JobResult, Mode, Outcome
from harness.client.rules import rule
from harness.finding import Direction, Finding, Judgement, Verdict
from harness.recorder.record import RecordedJob
from harness.recorder.rules import NOT_DELIVERED
from tests.minimal import minimal


def recorded(error: str | None, *findings: Finding, fetches: bool = True, status: int = 500) -> RecordedJob:
    """A job that succeeded, and what came of its video."""
    values: dict[str, Any] = {"status": status, "size_bytes": 0, "sha256": None, "content_type": None}
    handle = JobHandle(entry_id="e", spec=minimal(), mode=Mode.POLL, job_id="1")
    result = JobResult(handle=handle, outcome=Outcome.SUCCEEDED, findings=findings)
    return RecordedJob(result=result, fetched=Fetched(**values, head=b"", error=error) if fetches else None)


def test_a_video_that_did_not_come():
    """It is said why, and that nothing can be said of the provider's contract."""
    (finding,) = recorded("status 500 instead of the output").findings
    assert finding.rule is NOT_DELIVERED
    assert (
        finding.message == "the job succeeded, and its output did not come: status 500 instead of the output"
    )
    assert Judgement(findings=(finding,)).verdict is Verdict.INCONCLUSIVE


def test_a_dead_address_shows_in_the_file():
    """It is a fault of the provider's, and is said once."""
    assert recorded("status 404 instead of the output", status=404).findings == ()


def test_a_video_that_came_or_was_not_asked_for():
    """Nothing to say."""
    assert recorded(None).findings == ()
    assert recorded(None, fetches=False).findings == ()


def test_what_only_the_client_saw():
    """It stands beside the judgement of the file; what the file shows as well does not."""
    open_still = Finding(
        rule=rule("job.unfinished"), message="m", field="", model="a/b", direction=Direction.RESPONSE
    )
    in_the_file = open_still.but(rule=NOT_DELIVERED)
    assert recorded(None, open_still, in_the_file).findings == (open_still,)
