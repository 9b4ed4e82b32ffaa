"""Exports of shipped specs, as they are or edited, and what a validator says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.spec.openapi import openapi
from tests.spec.documents import STORE, document_of, edited, spec_of

__all__ = ["AIMLAPI", "EACHLABS", "NOVITA", "NOVITA_1_6", "OXEN", "exported", "faults", "members"]

NOVITA = "novita/kling-v2.6-pro-t2v"
NOVITA_1_6 = "novita/kling-v1.6-t2v"
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"


def exported(reference: str, *edits: tuple[str, Any]) -> dict[str, Any]:
    """The export of a shipped spec; with edits, of its document with these values at these places."""
    if not edits:
        return openapi(STORE.get(reference))
    document = document_of(reference)
    for pointer, change in edits:
        document = edited(document, pointer, change)
    return openapi(spec_of(document))


def faults(document: dict[str, Any]) -> list[str]:
    """What openapi-spec-validator has against a document."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


def members(value: Any) -> Iterator[tuple[str, Any]]:
    """Every name in a document with its value, at any depth."""
    if isinstance(value, dict):
        yield from value.items()
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from members(child)
