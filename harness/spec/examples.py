"""The examples that documents show, each with its name and the schema that should hold for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.spec.model import Example, Operation, Spec

__all__ = ["ExampleSite", "example_sites"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleSite:
    """One example. `name` is what a contradiction calls it: `submit.request.minimal`, `poll.200.done`,
    `webhook.failed`, `events.media_generation_completed.success`.
    """

    name: str
    example: Example
    schema: Mapping[str, Any]
    is_request: bool


def example_sites(spec: Spec) -> Iterator[ExampleSite]:
    """Every documented example for which a schema is documented, too."""
    for operation in spec.operations.values():
        yield from _operation_sites(operation)
    for response in (spec.errors.value or {}).values():
        yield from _sites(f"errors.{response.status}", response.examples, response.schema)
    if spec.webhook.value is not None:
        payload = spec.webhook.value.payload
        yield from _sites("webhook", payload.examples, payload.schema)


def _operation_sites(operation: Operation) -> Iterator[ExampleSite]:
    request = operation.request
    if request is not None:
        name = f"{operation.name}.request"
        yield from _sites(name, request.examples, request.schema, is_request=True)
    for response in operation.responses.values():
        yield from _sites(f"{operation.name}.{response.status}", response.examples, response.schema)
        for event, payload in response.events.items():
            yield from _sites(f"{operation.name}.{event}", payload.examples, payload.schema)


def _sites(
    prefix: str, examples: tuple[Example, ...], schema: Mapping[str, Any] | None, *, is_request: bool = False
) -> Iterator[ExampleSite]:
    if schema is not None:
        for example in examples:
            name = f"{prefix}.{example.name}"
            yield ExampleSite(name=name, example=example, schema=schema, is_request=is_request)
