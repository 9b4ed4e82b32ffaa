"""A spec as OpenAPI 3.1, for the tools that a buyer has already.

Standard keywords say what the documents say and no more: no `default` response, no status that nobody
states, no media type without a documented body. What OpenAPI has no words for stands in `x-` members, and
only where it is documented: the job (`x-job`), the terms of a stream, of webhooks and of validation,
limits, latency, prices, contradictions. A consumer that does not know them passes over them.

Of the annotations inside schemas, `x-absent` and `x-billing` stay: they are facts, which JSON Schema has no
words for. `x-source` and `x-sources` go: with one on nearly every keyword the file would be twice as long,
and a tool that diffs two files would report a page that moved as a changed schema. `harness show` gives
them; the documents themselves are listed once, in `info.x-documents`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from harness.spec.examples import example_sites
from harness.spec.facts import plain
from harness.spec.json_text import parse_json
from harness.spec.lint import example_faults
from harness.spec.load_schema import SUBSCHEMA_LISTS, SUBSCHEMAS
from harness.spec.model import (
    Auth,
    Example,
    Operation,
    Parameter,
    Payload,
    Response,
    Spec,
    State,
    Stated,
    Validation,
    Webhook,
)
from harness.spec.openapi_terms import endpoint_terms, fact, webhook_terms, without_empty
from harness.spec.schema import SchemaJudge

__all__ = ["openapi"]

_VERSION = "3.1.0"
_JSON = "application/json"
_PROVENANCE = ("x-source", "x-sources")
# OpenAPI says them elsewhere (media types, security) and has a parameter of this name ignored.
_NOT_PARAMETERS = ("accept", "content-type", "authorization")
_CLASSES = {
    "1": "Informational",
    "2": "Successful",
    "3": "Redirection",
    "4": "Client error",
    "5": "Server error",
}
_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    """The spec, with what its parts need to know of the whole.

    `inherits_auth` is false where the credential of some operation is undocumented. OpenAPI takes what is
    inherited for a statement, and an empty list for another; so then every other operation says it itself.
    """

    spec: Spec
    schemes: Mapping[Auth, str]
    inherits_auth: bool
    valid_examples: Collection[str]


def openapi(spec: Spec) -> dict[str, Any]:
    """The spec as an OpenAPI 3.1 document: plain JSON, the same for the same spec, in the order of the file.

    Examples that break their schema are left out, so that no mock serves one; `x-contradictions` names them.
    """
    export = _Export(
        spec=spec,
        valid_examples={site.name for site in example_sites(spec) if not any(example_faults(site))},
        schemes=_schemes(spec),
        inherits_auth=not any(
            o.auth is not None and o.auth.state is State.UNDOCUMENTED for o in spec.operations.values()
        ),
    )
    schemes = {name: _security_scheme(auth) for auth, name in export.schemes.items()}
    return {
        "openapi": _VERSION,
        "info": _info(spec),
        "servers": [{"url": spec.server}],
        **(_security(export, spec.auth) if export.inherits_auth else {}),
        "tags": [{"name": spec.model.name}],
        "paths": _paths(export),
        **_webhooks(export),
        **({"components": {"securitySchemes": schemes}} if schemes else {}),
        **endpoint_terms(spec),
    }


def _info(spec: Spec) -> dict[str, Any]:
    documents = {name: without_empty(plain(source)) for name, source in spec.sources.items()}
    for document in documents.values():
        del document["id"]
    return {
        "title": spec.title,
        "version": spec.revision or "baseline",
        "description": "Written from the documents under x-documents; nothing in it is a guess.",
        "x-model": {"id": spec.ref, **without_empty(plain(spec.model)), "name": spec.model.name},
        "x-documents": documents,
    }


# --- security


def _schemes(spec: Spec) -> dict[Auth, str]:
    """A name for each way in which a key travels: the credential slot, with a number from the second on."""
    stated = [spec.auth, *(operation.auth for operation in spec.operations.values())]
    found = dict.fromkeys(auth.value for auth in stated if auth is not None and auth.value is not None)
    slot = spec.provider.credential
    return {auth: f"{slot}-{number}" if number > 1 else slot for number, auth in enumerate(found, start=1)}


def _security_scheme(auth: Auth) -> dict[str, Any]:
    if auth.scheme == "bearer" and auth.header.lower() == "authorization":
        return {"type": "http", "scheme": "bearer"}
    scheme = {"type": "apiKey", "in": "header", "name": auth.header}
    return scheme | ({"description": "Bearer, a space, the key."} if auth.scheme == "bearer" else {})


def _security(export: _Export, auth: Stated[Auth]) -> dict[str, Any]:
    """`security` where something is documented: an empty list says that no key is needed."""
    if auth.state is State.UNDOCUMENTED:
        return {}
    return {"security": [{export.schemes[auth.value]: []}] if auth.value is not None else []}


def _operation_security(export: _Export, operation: Operation) -> dict[str, Any]:
    common = _security(export, export.spec.auth) if export.inherits_auth else {}
    own = _security(export, operation.auth or export.spec.auth)
    return own if own != common else {}


# --- operations


def _paths(export: _Export) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in export.spec.operations.values():
        item = paths.setdefault(operation.path, {})
        method = operation.method.lower()
        # OpenAPI knows one operation for a path and a method; a second one is kept, though out of its sight.
        item[f"x-{operation.name}" if method in item else method] = _operation(export, operation)
    return paths


def _operation(export: _Export, operation: Operation) -> dict[str, Any]:
    parameters = [_parameter(p) for p in operation.parameters if not _is_spoken_for(p)]
    parameters += _unnamed_path_parameters(operation)
    responses = _responses(export, operation)
    return {
        "operationId": operation.name,
        "tags": [export.spec.model.name],
        **_operation_security(export, operation),
        **({"parameters": parameters} if parameters else {}),
        **_request_body(export, operation),
        **({"responses": responses} if responses else {}),
        **fact("x-validation", operation.validation, _validation),
    }


def _validation(validation: Validation) -> dict[str, Any]:
    return without_empty(plain(validation))


def _is_spoken_for(parameter: Parameter) -> bool:
    return parameter.location == "header" and parameter.name.lower() in _NOT_PARAMETERS


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.location,
        "required": parameter.required or parameter.location == "path",
        "schema": _schema(parameter.schema),
        **({"x-role": parameter.role} if parameter.role else {}),
    }


def _unnamed_path_parameters(operation: Operation) -> list[dict[str, Any]]:
    """Those that only the path shows: nothing is known of them but that they are there."""
    named = {p.name for p in operation.parameters if p.location == "path"}
    return [
        {"name": name, "in": "path", "required": True, "schema": {}}
        for name in _BRACES.findall(operation.path)
        if name not in named
    ]


def _request_body(export: _Export, operation: Operation) -> dict[str, Any]:
    request = operation.request
    if request is None:
        return {}
    media = {
        "schema": _schema(request.schema),
        **_examples(export, f"{operation.name}.request", request.examples),
    }
    required = {"required": True} if request.schema.get("required") else {}
    return {"requestBody": {**required, "content": {request.content_type: media}}}


def _responses(export: _Export, operation: Operation) -> dict[str, Any]:
    """The operation's own answers, and the provider's common ones at the statuses that it does not state."""
    found = {
        status: _response(export, response, f"{operation.name}.{status}")
        | _links(export.spec, operation, response)
        for status, response in operation.responses.items()
    }
    for status, response in (export.spec.errors.value or {}).items():
        # Its own 4XX goes before a common 404, as in `Spec.responses_for`.
        if status not in operation.responses and f"{status[0]}XX" not in operation.responses:
            found[status] = _response(export, response, f"errors.{status}")
    return found


def _links(spec: Spec, operation: Operation, response: Response) -> dict[str, Any]:
    """For an answer that tells a new job's id: the operations that take this id, and where."""
    job_id = response.job.id if response.job is not None else None
    if operation.job_id_parameter is not None or job_id is None or response.status[0] != "2":
        return {}
    takers = [(o.name, o.job_id_parameter) for o in spec.operations.values()]
    links = {
        name: {"operationId": name, "parameters": {f"{by.location}.{by.name}": f"$response.body#{job_id}"}}
        for name, by in takers
        if by is not None
    }
    return {"links": links} if links else {}


