"""When a request is judged, and by which parameters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.simulator.validation import RequestJudge, Ruling, read_json
from tests.minimal import minimal
from tests.simulator.serving import STORE

JSON = {"content-type": "application/json"}
MINIMAL = minimal()  # all at submit, but /duration at run


def judged(body: Any, *, spec: Any = MINIMAL, headers: dict[str, str] = JSON) -> Ruling:
    """The verdict on a submit."""
    operation = spec.operations["submit"]
    return RequestJudge().judge(spec, operation, json.dumps(body).encode(), {}, headers)


def words(faults: tuple[Any, ...]) -> list[str]:
    """What is said of each."""
    return [fault.words for fault in faults]


def test_a_valid_request():
    """Nothing to say; the moment is documented."""
    assert judged({"prompt": "a fox", "duration": 5}) == Ruling()


def test_two_moments():
    """The entry that names the parameter goes before the one for every other."""
    verdict = judged({"duration": 7, "guidance": 2})
    assert words(verdict.at_submit) == [
        "/prompt: required, and missing",
        "/guidance: expected at most 1, got 2",
    ]
    assert words(verdict.at_run) == ["/duration: expected one of 5, 10, got 7"]


def test_an_undocumented_moment():
    """At submit, and said to be the simulator's own choice."""
    verdict = judged({"duration": 7}, spec=STORE.get("aimlapi"))
    assert verdict.is_own_time
    assert words(verdict.at_submit) == [
        "/model: required, and missing",
        "/prompt: required, and missing",
        "/duration: expected one of 5, 10, got 7",
    ]


def test_an_unknown_name():
    """Told apart from what a document forbids."""
    (fault,) = judged({"prompt": "a fox", "colour": "red"}).at_submit
    assert (fault.words, fault.is_unknown) == ("/colour: the documents name no such property", True)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (JSON, []),
        ({"content-type": "application/json; charset=utf-8"}, []),
        ({}, ["header parameter Content-Type: required, and missing"]),
        (
            {"content-type": "text/plain"},
            ["header parameter Content-Type: expected one of application/json, got 'text/plain'"],
        ),
    ],
)
def test_a_header(headers: dict[str, str], said: list[str]):
    """A required one must be there, and be what it should, its parameters aside."""
    verdict = judged({"prompt": "a fox"}, spec=STORE.get("novita/kling-v2.6"), headers=headers)
    assert words(verdict.at_submit) == said


def test_a_query_parameter():
    """A poll without the id that it is about."""
    spec = STORE.get("novita/kling-v2.6")
    verdict = RequestJudge().judge(spec, spec.operations["poll"], b"", {}, {})
    assert words(verdict.at_submit) == ["query parameter task_id: required, and missing"]


def test_two_specs_with_the_same_places():
    """Each is judged by its own schema, though both stand at the same place of their files."""
    judge = RequestJudge()
    for model, said in (
        ("novita/kling-v1.6", ["/sound: the documents name no such property"]),
        ("novita/kling-v2.6", []),
    ):
        spec = STORE.get(model)
        body = json.dumps({"prompt": "a fox", "sound": True}).encode()
        verdict = judge.judge(spec, spec.operations["submit"], body, {}, JSON)
        assert words(verdict.at_submit) == said


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000, b'{"a": Infinity}'])
def test_what_cannot_be_read(body: bytes):
    """One message, whatever it is."""
    assert read_json(body) == (None, "the body: expected JSON")
