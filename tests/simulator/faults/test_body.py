"""Faults of what an answer says, and what the checker makes of each."""

from __future__ import annotations

import pytest

from harness.check.body import Judges
from harness.check.traffic import check_recording
from harness.finding import Location
from harness.simulator.faults.body import UNKNOWN_WORD
from harness.spec.model import JobState
from harness.wire.message import Exchange, HttpRequest, HttpResponse, Provenance, Recording
from tests.shipped import BASELINES
from tests.simulator.serving import Caller, Served, serving

TRANSIENT = ["unknown-status", "status-backwards", "progress-backwards", "id-changes"]
TRANSIENT += ["missing-field", "null-field", "wrong-type", "extra-field", "nan"]


def rules_of(caller: Caller, job_id: str, **options: object) -> list[str]:
    """What the check of a whole recording of the job's polls finds, besides the status ranges."""
    answers = caller.wait(job_id)
    exchanges = tuple(
        Exchange(
            request=HttpRequest(
                method="GET",
                url=str(answer.request.url).replace(caller.base_url, caller.spec.server),
                headers=tuple(answer.request.headers.items()),
            ),
            response=HttpResponse(
                status=answer.status_code, headers=tuple(answer.headers.items()), body=answer.content
            ),
            subject=Location(index=index),
        )
        for index, answer in enumerate(answers)
    )
    recording = Recording(file="polls", provenance=Provenance.SIMULATED, exchanges=exchanges)
    found = check_recording(recording, [caller.spec], Judges())
    return sorted({finding.rule.id for finding in found.judgement.findings})


@pytest.mark.parametrize("fault", TRANSIENT)
def test_the_job_goes_on(fault: str):
    """Of every model the true end is seen in the end."""
    with serving(fault) as served:
        for model, answers in served.wait_for_all(BASELINES).items():
            assert served.caller(model).view("poll", answers[-1]).state is JobState.SUCCEEDED


@pytest.mark.parametrize(
    ("fault", "model", "rules"),
    [
        ("unknown-status", "oxen", ["job.status-unknown", "response.enum"]),
        ("unknown-status", "eachlabs", ["job.status-unknown", "response.enum"]),
        ("status-backwards", "novita/kling-v2.6", ["job.progress-decreased", "job.went-backwards"]),
        ("status-backwards", "oxen", ["job.went-backwards"]),
        ("progress-backwards", "novita/kling-v2.6", ["job.progress-decreased"]),
        ("id-changes", "oxen", ["job.id-changed"]),
        ("id-changes", "aimlapi", ["job.id-changed"]),
        ("missing-field", "oxen", ["response.required"]),
        ("missing-field", "novita/kling-v2.6", ["job.status-missing"]),
        ("null-field", "oxen", ["response.type"]),
        ("wrong-type", "oxen", ["response.type"]),
        ("wrong-type", "novita/kling-v2.6", ["response.type"]),
        ("extra-field", "oxen", ["response.unknown-property"]),
        ("nan", "oxen", ["response.not-finite"]),
        ("success-without-url", "oxen", ["response.required"]),
        ("success-without-url", "novita/kling-v2.6", ["job.output-missing"]),
    ],
)
def test_what_the_checker_says(fault: str, model: str, rules: list[str]):
    """The fault is found by the rule that is for it."""
    with serving(fault, models=(model,), time_scale=1000) as served:
        caller = served.caller()
        found = rules_of(caller, caller.submit())
        assert set(found) <= set(rules)
        assert set(rules) & set(found)


def polled(served: Served, part: str, count: int) -> tuple[Caller, str, list[object]]:
    """The first polls of a new job, as documents."""
    caller = served.caller(part)
    job_id = caller.submit()
    return caller, job_id, [caller.poll(job_id).json() for _ in range(count)]


def test_polls_two_and_three_alone():
    """The first poll and the fourth are right."""
    with serving("unknown-status", models=("oxen",), time_scale=1) as served:
        _, _, bodies = polled(served, "oxen", 4)
        assert [body["status"] for body in bodies] == ["queued", UNKNOWN_WORD, UNKNOWN_WORD, "queued"]


@pytest.mark.parametrize(("fault", "shown"), [("null-field", None), ("wrong-type", 7)])
def test_the_status_is_spoilt(fault: str, shown: object):
    """Null, or a number."""
    with serving(fault, models=("novita/kling-v2.6",), time_scale=1) as served:
        _, _, bodies = polled(served, "novita", 2)
        assert bodies[1]["task"]["status"] == shown


def test_the_status_is_missing():
    """The member is gone, its neighbours are there."""
    with serving("missing-field", models=("novita/kling-v2.6",), time_scale=1) as served:
        _, job_id, bodies = polled(served, "novita", 2)
        assert "status" not in bodies[1]["task"]
        assert bodies[1]["task"]["task_id"] == job_id


def test_a_submit_without_the_id():
    """Where a body has no status, its id is what is missed."""
    with serving("missing-field.submit", models=("novita/kling-v2.6",), time_scale=1) as served:
        caller = served.caller()
        assert caller.call("submit", json=caller.body()).json() == {}
        assert len(served.ledger()["jobs"]) == 1


def test_another_id():
    """The id of polls 2 and 3 is nobody's."""
    with serving("id-changes", models=("oxen",), time_scale=1) as served:
        caller, job_id, bodies = polled(served, "oxen", 4)
        ids = [body["generation_id"] for body in bodies]
        assert (ids[0], ids[3]) == (job_id, job_id)
        assert ids[1] == ids[2] != job_id
        assert caller.poll(ids[1]).status_code == 404


def test_a_state_that_goes_back():
    """Running, queued, running, queued, until the end."""
    with serving("status-backwards", models=("oxen",), time_scale=200) as served:
        caller = served.caller()
        words = [caller.view("poll", answer).word for answer in caller.wait(caller.submit())]
        assert "processing queued processing" in " ".join(words)
        assert words[-1] == "succeeded"


def test_an_end_that_changes():
    """The first answer at the end says failed, all later ones say succeeded; both are as documented."""
    with serving("terminal-changes") as served:
        for model, answers in served.wait_for_all(BASELINES).items():
            caller, first = served.caller(model), answers[-1]
            later = [caller.client.get(first.url, headers=caller.headers("poll")) for _ in range(2)]
            states = [caller.view("poll", answer).state for answer in (first, *later)]
            assert states == [JobState.FAILED, JobState.SUCCEEDED, JobState.SUCCEEDED]
            assert [caller.findings("poll", answer) for answer in (first, *later)] == [[], [], []]


def test_a_failed_end_that_changes():
    """A job that truly fails is shown as cancelled first."""
    with serving("terminal-changes", "job-failed", models=("oxen",)) as served:
        caller = served.caller()
        job_id = caller.submit()
        states = [
            caller.view("poll", answer).state for answer in (caller.wait(job_id)[-1], caller.poll(job_id))
        ]
        assert states == [JobState.CANCELLED, JobState.FAILED]


def test_no_address_at_the_end():
    """Succeeded, and the member that has the address is not there."""
    with serving("success-without-url") as served:
        for model, answers in served.wait_for_all(BASELINES).items():
            view = served.caller(model).view("poll", answers[-1])
            assert (view.state, view.output) == (JobState.SUCCEEDED, None)


def test_not_a_number():
    """A number of the body, or one more member, is NaN."""
    with serving("nan", time_scale=1) as served:
        for model in BASELINES:
            caller = served.caller(model)
            answer = caller.poll(caller.submit())
            assert "NaN" in answer.text
            assert caller.findings("poll", answer)[0].rule.id == "response.not-finite"
