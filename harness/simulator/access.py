"""Who may come in: the key of a request, by the scheme that the spec documents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from harness.spec.model import Spec

__all__ = ["WRONG_KEY", "owner_of"]

WRONG_KEY = "wrong-key"
"""The one key that is refused; any other that is not empty is accepted."""

_BEARER = "bearer "


def owner_of(spec: Spec, operation: str, headers: Mapping[str, str]) -> str | None:
    """A hash that stands for the key, None for a request without a good one.

    Where no document says how an operation is authorised, everybody may come in.
    """
    found = spec.operations[operation].auth if operation in spec.operations else None
    auth = (found if found is not None else spec.auth).value
    if auth is None:
        return _hash(headers.get("authorization", ""))
    sent = headers.get(auth.header.lower(), "").strip()
    if auth.scheme == "bearer":
        is_bearer = sent.lower().startswith(_BEARER)
        sent = sent[len(_BEARER) :].strip() if is_bearer else ""
    return None if sent in ("", WRONG_KEY) else _hash(sent)


def _hash(key: str) -> str:
    """The key itself is kept nowhere."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