def _response(export: _Export, response: Response, address: str) -> dict[str, Any]:
    content = _content(export, response, address)
    job = without_empty(plain(response.job)) if response.job is not None else {}
    stream = without_empty(plain(response.stream)) if response.stream is not None else {}
    return {
        "description": response.meaning or _phrase(response.status),
        **({"content": content} if content else {}),
        **({"x-job": job} if job else {}),
        **({"x-error-message": response.error_message} if response.error_message else {}),
        **({"x-stream": stream} if stream else {}),
    }


def _phrase(status: str) -> str:
    """What HTTP itself calls a status: OpenAPI demands a description where the provider gives none."""
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return _CLASSES[status[0]]


def _content(export: _Export, response: Response, address: str) -> dict[str, Any]:
    """The body. One whose media type is not stated is shown as JSON all the same, or there were no schema."""
    media: dict[str, Any] = {}
    if response.schema is not None:
        media["schema"] = _schema(response.schema)
    media |= _examples(export, address, response.examples)
    if response.events:
        operation = address.partition(".")[0]
        media["x-events"] = {
            name: _payload(export, payload, f"{operation}.{name}")
            for name, payload in response.events.items()
        }
    if not media and response.content_type is None:
        return {}
    return {response.content_type or ("text/event-stream" if response.events else _JSON): media}


