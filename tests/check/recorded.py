"""Recordings to be judged, written down in one line a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from harness.check.body import Judges
from harness.check.traffic import RecordingCheck, check_recording
from harness.finding import Location
from harness.spec.model import Spec
from harness.wire.message import (
    Delivery,
    Event,
    Exchange,
    HttpRequest,
    HttpResponse,
    Provenance,
    Recording,
)
from tests.check.judging import as_bytes

__all__ = ["EACHLABS", "NOVITA", "OXEN", "PROMPT", "Judge", "exchange", "poll", "recording", "submit"]

NOVITA = "https://api.novita.ai/v3/async"
EACHLABS = "https://api.eachlabs.ai/v1/prediction"
OXEN = "https://hub.oxen.ai/api"
PROMPT = {"prompt": "a fox"}


def exchange(
    method: str,
    url: str,
    body: Any = None,
    answer: Any = None,
    *,
    status: int = 200,
    content_type: str | None = None,
    at: tuple[float, float] | None = None,
    error: str | None = None,
) -> Exchange:
    """One exchange; without an answer (None) there was none."""
    headers = (("Content-Type", content_type),) if content_type else ()
    response = (
        HttpResponse(status=status, headers=headers, body=as_bytes(answer)) if answer is not None else None
    )
    return Exchange(
        request=HttpRequest(method=method, url=url, body=b"" if body is None else as_bytes(body)),
        response=response,
        subject=Location(file="c.yaml"),
        sent_s=at[0] if at else None,
        received_s=at[1] if at else None,
        error=error,
    )


def submit(task: str = "t", **members: Any) -> Exchange:
    """Creates a job at Novita, with the given id."""
    return exchange("POST", f"{NOVITA}/kling-v2.6-pro-t2v", PROMPT, {"task_id": task}, **members)


def poll(word: str, task: str = "t", *, answered: Any = None, **members: Any) -> Exchange:
    """Asks Novita for a job; `word` is the last part of its status."""
    answer = {
        "task": {"task_id": task, "status": f"TASK_STATUS_{word}"},
        "videos": [{"video_url": "https://x"}],
    }
    url = f"{NOVITA}/task-result?task_id={task}"
    return exchange("GET", url, None, answer if answered is None else answered, **members)


def recording(*messages: Exchange | Delivery | Event, **members: Any) -> Recording:
    """A live recording of the messages; its exchanges are numbered."""
    exchanges = [message for message in messages if isinstance(message, Exchange)]
    given = {"provenance": Provenance.LIVE, **members}
    return Recording(
        file="c.yaml",
        exchanges=tuple(
            replace(each, subject=Location(file="c.yaml", index=index))
            for index, each in enumerate(exchanges)
        ),
        deliveries=tuple(message for message in messages if isinstance(message, Delivery)),
        events=tuple(message for message in messages if isinstance(message, Event)),
        **given,
    )


class Judge:
    """Checks recordings against some of the shipped specs."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.specs = specs

    def __call__(self, *messages: Exchange | Delivery | Event, **members: Any) -> RecordingCheck:
        return check_recording(recording(*messages, **members), self.specs, Judges())
