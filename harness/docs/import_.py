"""A document as a draft spec: what it says, with its places; `undocumented` where it is silent.

Some things a spec cannot do without (how a job is polled, which word means done). Where the document does
not say them, the draft has placeholders that are plainly such, under a source of their own, and a list of
them at the top.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from harness.docs.calls import NAMED
from harness.docs.claims import Claim, Document
from harness.docs.draft_operations import Draft, errors, operation, placeholder_poll, webhook
from harness.docs.draft_schema import FILL_IN, PAGE, place_ref
from harness.errors import OperatorError
from harness.finding import Direction
from harness.spec import yaml
from harness.spec.model import State
from harness.spec.vocabulary import CANONICAL

__all__ = ["draft", "fill_in"]

_TASKS = (
    ("text-to-video", r"text[- ]?to[- ]?video|t2v"),
    ("image-to-video", r"image[- ]?to[- ]?video|i2v"),
    ("reference-to-video", r"reference[- ]?to[- ]?video"),
    ("video-to-video", r"video[- ]?to[- ]?video|v2v"),
    ("motion-control", r"motion[- ]control"),
    ("avatar", r"avatar"),
    ("effects", r"effects"),
)


def draft(document: Document, spec_id: str) -> str:
    """The YAML text of a draft spec, with the list of what a person must fill in at its top.

    Raises OperatorError for a page that describes every model of a provider: it gives claims only.
    """
    value, todo = _value(document, spec_id)
    head = [
        f"# Drafted from {_one_line(document.name)}. To be filled in by a person:",
        *(f"# - {_one_line(entry)}" for entry in todo),
    ]
    return "\n".join(head) + "\n" + yaml.dump(value)


def fill_in(document: Document, spec_id: str) -> tuple[str, ...]:
    """What a person must fill in."""
    return tuple(_value(document, spec_id)[1])


def _one_line(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())[:300]


def _value(document: Document, spec_id: str) -> tuple[dict[str, Any], list[str]]:
    made = {
        claim.address.operation for claim in document.claims if claim.address.direction is Direction.REQUEST
    }
    if document.shared or not made & {"submit", "generate"}:
        raise OperatorError(
            f"{document.name}: it does not describe one model's job from its creation on; "
            "it gives claims, not a draft"
        )
    work = Draft(document=document)
    provider, _, slug = spec_id.partition("/")
    value: dict[str, Any] = {
        "format": 1,
        "id": spec_id,
        "title": _one_line(document.title) or slug,
        "provider": {"name": provider, "credential": provider},
        "model": _model(work, slug),
        "sources": {},
        "server": _server(work),
        "auth": _auth(work),
        "operations": _operations(work),
    }
    value["webhook"] = webhook(work, value["operations"]["submit"])
    value["errors"] = errors(work)
    value |= _terms(work)
    value["mapping"] = _mapping(work, value["operations"]["submit"])
    if work.contradictions:
        value["contradictions"] = work.contradictions
    value["sources"] = _sources(document, value)
    work.todo += [
        f"not placed: {each.what}: {each.why} (line {each.place.line})" for each in document.unplaced
    ]
    return value, list(dict.fromkeys(work.todo))


def _sources(document: Document, value: dict[str, Any]) -> dict[str, Any]:
    page: dict[str, Any] = {
        "kind": "document",
        "title": _one_line(document.title) or document.name,
        "date": document.date or "undocumented",
        "digest": document.digest,
    }
    if document.url is not None:
        page["url"] = document.url
    found: dict[str, Any] = {PAGE: page}
    if FILL_IN in str(value):
        found["fill-in"] = {"kind": "reported", "title": "To be filled in", "date": "undocumented"}
    return found


def _one(work: Draft, field: str) -> Claim | None:
    """The claim about the endpoint at a field, if it has one."""
    for claim in work.document.claims:
        if claim.address.direction is Direction.SPEC and claim.address.field == field:
            return claim
    return None


def _model(work: Draft, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in ("family", "version", "tier"):
        claim = _one(work, f"/model/{member}")
        found[member] = str(claim.value) if claim is not None else "undocumented"
        if claim is None:
            work.todo.append(f"/model/{member}")
    name = _one(work, "/model/name")
    known = str(name.value) if name is not None and name.value else slug
    task = next((task for task, pattern in _TASKS if re.search(pattern, f"{known} {slug}".lower())), None)
    if task is None:
        work.todo.append("/model/task")
    found |= {"task": task or "undocumented", "name": known}
    found["source"] = place_ref(name) if name is not None else FILL_IN
    return found


def _server(work: Draft) -> dict[str, Any]:
    claim = _one(work, "/server")
    if claim is None:
        work.todo.append("/server/url")
        return {"url": "https://to-be-filled-in.invalid", "source": FILL_IN}
    return {"url": claim.value, "source": place_ref(claim)}


def _auth(work: Draft) -> Any:
    claim = _one(work, "/auth")
    if claim is None:
        work.todo.append("/auth: how a key travels")
        return "undocumented"
    return {**claim.value, "source": place_ref(claim)}


def _operations(work: Draft) -> dict[str, Any]:
    claims = work.document.claims
    spoken = {claim.address.operation for claim in claims if claim.address.direction is Direction.REQUEST}
    found = {name: operation(work, name) for name in NAMED if name in spoken and _is_whole(claims, name)}
    if not {"submit", "generate"} & set(found):
        raise OperatorError(
            f"{work.document.name}: the call that creates a job has no method and path there; "
            "it gives claims, not a draft"
        )
    if "submit" not in found:
        work.todo.append("/operations/submit: the page has a blocking call only; it stands for both")
        found = {"submit": operation(work, "generate"), **found}
    if "poll" not in found:
        work.todo.append("/operations/poll: how a job is asked after, and its words for done and failed")
        found["poll"] = placeholder_poll()
    return found


def _is_whole(claims: Iterable[Claim], name: str) -> bool:
    """Whether method and path are known: a call cannot be made without."""
    facets = {
        claim.address.facet for claim in claims if claim.address.operation == name and not claim.is_hidden
    }
    return {"method", "path"} <= facets


# ---- terms


def _terms(work: Draft) -> dict[str, Any]:
    return {
        "limits": {
            "rate": _stated(work, "/limits/rate", None),
            "concurrency": _stated(work, "/limits/concurrency", None),
        },
        "latency": _entries(work, "/latency/"),
        "poll_interval": _entries(work, "/poll_interval/"),
        "output": {
            name: _stated(work, f"/output/{name}", "value")
            for name in ("container", "resolution", "url_lifetime_s")
        },
        "price": _stated(work, "/price", None),
    }


def _stated(work: Draft, field: str, member: str | None) -> Any:
    claim = _one(work, field)
    if claim is None or claim.is_hidden:
        return "undocumented"
    if claim.state is State.ABSENT:
        return {"absent": True, "source": place_ref(claim)}
    own = {member: claim.value} if member is not None else dict(claim.value)
    return {**own, "source": place_ref(claim)}


def _entries(work: Draft, section: str) -> Any:
    found = {
        claim.address.field.removeprefix(section): {**claim.value, "source": place_ref(claim)}
        for claim in work.document.claims
        if claim.address.field.startswith(section) and claim.state is State.DOCUMENTED
    }
    return found or "undocumented"


def _mapping(work: Draft, submit: dict[str, Any]) -> dict[str, str]:
    words = {
        word: field for (name, word), field in work.document.words.items() if name in ("submit", "generate")
    }
    known = str(submit.get("request", {}).get("schema", {}))
    return {
        word: words[word]
        for word in CANONICAL
        if word in words and f"'{words[word].rpartition('/')[2]}'" in known
    }
