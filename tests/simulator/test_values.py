"""What is known of an answer before its schema is asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from harness.simulator.drafts import success_of
from harness.simulator.values import array_of_jobs, echoes, moment_value, moment_values, words_for
from harness.spec.model import Job, JobState
from tests.simulator.serving import STORE

WHEN = datetime(2026, 11, 20, 12, 0, 0, 500_000, tzinfo=UTC)
UNIX = 1795176000


@pytest.mark.parametrize(
    ("schema", "name", "value"),
    [
        ({"type": "integer"}, "started_at", UNIX),
        ({"type": ["integer", "null"]}, "started_at", UNIX),
        ({"type": "string"}, "submit_time_ms", f"{UNIX}500"),
        ({"type": "integer"}, "submit_time_ms", UNIX * 1000 + 500),
        ({"type": "string", "format": "date-time"}, "created_at", "2026-11-20T12:00:00+00:00"),
    ],
)
def test_a_moment(schema: dict[str, object], name: str, value: object):
    """In the form that name and schema give it."""
    assert moment_value(schema, name, WHEN) == value


def test_moments_that_must_be_there():
    """Required whole numbers whose name says that they are a moment."""
    schema = {
        "required": ["created", "made_at", "count", "ended_at"],
        "properties": {
            "created": {"type": "integer"},
            "made_at": {"type": "integer"},
            "count": {"type": "integer"},
            "ended_at": {"type": ["integer", "null"]},
            "seen_at": {"type": "integer"},
        },
    }
    assert moment_values(schema, WHEN) == {"/created": UNIX, "/made_at": UNIX}


def test_the_words_for_a_state():
    """In the order of the schema; a neighbour's words where there are none."""
    for reference, state, words in (
        ("eachlabs", JobState.QUEUED, ["processing"]),
        ("eachlabs@latest", JobState.QUEUED, ["created"]),
        ("eachlabs@latest", JobState.RUNNING, ["starting", "processing"]),
        ("eachlabs", JobState.CANCELLED, []),
        ("oxen", JobState.CANCELLED, ["cancelled"]),
    ):
        response = success_of(STORE.get(reference).operations["poll"])[1]
        assert response is not None
        assert response.job is not None
        assert words_for(response.job, response.schema or {}, state) == words


@pytest.mark.parametrize(
    ("pointer", "array"), [("/generations/0/id", "/generations"), ("/id", None), (None, None), ("/0", "")]
)
def test_an_array_of_jobs(pointer: str | None, array: str | None):
    """Told by the number in the id's pointer."""
    assert array_of_jobs(Job(at="", id=pointer, states={}, evidence={})) == array


def test_what_the_request_said_comes_back():
    """Under the same name, or the model's under `_name`; not where the schema would not have it."""
    spec = STORE.get("oxen")
    schema = {
        "properties": {
            "model": {"type": "string"},
            "model_name": {"type": "string"},
            "prompt": {"type": "string"},
            "duration": {"type": "integer"},
            "seed": {},
            "status": {"type": "string"},
        }
    }
    request = {"model": "m", "prompt": "p", "duration": "5", "seed": 7}
    assert echoes(spec, schema, request) == {
        "/model": "m",
        "/model_name": "m",
        "/prompt": "p",
        "/seed": 7,
    }
