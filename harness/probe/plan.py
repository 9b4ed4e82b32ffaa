"""Which probes there are of a model: what is sent, what it costs, what it rests on. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.finding import Skipped
from harness.spec.model import Operation, Request, Spec
from harness.spec.pointer import split

__all__ = ["Invalid", "Kind", "Plan", "Probe", "invalid_request", "plan_of"]


class Kind(StrEnum):
    """What a probe asks."""

    REACH = "reach"  # is anybody there? Asked of a path that does not exist, so it shows how that looks, too
    NO_KEY = "missing-key"
    WRONG_KEY = "wrong-key"
    UNKNOWN_JOB = "unknown-job"
    METADATA = "metadata"
    WRONG_METHOD = "wrong-method"
    INVALID = "invalid-request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A request that is wrong in one parameter, which the provider documents to judge at submit."""

    pointer: str
    value: Any
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One request. `tier` is T1 (free) or T2 (may be billed); `with_key`: it carries the operator's key.

    `rests_on` names the probe of the same model without whose success this one says nothing.
    """

    kind: Kind
    spec: Spec
    operation: str | None
    method: str
    path: str
    tier: str = "T1"
    with_key: bool = False
    rests_on: str | None = Kind.REACH.value
    invalid: Invalid | None = None

    @property
    def name(self) -> str:
        """`missing-key.poll`."""
        return self.kind.value if self.operation is None else f"{self.kind.value}.{self.operation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All probes of one model, in the order in which they are sent, and what is not asked."""

    spec: Spec
    probes: tuple[Probe, ...]
    skipped: tuple[Skipped, ...]


NO_SUCH_PATH = "/harness-drift-wire-no-such-path"


def plan_of(spec: Spec, *, has_key: bool, allow_t2: bool) -> Plan:
    """The probes of a model. Without a key, those that carry one are skipped."""
    found = list(_probes(spec, allow_t2=allow_t2))
    skipped = [Skipped(what=f"{spec.ref} {what}", why=why) for what, why in _unasked(spec, allow_t2=allow_t2)]
    skipped += [
        Skipped(what=f"{spec.ref} {probe.name}", why="no key is set")
        for probe in found
        if probe.with_key and not has_key
    ]
    probes = tuple(probe for probe in found if has_key or not probe.with_key)
    return Plan(spec=spec, probes=probes, skipped=tuple(skipped))


def _probes(spec: Spec, *, allow_t2: bool) -> Iterator[Probe]:
    yield Probe(kind=Kind.REACH, spec=spec, operation=None, method="GET", path=NO_SUCH_PATH, rests_on=None)
    operations = spec.operations.values()
    for operation in operations:
        if operation.name != "events" and _has_auth(spec, operation):
            yield _probe(Kind.NO_KEY, spec, operation)
    for operation in operations:
        rests_on = f"{Kind.NO_KEY.value}.{operation.name}" if _has_auth(spec, operation) else Kind.REACH.value
        if operation.name in ("poll", "model") and _has_auth(spec, operation):
            yield _probe(Kind.WRONG_KEY, spec, operation, rests_on=rests_on)
        if operation.name in ("poll", "cancel") and operation.job_id_parameter is not None:
            yield _probe(Kind.UNKNOWN_JOB, spec, operation, with_key=True, rests_on=rests_on)
        if operation.name == "model":
            yield _probe(Kind.METADATA, spec, operation, with_key=True, rests_on=rests_on)
    submit = spec.operations["submit"]
    method = _wrong_method(spec, submit)
    if method is not None:
        yield Probe(kind=Kind.WRONG_METHOD, spec=spec, operation="submit", method=method, path=submit.path)
    invalid = invalid_request(spec) if allow_t2 else None
    if invalid is not None:
        rests_on = f"{Kind.NO_KEY.value}.submit" if _has_auth(spec, submit) else Kind.REACH.value
        yield Probe(
            kind=Kind.INVALID,
            spec=spec,
            operation="submit",
            method=submit.method,
            path=submit.path,
            tier="T2",
            with_key=True,
            rests_on=rests_on,
            invalid=invalid,
        )


