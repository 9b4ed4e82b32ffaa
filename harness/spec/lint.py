"""Rules that a well-formed spec file can still break: judged by `harness lint`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from harness.errors import SourceError
from harness.finding import Direction, Finding, Rule
from harness.spec.examples import ExampleSite, example_sites
from harness.spec.facts import facts
from harness.spec.json_text import parse_json
from harness.spec.lint_rules import (
    CONTRADICTION_STALE,
    DEFAULT_INVALID,
    EXAMPLE_INVALID,
    FACT_UNSOURCED,
    ID_MISMATCH,
    LIFE_CYCLE_INCOMPLETE,
    PATH_PARAMETER,
    POINTER_UNRESOLVED,
    RULES,
    SCHEMA_INVALID,
    STATUS_UNDOCUMENTED,
    STATUS_UNMAPPED,
    UNKNOWN_SOURCE,
    UNUSED_SOURCE,
)
from harness.spec.model import Contradiction, Job, JobState, Operation, Payload, Response, Spec, State
from harness.spec.node import Node
from harness.spec.pointer import MISSING, join, resolve, split
from harness.spec.schema import SchemaJudge, known_properties

__all__ = ["RULES", "example_faults", "lint_spec"]


_BRACES = re.compile(r"\{([^{}]+)\}")


def lint_spec(spec: Spec, *, expected_id: str | None = None) -> Iterator[Finding]:
    """Every fault of one spec, revision or baseline; `expected_id` is what its file's place says."""
    if expected_id is not None and spec.id != expected_id:
        yield _finding(spec, ID_MISMATCH, "/id", f"expected {expected_id}, got {spec.id}")
    invalid = list(_invalid_schemas(spec))
    yield from invalid
    for check in _CHECKS:
        yield from check(spec)
    if not invalid:
        yield from _defaults(spec)
        yield from _examples(spec)


def _finding(
    spec: Spec, rule: Rule, at: str, message: str, *, expected: Any = None, observed: Any = None
) -> Finding:
    return Finding(
        rule=rule,
        message=message,
        field=at,
        pointer=at,
        model=spec.ref,
        direction=Direction.SPEC,
        expected=expected,
        observed=observed,
        subject=spec.mark_at(at).location(),
    )


def _sources(spec: Spec) -> Iterator[Finding]:
    used: set[str] = set()
    reported: set[str] = set()
    for fact in facts(spec):
        if fact.is_stated and not fact.sources:
            message = f"{fact.at}: {fact.address.facet} is stated and names no source"
            yield _finding(spec, FACT_UNSOURCED, fact.at, message)
    for at, node in _source_nodes(spec.root, ""):
        for document in _documents(node):
            used.add(document)
            if document not in spec.sources and at not in reported:
                reported.add(at)
                known = ", ".join(spec.sources)
                message = f"{at}: no document {document!r} under sources; known: {known}"
                yield _finding(spec, UNKNOWN_SOURCE, at, message, observed=document)
    for name in spec.sources:
        if name not in used:
            yield _finding(spec, UNUSED_SOURCE, f"/sources/{name}", f"nothing rests on document {name!r}")


def _source_nodes(node: Node, at: str) -> Iterator[tuple[str, Node]]:
    """Every `source`, `x-source` and member of `x-sources` below a node."""
    for name, child in node.mapping.items():
        below = join([name], at)
        if name in ("source", "x-source") and not child.mapping:
            yield below, child
        elif name == "x-sources":
            yield from ((join([keyword], below), entry) for keyword, entry in child.mapping.items())
        elif name not in ("value", "text"):
            yield from _source_nodes(child, below)
    for index, child in enumerate(node.sequence):
        yield from _source_nodes(child, join([index], at))


def _documents(node: Node) -> Iterator[str]:
    for text in [child.value for child in node.sequence] or [node.value]:
        if isinstance(text, str):
            yield text.partition("#")[0]


