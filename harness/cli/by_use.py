"""A judgement as it is to the user of this directory: weighed, held against what they accepted, waived."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import OperatorError
from harness.finding import Finding, Judgement
from harness.use.names import CONFIG, LOCK, STATE, WAIVERS

if TYPE_CHECKING:
    from harness.spec.model import Spec
    from harness.spec.store import SpecStore
    from harness.use.lock import Lock
    from harness.use.model import Use
    from harness.use.staleness import MonitorState
    from harness.use.waivers import Scope

__all__ = ["Files", "Judged", "files_of", "judge_by_use", "lock_at", "state_at", "text_at"]

_TRAFFIC = ("request", "response", "job", "event", "webhook", "video", "traffic", "cassette")
_AREAS: dict[str, tuple[str, ...]] = {
    "run": ("spec", "compare", "lock", *_TRAFFIC),
    "report": ("spec", "compare", "lock", *_TRAFFIC),
    "lint": ("spec", "compare", "lock"),
    "check traffic": ("lock", *_TRAFFIC),
    "compare": ("compare", "lock"),
    "diff": ("diff",),
    "drift docs": ("diff", "docs", "document", "drift", "lock"),
    "drift wire": ("diff", "wire", "drift", "lock"),
}
"""The areas of the rules of which each command can say that nothing was found.

Judging one message (`check request`) is not among them: that one body does not show a deviation says
nothing of the others.
"""
_SELECTION = ("files", "paths", "models", "model", "target", "file", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the user keeps here; `use` is None where there is no harness.yaml."""

    use: Use | None
    waivers: Path
    lock: Path
    lock_required: bool
    state: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The judgement, whether the monitor saw nothing for too long, and the state to keep after the run."""

    judgement: Judgement
    is_stale: bool = False
    state_path: Path | None = None
    state_text: str = ""


def files_of(arguments: argparse.Namespace, store: SpecStore) -> Files:
    """The user's files: those of `--config`, else of ./harness.yaml, else the ones of the usual names."""
    path = Path(arguments.config) if arguments.config is not None else Path(CONFIG)
    use = None
    if arguments.config is not None or path.is_file():
        from harness.use.read import read_use

        use = read_use(path, store)
    state, usual = use.state if use is not None else None, path.parent / STATE
    if state is None and (usual.is_file() or getattr(arguments, "max_staleness", None) is not None):
        state = usual
    return Files(
        use=use,
        waivers=(use.waivers if use is not None else None) or Path(WAIVERS),
        lock=(use.lock if use is not None else None) or Path(LOCK),
        lock_required=use is not None and use.lock_required,
        state=state,
    )


def judge_by_use(judgement: Judgement, arguments: argparse.Namespace, store: SpecStore) -> Judged:
    """What a judgement comes to here. Raises OperatorError for files of the user's that cannot be read."""
    files = files_of(arguments, store)
    allowed = _age(arguments.max_staleness)
    name = " ".join(part for part in (arguments.command, getattr(arguments, "kind", None)) if part)
    lock = lock_at(files.lock, required=files.lock_required)
    if files.use is not None:
        from harness.use.weigh import weigh

        judgement = weigh(judgement, files.use, _specs_of(store))
    if lock is not None and "lock" in _AREAS.get(name, ("lock",)):
        judgement = _against_lock(judgement, lock, files, store)
    if files.waivers.exists():
        judgement = _waived(judgement, files, _scope(name, arguments, judgement))
    if files.state is None:
        return Judged(judgement=judgement)
    return _with_state(judgement, name, files.state, lock, allowed)


def _age(written: str | None) -> timedelta | None:
    if written is None:
        return None
    from harness.use.staleness import age_of

    allowed = age_of(written)
    if allowed is None:
        raise OperatorError(f"--max-staleness: expected an age such as 12h, 7d or 2w, got {written!r}")
    return allowed


def _specs_of(store: SpecStore) -> Callable[[str], Spec | None]:
    """The spec of a reference, None where there is none."""

    def spec_of(reference: str) -> Spec | None:
        try:
            return store.get(reference)
        except OperatorError:
            return None

    return spec_of


def text_at(path: Path) -> str | None:
    """The text of a file of the user's, None where there is no such file."""
    from harness.spec.store import read_text

    return read_text(path, str(path)) if path.exists() else None


def lock_at(path: Path, *, required: bool = False) -> Lock | None:
    """The accepted baseline, None where nothing was accepted yet."""
    content = text_at(path)
    if content is None:
        if required:
            raise OperatorError(f"{path}: no such file; `harness drift accept` writes it")
        return None
    from harness.use.lock import read_lock

    return read_lock(content, str(path))


def state_at(path: Path) -> MonitorState:
    """What was kept after earlier runs."""
    from harness.use.staleness import MonitorState, read_state

    content = text_at(path)
    return MonitorState() if content is None else read_state(content, str(path))


def _against_lock(judgement: Judgement, lock: Lock, files: Files, store: SpecStore) -> Judgement:
    from harness.use.baseline import judge_lock
    from harness.use.weigh import weigh_finding

    use = files.use
    used = use.models.items() if use is not None else ()

    def weighed(finding: Finding) -> Finding:
        return finding if use is None else weigh_finding(finding, use, _specs_of(store))

    found = judge_lock(
        lock,
        store,
        references={model: usage.reference for model, usage in used},
        judged={reference.partition("@")[0] for reference in judgement.models},
        weighed=weighed,
        file=str(files.lock),
    )
    return replace(judgement, findings=(*judgement.findings, *found))


def _waived(judgement: Judgement, files: Files, scope: Scope) -> Judgement:
    from harness.spec.store import read_text
    from harness.use.waivers import apply_waivers, read_waivers

    waivers = read_waivers(read_text(files.waivers, str(files.waivers)), str(files.waivers))
    return apply_waivers(judgement, waivers, today=datetime.now(UTC).date(), scope=scope)


def _scope(name: str, arguments: argparse.Namespace, judgement: Judgement) -> Scope:
    from harness.use.waivers import Scope

    chosen = any(getattr(arguments, member, None) for member in _SELECTION)
    # One page of a provider's several: what it does not speak of was not observed.
    unsaid = chosen and name == "drift docs" and judgement.subjects is None
    return Scope(areas=frozenset(() if unsaid else _AREAS.get(name, ())), whole=not chosen)


def _with_state(
    judgement: Judgement, name: str, path: Path, lock: Lock | None, allowed: timedelta | None
) -> Judged:
    from harness.report.visible import as_json
    from harness.use.staleness import stale_findings, state_json

    now = datetime.now(UTC).replace(microsecond=0)
    since = None if lock is None else lock.accepted_at
    state = state_at(path).after(name, judgement, now=now, since=since)
    stale: tuple[Finding, ...] = ()
    if allowed is not None:
        stale = tuple(stale_findings(state, name, judgement, now=now, allowed=allowed))
    return Judged(
        judgement=replace(judgement, findings=(*judgement.findings, *stale)),
        is_stale=bool(stale),
        state_path=path,
        state_text=as_json(state_json(state)),
    )
