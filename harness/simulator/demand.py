"""What a request asks for: which video, how many jobs, whom to call. Read through the spec's mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.simulator.job import VideoOrder
from harness.simulator.shape import schema_at
from harness.spec.model import Response, Spec
from harness.spec.pointer import MISSING, join, last, resolve, split

__all__ = ["embedded_output", "job_count", "secret_of", "video_order", "webhook_of"]

_OWN_DURATION_S = 5.0  # where neither the request nor a document says: the simulator's own choices
_OWN_ASPECT_RATIO = "16:9"
_LONGEST_S = 60.0
_MOST_JOBS = 100


def video_order(spec: Spec, operation: str, request: Mapping[str, Any]) -> VideoOrder:
    """The video that a request asks for; what it leaves open is the documented default."""
    duration = _asked(spec, operation, "duration_s", request)
    aspect_ratio = _asked(spec, operation, "aspect_ratio", request)
    audio = _asked(spec, operation, "audio", request)
    return VideoOrder(
        duration_s=_seconds(duration),
        aspect_ratio=aspect_ratio if isinstance(aspect_ratio, str) else _OWN_ASPECT_RATIO,
        has_audio=audio if isinstance(audio, bool) else "audio" in spec.mapping,
    )


def _asked(spec: Spec, operation: str, word: str, request: Mapping[str, Any]) -> Any:
    pointer = spec.mapping.get(word)
    if pointer is None:
        return None
    sent = resolve(request, pointer)
    return _schema(spec, operation, pointer).get("default") if sent is MISSING else sent


def _schema(spec: Spec, operation: str, pointer: str) -> Mapping[str, Any]:
    request = spec.operations[operation].request
    return schema_at(request.schema, pointer) if request is not None else {}


def _seconds(value: Any) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return _OWN_DURATION_S
    return min(seconds, _LONGEST_S) if seconds > 0 else _OWN_DURATION_S


def job_count(spec: Spec, operation: str, request: Mapping[str, Any]) -> int:
    """How many jobs a request makes: the parameter that multiplies the bill, where there is one."""
    pointer = spec.mapping.get("count")
    if pointer is None or _schema(spec, operation, pointer).get("x-billing") != "multiplies":
        return 1
    count = _asked(spec, operation, "count", request)
    is_whole = isinstance(count, int) and not isinstance(count, bool)
    return min(max(1, count), _MOST_JOBS) if is_whole else 1


def webhook_of(spec: Spec, request: Mapping[str, Any]) -> str | None:
    """The URL that the request wants called, if the provider calls any."""
    terms = spec.webhook.value
    url = resolve(request, terms.request_field) if terms is not None else None
    return url if isinstance(url, str) and url else None


def secret_of(spec: Spec, request: Mapping[str, Any]) -> str | None:
    """The secret that the request gives for the call."""
    terms = spec.webhook.value
    pointer = terms.secret_field.value if terms is not None else None
    secret = resolve(request, pointer) if pointer is not None else None
    return secret if isinstance(secret, str) else None


def embedded_output(spec: Spec, response: Response, request: Mapping[str, Any]) -> str | None:
    """The pointer that takes the video's bytes in base64 instead of its URL, if the request wants that.

    It is the member beside the URL that bears the name that the request gives as its response format.
    """
    pointer, schema = spec.mapping.get("response_format"), response.schema
    if pointer is None or schema is None or response.job is None or response.job.output is None:
        return None
    wanted = resolve(request, pointer)
    if not isinstance(wanted, str) or wanted == last(response.job.output):
        return None
    beside = join([*split(response.job.output)[:-1], wanted])
    return beside if schema_at(schema, beside).get("contentEncoding") == "base64" else None
