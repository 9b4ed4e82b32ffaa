"""`harness.lock`: what the user accepted, so that no upgrade of this package moves their baseline unseen.

For each model it has the reference, the digest of the merged spec, and every fact with its value; and, of
each document that was read, its digest and the claims that it made. Facts stand one to a line: a change of
the baseline is readable in a review.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from harness.compare.change import Side, side_of
from harness.finding import Direction, Location
from harness.spec.facts import Address, Fact
from harness.spec.fields import Fields, elements, fault, kind_of, table, text
from harness.spec.json_text import parse_json
from harness.spec.model import Spec, State
from harness.spec.node import Node

__all__ = [
    "SCHEMA",
    "Lock",
    "LockedDocument",
    "LockedModel",
    "digest_of",
    "lock_of",
    "lock_text",
    "locked_side",
    "read_lock",
]

SCHEMA = "harness.lock/1"
_FACT_MEMBERS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedDocument:
    """A document as it was read: the digest of its bytes, and what it claims in the form of facts."""

    id: str
    url: str | None
    digest: str
    claims: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedModel:
    """One model as it was accepted. `words` leads from (operation, canonical word) to a request field."""

    model: str
    reference: str
    digest: str
    words: Mapping[tuple[str | None, str], str]
    facts: tuple[Fact, ...]
    documents: tuple[LockedDocument, ...] = ()
    location: Location = field(default_factory=Location)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The accepted baseline. `root` locates its lines; None before it is written."""

    accepted_at: datetime
    version: str
    models: Mapping[str, LockedModel]
    root: Node | None = None


def digest_of(spec: Spec) -> str:
    """`sha256:` and the digest of the merged spec document, whatever files it was merged from."""
    written = json.dumps(spec.root.plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(written.encode('utf-8', 'backslashreplace')).hexdigest()}"


def lock_of(
    specs: Iterable[Spec],
    *,
    now: datetime,
    version: str,
    documents: Mapping[str, tuple[LockedDocument, ...]] | None = None,
) -> Lock:
    """The baseline that these specs make; `documents` are those that were read, by model id."""
    known = documents or {}
    models = {}
    for spec in specs:
        side = side_of(spec)
        models[spec.id] = LockedModel(
            model=spec.id,
            reference=spec.ref,
            digest=digest_of(spec),
            words=side.words,
            facts=tuple(fact for fact in side.facts if fact.is_stated),
            documents=known.get(spec.id, ()),
        )
    return Lock(accepted_at=now, version=version, models=models)


# ---- as text


def lock_text(lock: Lock) -> str:
    """The lock as JSON text, one fact to a line."""
    models = ",\n".join(_model_text(model) for _, model in sorted(lock.models.items()))
    head = {
        "schema": SCHEMA,
        "accepted_at": lock.accepted_at.isoformat().replace("+00:00", "Z"),
        "version": lock.version,
    }
    lines = "".join(f" {_json(name)}: {_json(value)},\n" for name, value in head.items())
    return f'{{\n{lines} "models": {{\n{models}\n }}\n}}\n'


def _model_text(model: LockedModel) -> str:
    words = [[operation, word, where] for (operation, word), where in model.words.items()]
    documents = ",\n".join(_document_text(document) for document in model.documents)
    inside = [
        f'   "reference": {_json(model.reference)}',
        f'   "digest": {_json(model.digest)}',
        f'   "words": {_listed([_json(word) for word in words], 4)}',
        f'   "facts": {_listed([_fact_text(fact) for fact in model.facts], 4)}',
        f'   "documents": {{{f"{chr(10)}{documents}{chr(10)}   " if documents else ""}}}',
    ]
    return f"  {_json(model.model)}: {{\n" + ",\n".join(inside) + "\n  }"


def _document_text(document: LockedDocument) -> str:
    head = f'"url": {_json(document.url)}, "digest": {_json(document.digest)}'
    claims = _listed([_fact_text(claim) for claim in document.claims], 5)
    return f'    {_json(document.id)}: {{{head}, "claims": {claims}}}'


