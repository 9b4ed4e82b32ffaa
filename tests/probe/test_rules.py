"""Each rule of the probes fires on an answer that breaks it, and is silent on the documented one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.probe.rules import RULES
from tests.answering import Answering, Asked, Reply, answering
from tests.probe.seeds import EACHLABS, OXEN
from tests.probe.wiring import Probed, probe_at

ERROR = {"status": "error", "message": "m", "details": "d"}
NOT_FOUND = {
    "error": {"type": "resource_not_found", "title": "t"},
    "status": "error",
    "status_message": "resource_not_found",
}
NOWHERE = {"nothing": "here"}
TOLD = {
    "id": "kling-video-v2-6-pro-text-to-video",
    "object": "model",
    "created": 1,
    "owned_by": "oxen",
    "display_name": "Kling",
    "description": None,
    "summary": None,
    "model_type": "base",
    "endpoint": "/videos/generate",
    "capabilities": {},
    "pricing": {"method": "time", "cost_per_second": 0.1},
    "fine_tuning": None,
    "deployments": [],
    "developer": None,
    "source_model": None,
    "image_url": None,
    "released_at": None,
    "json_request_schema": None,
}
Answers = Mapping[str, tuple[int, Any]]

EACH: Answers = {
    "reach": (404, NOWHERE),
    "missing": (401, ERROR),
    "wrong": (401, ERROR),
    "unknown": (404, ERROR),
    "PUT": (405, ERROR),
    "submit": (400, ERROR),
}
OXENS: Answers = {
    **EACH,
    "missing": (401, NOWHERE),
    "wrong": (401, NOWHERE),
    "unknown": (404, NOT_FOUND),
    "model": (200, TOLD),
    "PUT": (405, NOWHERE),
    "submit": (422, NOWHERE),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of the test's own, and no key."""
    monkeypatch.chdir(tmp_path)
    for name in ("EACHLABS", "OXEN"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)


def kind_of(asked: Asked) -> str:
    """Which probe it is."""
    key = asked.headers.get("x-api-key") or asked.headers.get("authorization", "")
    if "no-such-path" in asked.path:
        return "reach"
    if asked.method == "PUT":
        return "PUT"
    if not key:
        return "missing"
    if key.endswith("wrong-key"):
        return "wrong"
    if asked.method == "POST":
        return "submit"
    return "model" if "/models/" in asked.path else "unknown"


def run(
    capsys: pytest.CaptureFixture[str], model: str, answers: Answers, *options: str
) -> tuple[Probed, Answering]:
    """One run against a server that answers each kind of probe so."""

    def reply(asked: Asked) -> Reply:
        status, value = answers[kind_of(asked)]
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        kind = "text/html" if content.startswith(b"<") else "application/json"
        return status, {"content-type": kind}, content

    with answering(reply) as served:
        return probe_at(capsys, model, served.base_url, *options), served


