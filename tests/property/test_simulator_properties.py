"""Whatever valid request at whatever moment: what the simulator answers is what the spec documents."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.check.body import Judges
from harness.check.response import payload_findings, response_findings
from harness.finding import Direction, Finding, Location
from harness.simulator.answer import Draft
from harness.simulator.book import JobBook
from harness.simulator.drafts import Drafts, success_of
from harness.simulator.faults.order import FaultPlan
from harness.simulator.job import Failure, SimulatedJob
from harness.simulator.output import Outputs
from harness.simulator.shape import put, schema_at
from harness.simulator.timeline import Timeline
from harness.simulator.video import VideoFiles
from harness.spec.model import JobState, Payload, Response, Spec
from harness.spec.schema import SchemaJudge
from harness.spec.store import SpecStore
from harness.wire.clock import Clock
from harness.wire.job import job_views
from tests.minimal import minimal
from tests.shipped import REFERENCES

STORE = SpecStore()
SPECS = {reference: STORE.get(reference) for reference in REFERENCES} | {"minimal": minimal()}
JUDGES = Judges()
BASE_URL = "http://127.0.0.1:4100"
HERE = Location(file="answer")
ENDS = st.sampled_from([JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])


class World:
    """The parts of a simulator without sockets, at a moment that the test sets."""

    def __init__(self) -> None:
        self.now_s = 0.0

        async def sleep(_seconds: float) -> None:
            raise AssertionError("nothing here waits")

        clock = Clock(
            monotonic=lambda: self.now_s, utc_now=lambda: datetime(2026, 11, 20, tzinfo=UTC), sleep=sleep
        )
        timeline = Timeline.starting_now(clock, 1.0)
        self.drafts = Drafts(base_url=BASE_URL, timeline=timeline)
        files = VideoFiles(directory=Path("/nowhere"))
        outputs = Outputs(files=files, timeline=timeline, seed=0, full_resolution=False)
        self.book = JobBook(base_url=BASE_URL, timeline=timeline, faults=FaultPlan(), outputs=outputs, seed=0)


def parameter(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema of a request parameter allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        return st.integers(schema.get("minimum", -5), schema.get("maximum", 5))
    if kind == "number":
        return st.floats(schema.get("minimum", -5), schema.get("maximum", 5))
    if schema.get("format") == "uri":
        return st.just("http://127.0.0.1:9/hook")
    return st.text(min_size=schema.get("minLength", 0), max_size=20)


@st.composite
def requests(draw: st.DrawFn, reference: str) -> dict[str, Any]:
    """A valid request: what is required, and some of the rest."""
    spec = SPECS[reference]
    request = spec.operations["submit"].request
    assert request is not None
    body: dict[str, Any] = {}
    for word, pointer in spec.mapping.items():
        schema = dict(schema_at(request.schema, pointer))
        if not schema:
            continue  # a parameter of the blocking call alone
        is_needed = word in ("model", "prompt", "model_version")
        if is_needed or draw(st.booleans()):
            put(body, pointer, draw(parameter(schema)))
    assert list(SchemaJudge(request.schema).violations(body)) == []
    return body


def a_job(world: World, spec: Spec, operation: str, request: dict[str, Any], end: JobState) -> SimulatedJob:
    """A job that ends in one of the ways."""
    failure = Failure(code="simulated", message="simulated words") if end is JobState.FAILED else None
    job = world.book.create(spec, operation, request, "owner", failure)
    if end is JobState.CANCELLED:
        job.plan = job.plan.cancelled(job.plan.started_s + 3.0)
    return job


def judged(spec: Spec, operation: str, draft: Draft) -> list[Finding]:
    """What the checker says of an answer."""
    answer = draft.written()
    found = response_findings(
        spec,
        operation,
        answer.status,
        answer.body,
        subject=HERE,
        judges=JUDGES,
        content_type=answer.content_type,
    )
    return list(found)


@pytest.mark.parametrize("reference", SPECS)
@given(data=st.data())
def test_every_answer_about_a_job(reference: str, data: st.DataObject):
    """Created, polled at any moment, cancelled, blocked for: no finding, and the truth is in it."""
    spec, world = SPECS[reference], World()
    request, end = data.draw(requests(reference)), data.draw(ENDS)
    job = a_job(world, spec, "submit", request, end)
    for operation in ("submit", "poll", "cancel", "generate"):
        response = success_of(spec.operations[operation])[1] if operation in spec.operations else None
        if response is None:
            continue
        if operation == "poll":
            world.now_s = data.draw(st.floats(0, 2 * job.plan.ended_s))
        if operation == "generate":
            job = a_job(world, spec, "generate", request, JobState.SUCCEEDED)
            world.now_s = job.plan.ended_s
        look = world.book.look(job)
        draft = world.drafts.of_jobs(spec, operation, [look], path_parameters={})
        if not _can_say(response, look.state):
            continue
        assert judged(spec, operation, draft) == []
        assert response.job is not None
        view = next(job_views(response.job, json.loads(draft.written().body)))
        assert view.id == (look.id if response.job.id is not None else None)
        if response.job.output is not None:
            assert (view.output == look.output_url) is (look.state is JobState.SUCCEEDED)


def _can_say(response: Response, state: JobState) -> bool:
    """Whether the answer's vocabulary has a word for the state, or need have none."""
    job = response.job
    if job is None or job.status is None:
        return True
    pending = {JobState.QUEUED, JobState.RUNNING}
    words = set(job.states.values())
    return state in words or (state in pending and bool(words & pending))


