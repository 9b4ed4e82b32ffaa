"""A parameter that the operator gives on the command line: `/version=0.0.1`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from harness.errors import OperatorError
from harness.spec.model import Spec
from harness.spec.pointer import split
from harness.spec.schema import known_properties
from harness.translate.slots import request_at

__all__ = ["read_setting"]


def read_setting(spec: Spec, operation: str, text: str) -> tuple[str, Any]:
    """`(pointer, value)` of `POINTER=VALUE`, the value with the type that the seller documents.

    What is documented as a text is one, without quotes; everything else is JSON, or a text where it is not.
    Raises OperatorError where there is no pointer.
    """
    pointer, equals, written = text.partition("=")
    try:
        parts = split(pointer)
    except ValueError:
        parts = ()
    if not equals or not parts:
        raise OperatorError(f"--set: expected POINTER=VALUE such as /duration=5, got {text!r}")
    found: list[Mapping[str, Any]] = [request_at(spec, operation).schema]
    for name in parts:
        found = [below for one in found for below in known_properties(one).get(name, ())]
    if any(schema.get("type") == "string" for schema in found):
        return pointer, written
    try:
        return pointer, json.loads(written, parse_constant=_refused)
    except ValueError:
        return pointer, written


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
