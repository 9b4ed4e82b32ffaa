"""Which sellers are tried, with which request, and how the end of each job is waited for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.check.body import Judges
from harness.check.request import request_findings
from harness.client.billing import Prices, WorstCase, worst_case
from harness.client.calls import json_body
from harness.client.results import Mode
from harness.errors import BudgetError, OperatorError
from harness.finding import Finding, Location, Severity
from harness.recorder.record import default_body
from harness.spec.json_text import parse_json
from harness.spec.model import Spec
from harness.spec.pointer import MISSING, resolve
from harness.translate import effective, to_native

__all__ = ["Errand", "cassette_path", "chosen", "common_words", "mode_of", "planned"]

_PROMPT = "A red fox runs through fresh snow at dawn."
_SHARED: tuple[str, ...] = ("duration_s", "aspect_ratio", "audio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One job that is to be made. `losses` are what the request loses at this seller, `faults` why its
    documents do not allow it; `canonical` is what the body says in canonical words.
    """

    spec: Spec
    body: Mapping[str, Any]
    mode: Mode
    path: Path
    worst: WorstCase
    canonical: Mapping[str, Any]
    losses: tuple[Finding, ...] = ()
    faults: tuple[Finding, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the documents allow the request."""
        return not self.faults


def chosen(named: Sequence[Spec], known: Sequence[Spec]) -> tuple[Spec, ...]:
    """The models to try: those that are named; else of each provider the one that most others sell, too.

    Raises OperatorError for two models of one provider: a trial is one job at each.
    """
    if not named:
        sellers = Counter(spec.model.group for spec in known)
        best: dict[str, Spec] = {}
        for spec in known:
            before = best.get(spec.provider_id)
            if before is None or sellers[spec.model.group] >= sellers[before.model.group]:
                best[spec.provider_id] = spec
        named = tuple(best.values())
    by_provider: dict[str, Spec] = {}
    for spec in named:
        other = by_provider.setdefault(spec.provider_id, spec)
        if other is not spec:
            raise OperatorError(
                f"trial: {other.ref} and {spec.ref} are both of {spec.provider_id}; "
                "a trial makes one job at each provider: name one of them"
            )
    return tuple(by_provider.values())


def common_words(specs: Sequence[Spec], given: Mapping[str, Any]) -> dict[str, Any]:
    """One canonical request for all sellers of a group: what is given, a prompt, and of length, shape and
    sound what most of them document as their default (of lengths, the shortest: it is paid for).
    """
    words: dict[str, Any] = {"prompt": _PROMPT}
    for word in _SHARED:
        defaults = [value for spec in specs if (value := effective(spec, {}).get(word)) is not None]
        if defaults and word == "duration_s":
            words[word] = min(defaults)
        elif defaults:
            words[word] = Counter(defaults).most_common(1)[0][0]
    return {**words, **given}


def mode_of(spec: Spec, *, can_be_called: bool) -> Mode:
    """How the end is waited for: polls are made in every mode, beside what the documents say is pushed."""
    if "events" in spec.operations:
        return Mode.EVENTS
    if spec.webhook.value is not None and can_be_called:
        return Mode.WEBHOOK
    return Mode.POLL


def cassette_path(directory: Path, spec: Spec) -> Path:
    """Where the recording of a seller's job goes."""
    provider, slug = spec.ref.split("/", 1)
    return directory / provider / f"{slug}.trial.yaml"


def planned(
    spec: Spec, canonical: Mapping[str, Any], *, mode: Mode, directory: Path, prices: Prices
) -> Errand:
    """The errand for one seller, with every documented default written out.

    Raises OperatorError for a request that would make more than one job, or that lacks what no document
    gives, and BudgetError for one whose bill cannot be bounded.
    """
    settings = _required(spec, canonical)
    native = to_native(spec, canonical, pin_defaults=True, settings=settings)
    losses = tuple(_weighed(loss) for loss in native.losses)
    faults = _faults(spec, native.body)
    try:
        worst = worst_case(spec, native.body, prices)
    except BudgetError:
        if not faults:
            raise
        worst = WorstCase(jobs=1, cost_microusd=None)
    if worst.jobs != 1:
        raise OperatorError(f"{spec.ref}: the request makes {worst.jobs} jobs; a trial makes one")
    return Errand(
        spec=spec,
        body=native.body,
        mode=mode,
        path=cassette_path(directory, spec),
        worst=worst,
        canonical=native.canonical,
        losses=losses,
        faults=faults,
    )


def _required(spec: Spec, canonical: Mapping[str, Any]) -> dict[str, Any]:
    """What a documented example gives for members that are required and that no canonical word sets."""
    given = {spec.mapping[word] for word in canonical if word in spec.mapping}
    try:
        base = default_body(spec, Mode.POLL)
    except OperatorError:
        return {}  # what is missing shows as a fault of the request
    pointers = (spec.mapping.get(word) for word in ("model_version",))
    return {
        pointer: value
        for pointer in pointers
        if pointer is not None and pointer not in given and (value := resolve(base, pointer)) is not MISSING
    }


def _weighed(loss: Finding) -> Finding:
    """What one seller cannot say is no fault of it: at most a warning here. What was left out to everybody,
    and to which a seller documents no default, is worth knowing.
    """
    if loss.rule.id == "translate.default-unknown":
        return loss.but(severity_override=Severity.INFO)
    return loss.but(severity_override=Severity.WARNING) if loss.severity is Severity.ERROR else loss


def _faults(spec: Spec, body: Mapping[str, Any]) -> tuple[Finding, ...]:
    request = spec.operations["submit"].request
    if request is None:
        return ()
    name = f"the request to {spec.ref}"
    document = parse_json(json_body(body).decode(), name)
    found = request_findings(spec, "submit", request, document, subject=Location(file=name), judges=Judges())
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)