@pytest.mark.parametrize(("model", "answers"), [(EACHLABS, EACH), (OXEN, OXENS)])
def test_documented_answers_are_silent(
    model: str, answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rule fires, T2 included; a POST never carries a key without it."""
    probed, _ = run(capsys, model, answers, "--allow-t2", "--max-jobs", "1")
    assert (probed.outcome.code, probed.rules) == (0, set())
    _, served = run(capsys, model, answers)
    posts = [each for each in served.asked if each.method not in ("GET", "DELETE")]
    assert posts
    assert all(kind_of(each) in ("missing", "PUT") for each in posts)
    assert all(
        "content-length" not in each.headers or each.headers["content-length"] == "0" for each in posts
    )


@pytest.mark.parametrize(
    ("rule", "model", "changed", "code", "message"),
    [
        (
            "wire.path-gone",
            EACHLABS,
            {"missing": (404, NOWHERE)},
            1,
            "missing-key.submit: POST /v1/prediction/: status 404, as any path that does not exist",
        ),
        (
            "wire.method-refused",
            EACHLABS,
            {"missing": (405, ERROR)},
            1,
            "missing-key.submit: POST /v1/prediction/: status 405, the method is refused",
        ),
        (
            "wire.key-not-needed",
            EACHLABS,
            {"wrong": (404, ERROR)},
            1,
            "wrong-key.poll: GET /v1/prediction/{id}: expected that the key is refused, got status 404: "
            "nobody asked for it",
        ),
        (
            "wire.refusal-status",
            EACHLABS,
            {"wrong": (403, ERROR)},
            1,
            "wrong-key.poll: expected status 401 as documented, got 403",
        ),
        (
            "wire.unknown-job-status",
            EACHLABS,
            {"unknown": (400, ERROR)},
            1,
            "unknown-job.poll: expected status 404 as documented, got 400",
        ),
        (
            "wire.key-refused",
            EACHLABS,
            {"unknown": (401, ERROR)},
            3,
            "unknown-job.poll: status 401: the key is refused; it may have expired",
        ),
        (
            "wire.wrong-method-accepted",
            EACHLABS,
            {"PUT": (200, {})},
            0,
            "wrong-method.submit: PUT /v1/prediction/: status 200; no document names this method",
        ),
        (
            "wire.unavailable",
            EACHLABS,
            {"unknown": (404, b"<html>who are you?</html>")},
            3,
            "unknown-job.poll: status 404 with a page for people, not the API's answer; "
            "nothing can be said of the contract",
        ),
        (
            "wire.model-gone",
            OXEN,
            {"model": (404, NOWHERE)},
            1,
            "metadata.model: status 404: kling-video-v2-6-pro-text-to-video is not known",
        ),
        (
            "wire.metadata-unreadable",
            OXEN,
            {"model": (200, {**TOLD, "json_request_schema": {"type": "object", "properties": 7}})},
            3,
            "metadata.model: its request schema names no parameter",
        ),
        (
            "wire.invalid-status",
            EACHLABS,
            {"submit": (409, ERROR)},
            1,
            "invalid-request.submit: expected status 400 as documented, got 409",
        ),
        (
            "wire.invalid-accepted",
            EACHLABS,
            {"submit": (200, {"status": "success", "message": "m", "predictionID": "j"})},
            1,
            "invalid-request.submit: /input/duration: 'harness-no-such-value' made the job j",
        ),
    ],
)
def test_a_rule_fires(
    rule: str, model: str, changed: Answers, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where one answer is another one."""
    answers = {**(EACH if model == EACHLABS else OXENS), **changed}
    probed, _ = run(capsys, model, answers, "--allow-t2", "--max-jobs", "1")
    assert probed.outcome.code == code
    assert [f["message"] for f in probed.findings if f["rule"] == rule][:1] == [message]


def test_a_price_that_is_no_longer_told_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the body is otherwise as documented; where it is not, that alone is said."""
    probed, _ = run(capsys, OXEN, {**OXENS, "model": (200, {**TOLD, "pricing": {"method": "time"}})})
    assert [(f["rule"], f["message"]) for f in probed.findings] == [
        ("wire.price-gone", "metadata.model: no amount stands at /pricing")
    ]
    told = {name: value for name, value in TOLD.items() if name != "pricing"}
    probed, _ = run(capsys, OXEN, {**OXENS, "model": (200, told)})
    assert [(f["rule"], f["field"]) for f in probed.findings] == [("response.required", "/pricing")]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"duration": {"$ref": "#/nowhere"}}},
        {"properties": {"duration": {"enum": "five", "default": {"a": [None]}, "type": ["x", 7]}}},
        {"properties": {"a": {"properties": {"b": {"items": [1, 2], "anyOf": {"c": 1}}}}}},
        {"properties": {str(n): {"type": "string", "maxLength": "long"} for n in range(50)}, "required": [1]},
    ],
)
def test_a_schema_of_any_form_is_read_or_said_to_be_none(
    schema: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a provider tells cannot bring the run down."""
    probed, _ = run(capsys, OXEN, {**OXENS, "model": (200, {**TOLD, "json_request_schema": schema})})
    assert probed.outcome.code in (1, 3)


def test_what_belongs_to_the_call_is_not_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """A schema of the model alone, without the parameters of the queue around it."""
    schema = {
        "type": "object",
        "required": ["prompt"],
        "properties": {
            "prompt": {"type": "string"},
            "negative_prompt": {"type": "string", "default": "blur, distort, and low quality"},
            "aspect_ratio": {"type": "string", "enum": ["9:16", "16:9", "1:1"], "default": "16:9"},
            "duration": {"type": "integer", "enum": [5, 10], "default": 10},
            "generate_audio": {"type": "boolean", "default": False},
            "cfg_scale": {"type": "number", "minimum": 0, "maximum": 10, "default": 0.5},
        },
    }
    probed, _ = run(capsys, OXEN, {**OXENS, "model": (200, {**TOLD, "json_request_schema": schema})})
    assert [(f["rule"], f["field"], f["expected"], f["observed"]) for f in probed.findings][1:] == [
        ("diff.request-default", "/duration", 5, 10)
    ]
    assert probed.findings[0]["field"] == "/prompt"


def test_every_rule_has_a_test() -> None:
    """In this file or beside it."""
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [row.id for row in RULES if f'"{row.id}"' not in text] == []
