"""`harness doctor`: what is there to work with, and what to run next. It shows no key and spends nothing."""

from __future__ import annotations

import argparse
import os
import platform
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from harness import __version__
from harness.cli.exit_codes import ExitCode
from harness.cli.output import store_of
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.spec.store import SpecStore

__all__ = ["EXTRAS", "run"]

EXTRAS: Mapping[str, Mapping[str, str]] = {
    "live": {
        "httpx": "httpx",
        "httpx_sse": "httpx-sse",
        "tenacity": "tenacity",
        "aiolimiter": "aiolimiter",
        "sniffio": "sniffio",
    },
    "simulator": {
        "starlette": "starlette",
        "uvicorn": "uvicorn",
        "sse_starlette": "sse-starlette",
        "av": "av",
        "httpx": "httpx",
    },
    "video": {"av": "av"},
    "conform": {"hypothesis": "hypothesis"},
    "bench": {"numpy": "numpy", "rich": "rich", "sqlalchemy": "sqlalchemy"},
    "postgresql": {"psycopg": "psycopg"},
    "parquet": {"pyarrow": "pyarrow"},
}
"""Extra -> the modules that it brings, with the names under which they are distributed."""

_FIRST = ("live", "simulator")
"""The extras without which little more than the main job runs; the others are for who asks for them."""

_CORE = ("jinja2", "jsonschema", "matplotlib", "pyyaml", "rfc8785", "vcrpy")
_CONNECT_S = 5.0
_SHORTEST_KEY = 8


class _Status(StrEnum):
    """How something stands. `failed` was tried and did not work; the rest is as it is."""

    OK = "ok"
    MISSING = "missing"
    NOT_TRIED = "not tried"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """One thing that was looked at."""

    area: str
    name: str
    status: _Status
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A credential slot, the variable that holds its key, and the hosts that the key may be sent to."""

    name: str
    variable: str
    hosts: tuple[str, ...]


def run(arguments: argparse.Namespace) -> int:
    """Looks at everything, says what it saw, and what to do."""
    store = store_of(arguments)
    slots = _slots(arguments, store)
    checks = [
        *_versions(),
        *_specs(store),
        *(_key(slot) for slot in slots),
        *_hosts(slots, online=arguments.online),
        *(_extra(name) for name in EXTRAS),
        *_places(Path(arguments.journal)),
    ]
    following = list(_next(checks, store, Path(arguments.journal)))
    if arguments.format == "json":
        from harness.report.visible import as_json

        rows = [asdict(check) for check in checks]
        write_stdout(as_json({"schema": "harness.doctor/1", "checks": rows, "next": following}))
    else:
        write_stdout("\n".join(_lines(checks, following)))
    failed = any(check.status is _Status.FAILED for check in checks)
    return ExitCode.INCONCLUSIVE if failed else ExitCode.DONE


def _slots(arguments: argparse.Namespace, store: SpecStore) -> tuple[_Slot, ...]:
    """Those of the shipped specs, as the operator's configuration binds them."""
    hosts: dict[str, dict[str, None]] = {}
    for spec in SpecStore().all():
        host = urlsplit(spec.server).netloc
        hosts.setdefault(spec.provider.credential, {})[host] = None
    found = {
        slot: _Slot(name=slot, variable=f"{slot.upper().replace('-', '_')}_API_KEY", hosts=tuple(names))
        for slot, names in hosts.items()
    }
    path = Path(arguments.config or "harness.yaml")
    if arguments.config is not None or path.is_file():
        from harness.use.read import read_use

        for own in read_use(path, store).credentials:
            found[own.slot] = _Slot(name=own.slot, variable=own.variable, hosts=own.hosts)
    return tuple(found[slot] for slot in sorted(found))


def _versions() -> Iterator[_Check]:
    yield _Check(area="version", name="harness", status=_Status.OK, detail=__version__)
    words = f"{platform.python_version()} on {platform.system()}"
    yield _Check(area="version", name="python", status=_Status.OK, detail=words)
    core = ", ".join(f"{name} {_version(name) or 'not found'}" for name in _CORE)
    yield _Check(area="version", name="libraries", status=_Status.OK, detail=core)


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _specs(store: SpecStore) -> Iterator[_Check]:
    try:
        models = store.all()
    except OperatorError as error:
        yield _Check(area="specs", name="specs", status=_Status.FAILED, detail=str(error))
        return
    detail = f"{len(models)} models of {len({spec.provider_id for spec in models})} providers"
    yield _Check(area="specs", name="specs", status=_Status.OK, detail=detail)