def _schemas(spec: Spec) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema of a spec with its place."""
    for operation in spec.operations.values():
        for parameter in operation.parameters:
            yield f"{parameter.at}/schema", parameter.schema
        if operation.request is not None:
            yield f"{operation.request.at}/schema", operation.request.schema
    for body in _bodies(spec):
        if body.schema is not None:
            yield f"{body.at}/schema", body.schema


def _bodies(spec: Spec) -> Iterator[Response | Payload]:
    """Everything that a provider may send."""
    for operation in spec.operations.values():
        for response in operation.responses.values():
            yield response
            yield from response.events.values()
    yield from (spec.errors.value or {}).values()
    if spec.webhook.value is not None:
        yield spec.webhook.value.payload


def _invalid_schemas(spec: Spec) -> Iterator[Finding]:
    for at, schema in _schemas(spec):
        try:
            Draft202012Validator.check_schema(dict(schema))
        except SchemaError as error:
            place = join(error.absolute_path, at)
            yield _finding(spec, SCHEMA_INVALID, place, f"{place}: {error.message}", observed=error.instance)


def _pointers(spec: Spec) -> Iterator[Finding]:
    for at, pointer, schema in _pointer_sites(spec):
        if schema is not None and not described(schema, pointer):
            message = f"{at}: {pointer} leads to nothing that the schema describes"
            yield _finding(spec, POINTER_UNRESOLVED, at, message, observed=pointer)
    for contradiction in spec.contradictions:
        about = contradiction.about
        if about is not None and spec.root.at(about) is None:
            at = f"{contradiction.at}/about"
            message = f"{at}: {about} leads to nothing in this spec"
            yield _finding(spec, POINTER_UNRESOLVED, at, message, observed=about)


def _pointer_sites(spec: Spec) -> Iterator[tuple[str, str, Mapping[str, Any] | None]]:
    submit = spec.operations["submit"].request
    request = submit.schema if submit is not None else None
    blocking = spec.operations["generate"].request if "generate" in spec.operations else None
    for word, pointer in spec.mapping.items():
        known_elsewhere = blocking is not None and described(blocking.schema, pointer)
        yield f"/mapping/{word}", pointer, None if known_elsewhere else request
    if spec.webhook.value is not None:
        yield "/webhook/request_field", spec.webhook.value.request_field, request
        if spec.webhook.value.secret_field.value is not None:
            yield "/webhook/secret_field/pointer", spec.webhook.value.secret_field.value, request
    for operation in spec.operations.values():
        yield from _validation_sites(operation)
    for body in _bodies(spec):
        if isinstance(body, Response) and body.error_message is not None:
            yield f"{body.at}/error_message", body.error_message, body.schema
        if body.job is not None:
            yield from ((at, pointer, body.schema) for at, pointer in _job_pointers(body.job))


def _validation_sites(operation: Operation) -> Iterator[tuple[str, str, Mapping[str, Any] | None]]:
    validation = operation.validation.value if operation.validation is not None else None
    if validation is None or operation.request is None:
        return
    for name in ("at_submit", "at_run"):
        for index, pointer in enumerate(getattr(validation, name)):
            if pointer != "*":
                yield f"{operation.at}/validation/{name}/{index}", pointer, operation.request.schema


def _job_pointers(job: Job) -> Iterator[tuple[str, str]]:
    for member in ("id", "status", "output", "progress_percent", "eta_s", "output_ttl_s", "output_inline"):
        pointer = getattr(job, member)
        if pointer is not None:
            yield f"{job.at}/{member}", pointer
    for index, pointer in enumerate(job.error):
        yield (f"{job.at}/error/{index}" if len(job.error) > 1 else f"{job.at}/error"), pointer
    yield from ((f"{job.at}/evidence/{name}", pointer) for name, pointer in job.evidence.items())


def described(schema: Mapping[str, Any], pointer: str) -> bool:
    """Whether a schema says what stands at a pointer into its instances."""
    return bool(schemas_at(schema, pointer))


def schemas_at(schema: Mapping[str, Any], pointer: str) -> list[Mapping[str, Any]]:
    """The schemas of the branches that describe the value at a pointer."""
    found = [schema]
    for part in split(pointer):
        found = [below for one in found for below in _below(one, part)]
    return found


def _below(schema: Mapping[str, Any], part: str) -> Iterator[Mapping[str, Any]]:
    yield from known_properties(schema).get(part, ())
    if part.isdecimal() or part == "*":
        for one in (schema, *(b for k in ("anyOf", "oneOf", "allOf") for b in schema.get(k, ()))):
            if isinstance(one.get("items"), Mapping):
                yield one["items"]


def _states(spec: Spec) -> Iterator[Finding]:
    for body in _bodies(spec):
        job = body.job
        if job is None or job.status is None or body.schema is None:
            continue
        words = [w for schema in schemas_at(body.schema, job.status) for w in schema.get("enum", ())]
        listed = [word for word in words if isinstance(word, str)]
        for word in listed:
            if word not in job.states:
                message = f"{job.at}/states: the schema lists {word!r}, which is not mapped"
                yield _finding(spec, STATUS_UNMAPPED, f"{job.at}/states", message, expected=word)
        for word in job.states if listed else ():
            if word not in listed:
                at = join(["states", word], job.at)
                message = f"{at}: the schema's enum does not list {word!r}"
                yield _finding(spec, STATUS_UNDOCUMENTED, at, message, observed=word)


def _life_cycle(spec: Spec) -> Iterator[Finding]:
    submit, poll = spec.operations["submit"], spec.operations["poll"]
    if not any(response.job and response.job.id for response in submit.responses.values()):
        message = "submit: no answer says where the job's id stands (job.id)"
        yield _finding(spec, LIFE_CYCLE_INCOMPLETE, f"{submit.at}/responses", message)
    jobs = [response.job for response in poll.responses.values() if response.job and response.job.status]
    if not jobs:
        message = "poll: no answer says where the job's status stands (job.status)"
        yield _finding(spec, LIFE_CYCLE_INCOMPLETE, f"{poll.at}/responses", message)
        return
    missing = [
        word
        for word, there in (
            ("an output", any(job.output for job in jobs)),
            ("a word for succeeded", _maps(jobs, JobState.SUCCEEDED)),
            ("a word for failed", _maps(jobs, JobState.FAILED)),
        )
        if not there
    ]
    if missing:
        message = (
            f"poll: the job has no {' and no '.join(missing).replace('a word', 'word').replace('an ', '')}"
        )
        yield _finding(spec, LIFE_CYCLE_INCOMPLETE, jobs[0].at, message, expected=missing)


def _maps(jobs: list[Job], state: JobState) -> bool:
    return any(state in job.states.values() for job in jobs)


def _paths(spec: Spec) -> Iterator[Finding]:
    for operation in spec.operations.values():
        braces = set(_BRACES.findall(operation.path))
        declared = {p.name for p in operation.parameters if p.location == "path"}
        if braces != declared:
            message = f"{operation.at}/path: braces {sorted(braces)}, path parameters {sorted(declared)}"
            at = f"{operation.at}/path"
            yield _finding(
                spec, PATH_PARAMETER, at, message, expected=sorted(braces), observed=sorted(declared)
            )
        elif operation.name in ("poll", "cancel") and operation.job_id_parameter is None:
            at = f"{operation.at}/parameters"
            yield _finding(spec, PATH_PARAMETER, at, f"{at}: none has the role job_id")


def _defaults(spec: Spec) -> Iterator[Finding]:
    declared = {c.about for c in spec.contradictions if c.about is not None}
    for fact in facts(spec):
        if fact.address.facet != "default" or fact.state is not State.DOCUMENTED or fact.at in declared:
            continue
        node = spec.root.at(fact.at.rsplit("/", 1)[0])
        schema = node.plain() if node is not None else {}
        for violation in SchemaJudge(schema).broken_keywords(fact.value):
            message = f"{fact.at}: {fact.value!r} breaks {violation.facet} {violation.expected!r}"
            yield _finding(
                spec, DEFAULT_INVALID, fact.at, message, expected=violation.expected, observed=fact.value
            )


def _examples(spec: Spec) -> Iterator[Finding]:
    sites = {site.name: site for site in example_sites(spec)}
    by_example: dict[str, list[Contradiction]] = {}
    for contradiction in spec.contradictions:
        if contradiction.example is not None:
            by_example.setdefault(contradiction.example, []).append(contradiction)
            if contradiction.example not in sites:
                at = f"{contradiction.at}/example"
                message = f"{at}: no example {contradiction.example!r}; known: {', '.join(sites)}"
                yield _finding(spec, CONTRADICTION_STALE, at, message, observed=contradiction.example)
    for name, site in sites.items():
        yield from _example(spec, site, by_example.get(name, []))


def _example(spec: Spec, site: ExampleSite, declared: list[Contradiction]) -> Iterator[Finding]:
    found = dict.fromkeys(example_faults(site))
    covered = {pair: c for c in declared for pair in c.violates}
    for pointer, facet in found:
        if (pointer, facet) not in covered:
            at = _example_place(site, pointer)
            message = (
                f"{site.example.at}: {pointer or 'the body'} breaks {facet}, and no contradiction covers it"
            )
            yield _finding(spec, EXAMPLE_INVALID, at, message, expected=facet)
    for (pointer, facet), contradiction in covered.items():
        if (pointer, facet) not in found:
            index = contradiction.violates.index((pointer, facet))
            at = f"{contradiction.at}/violates/{index}"
            message = f"{at}: example {site.name} does not break {facet} at {pointer or 'the body'}"
            yield _finding(spec, CONTRADICTION_STALE, at, message, expected=[pointer, facet])


def _example_place(site: ExampleSite, pointer: str) -> str:
    if site.example.has_value and resolve(site.example.value, pointer) is not MISSING:
        return f"{site.example.at}/value{pointer}"
    return f"{site.example.at}/value" if site.example.has_value else f"{site.example.at}/text"


def example_faults(site: ExampleSite) -> Iterator[tuple[str, str]]:
    """How an example breaks its schema: `(pointer, facet)`; facet `json` where it is not JSON at all.

    Unknown properties count in requests alone, as they do when a message is checked.
    """
    value = site.example.value
    if not site.example.has_value:
        try:
            value = parse_json(site.example.text or "", site.name).root.plain()
        except SourceError:
            yield "", "json"
            return
    judge = SchemaJudge(site.schema)
    broken = judge.violations(value) if site.is_request else judge.broken_keywords(value)
    yield from ((violation.pointer, violation.facet) for violation in broken)


_CHECKS: tuple[Callable[[Spec], Iterator[Finding]], ...] = (_sources, _pointers, _states, _life_cycle, _paths)
