"""A request schema in which every facet stands that can be broken, in objects and in arrays."""

from __future__ import annotations

import json
from typing import Any

from harness.check.body import Judges
from harness.check.request import check_request
from harness.generate.case import Case
from harness.spec.model import Spec
from tests.minimal import MINIMAL, minimal

__all__ = ["WIDE", "said", "spec_of"]

WIDE: dict[str, Any] = {
    "type": "object",
    "required": ["prompt"],
    "properties": {
        "prompt": {"type": "string", "minLength": 2, "maxLength": 9},
        "code": {"type": "string", "pattern": "^[a-c]{2,4}$"},
        "id": {"type": "string", "format": "uuid"},
        "hook": {"type": ["string", "null"], "format": "uri"},
        "seed": {"type": "integer", "minimum": -3, "exclusiveMaximum": 8},
        "step": {"type": "integer", "minimum": 0, "maximum": 40, "multipleOf": 4},
        "scale": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "tenths": {"type": "number", "minimum": 0, "maximum": 3, "multipleOf": 0.25},
        "kind": {"const": "video"},
        "seconds": {"type": "string", "enum": ["5", "10"], "default": "5"},
        "frames": {"enum": [16, 24, True]},
        "tags": {
            "type": "array",
            "items": {"type": "string", "maxLength": 3},
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
        },
        "shots": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["text"],
                "additionalProperties": False,
                "properties": {"text": {"type": "string"}, "length": {"type": "integer", "enum": [5, 10]}},
            },
        },
        "free": {"type": "object"},
        "choice": {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "integer", "minimum": 5}]},
    },
}

_BEFORE = MINIMAL[MINIMAL.index("      schema:\n") : MINIMAL.index("      examples:\n")]


def spec_of(schema: dict[str, Any]) -> Spec:
    """The small spec with this request schema."""
    sourced = {**schema, "x-source": "page#Create, body"}
    return minimal((_BEFORE, f"      schema: {json.dumps(sourced)}\n"))


def said(spec: Spec, case: Case) -> list[tuple[str, str | None, str | None]]:
    """`(rule, pointer, facet)` of each finding of `check request` on a case."""
    judgement = check_request(spec, case.content, file="case", operation="submit", judges=Judges())
    return [(finding.rule.id, finding.pointer, finding.facet) for finding in judgement.findings]