def _payload(export: _Export, payload: Payload, address: str) -> dict[str, Any]:
    job = without_empty(plain(payload.job)) if payload.job is not None else {}
    return {
        **({"schema": _schema(payload.schema)} if payload.schema is not None else {}),
        **_examples(export, address, payload.examples),
        **({"x-job": job} if job else {}),
    }


# --- webhooks


def _webhooks(export: _Export) -> dict[str, Any]:
    webhook = export.spec.webhook.value
    if webhook is None:
        return {}
    media = _payload(export, webhook.payload, "webhook")
    job = {"x-job": media.pop("x-job")} if "x-job" in media else {}
    body = {"requestBody": {"content": {_JSON: media}}} if media else {}
    parameters = _webhook_parameters(webhook)
    return {
        "webhooks": {
            "job": {
                "post": {
                    "operationId": "webhook",
                    "tags": [export.spec.model.name],
                    "security": [],  # the buyer's key does not travel this way
                    **({"parameters": parameters} if parameters else {}),
                    **body,
                    **job,
                    "x-webhook": webhook_terms(webhook),
                }
            }
        }
    }


def _webhook_parameters(webhook: Webhook) -> list[dict[str, Any]]:
    name = webhook.secret_header.value
    return [{"name": name, "in": "header", "schema": {"type": "string"}}] if name else []


# --- schemas and examples


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without provenance. A property may be called `x-source`; a keyword may not stay."""
    found: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _PROVENANCE:
            continue
        if keyword == "properties":
            found[keyword] = {name: _schema(below) for name, below in value.items()}
        elif keyword in SUBSCHEMA_LISTS:
            found[keyword] = [_schema(branch) for branch in value]
        elif keyword in SUBSCHEMAS and isinstance(value, Mapping):
            found[keyword] = _schema(value)
        elif keyword == "default" and _is_broken(schema, value):
            # A default that its own schema refuses would make the whole file invalid.
            found["x-default"] = plain(value)
        else:
            found[keyword] = plain(value)
    return found


def _is_broken(schema: Mapping[str, Any], default: Any) -> bool:
    return any(True for _ in SchemaJudge(schema).broken_keywords(default))


def _examples(export: _Export, address: str, examples: Iterable[Example]) -> dict[str, Any]:
    found = {e.name: _example(e) for e in examples if f"{address}.{e.name}" in export.valid_examples}
    return {"examples": found} if found else {}


def _example(example: Example) -> dict[str, Any]:
    value = example.value if example.has_value else parse_json(example.text or "", example.name).root.plain()
    places = ", ".join(example.substituted)
    note = {"description": f"Placeholders of the document were replaced at {places}."} if places else {}
    return {"summary": example.role, **note, "value": plain(value)}