def _probe(
    kind: Kind, spec: Spec, operation: Operation, *, with_key: bool = False, rests_on: str = Kind.REACH.value
) -> Probe:
    return Probe(
        kind=kind,
        spec=spec,
        operation=operation.name,
        method=operation.method,
        path=operation.path,
        with_key=with_key,
        rests_on=rests_on,
    )


def _has_auth(spec: Spec, operation: Operation) -> bool:
    """Whether the documents say that the call needs a key."""
    stated = operation.auth if operation.auth is not None else spec.auth
    return stated.value is not None


def _wrong_method(spec: Spec, submit: Operation) -> str | None:
    """A method that no document names for the path of submit."""
    used = {operation.method for operation in spec.operations.values() if operation.path == submit.path}
    return next((method for method in ("PUT", "PATCH") if method not in used), None)


def _unasked(spec: Spec, *, allow_t2: bool) -> Iterator[tuple[str, str]]:
    if "events" in spec.operations:
        yield "events", "a stream is not opened by a probe"
    if "model" not in spec.operations:
        yield "metadata", "the documents name no operation that tells of the model"
    if invalid_request(spec) is None:
        yield "invalid-request", "no parameter is documented as judged at submit"
    elif not allow_t2:
        yield "invalid-request", "T2, may be billed: it needs --allow-t2 and a budget"


# ---- a request that is documented to be refused


def invalid_request(spec: Spec) -> Invalid | None:
    """A request with one fault, in a parameter that is documented as judged at submit; None without one."""
    submit = spec.operations["submit"]
    stated = submit.validation
    if stated is None or stated.value is None or submit.request is None:
        return None
    body, model = _least(spec, submit.request), spec.mapping.get("model")
    leaves = list(_leaves(submit.request.schema, ""))
    # The model comes last: that an unknown one is refused says least. What multiplies the bill is left alone.
    leaves.sort(key=lambda leaf: leaf[0] == model)
    for pointer, schema in leaves:
        value = _out_of(schema)
        early = _at_submit(pointer, stated.value.at_submit, stated.value.at_run)
        if value is not None and early and "x-billing" not in schema:
            return Invalid(pointer=pointer, value=value, body=_with(body, pointer, value))
    return None


def _at_submit(pointer: str, at_submit: tuple[str, ...], at_run: tuple[str, ...]) -> bool:
    """Whether the longest entry that covers the pointer, else `*`, stands under `at_submit`."""
    best, early = -1, False
    for entries, is_early in ((at_submit, True), (at_run, False)):
        for entry in entries:
            covers = entry in ("*", pointer) or pointer.startswith(f"{entry}/")
            length = 0 if entry == "*" else len(entry)
            if covers and length > best:
                best, early = length, is_early
    return early


def _leaves(schema: Mapping[str, Any], base: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, below in schema.get("properties", {}).items():
        pointer = f"{base}/{name.replace('~', '~0').replace('/', '~1')}"
        if below.get("properties"):
            yield from _leaves(below, pointer)
        else:
            yield pointer, below


def _out_of(schema: Mapping[str, Any]) -> Any:
    """A value of the right type that is none of those documented; None where none is ruled out.

    Of numbers it is the one below the range: whoever takes it all the same makes no more for it.
    """
    members = schema.get("enum")
    if members:
        if all(isinstance(member, str) for member in members):
            return "harness-no-such-value"
        numbers = [m for m in members if isinstance(m, (int, float)) and not isinstance(m, bool)]
        return min(numbers) - 1 if len(numbers) == len(members) else None
    if isinstance(schema.get("minimum"), (int, float)):
        return schema["minimum"] - 1
    return None


def _least(spec: Spec, request: Request) -> dict[str, Any]:
    """What is required, and a prompt: the rest of the request is right."""
    body: dict[str, Any] = {}
    for pointer in _required(request.schema, ""):
        if pointer == spec.mapping.get("model"):
            body = _with(body, pointer, spec.model.name)
    prompt = spec.mapping.get("prompt")
    return body if prompt is None else _with(body, prompt, "a probe with one invalid parameter")


def _required(schema: Mapping[str, Any], base: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        yield f"{base}/{name}"


def _with(body: Mapping[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    first, *rest = split(pointer)
    inner = value if not rest else _with(body.get(first, {}), "/" + "/".join(rest), value)
    return {**body, first: inner}
