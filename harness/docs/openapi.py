"""Any OpenAPI 3.0 or 3.1 file, in JSON or YAML: the operations, and of the schemas what they reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.docs.calls import operation_of, path_parameters, request, response
from harness.docs.claims import Basis, Document, Place, Scope
from harness.docs.jobs import say_jobs
from harness.docs.json_places import JsonPlaces
from harness.docs.ledger import ENDPOINT, Ledger
from harness.docs.resolver import Resolver, Schema, models_of
from harness.docs.terms import say_model
from harness.errors import OperatorError, SourceError
from harness.spec.facts import FACETS
from harness.spec.pointer import join

__all__ = ["is_openapi", "read_openapi"]

_METHODS = ("get", "post", "put", "patch", "delete")
_SHOWN = frozenset(FACETS) - {"x-billing"}
_JSON_TYPES = ("application/json", "*/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """The file while it is read."""

    root: Mapping[str, Any]
    resolver: Resolver
    ledger: Ledger
    locate: Callable[[str], tuple[int, int]]

    def place(self, pointer: str) -> Place:
        line, column = self.locate(pointer)
        parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        return Place(line=line, column=column, headings=tuple(parts[1:] if parts[:1] == ["paths"] else parts))


def is_openapi(text: str) -> bool:
    """Whether this is an OpenAPI 3 file: a cheap look, since it may be large."""
    head = text[:5000] + text[-200_000:]
    if text.lstrip()[:1] == "{":
        return '"openapi"' in head or ('"paths"' in head and '"openapi"' in text)
    return any(line.startswith(("openapi: ", '"openapi": ')) for line in head.splitlines())


def read_openapi(content: bytes, name: str, model: str | None = None) -> Document:
    """The claims of the file; of its operations for several models, those for `model` if that is given.

    Raises SourceError where it is not JSON or YAML, OperatorError where it is not OpenAPI 3.
    """
    text = content.decode("utf-8-sig")
    root, locate = _parsed(text, name)
    version = root.get("openapi") if isinstance(root, Mapping) else None
    if (
        not isinstance(version, str)
        or not version.startswith("3.")
        or not isinstance(root.get("paths"), Mapping)
    ):
        raise OperatorError(f"{name}: expected an OpenAPI 3 file, got openapi {version!r}")
    ledger = Ledger(name, content, "openapi")
    info = root.get("info")
    ledger.title = str(info.get("title", "")) if isinstance(info, Mapping) else ""
    file = _File(root=root, resolver=Resolver(root, model), ledger=ledger, locate=locate)
    _server(file)
    names: set[str] = set()
    for path, item in root["paths"].items():
        for method in _METHODS:
            operation = item.get(method) if isinstance(item, Mapping) else None
            if isinstance(operation, Mapping) and not _is_of_another(file, path, method, operation, model):
                names.add(_operation(file, path, method, item, operation, names))
    _common_auth(file)
    _model(file)
    say_jobs(ledger, file.place("/paths"))
    return ledger.document()


def _is_of_another(
    file: _File, path: str, method: str, operation: Mapping[str, Any], model: str | None
) -> bool:
    """Whether an operation is for other models than the one asked for."""
    at = f"{join(['paths', path])}/{method}/requestBody"
    body, where = file.resolver.follow(operation.get("requestBody"), at)
    found = _content(body, where) if model is not None and isinstance(body, Mapping) else None
    schema = file.resolver.schema(found[1], found[2]) if found is not None else None
    models = models_of(schema) if schema is not None else None
    return models is not None and model not in models


def _parsed(text: str, name: str) -> tuple[Any, Callable[[str], tuple[int, int]]]:
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text, strict=False), JsonPlaces(text).place
        except json.JSONDecodeError as error:
            raise SourceError(
                f"not JSON: {error.msg}", file=name, line=error.lineno, column=error.colno
            ) from None
        except RecursionError:
            raise SourceError("not JSON: nested too deep", file=name, line=1, column=1) from None
    from harness.spec import yaml

    node = yaml.parse_foreign(text, name)

    def locate(pointer: str) -> tuple[int, int]:
        mark = node.nearest(pointer).name_mark
        return mark.line, mark.column

    return node.plain(), locate


def _server(file: _File) -> None:
    servers = file.root.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else None
    if isinstance(first, Mapping) and isinstance(first.get("url"), str) and "://" in first["url"]:
        url = first["url"].rstrip("/")
        file.ledger.say(ENDPOINT, "/server", "server", url, file.place("/servers/0/url"))


def _operation(
    file: _File,
    path: str,
    method: str,
    item: Mapping[str, Any],
    operation: Mapping[str, Any],
    names: set[str],
) -> str:
    """Says what one operation has; its name."""
    at = f"{join(['paths', path])}/{method}"
    parameters = list(_parameters(file, item, operation, at))
    query = tuple(str(each.get("name")) for each, _ in parameters if each.get("in") == "query")
    blocking = "text/event-stream" not in str(operation.get("responses")) and path.endswith("/generate")
    name = operation_of(method.upper(), path, blocking=blocking, query=query)
    name = name if name not in names else f"{method.upper()} {path}"
    scope, place = request(name), file.place(at)
    for facet, value in (("presence", True), ("method", method.upper()), ("path", path)):
        file.ledger.say(scope, "", facet, value, place)
    for parameter, where in parameters:
        _parameter(file, scope, parameter, where)
    path_parameters(file.ledger, name, path, place)
    _auth(file, name, operation, at)
    _request(file, scope, operation, at)
    for status, answer in (operation.get("responses") or {}).items():
        _response(file, response(name, _status(str(status))), answer, join(["responses", str(status)], at))
    return name


def _status(text: str) -> str:
    return text.upper() if text[:1].isdecimal() else text


def _parameters(file: _File, item: Mapping[str, Any], operation: Mapping[str, Any], at: str) -> Any:
    around = at.rpartition("/")[0]
    for owner, where in ((item, around), (operation, at)):
        for index, parameter in enumerate(owner.get("parameters") or ()):
            found, pointer = file.resolver.follow(parameter, f"{where}/parameters/{index}")
            if isinstance(found, Mapping):
                yield found, pointer


def _parameter(file: _File, scope: Scope, parameter: Mapping[str, Any], at: str) -> None:
    field = f"{{{parameter.get('in')}}}/{parameter.get('name')}"
    place = file.place(at)
    file.ledger.say(scope, field, "presence", True, place)
    file.ledger.say(scope, field, "required", bool(parameter.get("required")), place)
    schema = file.resolver.schema(parameter.get("schema"), f"{at}/schema")
    if schema is not None:
        _keywords(file, scope, field, schema)


def _auth(file: _File, name: str, operation: Mapping[str, Any], at: str) -> None:
    """The operation's own security; an empty list says that there is none."""
    if "security" not in operation:
        return
    value = _scheme(file, operation["security"])
    if value is not None:
        file.ledger.say(request(name), "", "auth", value, file.place(f"{at}/security"))
        file.ledger.say(ENDPOINT, "/auth", "auth", value, file.place(f"{at}/security"))


