"""The fixture `cassette`: every HTTP request of a test answered from a recording."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.cli.clock import system_clock
from harness.errors import HarnessError
from harness.pytest_plugin.money import is_live
from harness.pytest_plugin.options import options_of, shown
from harness.pytest_plugin.project import project_of
from harness.spec.model import Spec
from harness.wire.message import Exchange, Provenance, Recording

__all__ = ["Cassette", "played"]

_LIVE_DAYS = 90


@dataclass(slots=True, kw_only=True)
class Cassette:
    """The recording that a test runs on. While it is being recorded, `recording` is None."""

    path: Path
    recording: Recording | None = field(default=None, repr=False)
    unplayed: tuple[Exchange, ...] = field(default=(), repr=False)
    """After the test: what was recorded and nobody asked for."""


@contextmanager
def played(request: pytest.FixtureRequest, home: Path) -> Iterator[Cassette]:
    """Plays the cassette of a test. In the mode `once`, a live test records one that is missing."""
    path = Path(shown(_path(request)))
    mode = request.config.getoption("harness_record_mode")
    if mode == "once" and not path.exists() and is_live(request.node):
        with _recorded(request, path, home / "recorded.yaml") as tape:
            yield tape
        return
    from harness.cassette.replay import replaying
    from harness.cassette.scrub import Scrubber

    tape = Cassette(path=path)
    try:
        with replaying(path, scrubber=Scrubber.of(_specs(request)), now=system_clock().utc_now()) as replay:
            tape.recording = replay.recording
            yield tape
            tape.unplayed = replay.unplayed
    except HarnessError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _path(request: pytest.FixtureRequest) -> Path:
    """The file of the marker `recorded`, else one by the names of module and test; in the first directory."""
    marker = request.node.get_closest_marker("recorded")
    module: Path = request.path
    places = [path for path in options_of(request.config).traffic if path.is_dir()]
    directory = places[0] if places else module.parent / "cassettes"
    if marker is not None and marker.args:
        below = str(marker.args[0])
        return next((place / below for place in places if (place / below).exists()), directory / below)
    name = "".join(c if c.isalnum() or c in "-_." else "-" for c in request.node.name)
    return directory / module.stem / f"{name}.yaml"


def _specs(request: pytest.FixtureRequest) -> tuple[Spec, ...]:
    return project_of(request.config).store.all()


@contextmanager
def _recorded(request: pytest.FixtureRequest, path: Path, draft: Path) -> Iterator[Cassette]:
    """Records into a draft that nobody sees, takes the secrets out, and moves what is left to its place."""
    import vcr

    tape = Cassette(path=path)
    with vcr.VCR(record_mode="all").use_cassette(str(draft)):
        yield tape
    if not draft.exists():
        return
    try:
        tape.recording = _kept(request, draft, path)
    except HarnessError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _kept(request: pytest.FixtureRequest, draft: Path, path: Path) -> Recording:
    import argparse

    from harness.cassette.read import read_recording
    from harness.cassette.scrub import Scrubber
    from harness.cassette.write import write_cassette
    from harness.cli.live import keyring_of, use_of
    from harness.client.calls import Endpoints

    specs = project_of(request.config).store.all()
    places = [str(place) for place in options_of(request.config).specs]
    use = use_of(argparse.Namespace(config=None, specs=places))
    secrets = keyring_of(Endpoints(overrides={}), [], use).secrets
    scrubber = Scrubber.of(specs, secrets)
    now = system_clock().utc_now().replace(microsecond=0)
    raw = read_recording(draft, str(path))
    is_local = all(
        urlsplit(e.request.url).hostname in ("127.0.0.1", "::1", "localhost") for e in raw.exchanges
    )
    recording = replace(
        raw,
        provenance=Provenance.SIMULATED if is_local else Provenance.LIVE,
        recorded_at=now,
        expires=None if is_local else now + timedelta(days=_LIVE_DAYS),
        exchanges=tuple(scrubber.exchange(exchange) for exchange in raw.exchanges),
    )
    write_cassette(recording, path, secrets=secrets)
    return recording
