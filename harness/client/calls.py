"""From an operation of a spec to one HTTP request: address, parameters, headers, body."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from harness import __version__
from harness.client.keys import Keyring, origin
from harness.errors import OperatorError
from harness.spec.model import Operation, Parameter, Spec
from harness.spec.pointer import split

__all__ = ["Call", "Endpoints", "build", "json_body", "with_values"]

_AGENT = f"video-api-harness/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that is ready to be sent. It holds a key, so it has no repr of its headers."""

    spec: Spec = field(repr=False)
    operation: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False, default=b"")
    job_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where each provider is reached: its documented server, or the operator's (by provider id).

    An override replaces scheme, host and port; a base path of the documented server stays.
    """

    overrides: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for provider, url in self.overrides.items():
            origin(url)
            parts = urlsplit(url)
            if parts.path not in ("", "/") or parts.query or parts.fragment:
                raise OperatorError(
                    f"base URL of {provider}: expected scheme, host and port alone, got {url}"
                )

    def server(self, spec: Spec) -> str:
        """Scheme, host, port and base path of a spec's provider."""
        override = self.overrides.get(spec.provider_id)
        if override is None:
            return spec.server
        return f"{override.rstrip('/')}{urlsplit(spec.server).path}".rstrip("/")

    def documented(self, spec: Spec, url: str) -> str:
        """The URL as it would be at the provider itself; unchanged where it is not this provider's."""
        override = self.overrides.get(spec.provider_id)
        if override is None or origin(url) != origin(override):
            return url
        server = urlsplit(spec.server)
        return urlunsplit(urlsplit(url)._replace(scheme=server.scheme, netloc=server.netloc))


def json_body(value: Any) -> bytes:
    """A body as it is sent. Raises OperatorError for what JSON cannot say."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise OperatorError(f"the body cannot be written as JSON: {error}") from None


def with_values(body: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a body with values at JSON Pointers where it has none.

    Raises OperatorError where something stands there already, or no member can stand.
    """
    changed = copy.deepcopy(dict(body))
    for pointer, value in values.items():
        *parents, name = split(pointer)
        target: Any = changed
        for parent in parents:
            target = target.setdefault(parent, {}) if isinstance(target, dict) else None
        if not isinstance(target, dict) or name in target:
            raise OperatorError(f"{pointer} is this client's to fill in; leave it out of the body")
        target[name] = value
    return changed


def build(
    spec: Spec,
    operation_name: str,
    *,
    endpoints: Endpoints,
    keyring: Keyring,
    job_id: str | None = None,
    parameters: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Call:
    """The request of one operation.

    `parameters` are values by name for those that neither the job nor the documents give. Raises
    OperatorError when the spec has no such operation, a required value is missing, or the host is not bound.
    """
    operation = spec.operations.get(operation_name)
    if operation is None:
        known = ", ".join(spec.operations)
        raise OperatorError(f"{spec.ref} documents no operation {operation_name!r}; it documents: {known}")
    values = dict(_values(spec, operation, job_id, parameters or {}))
    url = endpoints.server(spec) + _path(operation, values)
    query = [
        (p.name, values[p.name]) for p in operation.parameters if p.location == "query" and p.name in values
    ]
    if query:
        url += f"?{urlencode(query, quote_via=quote)}"
    return Call(
        spec=spec,
        operation=operation_name,
        method=operation.method,
        url=url,
        headers=_headers(spec, operation, values, keyring, url, has_body=bool(body)),
        body=body,
        job_id=job_id,
    )


def _values(
    spec: Spec, operation: Operation, job_id: str | None, given: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for parameter in operation.parameters:
        value = given.get(parameter.name) or _own_value(spec, operation, parameter, job_id)
        if value is not None:
            yield parameter.name, value
        elif parameter.required:
            raise OperatorError(f"{spec.ref}: {operation.name} needs a value for {parameter.name!r}")


def _own_value(spec: Spec, operation: Operation, parameter: Parameter, job_id: str | None) -> str | None:
    """What the job or the documents give; of optional parameters, nothing but the job's id is sent."""
    if parameter.role == "job_id":
        return job_id
    if not parameter.required:
        return None
    if operation.name == "model" and parameter.location == "path":
        return spec.model.name
    choices = parameter.schema.get("enum", ())
    return str(choices[0]) if choices else None


def _path(operation: Operation, values: Mapping[str, str]) -> str:
    path = operation.path
    for parameter in operation.parameters:
        if parameter.location == "path":
            path = path.replace(f"{{{parameter.name}}}", _segment(values[parameter.name]))
    return path


def _segment(value: str) -> str:
    """One segment of a path, whatever a provider calls its jobs: dots alone would climb."""
    quoted = quote(value, safe="")
    return quoted.replace(".", "%2E") if quoted.strip(".") == "" else quoted


def _headers(
    spec: Spec, operation: Operation, values: Mapping[str, str], keyring: Keyring, url: str, *, has_body: bool
) -> tuple[tuple[str, str], ...]:
    """Those of the operation, and the key. Bodies are asked for as they are: what is packed has no size."""
    streams = any(response.events for response in operation.responses.values())
    headers = {
        "accept": "text/event-stream" if streams else "application/json",
        "accept-encoding": "identity",
        "user-agent": _AGENT,
    }
    if streams:
        headers["cache-control"] = "no-store"
    if operation.request is not None and has_body:
        headers["content-type"] = operation.request.content_type
    for parameter in operation.parameters:
        if parameter.location == "header" and parameter.name in values:
            headers[parameter.name.lower()] = values[parameter.name]
    keys = keyring.headers_for(spec, operation.name, url)
    for name in keys:
        headers.pop(name.lower(), None)
    return (*headers.items(), *keys.items())
