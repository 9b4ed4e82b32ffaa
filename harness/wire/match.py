"""To which endpoint and operation a request belongs: by server, method and path, then by the model named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from harness.spec.model import Operation, Spec
from harness.spec.pointer import MISSING, resolve, split
from harness.wire.message import HttpRequest

__all__ = ["Match", "Mismatch", "NoMatch", "match"]

_PORTS = {"http": 80, "https": 443}
_PARAMETER = re.compile(r"\{([^{}]+)\}")


class Mismatch(StrEnum):
    """What kept a request from every spec."""

    URL = "url"  # it is not an absolute URL
    SERVER = "server"
    PATH = "path"
    SLASH = "slash"  # the path of an operation but for the slash at its end
    METHOD = "method"
    MODEL = "model"  # the operation is shared by models, and this one has no spec here


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The endpoint and the operation that a request belongs to.

    `specs` are all endpoints that it may belong to, in the order in which they were given; there is more than
    one where models share a path and the request names none (a poll). `spec`, the first of them, is then no
    more than a candidate, until a job id that was seen earlier decides.

    Parameters are percent-decoded; of a repeated query parameter the first counts. `job_id` is the value of
    the parameter that carries the job's id, None where there is none.
    """

    specs: tuple[Spec, ...]
    operation: str
    path_parameters: Mapping[str, str]
    query_parameters: Mapping[str, str]
    job_id: str | None

    @property
    def spec(self) -> Spec:
        """The first of the endpoints."""
        return self.specs[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMatch:
    """That a request belongs to none of the specs: `reason` for a person, `cause` for a program."""

    reason: str
    cause: Mismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """One operation of one spec whose method and path fit."""

    spec: Spec
    operation: Operation
    path_parameters: Mapping[str, str]


def match(specs: Iterable[Spec], request: HttpRequest, *, any_model: bool = False) -> Match | NoMatch:
    """The endpoint and the operation that a request belongs to, or why there is none.

    `specs` holds one revision of each model. A body that names a model without a spec here matches nothing,
    unless `any_model` says that the request is known to show another model of the same provider.
    """
    try:
        target = urlsplit(request.url)
        authority = _authority(target)
    except ValueError as error:
        return NoMatch(reason=f"{request.url!r} is not a URL: {error}", cause=Mismatch.URL)
    if authority is None:
        return NoMatch(reason=f"{request.url!r} is not an absolute HTTP URL", cause=Mismatch.URL)
    here = [spec for spec in specs if _authority(urlsplit(spec.server)) == authority]
    if not here:
        scheme, host, port = authority
        shown = f"{scheme}://{host}" if port == _PORTS[scheme] else f"{scheme}://{host}:{port}"
        return NoMatch(reason=f"no spec has the server {shown}", cause=Mismatch.SERVER)
    method = request.method.upper()
    hits = _most_specific(_hits(here, method, target.path))
    if not hits:
        return _mismatch(here, method, target.path)
    if not any_model:
        named = [_other_model(hit, request.body) for hit in hits]
        if all(name is not None for name in named):
            return _unknown_model(hits, named[0])
        hits = [hit for hit, name in zip(hits, named, strict=True) if name is None]
    return _match(hits, target, request)


def _authority(url: SplitResult) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no absolute HTTP URL. Raises ValueError for a broken port."""
    if url.scheme not in _PORTS or url.hostname is None:
        return None
    return url.scheme, url.hostname, url.port or _PORTS[url.scheme]


def _hits(specs: Iterable[Spec], method: str | None, path: str) -> Iterator[_Hit]:
    """Every operation at a path; of every method, if None."""
    for spec in specs:
        base = urlsplit(spec.server).path.rstrip("/")
        for operation in spec.operations.values():
            values = _path_values(base + operation.path, path)
            if values is not None and method in (None, operation.method):
                yield _Hit(spec=spec, operation=operation, path_parameters=values)


def _path_values(template: str, path: str) -> dict[str, str] | None:
    """The parameters of a path, by name; None if it does not fit. Segments are compared percent-decoded."""
    segments, wanted = path.split("/"), template.split("/")
    if len(segments) != len(wanted):
        return None
    values: dict[str, str] = {}
    for segment, expected in zip(segments, wanted, strict=True):
        literals_and_names = _PARAMETER.split(expected)
        names = literals_and_names[1::2]
        pattern = "(.+?)".join(re.escape(literal) for literal in literals_and_names[::2])
        found = re.fullmatch(pattern, unquote(segment), re.DOTALL)
        if found is None:
            return None
        values.update(zip(names, found.groups(), strict=True))
    return values


def _most_specific(hits: Iterable[_Hit]) -> list[_Hit]:
    """`/models/search` goes before `/models/{id}`."""
    found = list(hits)
    fewest = min((len(hit.path_parameters) for hit in found), default=0)
    return [hit for hit in found if len(hit.path_parameters) == fewest]


def _match(hits: list[_Hit], target: SplitResult, request: HttpRequest) -> Match:
    first = hits[0]
    query: dict[str, str] = {}
    for name, value in parse_qsl(target.query, keep_blank_values=True):
        query.setdefault(name, value)
    return Match(
        specs=tuple(hit.spec for hit in hits if hit.operation.name == first.operation.name),
        operation=first.operation.name,
        path_parameters=first.path_parameters,
        query_parameters=query,
        job_id=_job_id(first, query, request),
    )


def _job_id(hit: _Hit, query: Mapping[str, str], request: HttpRequest) -> str | None:
    parameter = hit.operation.job_id_parameter
    if parameter is None:
        return None
    if parameter.location == "header":
        return request.header(parameter.name)
    return (hit.path_parameters if parameter.location == "path" else query).get(parameter.name)


def _other_model(hit: _Hit, body: bytes) -> str | None:
    """The model that a request names, if it is not this spec's; None where it names none."""
    own = {hit.spec.model.name}
    if hit.operation.name == "model":
        values = hit.path_parameters.values()
        return None if not values or own & set(values) else next(iter(values))
    pointer = hit.spec.mapping.get("model")
    if hit.operation.request is None or pointer is None:
        return None
    named = resolve(_json(body), pointer)
    own |= _documented_names(hit.operation.request.schema, pointer)
    return named if isinstance(named, str) and named not in own else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return MISSING


def _documented_names(schema: Mapping[str, Any], pointer: str) -> set[str]:
    """The values that a schema allows for the property at a pointer, if it lists them."""
    for part in split(pointer):
        schema = schema.get("properties", {}).get(part, {})
    return {name for name in schema.get("enum", ()) if isinstance(name, str)}


def _unknown_model(hits: list[_Hit], name: str | None) -> NoMatch:
    known = ", ".join(dict.fromkeys(hit.spec.model.name for hit in hits))
    operation = hits[0].operation.name
    return NoMatch(
        reason=f"{operation} of model {name!r}, which has no spec here; known: {known}", cause=Mismatch.MODEL
    )


def _mismatch(specs: list[Spec], method: str, path: str) -> NoMatch:
    """Why no operation fits: a slash at the end, another method, or simply another path."""
    toggled = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    for hit in _hits(specs, method, toggled):
        names = f"{hit.operation.name} of {hit.spec.ref}"
        reason = f"{method} {path} differs from {hit.operation.path} ({names}) in the slash at the end"
        return NoMatch(reason=reason, cause=Mismatch.SLASH)
    others = [f"{hit.operation.method} ({hit.operation.name})" for hit in _hits(specs, None, path)]
    if others:
        reason = f"{method} {path} is not documented; at this path: {', '.join(dict.fromkeys(others))}"
        return NoMatch(reason=reason, cause=Mismatch.METHOD)
    models = ", ".join(spec.ref for spec in specs)
    return NoMatch(reason=f"no operation of {models} has the path {path}", cause=Mismatch.PATH)
