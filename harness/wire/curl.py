"""A request as one line for a shell, with the key as a variable."""

from __future__ import annotations

import shlex

from harness.spec.model import Spec
from harness.wire.message import HttpRequest

__all__ = ["curl_line", "key_variable"]

_OF_THE_CLIENT = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent", "transfer-encoding"}
)


def key_variable(slot: str) -> str:
    """The name that stands for the key of a credential slot: `example` -> `EXAMPLE_API_KEY`."""
    return f"{slot.upper().replace('-', '_')}_API_KEY"


def curl_line(spec: Spec, request: HttpRequest, *, operation: str | None = None) -> str:
    """The request as a `curl` command to paste; where it carried the key, `$SLOT_API_KEY` stands."""
    described = spec.operations.get(operation) if operation is not None else None
    stated = spec.auth if described is None or described.auth is None else described.auth
    header = stated.value.header.lower() if stated.value is not None else None
    parts = ["curl", "-sS"]
    if request.method.upper() != ("POST" if request.body else "GET"):
        parts += ["-X", shlex.quote(request.method.upper())]
    parts.append(shlex.quote(request.url))
    for name, value in request.headers:
        if name.lower() == header and stated.value is not None:
            prefix = "Bearer " if stated.value.scheme == "bearer" else ""
            parts += ["-H", f'"{name}: {prefix}${key_variable(spec.provider.credential)}"']
        elif name.lower() not in _OF_THE_CLIENT and not _is_secret(name):
            parts += ["-H", shlex.quote(f"{name}: {value}")]
    if request.body:
        parts += ["--data-raw", shlex.quote(request.body.decode("utf-8", "backslashreplace"))]
    return " ".join(parts)


def _is_secret(name: str) -> bool:
    """What carries a credential that the spec does not know of is left out."""
    return any(word in name.lower() for word in ("authorization", "cookie", "api-key", "token", "secret"))
