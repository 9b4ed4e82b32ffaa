"""The words of providers: what a parameter, a status, or a member of an answer is called for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from harness.docs.claims import Claim
from harness.finding import Direction
from harness.spec.model import JobState
from harness.spec.pointer import split

__all__ = [
    "STATE_WORDS",
    "is_id_name",
    "job_error",
    "job_output",
    "state_of",
    "status_meaning",
    "word_of",
    "words_of",
]

_WORDS: dict[str, str] = {
    "model": "model",
    "version": "model_version",
    "model_version": "model_version",
    "prompt": "prompt",
    "negative_prompt": "negative_prompt",
    "duration": "duration_s",
    "seconds": "duration_s",
    "aspect_ratio": "aspect_ratio",
    "ratio": "aspect_ratio",
    "sound": "audio",
    "generate_audio": "audio",
    "enable_audio": "audio",
    "cfg_scale": "guidance",
    "guidance_scale": "guidance",
    "mode": "mode",
    "seed": "seed",
    "num_generations": "count",
    "n": "count",
    "target_namespace": "billing_account",
    "provider": "routing",
    "webhook_url": "webhook_url",
    "callback_url": "webhook_url",
    "webhook_secret": "webhook_secret",
    "response_format": "response_format",
}
"""Native parameter name -> canonical word."""

STATE_WORDS: dict[str, JobState] = {
    **dict.fromkeys(("created", "queued", "pending", "waiting", "submitted", "in_queue"), JobState.QUEUED),
    **dict.fromkeys(
        ("starting", "processing", "running", "generating", "active", "in_progress"), JobState.RUNNING
    ),
    **dict.fromkeys(("success", "succeed", "succeeded", "completed", "done", "finished"), JobState.SUCCEEDED),
    **dict.fromkeys(("error", "failed", "failure"), JobState.FAILED),
    **dict.fromkeys(("cancelled", "canceled"), JobState.CANCELLED),
}
"""A status word, in lower case -> the state that it names."""

_PREFIX = re.compile(r"(?:task_)?status_", re.IGNORECASE)
_ID = re.compile(r"(?:[a-z]+_)?id|[a-z]+ID|[a-z]+Id")
_OUTPUT = ("output", "result_url", "video_url", "video", "url")
_ERROR = ("error_message", "reason", "error", "message", "details")


def word_of(name: str) -> str | None:
    """The canonical word for a native parameter, if there is one."""
    return _WORDS.get(name.lower())


def words_of(claims: Iterable[Claim]) -> dict[tuple[str | None, str], str]:
    """(operation, canonical word) -> field, out of the request parameters that are present."""
    found: dict[tuple[str | None, str], str] = {}
    for claim in claims:
        address = claim.address
        if address.direction is not Direction.REQUEST or address.facet != "presence" or not address.field:
            continue
        name = split(address.field)[-1] if address.field.startswith("/") else ""
        word = word_of(name)
        if word is not None and "*" not in address.field:
            found.setdefault((address.operation, word), address.field)
    return found


def state_of(word: str) -> JobState | None:
    """The state that a native status word names, if it is a usual one."""
    return STATE_WORDS.get(_PREFIX.sub("", word).lower())


def is_id_name(name: str) -> bool:
    """Whether a member with this name is an id."""
    return bool(_ID.fullmatch(name))


def job_output(kinds: Mapping[str, object]) -> str | None:
    """Of the fields of an answer with their types, the one where the video stands: it may be a string."""
    for name in _OUTPUT:
        found = [field for field, kind in kinds.items() if split(field)[-1] == name and _may_be_text(kind)]
        if found:
            return min(found, key=lambda field: field.count("/"))
    return None


def _may_be_text(kind: object) -> bool:
    return kind in (None, "null") or "string" in (kind if isinstance(kind, list) else [kind])


def job_error(fields: Iterable[str]) -> list[str]:
    """Of the fields of an answer, those that say why a job failed."""
    known = list(fields)
    for parent in ("/error", "/output/*"):
        below = [f"{parent}/{name}" for name in ("message", "name", "error") if f"{parent}/{name}" in known]
        if below:
            return below
    for group in (("error_message",), ("reason",), ("message", "details"), ("error",), ("logs",)):
        found = [field for name in group for field in known if split(field)[-1] == name]
        if found:
            return found
    return []


_MEANINGS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "404": (
        ("ended", re.compile(r"terminal state|complet(?:es|ed)|expired|already", re.IGNORECASE)),
        (
            "unknown",
            re.compile(
                r"not exist|doesn't exist|non-existent|not found|unknown|invalid prediction", re.IGNORECASE
            ),
        ),
    ),
    "429": (
        ("concurrency", re.compile(r"concurren|in flight|in-flight", re.IGNORECASE)),
        (
            "rate",
            re.compile(
                r"rate limit (?:exceeded|—|-)|rate limited|\bthe rate\b|(?<!no )per[- ]second|/ ?min\b|"
                r"per minute|request frequency",
                re.IGNORECASE,
            ),
        ),
    ),
}


def status_meaning(status: str, text: str) -> list[str]:
    """What a text says that an HTTP status means, of the meanings that clients tell apart; often nothing."""
    return [word for word, pattern in _MEANINGS.get(status, ()) if pattern.search(text)]
