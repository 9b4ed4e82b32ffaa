"""Every operation of every model over real sockets: what comes of a request when nothing goes wrong."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from typing import Any

import av
import httpx
import pytest

from harness.simulator.drafts import success_of
from harness.spec.model import JobState
from tests.shipped import BASELINES, REFERENCES
from tests.simulator.serving import Caller, Served, serving

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Every baseline, undisturbed."""
    with serving() as found:
        yield found


def assert_video(content: bytes, *, seconds: float, ratio: float, has_audio: bool):
    """The bytes are a video of this duration, shape and sound."""
    with av.open(io.BytesIO(content)) as container:
        assert container.duration is not None
        assert abs(container.duration / 1e6 - seconds) < 0.1
        picture = container.streams.video[0]
        assert picture.width / picture.height == pytest.approx(ratio, rel=0.03)
        assert sum(1 for _ in container.decode(video=0)) == round(seconds * 10)
        assert bool(container.streams.audio) is has_audio


@pytest.mark.parametrize("model", BASELINES)
def test_a_job_from_submit_to_video(served: Served, model: str):
    """Created, polled through its states in order, delivered, every answer as documented."""
    caller = served.caller(model)
    created = caller.call("submit", json=caller.body())
    assert created.status_code == 200
    assert caller.findings("submit", created) == []
    job_id = caller.view("submit", created).id
    assert job_id
    answers = caller.wait(job_id)
    views = [caller.view("poll", answer) for answer in answers]
    assert [finding for answer in answers for finding in caller.findings("poll", answer)] == []
    order = [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED]
    assert [view.state for view in views] == sorted((view.state for view in views), key=order.index)
    assert views[-1].state is JobState.SUCCEEDED
    assert {view.id for view in views} == {job_id}
    output = httpx.get(views[-1].output, trust_env=False)
    assert (output.status_code, output.headers["content-type"]) == (200, "video/mp4")
    default = {"aimlapi": (16 / 9, True), EACHLABS: (16 / 9, True), "novita/kling-v1.6-t2v": (16 / 9, False)}
    default |= {"novita/kling-v2.6-pro-t2v": (1.0, True), OXEN: (16 / 9, False)}
    ratio, has_audio = next(value for part, value in default.items() if part in model)
    seconds = 10.0 if model == EACHLABS else 5.0
    assert_video(output.content, seconds=seconds, ratio=ratio, has_audio=has_audio)


@pytest.mark.parametrize(
    ("model", "duration", "aspect_ratio", "audio", "ratio"),
    [
        ("aimlapi", 10, "9:16", False, 9 / 16),
        ("eachlabs", "5", "1:1", False, 1.0),
        ("novita/kling-v2.6", 10, "16:9", True, 16 / 9),
        ("oxen", 10, "1:1", True, 1.0),
    ],
)
def test_the_video_is_what_was_asked_for(
    served: Served, model: str, duration: Any, aspect_ratio: str, audio: bool, ratio: float
):
    """Duration, shape and sound of the request, in the provider's own spelling."""
    caller = served.caller(model)
    job_id = caller.submit(duration_s=duration, aspect_ratio=aspect_ratio, audio=audio)
    view = caller.view("poll", caller.wait(job_id)[-1])
    content = httpx.get(view.output, trust_env=False).content
    assert_video(content, seconds=float(duration), ratio=ratio, has_audio=audio)


@pytest.mark.parametrize("model", REFERENCES)
def test_every_revision_can_be_served(model: str):
    """A revision has its own paths, keys and answers."""
    with serving(models=(model,)) as served:
        caller = served.caller()
        assert caller.spec.ref == model
        job_id = caller.submit()
        answers = caller.wait(job_id)
        assert [finding for answer in answers for finding in caller.findings("poll", answer)] == []
        assert caller.view("poll", answers[-1]).state is JobState.SUCCEEDED


