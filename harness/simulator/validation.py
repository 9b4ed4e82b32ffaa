"""What is wrong with a request, and when the provider says so: at submit, or when the job runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.check.words import message
from harness.spec.model import Operation, Request, Spec, State
from harness.spec.schema import SchemaJudge, Violation

__all__ = ["Objection", "RequestJudge", "Ruling", "read_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What is wrong with a request, for a person. `is_unknown`: no more than a name nobody documents."""

    words: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a request comes to. `is_own_time`: the document does not say when it is judged, so at submit."""

    at_submit: tuple[Objection, ...] = ()
    at_run: tuple[Objection, ...] = ()
    is_own_time: bool = False


@dataclass(slots=True)
class RequestJudge:
    """Judges requests by the spec; each schema is prepared once."""

    _judges: dict[tuple[str, str], SchemaJudge] = field(default_factory=dict)

    def judge(
        self,
        spec: Spec,
        operation: Operation,
        body: bytes,
        query: Mapping[str, str],
        headers: Mapping[str, str],
    ) -> Ruling:
        """What a request of one operation comes to."""
        faults = tuple(_parameter_faults(operation, query, headers))
        if operation.request is None:
            return Ruling(at_submit=faults)
        document, unreadable = read_json(body)
        if unreadable is not None:
            return Ruling(at_submit=(*faults, Objection(words=unreadable)))
        if not isinstance(document, dict):
            return Ruling(at_submit=(*faults, Objection(words="the body: expected an object")))
        at_submit, at_run = list(faults), list[Objection]()
        for violation in self._schema_judge(spec, operation.request).violations(document):
            fault = Objection(words=message(violation), is_unknown=violation.facet == "presence")
            (at_run if _is_at_run(operation, violation) else at_submit).append(fault)
        stated = operation.validation
        is_own = stated is None or stated.state is not State.DOCUMENTED
        return Ruling(at_submit=tuple(at_submit), at_run=tuple(at_run), is_own_time=is_own)

    def _schema_judge(self, spec: Spec, request: Request) -> SchemaJudge:
        key = (spec.ref, request.at)
        if key not in self._judges:
            self._judges[key] = SchemaJudge(request.schema)
        return self._judges[key]


def read_json(body: bytes) -> tuple[Any, str | None]:
    """`(document, None)`, or `(None, why it cannot be read)`."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse), None
    except (ValueError, RecursionError):
        return None, "the body: expected JSON"


def _refuse(word: str) -> None:
    raise ValueError(word)


def _parameter_faults(
    operation: Operation, query: Mapping[str, str], headers: Mapping[str, str]
) -> Iterator[Objection]:
    """Required query and header parameters, and what is sent as one against its schema."""
    for parameter in operation.parameters:
        if parameter.location == "path":
            continue
        is_header = parameter.location == "header"
        sent = headers.get(parameter.name.lower()) if is_header else query.get(parameter.name)
        place = f"{parameter.location} parameter {parameter.name}"
        if sent is None:
            if parameter.required:
                yield Objection(words=f"{place}: required, and missing")
            continue
        value = sent.split(";", 1)[0].strip() if is_header else sent
        allowed = parameter.schema.get("enum")
        if allowed is not None and value not in allowed:
            yield Objection(words=f"{place}: expected one of {', '.join(map(str, allowed))}, got {value!r}")


def _is_at_run(operation: Operation, violation: Violation) -> bool:
    """Whether the longest entry that covers the pointer, else `*`, stands under `at_run`."""
    stated = operation.validation
    if stated is None or stated.value is None:
        return False
    found, is_at_run = -1, False
    for entries, late in ((stated.value.at_submit, False), (stated.value.at_run, True)):
        for entry in entries:
            covers = entry in ("*", violation.pointer) or violation.pointer.startswith(f"{entry}/")
            length = 0 if entry == "*" else len(entry)
            if covers and length > found:
                found, is_at_run = length, late
    return is_at_run
