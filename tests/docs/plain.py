"""Facet changes between two documents, found without the package: plain dereferencing, plain table reading.

A statement is `(part of the message, pointer, facet) -> value`. What is new or gone as a whole counts once,
by its presence.
"""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["Key", "Statements", "changed", "mdx_statements", "openapi_statements"]

Key = tuple[str, str, str]
Statements = dict[Key, Any]

KEYWORDS = (
    *("type", "enum", "default", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems", "multipleOf"),
)
_JSON_NAMES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}


# ---- OpenAPI


def openapi_statements(text: str) -> Statements:
    """Every statement of an OpenAPI file in JSON; the first operation is the one that counts in full."""
    root = json.loads(text)
    found: Statements = {}
    if root.get("servers"):
        found["file", "/server", "server"] = root["servers"][0]["url"]
    calls = [
        (method, path, body)
        for path, item in root["paths"].items()
        for method, body in item.items()
        if isinstance(body, dict)
    ]
    for index, (method, path, body) in enumerate(calls):
        if index:
            found["operation", f"{method.upper()} {path}", "presence"] = True
            continue
        found["request", "", "method"], found["request", "", "path"] = method, path
        security = body.get("security", root.get("security"))
        if security:
            found["file", "/auth", "auth"] = sorted(security[0])
        for media, entry in body.get("requestBody", {}).get("content", {}).items():
            found["request", "", "content_type"] = media
            _schema(root, entry.get("schema"), "request", "", found)
        for status, answer in body.get("responses", {}).items():
            found["response", status, "presence"] = True
            for entry in answer.get("content", {}).values():
                _schema(root, entry.get("schema"), f"response {status}", "", found)
    return found


def _follow(root: Any, schema: Any) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        target = root
        for name in schema["$ref"][2:].split("/"):
            target = target[name.replace("~1", "/").replace("~0", "~")]
        schema = target
    return schema


def _schema(root: Any, raw: Any, part: str, pointer: str, found: Statements) -> None:
    schema = _follow(root, raw)
    if not isinstance(schema, dict):
        return
    choices = [_follow(root, each) for key in ("anyOf", "oneOf", "allOf") for each in schema.get(key, ())]
    for keyword in KEYWORDS:
        if keyword in schema:
            found[part, pointer, keyword] = schema[keyword]
    kinds = [each.get("type", "null") for each in choices if "type" in each or each.get("nullable")]
    if "type" in schema:
        kinds = [schema["type"], *(["null"] if schema.get("nullable") else [])]
    if kinds:
        found[part, pointer, "type"] = kinds
    for each in (schema, *choices):
        for name, below in each.get("properties", {}).items():
            place = f"{pointer}/{name}"
            found[part, place, "presence"] = True
            found[part, place, "required"] = name in each.get("required", ())
            _schema(root, below, part, place, found)
        if isinstance(each.get("items"), dict):
            found[part, f"{pointer}/*", "presence"] = True
            _schema(root, each["items"], part, f"{pointer}/*", found)


# ---- tables