def test_progress_and_eta_where_documented(served: Served):
    """Progress goes up to 100 while the time left goes down to 0."""
    caller = served.caller("novita/kling-v2.6")
    bodies = [answer.json()["task"] for answer in caller.wait(caller.submit())]
    progress = [body["progress_percent"] for body in bodies]
    left_s = [body["eta"] for body in bodies]
    assert progress == sorted(progress)
    assert (progress[0] < 50, progress[-1]) == (True, 100)
    assert left_s == sorted(left_s, reverse=True)
    assert (left_s[0] > 50, left_s[-1]) == (True, 0)


def test_words_come_in_the_documented_order():
    """Where several words mean one state, a job goes through all of them."""
    with serving(models=("eachlabs@latest",), time_scale=500) as served:
        caller = served.caller()
        words = [caller.view("poll", answer).word for answer in caller.wait(caller.submit())]
        assert list(dict.fromkeys(words)) == ["created", "starting", "processing", "success"]


def test_the_answer_echoes_the_request(served: Served):
    """What the answer's schema names like the request is as it was sent."""
    caller = served.caller("oxen")
    job_id = caller.submit(prompt="Ein Ballon \u2764", duration_s=10, guidance=7.5)
    body = caller.poll(job_id).json()
    assert (body["model_name"], body["prompt"]) == (caller.spec.model.name, "Ein Ballon \u2764")
    assert (body["duration"], body["cfg_scale"], body["media_type"]) == (10, 7.5, "video")
    assert "aspect_ratio" not in body


def test_several_jobs_for_one_request(served: Served):
    """The parameter that multiplies the bill multiplies the jobs."""
    caller = served.caller("oxen")
    created = caller.call("submit", json=caller.body(count=3))
    assert caller.findings("submit", created) == []
    ids = [entry["generation_id"] for entry in created.json()["generations"]]
    assert len(set(ids)) == 3
    for job_id in ids:
        assert caller.view("poll", caller.wait(job_id)[-1]).state is JobState.SUCCEEDED


def test_a_blocking_call(served: Served):
    """It answers when the job is done, with the address of the video."""
    caller = served.caller("oxen")
    body = caller.body(duration_s=5, audio=True)
    start = time.monotonic()
    answer = caller.call("generate", json=body)
    assert time.monotonic() - start > 0.05
    assert caller.findings("generate", answer) == []
    document = answer.json()
    assert (document["model"], len(document["videos"])) == (caller.spec.model.name, 1)
    content = httpx.get(document["videos"][0]["url"], trust_env=False).content
    assert_video(content, seconds=5, ratio=16 / 9, has_audio=True)


def test_a_blocking_call_with_the_bytes_inline(served: Served):
    """`b64_json` brings the video itself and no address."""
    caller = served.caller("oxen")
    answer = caller.call("generate", json=caller.body(response_format="b64_json"))
    assert caller.findings("generate", answer) == []
    (video,) = answer.json()["videos"]
    assert list(video) == ["b64_json"]
    assert_video(base64.b64decode(video["b64_json"]), seconds=5, ratio=16 / 9, has_audio=False)


def test_a_job_is_cancelled(served: Served):
    """A running job ends as cancelled; cancelling it again, or a finished one, has no effect."""
    with serving(models=("oxen",), time_scale=1) as slow:
        caller = slow.caller()
        job_id = caller.submit()
        answer = caller.call("cancel", job_id=job_id)
        assert (answer.status_code, caller.findings("cancel", answer)) == (200, [])
        assert answer.json() == {"status": "success", "generation_id": job_id}
        assert caller.view("poll", caller.poll(job_id)).state is JobState.CANCELLED
        assert caller.call("cancel", job_id=job_id).status_code == 200
        (entry,) = slow.ledger()["jobs"]
        assert entry["state"] == "cancelled"
        assert entry["ended_s"] < 10
    caller = served.caller("oxen")
    job_id = caller.submit()
    caller.wait(job_id)
    assert caller.call("cancel", job_id=job_id).status_code == 200
    assert caller.view("poll", caller.poll(job_id)).state is JobState.SUCCEEDED