def _key(slot: _Slot) -> _Check:
    """Whether a key is there, and can be one. Nothing of it is shown, its length neither."""
    key = os.environ.get(slot.variable, "")
    to = ", ".join(slot.hosts)
    status, detail = _Status.OK, f"{slot.variable} is set; it goes to {to} alone"
    if not key:
        status, detail = _Status.MISSING, f"{slot.variable} is not set"
    elif not key.isascii() or not key.isprintable() or " " in key:
        status, detail = _Status.FAILED, f"{slot.variable} holds spaces or characters that no key has"
    elif len(key) < _SHORTEST_KEY:
        detail += "; it is too short to be told from other text, so recordings hide it by name alone"
    return _Check(area="key", name=slot.name, status=status, detail=detail)


def _hosts(slots: Sequence[_Slot], *, online: bool) -> Iterator[_Check]:
    for host in dict.fromkeys(host for slot in slots for host in slot.hosts):
        if online:
            yield _reached(host)
        else:
            detail = "say --online to connect to it; nothing is sent"
            yield _Check(area="host", name=host, status=_Status.NOT_TRIED, detail=detail)


def _reached(host: str) -> _Check:
    """A connection, opened and closed."""
    name, _, port = host.partition(":")
    try:
        with socket.create_connection((name, int(port or 443)), timeout=_CONNECT_S) as connection:
            address = connection.getpeername()[0]
    except OSError as error:
        why = error.strerror or str(error) or type(error).__name__
        return _Check(area="host", name=host, status=_Status.FAILED, detail=f"not reached: {why}")
    return _Check(area="host", name=host, status=_Status.OK, detail=f"reached at {address}")


def _extra(name: str) -> _Check:
    modules = EXTRAS[name]
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        detail = (
            f"{', '.join(modules[m] for m in missing)} not found: pip install 'video-api-harness[{name}]'"
        )
        return _Check(area="extra", name=name, status=_Status.MISSING, detail=detail)
    detail = ", ".join(f"{shown} {_version(shown) or '?'}" for shown in modules.values())
    return _Check(area="extra", name=name, status=_Status.OK, detail=detail)


def _places(journal: Path) -> Iterator[_Check]:
    for name, path in (("journal", journal), ("reports", Path("reports") / "report.html")):
        try:
            _try_to_write(path)
        except OSError as error:
            detail = f"{path}: {error.strerror or error}"
            yield _Check(area="place", name=name, status=_Status.FAILED, detail=detail)
        else:
            what = "is there and" if path.exists() else "is not there yet and"
            yield _Check(area="place", name=name, status=_Status.OK, detail=f"{path} {what} can be written")


def _nearest(directory: Path) -> Path:
    while not directory.exists() and directory != directory.parent:
        directory = directory.parent
    return directory


def _try_to_write(path: Path) -> None:
    """Leaves no trace. Raises OSError where a file cannot be written there."""
    if path.is_file():
        with path.open("ab"):
            pass
    with tempfile.TemporaryFile(dir=_nearest(path.parent)):
        pass


def _next(checks: Sequence[_Check], store: SpecStore, journal: Path) -> Iterator[str]:
    """Commands, the most useful first."""
    standing = {(check.area, check.name): check.status for check in checks}
    for name in _FIRST:
        if standing["extra", name] is _Status.MISSING:
            yield f"pip install 'video-api-harness[{name}]'"
    if journal.exists():
        yield "harness jobs"
        yield "harness resume"
    yield "harness run"
    if standing["specs", "specs"] is _Status.FAILED:
        return
    bound = [check.name for check in checks if check.area == "key" and check.status is _Status.OK]
    model = next((spec.id for spec in store.all() if spec.provider.credential in bound), None)
    if model is not None:
        yield f"harness record {model} --to cassettes --live --max-jobs 1"
    else:
        yield "harness simulate"
        model = store.ids[0]
        base = f"--base-url {model.split('/')[0]}=URL"
        yield f"harness record {model} --to cassettes {base}"


def _lines(checks: Sequence[_Check], following: Sequence[str]) -> Iterator[str]:
    from harness.report.visible import visible

    for check in checks:
        yield f"{check.status.value:9}  {check.area:7}  {check.name}: {visible(check.detail)}"
    yield ""
    yield "next:"
    yield from (f"  {command}" for command in following)