def mdx_statements(text: str) -> Statements:
    """Every statement of the tables, the JSON bodies, the endpoint lines and the key of the samples."""
    found: Statements = {}
    heading, rows, code, in_code = "", [], [], False
    for line in [*text.split("\n"), ""]:
        if line.lstrip().startswith("```"):
            if in_code:
                _code("\n".join(code), heading, found)
            in_code, code = not in_code, []
        elif in_code:
            code.append(line)
        elif line.startswith("#"):
            heading = line.lstrip("# ").strip().lower()
        elif line.lstrip().startswith("|"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
        else:
            if rows:
                _table(rows, heading, found)
            rows = []
            _sentence(line, heading, found)
    return found


def _bare(cell: str) -> str:
    return cell.replace("\\|", "|").strip("`* ")


def _table(rows: list[list[str]], heading: str, found: Statements) -> None:
    header = [name.lower() for name in rows[0]]
    names = next((i for i, name in enumerate(header) if name in ("parameter", "field")), None)
    if names is not None and "value" not in header:
        required = {"required parameters": "yes", "optional parameters": "no"}.get(heading)
        for row in rows[2:]:
            _member(dict(zip(header, row, strict=False)), _bare(row[names]), heading, required, found)
    elif header[0] in ("status", "code") and re.fullmatch(r"\d{3}", _bare(rows[2][0])):
        for row in rows[2:]:
            status = _bare(row[0])
            found["response", status, "presence"] = True
            if "body" in header:
                _body(json.loads(row[1].strip("` ")), "response", "", found)
            if status == "429":
                found["response", "", "meaning"] = "concurrency" if "oncurrency" in row[-1] else "rate"
    elif header[0] == "status":
        found["response", "/status", "enum"] = sorted(_bare(row[0]) for row in rows[2:])
    elif header[0] == "attempt":
        found["webhook", "", "retries"] = len(rows)


def _member(cells: dict[str, str], name: str, heading: str, required: str | None, found: Statements) -> None:
    part = "response" if re.search("response", heading) else "request"
    pointer = "/" + name.replace(".", "/")
    found[part, pointer, "presence"] = True
    if cells.get("type"):
        found[part, pointer, "type"] = _bare(cells["type"])
    if required or cells.get("required"):
        found[part, pointer, "required"] = _bare(required or cells["required"]).lower()
    default = cells.get("default", "")
    if default not in ("", "-", "--", "&mdash;", "random"):
        found[part, pointer, "default"] = _bare(default)
    words = cells.get("description", "")
    listed = re.search(r"One of: (.*?)\.(?:\s|$)", words)
    if listed is not None:
        found[part, pointer, "enum"] = sorted(listed[1].split(", "))
    span = re.search(r"Range: (\S+) \u2013 (\S+?)\.(?:\s|$)", words)
    if span is not None:
        found[part, pointer, "minimum"], found[part, pointer, "maximum"] = span[1], span[2]
    form = re.search(r"Format: (\w+)", words)
    if form is not None:
        found[part, pointer, "format"] = form[1]
    if name == "status" and words.count("`") > 2:
        found[part, pointer, "enum"] = sorted(re.findall(r"`\"?(\w+)\"?`", words))


def _code(text: str, heading: str, found: Statements) -> None:
    key = re.search(r"X-API-Key:|Authorization: Bearer", text)
    if key is not None:
        found.setdefault(("file", "/auth", "auth"), key.group())
    endpoint = re.fullmatch(r"\s*(GET|POST|DELETE|PUT) (\S+)\s*", text)
    if endpoint is not None:
        found["request", "", "path"] = endpoint[2]
    try:
        body = json.loads(text)
    except ValueError:
        return
    if re.search("payload|prediction (?:complete|succe|fail)", heading):
        _body(body, "webhook", "", found)
    elif re.match(r"\d{3}", heading) or "error" in heading:
        _body(body, "response", "", found)


def _body(value: Any, part: str, pointer: str, found: Statements) -> None:
    known = found.get((part, pointer, "type"), ())
    if part == "webhook" or not pointer:
        found[part, pointer, "type"] = sorted({*known, _JSON_NAMES.get(type(value), "null")})
    if part == "webhook" and pointer == "/status":
        found[part, pointer, "enum"] = sorted({*found.get((part, pointer, "enum"), ()), value})
    members = value.items() if isinstance(value, dict) else ()
    members = [("*", each) for each in value] if isinstance(value, list) else members
    for name, below in members:
        found[part, f"{pointer}/{name}", "presence"] = True
        _body(below, part, f"{pointer}/{name}", found)


def _sentence(line: str, heading: str, found: Statements) -> None:
    flight = re.search(r"(\d+) predictions in flight", line)
    if flight is not None:
        found["file", "/limits/concurrency", "concurrency"] = flight[1]
    times = re.search(r"up to (\d+) times", line)
    if times is not None:
        found["webhook", "", "retries"] = f"{times[1]} times"
    header = re.search(r"`(X-[\w-]+-Secret)` header", line)
    if header is not None:
        found["webhook", "", "secret_header"] = header[1]
    if "cancellations do not trigger" in line:
        found["webhook", "", "states_without_delivery"] = "cancelled"


# ---- changes


def changed(old: Statements, new: Statements) -> set[Key]:
    """Where the two differ; what is new or gone as a whole counted once."""
    found = {key for key in {**old, **new} if _form(key, old.get(key)) != _form(key, new.get(key))}
    whole = {(part, pointer) for part, pointer, facet in found if facet == "presence"}
    return {_named(key, old, new) for key in found if not _is_inside(key, whole)}


def _form(key: Key, value: Any) -> str:
    if key[2] in ("enum", "type") and isinstance(value, list):
        return json.dumps(sorted(json.dumps(each) for each in value))
    return json.dumps(value)


def _named(key: Key, old: Statements, new: Statements) -> Key:
    """Without the status of the answer; a type that differs in null alone is a change of nullability."""
    part = key[0].partition(" ")[0]
    sides = [side.get(key) for side in (old, new)]
    if key[2] == "type" and all(isinstance(side, list) for side in sides):
        kinds = [{json.dumps(each) for each in side} - {'"null"'} for side in sides if side is not None]
        if kinds[0] == kinds[1]:
            return part, key[1], "nullable"
    return part, key[1], key[2]


def _is_inside(key: Key, whole: set[tuple[str, str]]) -> bool:
    part, pointer, facet = key
    name, _, status = part.partition(" ")
    if status and (name, status) in whole:
        return True
    around = pointer
    while around:
        if (part, around) in whole and (around != pointer or facet != "presence"):
            return True
        around = around.rpartition("/")[0]
    return False
