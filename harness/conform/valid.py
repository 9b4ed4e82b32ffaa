"""The valid requests that are worth a paid job: the minimal one, and every pair of documented values."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from harness.client.results import Mode
from harness.errors import OperatorError
from harness.generate.case import Case, Kind
from harness.generate.cases import values_to_try
from harness.generate.pairwise import pairwise
from harness.generate.places import Place, places, put, with_room
from harness.generate.values import ASTRAL, allowed, types_of
from harness.recorder.record import default_body
from harness.spec.model import Spec
from harness.spec.pointer import resolve

__all__ = ["minimal_body", "valid_requests"]

_WORDS = ("prompt", "negative_prompt", "duration_s", "aspect_ratio", "audio", "guidance", "mode")
"""What shapes the video. Nothing else is tried for money: not the bill, nor who is called when it is done."""

_SENTENCE = "A red fox runs through fresh snow at dawn. "
_OUTSIDE_THE_BMP = f"{ASTRAL} {_SENTENCE}"


def minimal_body(spec: Spec, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The smallest request of a model, or the operator's.

    Raises OperatorError where the documents do not tell of one, or do not allow it.
    """
    body = default_body(spec, Mode.POLL) if given is None else copy.deepcopy(dict(given))
    request = spec.operations["submit"].request
    if request is None:
        raise OperatorError(f"{spec.ref}: submit has no request body; there is nothing to generate")
    for place in _places(spec, request.schema) if given is None else ():
        text, most = resolve(body, place.pointer), place.schema.get("maxLength")
        if isinstance(text, str) and most is not None and len(text) > most:
            put(body, place.path, text[:most])
    if not allowed(request.schema)(body):
        what = "allow no request as small as" if given is None else "do not allow the request"
        raise OperatorError(f"{spec.ref}: the documents {what} {json.dumps(body)[:200]}")
    return body


def valid_requests(spec: Spec, base: Mapping[str, Any]) -> list[Case]:
    """The minimal request, then few in which every pair of documented values of two parameters stands."""
    request = spec.operations["submit"].request
    if request is None:
        return []
    tried = [(place, tuple(_levels(place))) for place in _places(spec, request.schema)]
    tried.sort(key=lambda each: -len(each[1]))  # most values first: fewer rows
    fits = allowed(request.schema)
    found = [Case(body=dict(base), kind=Kind.VALID, why="minimal")]
    for row in pairwise({place.pointer: levels for place, levels in tried if levels}):
        body: Any = copy.deepcopy(dict(base))
        for place, _ in tried:
            if place.pointer in row:
                body = put(with_room(body, place), place.path, row[place.pointer])
        if fits(body) and body not in [case.body for case in found]:
            found.append(Case(body=body, kind=Kind.VALID, why=", ".join(_said(row))))
    return found


def _places(spec: Spec, schema: Mapping[str, Any]) -> Iterator[Place]:
    wanted = {spec.mapping[word] for word in _WORDS if word in spec.mapping}
    yield from (place for place in places(schema) if place.pointer in wanted and place.is_plain)


def _levels(place: Place) -> Iterator[Any]:
    """What is tried of one parameter; texts are such that nobody would refuse them for what they say."""
    schema = place.schema
    if types_of(schema) != ("string",) or "enum" in schema:
        scalars = (value for value, _ in values_to_try(schema) if not isinstance(value, (list, dict)))
        yield from dict.fromkeys(scalars)
        return
    most = schema.get("maxLength")
    yield _SENTENCE.strip()[:most]
    if most is not None:
        for piece in (_SENTENCE, _OUTSIDE_THE_BMP):  # the second has more UTF-16 units than the limit
            yield (piece * (most // len(piece) + 1))[:most]
    else:
        yield _OUTSIDE_THE_BMP.strip()


def _said(row: Mapping[str, Any]) -> Iterator[str]:
    for pointer, value in row.items():
        is_long = isinstance(value, str) and len(value) > 30
        yield f"{pointer}: {len(value)} characters" if is_long else f"{pointer}: {value!r}"
