"""The operations, the webhook and the errors of a draft spec."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harness.docs.claims import Claim, Document
from harness.docs.draft_schema import FILL_IN, body_schema, ensure_property, place_ref
from harness.docs.vocabulary import is_id_name
from harness.finding import Direction
from harness.spec.facts import FACETS
from harness.spec.lint import described
from harness.spec.model import State
from harness.spec.pointer import split

__all__ = ["Draft", "errors", "operation", "placeholder_poll", "webhook"]

_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)\Z")
_JOB = ("id", "status", "output", "progress_percent", "eta_s", "output_ttl_s", "output_inline")
_EVIDENCE = ("queued_at", "started_at", "completed_at", "predict_time_s")
_NAMELESS = "to_be_filled_in"
_DONE = {"TO-BE-FILLED-IN-SUCCEEDED": "succeeded", "TO-BE-FILLED-IN-FAILED": "failed"}


@dataclass(slots=True, kw_only=True)
class Draft:
    """A draft while it is made."""

    document: Document
    todo: list[str] = field(default_factory=list)
    contradictions: dict[str, Any] = field(default_factory=dict)

    def claims(self, operation: str | None, direction: Direction, status: str | None = None) -> list[Claim]:
        """What is claimed of one message."""
        return [
            claim
            for claim in self.document.claims
            if (claim.address.operation, claim.address.direction, claim.address.status)
            == (operation, direction, status)
        ]


def _facet(claims: Iterable[Claim], facet: str, at: str = "") -> Claim | None:
    """The claim of a facet at a field, where a value is documented."""
    for claim in claims:
        if (claim.address.facet, claim.address.field) == (facet, at) and claim.state is State.DOCUMENTED:
            return claim
    return None


def operation(work: Draft, name: str) -> dict[str, Any]:
    """One operation as a spec has it."""
    claims = work.claims(name, Direction.REQUEST)
    method, path = _facet(claims, "method"), _facet(claims, "path")
    found: dict[str, Any] = {
        "method": method.value if method is not None else "POST",
        "path": path.value if path is not None else "/",
        "source": place_ref(path or claims[0]),
    }
    if name in ("submit", "generate"):
        found["validation"] = "undocumented"
    parameters = _parameters(claims, name)
    if parameters:
        found["parameters"] = parameters
    body = [claim for claim in claims if not claim.address.field.startswith("{")]
    if any(c.address.field or c.address.facet in ("content_type", "type") for c in body) and name in (
        "submit",
        "generate",
    ):
        found["request"] = _request(work, body, name)
    found["responses"] = _responses(work, name)
    _complete(work, name, found)
    return found


def _parameters(claims: list[Claim], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for claim in claims:
        match = re.fullmatch(r"\{(path|query|header)\}/(.+)", claim.address.field)
        if match is None or claim.state is not State.DOCUMENTED:
            continue
        entry = found.setdefault(match[2], {"in": match[1], "required": False, "schema": {}})
        entry["source"] = place_ref(claim)
        if claim.address.facet == "required":
            entry["required"] = claim.value
        elif claim.address.facet in FACETS:
            entry["schema"][claim.address.facet] = claim.value
    if name in ("poll", "cancel"):
        ids = [n for n, p in found.items() if p["in"] == "path"] or [n for n in found if is_id_name(n)]
        if ids:
            found[ids[0]]["role"] = "job_id"
    return found


def _request(work: Draft, claims: list[Claim], name: str) -> dict[str, Any]:
    kind = _facet(claims, "content_type")
    at = f"/operations/{name}/request/schema"
    if kind is None:
        work.todo.append(f"/operations/{name}/request/content_type: application/json is put there")
    return {
        "content_type": kind.value if kind is not None else "application/json",
        "source": place_ref(kind) if kind is not None else FILL_IN,
        "schema": body_schema(claims, work.todo, work.contradictions, at),
    }


def _statuses(work: Draft, name: str | None) -> list[str]:
    found = dict.fromkeys(
        claim.address.status
        for claim in work.document.claims
        if claim.address.operation == name
        and claim.address.direction is Direction.RESPONSE
        and claim.address.status
    )
    return [status for status in found if status is not None and _STATUS.match(status)]


def _responses(work: Draft, name: str) -> dict[str, Any]:
    return {status: _response(work, name, status) for status in _statuses(work, name)}


def _response(work: Draft, name: str | None, status: str) -> dict[str, Any]:
    claims = work.claims(name, Direction.RESPONSE, status)
    at = f"/operations/{name}/responses/{status}/schema" if name is not None else f"/errors/{status}/schema"
    found: dict[str, Any] = {}
    kind = _facet(claims, "content_type")
    if kind is not None:
        found["content_type"] = kind.value
    found["source"] = place_ref(_facet(claims, "presence") or claims[0])
    shaped = [claim for claim in claims if claim.address.field and not claim.address.facet.startswith("job.")]
    typed = _facet(claims, "type")
    if not shaped and typed is None:
        found["schema"] = "undocumented"
    else:
        found["schema"] = body_schema(
            [*shaped, *([typed] if typed else [])], work.todo, work.contradictions, at
        )
    job = _job(work, claims, found["schema"])
    if job:
        found["job"] = job
    words = _facet(claims, "error_message")
    if words is not None and _is_described(found["schema"], words.value):
        found["error_message"] = words.value
    return found


def _is_described(schema: Any, pointer: str) -> bool:
    return not isinstance(schema, dict) or described(schema, pointer)


def _job(work: Draft, claims: list[Claim], schema: Any) -> dict[str, Any]:
    """Where the job stands, as far as it is known and described."""
    found: dict[str, Any] = {}
    for claim in claims:
        facet, value = claim.address.facet, claim.value
        name = facet.removeprefix("job.")
        if not facet.startswith("job.") or claim.state is not State.DOCUMENTED:
            continue
        found.setdefault("source", place_ref(claim))
        if name == "states":
            found.setdefault("states", {})[split(claim.address.field)[-1]] = value
        elif name == "error":
            pointers = [pointer for pointer in value if _is_described(schema, pointer)]
            found |= {"error": pointers} if pointers else {}
        elif _is_described(schema, value):
            target = found.setdefault("evidence", {}) if name in _EVIDENCE else found
            target[name] = value
    if "states" in found and "status" in found:
        _only_listed(work, found, schema)
    return found if set(found) - {"source"} else {}


def _only_listed(work: Draft, job: dict[str, Any], schema: Any) -> None:
    """The words of the schema and those with a state must be the same; a word without one is for a person."""
    status = _member(schema, job["status"])
    listed = status.get("enum") if status is not None else None
    if status is None or not isinstance(listed, list):
        return
    unknown = [word for word in listed if word not in job["states"]]
    if unknown:
        work.todo.append(
            f"{job['status']}: which state {', '.join(map(str, unknown))} name; no enum until then"
        )
        del status["enum"]
    else:
        job["states"] = {word: state for word, state in job["states"].items() if word in listed}


def _member(schema: Any, pointer: str) -> dict[str, Any] | None:
    for part in split(pointer):
        if not isinstance(schema, dict):
            return None
        schema = schema.get("items") if part.isdecimal() else schema.get("properties", {}).get(part)
    return schema if isinstance(schema, dict) else None


# ---- what a spec cannot do without


def _complete(work: Draft, name: str, found: dict[str, Any]) -> None:
    """Adds placeholders where the life cycle could not be followed."""
    responses = found["responses"]
    good = next((status for status in responses if status.startswith("2")), None)
    if good is None:
        good = "2XX"
        responses[good] = {"source": FILL_IN, "schema": "undocumented"}
        work.todo.append(f"/operations/{name}/responses: what is answered on success")
    answer = responses[good]
    job = answer.get("job", {})
    if name == "submit" and "id" not in job:
        work.todo.append(f"/operations/submit/responses/{good}/job/id: where the job's id stands")
        answer["job"] = {**job, "source": FILL_IN, "id": f"/{_NAMELESS}_id"}
        _describe(answer, f"/{_NAMELESS}_id")
    if name == "poll":
        _complete_poll(work, answer, good)
    if name in ("poll", "cancel") and not any("role" in p for p in found.get("parameters", {}).values()):
        work.todo.append(f"/operations/{name}/parameters: which one carries the job's id")
        found.setdefault("parameters", {})["id"] = {
            "in": "query",
            "required": True,
            "schema": {"type": "string"},
            "role": "job_id",
            "source": FILL_IN,
        }


def _complete_poll(work: Draft, answer: dict[str, Any], status: str) -> None:
    job = answer.setdefault("job", {"source": FILL_IN})
    for name in ("status", "output"):
        if name not in job:
            job[name] = f"/{_NAMELESS}_{name}"
            job["source"] = FILL_IN
            _describe(answer, job[name])
            work.todo.append(f"/operations/poll/responses/{status}/job/{name}: where it stands")
    states = job.setdefault("states", {})
    for word, state in _DONE.items():
        if state not in states.values():
            states[word] = state
            job["source"] = FILL_IN
            work.todo.append(f"/operations/poll/responses/{status}/job/states: the word for {state}")
            member = _member(answer["schema"], job["status"])
            if member is not None and "enum" in member:
                member["enum"] = [*member["enum"], word]


def _describe(answer: dict[str, Any], pointer: str) -> None:
    if isinstance(answer.get("schema"), dict):
        ensure_property(answer["schema"], pointer)


def placeholder_poll() -> dict[str, Any]:
    """A poll operation of which nothing is known."""
    return {
        "method": "GET",
        "path": "/to-be-filled-in/{id}",
        "source": FILL_IN,
        "parameters": {
            "id": {
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "role": "job_id",
                "source": FILL_IN,
            }
        },
        "responses": {
            "2XX": {
                "source": FILL_IN,
                "schema": "undocumented",
                "job": {
                    "source": FILL_IN,
                    "id": f"/{_NAMELESS}_id",
                    "status": f"/{_NAMELESS}_status",
                    "states": dict(_DONE),
                    "output": f"/{_NAMELESS}_output",
                },
            }
        },
    }


# ---- webhook, errors


def webhook(work: Draft, submit: dict[str, Any]) -> Any:
    """The webhook, where the page says by which parameter it is asked for."""
    claims = work.claims(None, Direction.WEBHOOK)
    asked = _facet(claims, "request_field")
    schema = submit.get("request", {}).get("schema", {})
    if asked is None or not described(schema, asked.value):
        return "undocumented"
    found: dict[str, Any] = {"source": place_ref(asked), "request_field": asked.value}
    secret = _facet(claims, "secret_field")
    found["secret_field"] = (
        {"pointer": secret.value, "source": place_ref(secret)} if secret else "undocumented"
    )
    for name in ("secret_header", "answer_within_s", "states_without_delivery"):
        claim = _facet(claims, name)
        found[name] = (
            {"value": claim.value, "source": place_ref(claim)} if claim is not None else "undocumented"
        )
    retries = _facet(claims, "retries")
    found["retries"] = (
        {**retries.value, "source": place_ref(retries)} if retries is not None else "undocumented"
    )
    shaped = [c for c in claims if c.address.field and not c.address.facet.startswith("job.")]
    typed = _facet(claims, "type")
    payload: dict[str, Any] = {"source": place_ref(asked), "schema": "undocumented"}
    if shaped or typed is not None:
        at = "/webhook/payload/schema"
        payload["schema"] = body_schema(
            [*shaped, *([typed] if typed else [])], work.todo, work.contradictions, at
        )
    job = _job(work, claims, payload["schema"])
    found["payload"] = {**payload, **({"job": job} if job else {})}
    return found


def errors(work: Draft) -> Any:
    """The answers that any operation may give."""
    found = {status: _response(work, None, status) for status in _statuses(work, None)}
    return found or "undocumented"