def test_the_metadata_of_a_model(served: Served):
    """Its request schema and a price that is the simulator's own."""
    caller = served.caller("oxen")
    answer = caller.call("model")
    assert caller.findings("model", answer) == []
    document = answer.json()
    assert document["id"] == caller.spec.model.name
    assert document["json_request_schema"]["properties"]["duration"]["enum"] == [5, 10]
    assert document["pricing"]["method"] == "per_video_output_second"
    assert document["pricing"]["cost_per_second"] == 0.07
    assert "/pricing/cost_per_second" in answer.headers["x-simulator-own"]


def test_an_unknown_model_in_the_path(served: Served):
    """404, the body being the simulator's own because no document shows it."""
    caller = served.caller("oxen")
    url = f"{caller.base_url}/api/ai/models/no-such-model"
    answer = httpx.get(url, headers=caller.headers("model"), trust_env=False)
    assert answer.status_code == 404
    assert answer.headers["x-simulator-own"] == "error-body"


@pytest.mark.parametrize("model", BASELINES)
def test_an_unknown_job(served: Served, model: str):
    """The documented 404, or the simulator's own."""
    caller = served.caller(model)
    answer = caller.poll("00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    documented = caller.spec.responses_for("poll", 404) is not None
    rules = [finding.rule.id for finding in caller.findings("poll", answer)]
    assert rules == ([] if documented else ["response.status-undocumented"])
    own = answer.headers.get("x-simulator-own", "")
    assert ("error-body" in own) is not documented


@pytest.mark.parametrize("model", BASELINES)
@pytest.mark.parametrize("key", ["", "wrong-key"])
def test_a_key_is_needed(served: Served, model: str, key: str):
    """Without one, and with the one that is always wrong, nothing is created."""
    caller = served.caller(model, key=key)
    before = len(served.ledger()["jobs"])
    answer = caller.call("submit", json=caller.body())
    assert answer.status_code == 401
    assert len(served.ledger()["jobs"]) == before
    documented = caller.spec.responses_for("submit", 401)
    if documented is not None and documented.schema is not None:
        assert caller.findings("submit", answer) == []
        assert answer.headers["x-simulator-own"] == "/details"
    else:
        assert "error-body" in answer.headers["x-simulator-own"]


def test_the_scheme_of_the_key_counts(served: Served):
    """A bare key is no bearer token, and a bearer token no X-API-Key."""
    caller = served.caller("oxen")
    wrong = {"Authorization": "just-a-key"}
    assert caller.call("submit", json=caller.body(), headers=wrong).status_code == 401
    caller = served.caller("eachlabs", key="")
    wrong = {"Authorization": "Bearer a-key"}
    assert caller.call("submit", json=caller.body(), headers=wrong).status_code == 401


class TestValidation:
    @pytest.mark.parametrize(
        ("model", "status", "own"),
        [
            ("aimlapi", 400, "status, error-body, validation-time"),
            ("eachlabs", 400, None),
            ("novita/kling-v1.6", 400, "status, error-body, validation-time"),
            ("novita/kling-v2.6", 400, "status, error-body, validation-time"),
        ],
    )
    def test_at_submit(self, served: Served, model: str, status: int, own: str | None):
        """A value outside its enumeration is refused at once, and no job made."""
        caller = served.caller(model)
        before = len(served.ledger()["jobs"])
        answer = caller.call("submit", json=caller.body(duration_s=7))
        assert (answer.status_code, answer.headers.get("x-simulator-own")) == (status, own)
        assert "duration: expected" in answer.text
        assert len(served.ledger()["jobs"]) == before

    def test_at_run(self, served: Served):
        """Where the provider looks only when the job runs, there is a job, and it fails with the reason."""
        caller = served.caller("oxen")
        job_id = caller.submit(duration_s=7)
        answers = caller.wait(job_id)
        body = answers[-1].json()
        assert caller.findings("poll", answers[-1]) == [
            finding for finding in caller.findings("poll", answers[-1]) if finding.facet == "type"
        ]
        assert (body["status"], body["result_url"]) == ("failed", None)
        assert body["error_message"] == "/duration: expected one of 5, 10, got 7"

    def test_some_parameters_at_submit(self, served: Served):
        """The same provider refuses the ones that it looks at first."""
        caller = served.caller("oxen")
        answer = caller.call("submit", json=caller.body(count=9))
        assert (answer.status_code, answer.headers["x-simulator-own"]) == (400, "status, error-body")
        assert answer.json()["error"]["message"] == "/num_generations: expected at most 4, got 9"

    def test_a_blocking_call_is_refused_at_once(self, served: Served):
        """What the queue lets through, the blocking call does not."""
        caller = served.caller("oxen")
        assert caller.call("generate", json=caller.body(duration_s=7)).status_code == 400

    @pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"a": NaN}', b"\xff", b"[" * 100000])
    def test_what_is_no_json_object(self, served: Served, content: bytes):
        """Refused, whatever it is."""
        caller = served.caller("eachlabs")
        answer = caller.call("submit", content=content)
        assert (answer.status_code, caller.findings("submit", answer)) == (400, [])

    def test_a_name_that_nobody_documents(self, served: Served):
        """Refused as the checker would, and marked: no document says that the provider does."""
        caller = served.caller("eachlabs")
        answer = caller.call("submit", json={**caller.body(), "colour": "red"})
        assert (answer.status_code, answer.headers["x-simulator-own"]) == (400, "unknown-property")

    def test_a_required_header(self, served: Served):
        """A documented required header is looked at, too."""
        caller = served.caller("novita/kling-v2.6")
        answer = caller.call("submit", json=caller.body(), headers={"Content-Type": "text/plain"})
        assert answer.status_code == 400
        assert "header parameter Content-Type: expected one of application/json" in answer.text

    @pytest.mark.parametrize(
        ("model", "documented"), [("aimlapi", False), ("eachlabs", True), ("oxen", False)]
    )
    def test_an_unknown_model(self, served: Served, model: str, documented: bool):
        """Not found, with the documented body where there is one."""
        caller = served.caller(model)
        answer = caller.call("submit", json=caller.body(model="no-such-model"))
        assert answer.status_code == 404
        assert ("error-body" in answer.headers["x-simulator-own"]) is not documented
        assert "no-such-model" in answer.text


