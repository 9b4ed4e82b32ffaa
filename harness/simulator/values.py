"""What is known of the body of an answer before its schema is asked: the job, and what the request said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.simulator.job import Failure, Look
from harness.simulator.shape import kinds, schema_at
from harness.simulator.timeline import Timeline
from harness.spec.model import Job, JobState, Spec
from harness.spec.pointer import MISSING, array_index, join, last, resolve, split
from harness.spec.schema import SchemaJudge, known_properties

__all__ = ["JobWriter", "array_of_jobs", "echoes", "moment_value", "moment_values", "words_for"]

Schema = Mapping[str, Any]

_CODE_NAMES = ("code", "name", "type")
_NEIGHBOURS = {JobState.QUEUED: JobState.RUNNING, JobState.RUNNING: JobState.QUEUED}


def array_of_jobs(job: Job) -> str | None:
    """`/generations` for an id at `/generations/0/…`; None where the id stands in no array."""
    parts = split(job.id or "")
    at = next((depth for depth, part in enumerate(parts) if array_index(part) is not None), None)
    return None if at is None else join(parts[:at])


def words_for(job: Job, schema: Schema, state: JobState) -> list[str]:
    """The native words for a state, in the order in which the schema lists them.

    Where a provider has no word for queued or running, the other one's words stand for it.
    """
    listed = [word for word in schema_at(schema, job.status or "").get("enum", ()) if word in job.states]
    order = [*listed, *(word for word in job.states if word not in listed)]
    words = [word for word in order if job.states[word] is state]
    if not words and state in _NEIGHBOURS:
        words = [word for word in order if job.states[word] is _NEIGHBOURS[state]]
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWriter:
    """Writes a look at a job to the places that a `job` block names. `skew_s` falsifies its times."""

    job: Job
    schema: Schema
    timeline: Timeline
    skew_s: float = 0.0

    def values(self, look: Look) -> dict[str, Any]:
        """Pointer -> value of all that the block has a place for and the look something to say about."""
        found = dict(self._members(look))
        return {pointer: value for pointer, value in found.items() if value is not None}

    def _members(self, look: Look) -> Iterator[tuple[str, Any]]:
        job = self.job
        if job.id is not None:
            yield job.id, look.id
        if job.status is not None and (words := words_for(job, self.schema, look.state)):
            step = min(int(look.fraction * len(words)), len(words) - 1)
            yield job.status, words[step]
        if look.state is JobState.SUCCEEDED:
            for pointer, value in ((job.output, look.output_url), (job.output_ttl_s, look.output_ttl_s)):
                if pointer is not None:
                    yield pointer, self._fit(pointer, value)
        if look.state is JobState.FAILED and look.failure is not None:
            yield from self._failure(look.failure)
        if job.progress_percent is not None:
            yield job.progress_percent, self._fit(job.progress_percent, int(100 * look.fraction))
        if job.eta_s is not None:
            yield job.eta_s, self._fit(job.eta_s, look.eta_s)
        yield from self._evidence(look)

    def _failure(self, failure: Failure) -> Iterator[tuple[str, Any]]:
        for pointer in self.job.error:
            is_code = any(name in last(pointer) for name in _CODE_NAMES)
            yield pointer, failure.code if is_code else failure.message

    def _evidence(self, look: Look) -> Iterator[tuple[str, Any]]:
        moments = {
            "queued_at": look.submitted_s,
            "started_at": look.started_s,
            "completed_at": look.ended_s,
        }
        for name, pointer in self.job.evidence.items():
            moment_s = moments.get(name)
            if moment_s is not None:
                yield pointer, self._moment(pointer, self.timeline.utc_at(moment_s + self.skew_s))
            elif name == "predict_time_s" and look.ended_s is not None and look.started_s is not None:
                yield pointer, self._fit(pointer, round(look.ended_s - look.started_s, 1))

    def _fit(self, pointer: str, value: Any) -> Any:
        """A number as the schema has it: whole, or written as a string."""
        if value is None or isinstance(value, str):
            return value
        named = kinds(schema_at(self.schema, pointer))
        if "number" in named:
            return value
        whole = round(value)
        return str(whole) if "string" in named else whole

    def _moment(self, pointer: str, when: datetime) -> Any:
        return moment_value(schema_at(self.schema, pointer), last(pointer), when)


def moment_value(schema: Schema, name: str, when: datetime) -> Any:
    """A moment as a member of this name and schema has it: Unix time (ms where the name says so) or ISO."""
    if schema.get("format") == "date-time":
        return when.isoformat(timespec="seconds")
    unix = int(when.timestamp() * (1000 if name.endswith("_ms") else 1))
    return str(unix) if "string" in kinds(schema) else unix


def moment_values(schema: Schema, when: datetime) -> dict[str, Any]:
    """Required whole numbers that by their name are the moment of the answer."""
    return {
        join([name]): moment_value(below, name, when)
        for name, below in schema.get("properties", {}).items()
        if name in schema.get("required", ())
        and "integer" in kinds(below)
        and "null" not in kinds(below)
        and (name == "created" or name.endswith("_at"))
    }


def echoes(spec: Spec, schema: Schema, request: Mapping[str, Any]) -> dict[str, Any]:
    """Members of an answer that bear the name of a request parameter, with what the request sent.

    `model_name` counts as the name of what the mapping calls the model. A value that the answer's schema
    does not allow is left out.
    """
    by_name = {last(pointer): resolve(request, pointer) for pointer in spec.mapping.values()}
    by_name.update(request)
    if "model" in spec.mapping:
        name = last(spec.mapping["model"])
        by_name[f"{name}_name"] = by_name.get(name, MISSING)
    found: dict[str, Any] = {}
    for name, schemas in known_properties(schema).items():
        value = by_name.get(name, MISSING)
        if value is not MISSING and not any(True for _ in SchemaJudge(schemas[0]).broken_keywords(value)):
            found[join([name])] = value
    return found
