"""Bodies that conform: known values first, then what a documented example shows, then the least that the
schema demands. Which places rest on nobody's document is said beside the body.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.simulator.shape import Filled, Filler, put
from harness.simulator.values import array_of_jobs
from harness.spec.model import Example, Job, JobState, Spec
from harness.spec.pointer import MISSING, join, resolve
from harness.spec.schema import SchemaJudge

__all__ = ["Composer", "Part"]

Schema = Mapping[str, Any]

_NIL_UUID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A body that a spec describes: of an answer, an event or a webhook. `at` names it within the spec."""

    at: str
    schema: Schema
    job: Job | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    """A finished body, and those of its strings that speak of a job or a server and change with them."""

    filled: Filled
    words: tuple[tuple[str, str], ...]
    example_id: str | None


@dataclass(slots=True, kw_only=True)
class Composer:
    """Composes the bodies of one spec; the gaps of each kind of body are filled once."""

    spec: Spec
    base_url: str
    _templates: dict[tuple[Any, ...], _Template] = field(default_factory=dict)

    def compose(
        self, part: Part, known: Mapping[str, Any], *, state: JobState | None = None, text: str = ""
    ) -> Filled:
        """The body that carries the known values. `state` picks the examples that show the same."""
        word = known.get(part.job.status) if part.job is not None and part.job.status is not None else None
        key = (part.at, word, state, frozenset(known))
        if key not in self._templates:
            self._templates[key] = self._template(part, known, state, text)
        template = self._templates[key]
        document = copy.deepcopy(template.filled.document)
        for pointer, raw in template.words:
            put(document, pointer, self._localised(raw, template.example_id, part, known))
        for pointer, value in known.items():
            document = put(document, pointer, value)
        return Filled(document=document, own=template.filled.own)

    def _template(self, part: Part, known: Mapping[str, Any], state: JobState | None, text: str) -> _Template:
        judge = SchemaJudge(part.schema)
        candidates = [*self._examples(part, known, state), None]
        for example in candidates:
            shown = {} if example is None else dict(_leaves(example))
            taken = [*known, *_spoken_for(part.job)]
            soft = {pointer: value for pointer, value in shown.items() if _is_free(pointer, taken)}
            filled = self._filler(text).fill(part.schema, {**known, **soft})
            if example is None or not list(judge.violations(filled.document)):
                break
        shown_id = None if example is None or part.job is None else _value(example, part.job.id)
        example_id = shown_id if isinstance(shown_id, str) else None
        local = [word for word in (self.spec.server, example_id) if word]
        words = [
            (pointer, value)
            for pointer, value in soft.items()
            if isinstance(value, str) and any(word in value for word in local)
        ]
        return _Template(filled=filled, words=tuple(words), example_id=example_id)

    def _filler(self, text: str) -> Filler:
        kind = self.spec.model.task.rsplit("-", 1)[-1]
        formats = {"uri": f"{self.base_url}/", "uuid": _NIL_UUID}
        return Filler(text=text, formats=formats, prefer=(kind,))

    def _examples(self, part: Part, known: Mapping[str, Any], state: JobState | None) -> Iterator[Any]:
        """The values of documented examples of the same state that speak of no other model."""
        if part.job is not None and array_of_jobs(part.job) is not None:
            return  # how many jobs there are is the request's to say
        named = [pointer for pointer, value in known.items() if value == self.spec.model.name]
        for example in part.examples:
            value = _example_value(example)
            if not isinstance(value, dict):
                continue
            if part.job is not None and part.job.status is not None:
                word = resolve(value, part.job.status)
                if not isinstance(word, str) or part.job.states.get(word) is not state:
                    continue
            if all(resolve(value, pointer) in (MISSING, self.spec.model.name) for pointer in named):
                yield value

    def _localised(self, raw: str, example_id: str | None, part: Part, known: Mapping[str, Any]) -> str:
        """A string of an example with our server and the job's own id in it."""
        own_id = known.get(part.job.id or "") if part.job is not None else None
        if example_id and isinstance(own_id, str):
            raw = raw.replace(example_id, own_id)
        return raw.replace(self.spec.server, self.base_url)


def _example_value(example: Example) -> Any:
    if example.has_value:
        return example.value
    try:
        return json.loads(example.text or "")
    except ValueError:
        return None


def _value(document: Any, pointer: str | None) -> Any:
    return None if pointer is None else resolve(document, pointer)


def _leaves(value: Any, base: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar, and every empty object or array, with its pointer."""
    members: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    if not members:
        if value is not None:
            yield base, value
        return
    for name, below in members:
        yield from _leaves(below, join([name], base))


def _spoken_for(job: Job | None) -> Iterator[str]:
    """Places of the job's own: what is not known there is not there, whatever an example shows."""
    if job is None:
        return
    own = (job.id, job.status, job.output, job.output_ttl_s, job.progress_percent, job.eta_s)
    yield from (pointer for pointer in (*own, *job.evidence.values()) if pointer is not None)


def _is_free(pointer: str, taken: Iterable[str]) -> bool:
    """Whether a value of an example may stand there without touching a place that is taken."""
    return not any(
        pointer == other or pointer.startswith(f"{other}/") or other.startswith(f"{pointer}/")
        for other in taken
    )