def _listed(lines: list[str], indent: int) -> str:
    if not lines:
        return "[]"
    pad = " " * indent
    return "[\n" + ",\n".join(f"{pad}{line}" for line in lines) + f"\n{pad[:-1]}]"


def _fact_text(fact: Fact) -> str:
    address = fact.address
    members = [address.operation, address.direction.value, address.status, address.field, address.facet]
    return _json([*members, fact.state.value, fact.value])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


# ---- reading


def read_lock(content: str, file: str) -> Lock:
    """The lock in a JSON text. Raises SourceError, with the first fault."""
    document = parse_json(content, file)
    for found in document.faults:
        raise fault(f"{found.pointer}: {found.kind}, {found.observed}", found.mark)
    fields = Fields(document.root, "")
    fields.required("schema", _schema)
    lock = Lock(
        accepted_at=fields.required("accepted_at", _moment),
        version=fields.required("version", text),
        models=fields.required("models", lambda node, at: table(node, at, _model)),
        root=document.root,
    )
    fields.finish()
    return lock


def _schema(node: Node, at: str) -> str:
    if node.value != SCHEMA:
        raise fault(f"{at}: expected {SCHEMA}, got {kind_of(node)}", node.mark)
    return SCHEMA


def _moment(node: Node, at: str) -> datetime:
    found = text(node, at)
    try:
        moment = datetime.fromisoformat(found)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise fault(f"{at}: expected a time such as 2026-01-08T06:00:00Z, got {found!r}", node.mark)
    return moment


def _model(node: Node, at: str) -> LockedModel:
    fields = Fields(node, at)
    model = LockedModel(
        model=at.rpartition("/models/")[2].replace("~1", "/"),
        reference=fields.required("reference", text),
        digest=fields.required("digest", text),
        words=fields.required("words", _words),
        facts=fields.required("facts", _facts),
        documents=tuple(fields.table("documents", _document).values()),
        location=node.name_mark.location(),
    )
    fields.finish()
    return model


def _document(node: Node, at: str) -> LockedDocument:
    fields = Fields(node, at)
    document = LockedDocument(
        id=at.rpartition("/")[2].replace("~1", "/").replace("~0", "~"),
        url=fields.required("url", lambda child, path: None if child.value is None else text(child, path)),
        digest=fields.required("digest", text),
        claims=fields.required("claims", _facts),
    )
    fields.finish()
    return document


def _words(node: Node, at: str) -> dict[tuple[str | None, str], str]:
    found = {}
    for index, child in enumerate(node.sequence):
        members = child.plain()
        if not isinstance(members, list) or len(members) != 3:
            raise fault(f"{at}/{index}: expected [operation, word, field]", child.mark)
        found[members[0], members[1]] = members[2]
    return found


def _facts(node: Node, at: str) -> tuple[Fact, ...]:
    if node.value == ():
        return ()
    return tuple(_fact(child, f"{at}/{index}") for index, child in enumerate(elements(node, at)))


def _fact(node: Node, at: str) -> Fact:
    members = node.plain()
    if not isinstance(members, list) or len(members) != _FACT_MEMBERS:
        raise fault(f"{at}: expected [operation, direction, status, field, facet, state, value]", node.mark)
    operation, direction, status, place, facet, state, value = members
    try:
        address = Address(
            operation=operation, direction=Direction(direction), status=status, field=place, facet=facet
        )
        return Fact(address=address, state=State(state), value=value, at=at, sources=())
    except ValueError as error:
        raise fault(f"{at}: {error}", node.mark) from None


def locked_side(lock: Lock, model: str, document: str | None = None) -> Side:
    """An accepted model, or one document of it as it was read, as the old side of a comparison.

    Raises KeyError for what the lock does not have.
    """
    locked = lock.models[model]
    facts = locked.facts
    if document is not None:
        facts = next(each.claims for each in locked.documents if each.id == document)
    return Side(label=locked.reference, facts=facts, words=locked.words, locate=_locator(lock, locked))


def _locator(lock: Lock, locked: LockedModel) -> Any:
    def locate(at: str) -> Location:
        if lock.root is None or not at.startswith("/models/"):
            return locked.location
        return replace(lock.root.nearest(at).name_mark.location(), document="harness.lock")

    return locate