def _common_auth(file: _File) -> None:
    value = _scheme(file, file.root.get("security"))
    if value is not None:
        file.ledger.say(ENDPOINT, "/auth", "auth", value, file.place("/security"))


def _scheme(file: _File, security: Any) -> dict[str, str] | None:
    """How a key travels by the first alternative."""
    first = security[0] if isinstance(security, list) and security else None
    schemes = (file.root.get("components") or {}).get("securitySchemes") or {}
    for name in first if isinstance(first, Mapping) else ():
        scheme, _ = file.resolver.follow(schemes.get(name), "")
        if not isinstance(scheme, Mapping):
            continue
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return {"scheme": "api_key", "header": str(scheme.get("name"))}
        if scheme.get("type") == "http" and str(scheme.get("scheme")).lower() == "bearer":
            return {"scheme": "bearer", "header": "Authorization"}
    return None


def _content(holder: Mapping[str, Any], at: str) -> tuple[str, Any, str] | None:
    """(media type, schema, its place) of a body: JSON where there is a choice."""
    content = holder.get("content")
    if not isinstance(content, Mapping) or not content:
        return None
    name = next((kind for kind in _JSON_TYPES if kind in content), next(iter(content)))
    entry = content[name]
    schema = entry.get("schema") if isinstance(entry, Mapping) else None
    return name, schema, f"{join(['content', name], at)}/schema"


def _request(file: _File, scope: Scope, operation: Mapping[str, Any], at: str) -> None:
    body, where = file.resolver.follow(operation.get("requestBody"), f"{at}/requestBody")
    found = _content(body, where) if isinstance(body, Mapping) else None
    if found is None:
        return
    kind, raw, pointer = found
    file.ledger.say(scope, "", "content_type", kind, file.place(pointer.rpartition("/")[0]))
    schema = file.resolver.schema(raw, pointer)
    if schema is not None:
        _body(file, scope, "", schema)


def _response(file: _File, scope: Scope, answer: Any, at: str) -> None:
    found, where = file.resolver.follow(answer, at)
    if not isinstance(found, Mapping):
        return
    file.ledger.say(scope, "", "presence", True, file.place(where))
    body = _content(found, where)
    if body is None:
        return
    kind, raw, pointer = body
    file.ledger.say(scope, "", "content_type", kind, file.place(pointer.rpartition("/")[0]))
    schema = file.resolver.schema(raw, pointer)
    if schema is not None:
        _body(file, scope, "", schema)


# ---- schemas


def _body(file: _File, scope: Scope, field: str, schema: Schema) -> None:
    """Every facet of a schema and of all below it."""
    _keywords(file, scope, field, schema)
    if schema.members:
        file.ledger.listing(scope, field, _SHOWN, file.place(schema.at))
    for name, member in schema.members.items():
        below, place = join([name], field), file.place(member.named_at)
        file.ledger.say(scope, below, "presence", True, place)
        file.ledger.say(scope, below, "required", name in schema.required, place)
        _body(file, scope, below, member)
    if schema.items is not None:
        file.ledger.say(scope, f"{field}/*", "presence", True, file.place(schema.items.at))
        _body(file, scope, f"{field}/*", schema.items)


def _keywords(file: _File, scope: Scope, field: str, schema: Schema) -> None:
    for facet, value in schema.keywords.items():
        place = file.place(join([facet], schema.at))
        file.ledger.say(scope, field, facet, value, place)


def _model(file: _File) -> None:
    """The model that the file is about: the one value that `model` may have in the request."""
    for operation in ("submit", "generate"):
        only = file.ledger.value(request(operation), "/model", "const")
        names = file.ledger.value(request(operation), "/model", "enum") or [only]
        if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str):
            say_model(file.ledger, names[0], file.place("/paths"))
            claim = file.ledger.value(ENDPOINT, "/model/name", "name")
            file.ledger.title = file.ledger.title or str(claim)
            return
    file.ledger.say(ENDPOINT, "/model/name", "name", file.ledger.title, file.place(""), basis=Basis.READ)
