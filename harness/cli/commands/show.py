"""`harness show`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

from harness.cli.exit_codes import ExitCode
from harness.cli.output import store_of, terminal_width
from harness.cli.stdout import write_stdout
from harness.report.visible import as_json, visible
from harness.spec.facts import Fact, facts
from harness.spec.model import Spec, State
from harness.spec.store import SpecStore

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    """Prints the list of models, or every fact of one."""
    store = store_of(arguments)
    if arguments.model is None:
        models = [_summary(store, spec) for spec in store.all()]
        as_text = _list_text(models)
        document: dict[str, Any] = {"schema": "harness.models/1", "models": models}
    else:
        spec = store.get(arguments.model)
        later = [revision.revision for revision in store.later_revisions(spec)]
        document = {"schema": "harness.model/1", **_model(spec, store)}
        as_text = "\n".join(_model_text(spec, [date for date in later if date]))
    write_stdout(as_json(document) if arguments.format == "json" else as_text)
    return ExitCode.DONE


def _summary(store: SpecStore, spec: Spec) -> dict[str, Any]:
    return {
        "id": spec.id,
        "title": spec.title,
        "provider": spec.provider.name,
        "group": spec.model.group,
        "revisions": list(store.revisions(spec.id)),
        "operations": list(spec.operations),
    }


def _list_text(models: list[dict[str, Any]]) -> str:
    lines = []
    for model in models:
        lines.append(model["id"])
        revisions = ", ".join(model["revisions"]) or "none"
        lines.append(f"  {model['group']}; sold by {model['provider']}; revisions: {revisions}")
    return "\n".join(lines)


def _model(spec: Spec, store: SpecStore) -> dict[str, Any]:
    return {
        **_summary(store, spec),
        "revision": spec.revision,
        "mapping": dict(spec.mapping),
        "sources": {
            source.id: {
                "kind": source.kind,
                "title": source.title,
                "date": source.date,
                "digest": source.digest,
                "url": source.url,
            }
            for source in spec.sources.values()
        },
        "facts": [_fact(spec, fact) for fact in facts(spec)],
        "contradictions": [
            {
                "id": contradiction.id,
                "found_by": contradiction.found_by,
                "meaning": contradiction.meaning,
                "statements": [
                    {"says": says.says, "source": [str(ref) for ref in says.sources]}
                    for says in contradiction.statements
                ],
            }
            for contradiction in spec.contradictions
        ],
    }


def _fact(spec: Spec, fact: Fact) -> dict[str, Any]:
    mark = spec.mark_at(fact.at)
    return {
        "operation": fact.address.operation,
        "direction": fact.address.direction.value,
        "status": fact.address.status,
        "field": fact.address.field,
        "facet": fact.address.facet,
        "state": fact.state.value,
        "value": fact.value,
        "source": [str(ref) for ref in fact.sources],
        "file": mark.file,
        "line": mark.line,
        "column": mark.column,
    }


def _model_text(spec: Spec, later: list[str]) -> Iterator[str]:
    yield f"{spec.ref}"
    yield f"  {visible(spec.title)}"
    yield f"  {spec.model.group}"
    if later:
        yield f"  later revisions change this: {', '.join(later)}"
    yield ""
    yield "documents"
    for source in spec.sources.values():
        yield f"  {source.id}: {visible(source.title)} ({source.kind}, {source.date or 'undated'})"
    subject = None
    for fact in facts(spec):
        if fact.address.subject != subject:
            subject = fact.address.subject
            yield ""
            yield visible(subject)
        yield _fact_text(fact)
    if spec.contradictions:
        yield ""
        yield "contradictions"
    for contradiction in spec.contradictions:
        yield f"  {contradiction.id}: {visible(contradiction.meaning)}"
        for statement in contradiction.statements:
            yield f"    {visible(statement.says)}  [{', '.join(map(str, statement.sources))}]"


def _fact_text(fact: Fact) -> str:
    if fact.state is State.DOCUMENTED:
        value = json.dumps(fact.value, ensure_ascii=False)
    else:
        value = "documented as absent" if fact.state is State.ABSENT else "undocumented"
    source = f"  [{', '.join(map(str, fact.sources))}]" if fact.sources else ""
    room = max(40, terminal_width() - 22)
    return f"  {fact.address.facet:18}{visible(value, room)}{visible(source)}"
