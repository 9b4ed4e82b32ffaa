"""What samples show: the calls that curl commands make, and the shape of a JSON body."""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from harness.docs.claims import Basis, Place, Scope
from harness.docs.ledger import Ledger
from harness.docs.vocabulary import state_of

__all__ = ["Call", "auth_of", "calls", "json_body", "same_path", "say_body"]

_CONTINUED = re.compile(r"\\(?:\n\s*| (?=-))")
_CURL = re.compile(r"\bcurl\s")
_METHOD = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE)\Z")
_DATA = ("-d", "--data", "--data-raw", "--data-binary", "--json")
_VARIABLE = re.compile(
    r"\$\{?(?P<shell>[A-Za-z_]\w*)\}?|\{+(?P<brace>[A-Za-z_][^{}/]*)\}+|<(?P<angle>[^<>/]+)>|:(?P<colon>[a-z]\w*)"
)
_NUMBER_WORD = re.compile(r"^(number|integer|boolean|array|object)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that a sample makes. `path` has `{name}` where the URL has something variable."""

    method: str
    server: str
    path: str
    query: tuple[str, ...]
    headers: Mapping[str, str]
    body: Any
    offset: int


def calls(text: str) -> Iterator[Call]:
    """The calls of the curl commands in a shell sample, in order."""
    source = html.unescape(text)
    for found in _CURL.finditer(source):
        command = _CONTINUED.sub(" ", source[found.start() :])
        call = _call(_words(command), source.count("\n", 0, found.start()))
        if call is not None:
            yield call


def _words(command: str) -> list[str]:
    """The words of the first command; what follows a pipe or its line is another one."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|;)\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    try:
        for word in lexer:
            if re.fullmatch(r"[|;)\n]+", word):
                break
            words.append(word)
    except ValueError:
        return words
    return words


def _call(words: list[str], offset: int) -> Call | None:
    url, method, headers, data = "", "", {}, None
    pending = iter(words[1:])
    for word in pending:
        if word in ("-X", "--request"):
            method = next(pending, "")
        elif word in ("-H", "--header"):
            name, _, value = next(pending, "").partition(":")
            headers[name.strip()] = value.strip()
        elif word in _DATA:
            data = next(pending, "")
        elif word in ("--url",) or word.startswith(("http://", "https://")):
            url = next(pending, "") if word == "--url" else word
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.netloc or not parts.path or (method and not _METHOD.match(method)):
        return None
    return Call(
        method=method or ("GET" if data is None else "POST"),
        server=f"{parts.scheme}://{parts.netloc}",
        path=_VARIABLE.sub(_brace, parts.path),
        query=tuple(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)),
        headers=headers,
        body=json_body(data) if data is not None else None,
        offset=offset,
    )


def _brace(found: re.Match[str]) -> str:
    name = next(group for group in found.groups() if group)
    return f"{{{re.sub(r'[^A-Za-z0-9]+', '_', name).strip('_')}}}"


def same_path(one: str, other: str) -> bool:
    """Whether two paths are the same but for the names of what is variable."""
    return _VARIABLE.sub("{}", one) == _VARIABLE.sub("{}", other)


def json_body(text: str | None) -> Any:
    """The JSON in a sample, a comma too many forgiven; None where there is none."""
    if text is None:
        return None
    source = html.unescape(text).strip()
    for candidate in (source, re.sub(r",(\s*[}\]])", r"\1", source)):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return None


def auth_of(headers: Mapping[str, str]) -> dict[str, str] | None:
    """How a key travels in these headers."""
    for name, value in headers.items():
        if name.lower() == "authorization":
            return {"scheme": "bearer", "header": name} if value.startswith("Bearer ") else None
        if "key" in name.lower() or "token" in name.lower():
            return {"scheme": "api_key", "header": name}
    return None


def say_body(
    ledger: Ledger, scope: Scope, value: Any, place: Place, *, required: bool | None, field: str = ""
) -> None:
    """The shape of a body that a sample shows. `required`: whether each member is always there,
    None where that is not said.
    """
    kind = _kind(value)
    if kind is not None:
        known = ledger.value(scope, field, "type")
        if known is None or known == kind:
            ledger.say(scope, field, "type", kind, place, basis=Basis.SAMPLE)
        else:
            ledger.extend(
                scope, field, "type", [*(known if isinstance(known, list) else [known]), kind], place
            )
    if isinstance(value, Mapping):
        for name, member in value.items():
            below = f"{field}/{name.replace('~', '~0').replace('/', '~1')}"
            ledger.say(scope, below, "presence", True, place, basis=Basis.SAMPLE)
            if required is not None:
                ledger.say(scope, below, "required", required, place, basis=Basis.SAMPLE)
            say_body(ledger, scope, member, place, required=required, field=below)
            if name == "status" and isinstance(member, str) and state_of(member) is not None:
                ledger.extend(scope, below, "enum", [member], place)
    elif isinstance(value, list):
        for member in value:
            ledger.say(scope, f"{field}/*", "presence", True, place, basis=Basis.SAMPLE)
            say_body(ledger, scope, member, place, required=required, field=f"{field}/*")


def _kind(value: Any) -> str | None:
    """The JSON type; of a number "number", since a sample does not tell 170 from 170.0."""
    if isinstance(value, str):
        named = _NUMBER_WORD.match(value)
        return named[1] if named is not None else "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if value is None:
        return "null"
    return "array" if isinstance(value, list) else "object"
