"""Reading `harness.yaml`, with the place of every fault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import OperatorError
from harness.finding import Impact, Severity
from harness.spec import yaml
from harness.spec.fields import (
    Fields,
    count,
    elements,
    fault,
    kind_of,
    number,
    one_of,
    pointer,
    strings,
    table,
    text,
)
from harness.spec.json_text import parse_json
from harness.spec.load import check_format
from harness.spec.load_operations import OPERATIONS
from harness.spec.node import Node
from harness.spec.store import SpecStore, read_text
from harness.use.model import PLACES, Binding, Budget, PriceLine, Sent, Usage, Use
from harness.use.names import CONFIG, LOCK, STATE, WAIVERS

__all__ = ["CONFIG", "LOCK", "STATE", "WAIVERS", "read_use"]


def read_use(path: Path, store: SpecStore) -> Use:
    """What a `harness.yaml` says; files that it names are looked for beside it.

    Raises OperatorError or SourceError, with the first fault.
    """
    shown = str(path)
    return _Reader(path.parent, store).use(yaml.parse(read_text(path, shown), shown), shown)


class _Reader:
    def __init__(self, directory: Path, store: SpecStore) -> None:
        self.directory = directory
        self.store = store

    def use(self, root: Node, shown: str) -> Use:
        fields = Fields(root, "")
        fields.required("format", check_format)
        use = Use(
            file=shown,
            models=fields.required("models", self._models),
            credentials=tuple(fields.table("credentials", _binding).values()),
            budget=fields.maybe("budget", _budget),
            policy=fields.optional("policy", _policy, {}),
            waivers=fields.optional("waivers", self._path, self.directory / WAIVERS),
            lock=fields.optional("lock", self._path, self.directory / LOCK),
            lock_required="lock" in root.mapping,
            state=fields.maybe("state", self._path),
        )
        fields.finish()
        return use

    def _path(self, node: Node, at: str) -> Path:
        return self.directory / text(node, at)

    def _models(self, node: Node, at: str) -> Mapping[str, Usage]:
        if not isinstance(node.value, Mapping):
            raise fault(f"{at}: expected a mapping of model ids, got {kind_of(node)}", node.mark)
        if not node.value:
            raise fault(f"{at}: expected at least one model", node.mark)
        found: dict[str, Usage] = {}
        for reference, child in node.value.items():
            try:
                model, revision = self.store.resolve(reference)
            except OperatorError as error:
                raise fault(f"{at}: {error}", child.name_mark) from None
            if model in found:
                line = found[model].mark.line
                raise fault(f"{at}: {model} stands in line {line} already", child.name_mark)
            full = model if revision is None else f"{model}@{revision}"
            found[model] = self._usage(child, f"{at}/{reference}", model, full)
        return found

    def _usage(self, node: Node, at: str, model: str, reference: str) -> Usage:
        if node.value is None:
            return Usage(model=model, reference=reference, mark=node.name_mark)
        fields = Fields(node, at)
        usage = Usage(
            model=model,
            reference=reference,
            requests=fields.maybe("requests", self._requests),
            reads=fields.maybe("reads", _reads),
            status_words=fields.maybe("status_words", strings),
            prices=fields.optional("prices", _prices, ()),
            mark=node.name_mark,
        )
        fields.finish()
        return usage

    def _requests(self, node: Node, at: str) -> tuple[Sent, ...]:
        if not isinstance(node.value, tuple):
            raise fault(f"{at}: expected a list, got {kind_of(node)}", node.mark)
        return tuple(self._sent(child, f"{at}/{index}", index) for index, child in enumerate(node.value))

    def _sent(self, node: Node, at: str, index: int) -> Sent:
        fields = Fields(node, at)
        body = fields.maybe("body", lambda child, _: child.plain())
        file = fields.maybe("file", text)
        if ("body" in node.mapping) == (file is not None):
            raise fault(f"{at}: expected either body or file", node.mark)
        if file is not None:
            body = self._body(file, node.mapping["file"], f"{at}/file")
        sent = Sent(
            name=fields.optional("name", text, file or f"request {index + 1}"),
            operation=fields.optional("operation", one_of(OPERATIONS), "submit"),
            body=body,
            per_month=fields.maybe("per_month", number),
            mark=node.mark,
        )
        fields.finish()
        return sent

    def _body(self, name: str, node: Node, at: str) -> Any:
        path = self.directory / name
        try:
            document = parse_json(read_text(path, str(path)), str(path))
        except OperatorError as error:
            raise fault(f"{at}: {error}", node.mark) from None
        for found in document.faults:
            raise fault(f"{at}: {found.kind} at {found.pointer or 'the top'} of {path}", node.mark)
        return document.root.plain()


def _reads(node: Node, at: str) -> Mapping[str, tuple[str, ...]]:
    return table(node, at, _pointers) if _known_places(node, at) else {}


def _known_places(node: Node, at: str) -> bool:
    for name, child in node.mapping.items():
        if name not in PLACES:
            raise fault(f"{at}: expected one of {', '.join(PLACES)}, got {name!r}", child.name_mark)
    return True


def _pointers(node: Node, at: str) -> tuple[str, ...]:
    if not isinstance(node.value, tuple):
        raise fault(f"{at}: expected a list, got {kind_of(node)}", node.mark)
    return tuple(pointer(child, f"{at}/{index}") for index, child in enumerate(node.value))


def _prices(node: Node, at: str) -> tuple[PriceLine, ...]:
    return tuple(_price(child, f"{at}/{index}") for index, child in enumerate(elements(node, at)))


def _price(node: Node, at: str) -> PriceLine:
    fields = Fields(node, at)
    line = PriceLine(
        currency=fields.optional("currency", text, "USD"),
        unit=fields.required("per", one_of(("second", "video"))),
        amount=fields.required("amount", number),
        when=fields.optional("when", _conditions, {}),
    )
    fields.finish()
    return line


def _conditions(node: Node, at: str) -> Mapping[str, Any]:
    if not isinstance(node.value, Mapping):
        raise fault(f"{at}: expected a mapping of JSON Pointers, got {kind_of(node)}", node.mark)
    for name, child in node.value.items():
        pointer(Node(name, child.name_mark), at)
    return {name: child.plain() for name, child in node.value.items()}


def _binding(node: Node, at: str) -> Binding:
    fields = Fields(node, at)
    binding = Binding(
        slot=at.rpartition("/")[2],
        variable=fields.required("variable", text),
        hosts=fields.required("hosts", strings),
    )
    fields.finish()
    return binding


def _budget(node: Node, at: str) -> Budget:
    fields = Fields(node, at)
    budget = Budget(
        max_jobs=fields.maybe("max_jobs", count), max_cost_usd=fields.maybe("max_cost_usd", number)
    )
    fields.finish()
    if budget.max_jobs is None and budget.max_cost_usd is None:
        raise fault(f"{at}: expected max_jobs or max_cost_usd", node.name_mark)
    return budget


def _policy(node: Node, at: str) -> Mapping[Impact, Severity]:
    fields = Fields(node, at)
    read = one_of([severity.value for severity in Severity])
    found = {impact: fields.maybe(impact.value, read) for impact in Impact}
    fields.finish()
    return {impact: Severity(word) for impact, word in found.items() if word is not None}
