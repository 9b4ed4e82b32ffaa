"""What one body says of one job: reading it through a spec's `job` block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.spec.model import Job, JobState
from harness.spec.pointer import MISSING, resolve, split

__all__ = ["JobView", "job_views"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job as one body shows it.

    `word` is the native status, `state` what it means (None: the word is not known, or the body says
    nothing of the state). `output` is a URL, or the file itself where it comes inline. `progress_percent`
    and the rest are None where the body does not say.
    """

    id: str | None
    id_pointer: str | None
    word: str | None
    word_pointer: str | None
    state: JobState | None
    output: Any
    output_pointer: str | None
    error: str | None
    progress_percent: float | None


def job_views(job: Job, body: Any) -> Iterator[JobView]:
    """Every job that a body speaks of: one, or as many as its array of jobs holds.

    Pointers such as `/generations/0/generation_id` name the first job of an array; its other elements are
    jobs as well and are read in the same way.
    """
    array = _array_prefix(job)
    if array is None:
        yield _view(job, body, None)
        return
    elements = resolve(body, array)
    count = len(elements) if isinstance(elements, list) else 0
    for index in range(max(count, 1)):
        yield _view(job, body, (array, index))


def _array_prefix(job: Job) -> str | None:
    """`/generations` for an id at `/generations/0/…`; None where the id stands in no array."""
    parts = split(job.id or "")
    at = next((depth for depth, part in enumerate(parts) if part.isdecimal()), None)
    return None if at is None else "/" + "/".join(parts[:at])


def _view(job: Job, body: Any, element: tuple[str, int] | None) -> JobView:
    def place(pointer: str | None) -> str | None:
        if pointer is None or element is None:
            return pointer
        array, index = element
        prefix = f"{array}/0/"
        inside = pointer.startswith(prefix)
        return f"{array}/{index}/{pointer.removeprefix(prefix)}" if inside else pointer

    word = _text(body, place(job.status))
    return JobView(
        id=_text(body, place(job.id)),
        id_pointer=place(job.id),
        word=word,
        word_pointer=place(job.status),
        state=job.state if job.status is None else job.states.get(word or ""),
        output=_value(body, place(job.output)) or _value(body, place(job.output_inline)),
        output_pointer=place(job.output),
        error=_first_text(body, [place(pointer) for pointer in job.error]),
        progress_percent=_number(body, place(job.progress_percent)),
    )


def _value(body: Any, pointer: str | None) -> Any:
    found = resolve(body, pointer) if pointer is not None else MISSING
    return None if found is MISSING else found


def _text(body: Any, pointer: str | None) -> str | None:
    found = _value(body, pointer)
    return found if isinstance(found, str) else None


def _first_text(body: Any, pointers: list[str | None]) -> str | None:
    return next((text for pointer in pointers if (text := _text(body, pointer))), None)


def _number(body: Any, pointer: str | None) -> float | None:
    found = _value(body, pointer)
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None
