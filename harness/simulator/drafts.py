"""Every kind of body that a provider sends, drafted from its spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.simulator.answer import Draft, Own
from harness.simulator.compose import Composer, Part
from harness.simulator.job import Look
from harness.simulator.metadata import metadata_values
from harness.simulator.output import lifetime_of
from harness.simulator.timeline import Timeline
from harness.simulator.values import JobWriter, array_of_jobs, echoes, moment_values
from harness.spec.model import Job, Operation, Payload, Response, Spec
from harness.spec.pointer import join

__all__ = ["Drafts", "success_of"]

_SUCCESS = 200


def success_of(operation: Operation) -> tuple[int, Response | None]:
    """The status of an operation's success, and what is documented of it. A range (`2XX`) stands for 200."""
    for key, response in operation.responses.items():
        if key.startswith("2"):
            return (int(key) if key.isdecimal() else _SUCCESS), response
    return _SUCCESS, None


def _own_status(response: Response | None) -> tuple[str, ...]:
    return () if response is not None and response.status.isdecimal() else (Own.STATUS,)


def _own_lifetime(spec: Spec, part: Part, known: Mapping[str, Any]) -> tuple[str, ...]:
    pointer = part.job.output_ttl_s if part.job is not None else None
    is_own = lifetime_of(spec)[1]
    return (pointer,) if is_own and pointer is not None and pointer in known else ()


@dataclass(slots=True, kw_only=True)
class Drafts:
    """Drafts the answers, events and webhook calls of all specs of one provider."""

    base_url: str
    timeline: Timeline
    _composers: dict[str, Composer] = field(default_factory=dict)
    _echoes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def of_jobs(
        self,
        spec: Spec,
        operation: str,
        looks: Sequence[Look],
        *,
        path_parameters: Mapping[str, str],
        skew_s: float = 0.0,
        extra: Mapping[str, Any] | None = None,
    ) -> Draft:
        """The documented success of an operation about jobs. `extra` are further known values."""
        status, response = success_of(spec.operations[operation])
        if response is None or response.schema is None:
            return Draft(status=status, document={}, own=(*_own_status(response), Own.BODY))
        part = Part(at=response.at, schema=response.schema, job=response.job, examples=response.examples)
        known = {join([name]): value for name, value in path_parameters.items() if _names(part, name)}
        known |= self._known(spec, part, looks, skew_s)
        known |= extra or {}
        filled = self._composer(spec).compose(part, known, state=looks[0].state)
        return Draft(
            status=status,
            document=filled.document,
            content_type=response.content_type or "application/json",
            own=(*_own_status(response), *filled.own, *_own_lifetime(spec, part, known)),
        )

    def payload(self, spec: Spec, payload: Payload, look: Look, skew_s: float = 0.0) -> Any:
        """The body of an event or a webhook call about a job."""
        part = Part(at=payload.at, schema=payload.schema or {}, job=payload.job, examples=payload.examples)
        known = self._known(spec, part, [look], skew_s)
        return self._composer(spec).compose(part, known, state=look.state).document

    def model(self, spec: Spec, path_parameters: Mapping[str, str]) -> Draft:
        """The metadata of a model: its name, its request schema, its price."""
        status, response = success_of(spec.operations["model"])
        if response is None or response.schema is None:
            return Draft(status=status, document={}, own=(*_own_status(response), Own.BODY))
        part = Part(at=response.at, schema=response.schema, examples=response.examples)
        now = self.timeline.utc_at(0.0)
        known = {join([name]): value for name, value in path_parameters.items() if _names(part, name)}
        known |= moment_values(part.schema, now)
        known |= metadata_values(spec, part.schema)
        filled = self._composer(spec).compose(part, known, text="simulated")
        own = (*_own_status(response), *filled.own, *known)
        return Draft(status=status, document=filled.document, own=own)

    def error(self, spec: Spec | None, operation: str, status: int, words: str) -> Draft:
        """A refusal: the documented body for its status, else the simulator's own."""
        response = spec.responses_for(operation, status) if spec is not None else None
        if spec is None or response is None or response.schema is None:
            own = (
                (Own.BODY,)
                if response is not None and response.status.isdecimal()
                else (
                    Own.STATUS,
                    Own.BODY,
                )
            )
            return Draft(status=status, document={"error": {"message": words}}, own=own)
        part = Part(at=response.at, schema=response.schema, examples=response.examples)
        known = {response.error_message: words} if response.error_message is not None else {}
        filled = self._composer(spec).compose(part, known, text=words)
        return Draft(
            status=status,
            document=filled.document,
            content_type=response.content_type or "application/json",
            own=(*_own_status(response), *filled.own),
        )

    def _composer(self, spec: Spec) -> Composer:
        return self._composers.setdefault(spec.ref, Composer(spec=spec, base_url=self.base_url))

    def _known(self, spec: Spec, part: Part, looks: Sequence[Look], skew_s: float) -> dict[str, Any]:
        known = dict(self._echo(spec, part, looks[0]))
        known |= moment_values(part.schema, self.timeline.utc_at(self.timeline.now_s() + skew_s))
        if part.job is None:
            return known
        writer = JobWriter(job=part.job, schema=part.schema, timeline=self.timeline, skew_s=skew_s)
        for index, look in enumerate(looks):
            for pointer, value in writer.values(look).items():
                known[_element(part.job, pointer, index)] = value
        return known

    def _echo(self, spec: Spec, part: Part, look: Look) -> dict[str, Any]:
        key = (part.at, look.job.id)
        if key not in self._echoes:
            self._echoes[key] = echoes(spec, part.schema, look.job.request)
        return self._echoes[key]


def _names(part: Part, name: str) -> bool:
    return name in part.schema.get("properties", {})


def _element(job: Job, pointer: str, index: int) -> str:
    """The same place in another element of the array of jobs."""
    array = array_of_jobs(job)
    first = f"{array}/0/"
    if array is None or not pointer.startswith(first):
        return pointer
    return f"{array}/{index}/{pointer.removeprefix(first)}"