def payloads(spec: Spec) -> Iterator[tuple[Direction, Payload]]:
    """Every body that the provider sends unasked."""
    if spec.webhook.value is not None:
        yield Direction.WEBHOOK, spec.webhook.value.payload
    if "events" in spec.operations:
        response = success_of(spec.operations["events"])[1]
        assert response is not None
        yield from ((Direction.EVENT, payload) for payload in response.events.values())


@pytest.mark.parametrize("reference", [name for name, spec in SPECS.items() if list(payloads(spec))])
@given(data=st.data())
def test_every_event_and_webhook(reference: str, data: st.DataObject):
    """The end of any job, told as documented."""
    spec, world = SPECS[reference], World()
    end = data.draw(st.sampled_from([JobState.SUCCEEDED, JobState.FAILED]))
    job = a_job(world, spec, "submit", data.draw(requests(reference)), end)
    world.now_s = job.plan.ended_s
    for direction, payload in payloads(spec):
        body = json.dumps(world.drafts.payload(spec, payload, world.book.look(job))).encode()
        assert payload.schema is not None
        found = payload_findings(
            spec,
            direction,
            payload.schema,
            f"{payload.at}/schema",
            body,
            operation=None,
            subject=HERE,
            judges=JUDGES,
        )
        assert list(found) == []
        assert payload.job is not None
        view = next(job_views(payload.job, json.loads(body)))
        assert (view.id, view.state) == (job.id, end)
        has_output, has_words = payload.job.output is not None, bool(payload.job.error)
        address = world.book.look(job).output_url
        assert (view.output == address) is (end is JobState.SUCCEEDED and has_output)
        assert (view.error == "simulated words") is (end is JobState.FAILED and has_words)


@pytest.mark.parametrize("reference", SPECS)
@given(words=st.text(max_size=40), status=st.sampled_from([400, 401, 402, 403, 404, 409, 422, 429, 500, 503]))
def test_every_refusal(reference: str, words: str, status: int):
    """Where a status is documented, its body is as documented; where not, that is all there is to say."""
    spec, world = SPECS[reference], World()
    for operation in spec.operations:
        draft = world.drafts.error(spec, operation, status, words)
        documented = spec.responses_for(operation, status) is not None
        rules = [finding.rule.id for finding in judged(spec, operation, draft)]
        assert rules == ([] if documented else ["response.status-undocumented"])
        assert ("status" in draft.own) >= (not documented)


@pytest.mark.parametrize("reference", [name for name, spec in SPECS.items() if "model" in spec.operations])
def test_the_metadata(reference: str):
    """As documented, for every model that has any."""
    spec, world = SPECS[reference], World()
    draft = world.drafts.model(spec, {"id": spec.model.name})
    assert judged(spec, "model", draft) == []


@pytest.mark.parametrize("reference", [name for name in SPECS if "oxen" in name])
@given(count=st.integers(1, 4), now_s=st.floats(0, 300))
def test_several_jobs_in_one_answer(reference: str, count: int, now_s: float):
    """An array of jobs holds each of them, once."""
    spec, world = SPECS[reference], World()
    request = {"model": spec.model.name, "prompt": "a fox", "num_generations": count}
    jobs = [a_job(world, spec, "submit", request, JobState.SUCCEEDED) for _ in range(count)]
    world.now_s = min(now_s, min(job.plan.started_s for job in jobs) / 2)
    looks = [world.book.look(job) for job in jobs]
    draft = world.drafts.of_jobs(spec, "submit", looks, path_parameters={})
    assert judged(spec, "submit", draft) == []
    response = success_of(spec.operations["submit"])[1]
    assert response is not None
    assert response.job is not None
    ids = [view.id for view in job_views(response.job, draft.document)]
    assert ids == [job.id for job in jobs]
    assert len(set(itertools.chain(ids))) == count