def test_the_concurrency_limit():
    """As many jobs at once as documented, by key; refused as documented, with Retry-After as our own."""
    with serving(models=("eachlabs",), time_scale=1) as served:
        caller = served.caller()
        for _ in range(10):
            caller.submit()
        answer = caller.call("submit", json=caller.body())
        assert (answer.status_code, caller.findings("submit", answer)) == (429, [])
        assert answer.headers["retry-after"] == "10"
        assert answer.headers["x-simulator-own"] == "/details, retry-after"
        assert len(served.ledger()["jobs"]) == 10
        served.caller(key="another-key").submit()


def test_the_rate_limit():
    """One request too many in the documented time is refused, and tells when the next is due."""
    with serving(models=("eachlabs",), time_scale=1) as served:
        caller = served.caller()
        body = caller.body(duration_s="7")  # refused: a hundred jobs would be over the other limit
        codes = [caller.call("submit", json=body).status_code for _ in range(101)]
        assert codes == [400] * 100 + [429]
        answer = caller.call("submit", json=body)
        assert 50 <= int(answer.headers["retry-after"]) <= 60


def test_a_wrong_method_and_a_wrong_path(served: Served):
    """405 and 404, both the simulator's own."""
    caller: Caller = served.caller("oxen")
    headers = caller.headers("poll")
    wrong = httpx.put(f"{caller.base_url}/api/ai/queue", headers=headers, trust_env=False)
    assert (wrong.status_code, wrong.headers["x-simulator-own"]) == (405, "status, error-body")
    lost = httpx.get(f"{caller.base_url}/no/such/path", headers=headers, trust_env=False)
    assert (lost.status_code, lost.headers["x-simulator-own"]) == (404, "status, error-body")


def test_success_of_an_operation_without_one(served: Served):
    """Where no success is documented, 200 stands for it."""
    operation = served.caller("oxen").operation("poll")
    assert success_of(operation)[0] == 200
