"""`harness translate`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.cli.commands.check import judges_for
from harness.cli.output import deliver_beside, read_input, store_of
from harness.errors import OperatorError, SourceError
from harness.finding import Judgement, Location, Observed
from harness.spec.store import SpecStore

if TYPE_CHECKING:
    from harness.spec.json_text import JsonDocument
    from harness.spec.model import Spec
    from harness.translate.values import Translation

__all__ = ["run"]

ABOUT_THE_NAME = ("presence", "additionalProperties")


def run(arguments: argparse.Namespace) -> int:
    """The request on stdout, what it loses on stderr."""
    store = store_of(arguments)
    target = store.get(arguments.to)
    source = store.get(arguments.source) if arguments.source is not None else None
    if source is None and arguments.from_operation is not None:
        raise OperatorError("translate: --from-operation says more of --from, which is not given")
    content, shown = read_input(arguments.file)
    from harness.report.visible import as_json

    translation, judgement = _translated(arguments, store, source, target, (content, shown))
    return deliver_beside(judgement, arguments, product=as_json(translation.body))


def _translated(
    arguments: argparse.Namespace,
    store: SpecStore,
    source: Spec | None,
    target: Spec,
    request: tuple[bytes, str],
) -> tuple[Translation, Judgement]:
    from harness.translate import read_canonical, to_native, translate
    from harness.translate.losses import Origin
    from harness.translate.values import GuidanceScale

    given = Judgement() if source is None else _judged(arguments, store, source, request)
    document = _document(request)
    options: dict[str, Any] = {
        "operation": arguments.operation,
        "pin_defaults": arguments.pin_defaults,
        "guidance_scale": GuidanceScale(arguments.guidance_scale) if arguments.guidance_scale else None,
        "settings": _settings(arguments, target),
    }
    body = document.root.plain()
    if source is None:
        _refuse_faults(document)
        origin = Origin(locate=_locator(document))
        translation = to_native(target, read_canonical(body, request[1]), origin=origin, **options)
    else:
        translation = translate(
            source,
            target,
            body,
            source_operation=arguments.from_operation or "submit",
            locate=_locator(document),
            **options,
        )
    told = Judgement(
        findings=translation.losses,
        observed=Observed(operations=1, facts=len(translation.canonical)),
        models=(target.ref,),
    )
    return translation, _once(given, told)


def _settings(arguments: argparse.Namespace, target: Spec) -> dict[str, Any]:
    from harness.translate.settings import read_setting

    return dict(read_setting(target, arguments.operation, text) for text in arguments.settings)


def _judged(
    arguments: argparse.Namespace, store: SpecStore, source: Spec, request: tuple[bytes, str]
) -> Judgement:
    """The request against what its own seller documents."""
    from harness.check.request import check_request

    content, shown = request
    operation = arguments.from_operation or "submit"
    return check_request(source, content, file=shown, operation=operation, judges=judges_for(store))


def _document(request: tuple[bytes, str]) -> JsonDocument:
    from harness.check.request import read_body

    return read_body(*request)


def _refuse_faults(document: JsonDocument) -> None:
    """No seller judges a canonical request, so what strict JSON forbids in it is a fault of the file."""
    for fault in document.faults:
        raise SourceError(
            f"{fault.pointer}: {fault.kind.replace('-', ' ')}, which strict JSON forbids",
            file=fault.mark.file,
            line=fault.mark.line,
            column=fault.mark.column,
        )


def _locator(document: JsonDocument) -> Callable[[str], Location | None]:
    def locate(pointer: str) -> Location:
        mark = document.root.nearest(pointer).name_mark
        return Location(file=mark.file, line=mark.line, column=mark.column)

    return locate


def _once(given: Judgement, told: Judgement) -> Judgement:
    """Both, each fault once.

    That a seller does not know a parameter is said by what becomes of it; another fault of it stands for that
    it is left out.
    """
    from harness.translate.rules import UNKNOWN

    unknown = {loss.pointer for loss in told.findings if loss.rule is UNKNOWN}
    kept = tuple(f for f in given.findings if f.pointer not in unknown or f.facet not in ABOUT_THE_NAME)
    said = {finding.pointer for finding in kept}
    losses = tuple(loss for loss in told.findings if loss.rule is not UNKNOWN or loss.pointer not in said)
    return replace(given, findings=kept) + replace(told, findings=losses)
