"""The user's project: their specs over the shipped ones, and what all their recorded traffic comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.cli.clock import system_clock
from harness.errors import HarnessError
from harness.pytest_plugin.options import Options, options_of, shown
from harness.pytest_plugin.stash import PROJECT
from harness.spec.store import DISCREPANCIES, SpecFile, SpecStore, read_text

if TYPE_CHECKING:
    from harness.pytest_plugin.traffic import Traffic
    from harness.spec.model import Spec

__all__ = ["Project", "SpecPlace", "models_of", "project_of", "spec_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecPlace:
    """One spec file of the user's: the reference of what it describes.

    `speaks` is set on the first file of each model: the tests of its traffic stand there.
    """

    path: Path
    reference: str
    speaks: bool

    @property
    def model(self) -> str:
        """The id without a revision."""
        return self.reference.partition("@")[0]


@dataclass(kw_only=True)
class Project:
    """Everything that the tests of one run share; each part is made when it is first asked for."""

    options: Options
    now: datetime = field(default_factory=lambda: system_clock().utc_now().replace(microsecond=0))

    @cached_property
    def store(self) -> SpecStore:
        """The user's specs over the shipped ones. Raises HarnessError for a file that cannot be read."""
        return SpecStore(tuple(Path(shown(path)) for path in self.options.specs))

    @cached_property
    def places(self) -> Mapping[Path, SpecPlace]:
        """The user's spec files, by absolute path. Raises HarnessError."""
        known = {file.path.resolve(): reference for reference, file in _files(self.store)}
        found: dict[Path, SpecPlace] = {}
        spoken: set[str] = set()
        for directory in self.options.specs:
            for path in sorted(directory.rglob("*.yaml")):
                if path.name == DISCREPANCIES and path.parent == directory:
                    continue
                reference = known.get(path.resolve()) or _overlaid(path)
                model = reference.partition("@")[0]
                found[path] = SpecPlace(path=path, reference=reference, speaks=model not in spoken)
                spoken.add(model)
        return found

    @property
    def models(self) -> tuple[str, ...]:
        """The models that the user's files describe; all shipped ones where no directory was named."""
        own = tuple(dict.fromkeys(place.model for place in self.places.values()))
        return own if self.options.specs else self.store.ids

    @cached_property
    def traffic(self) -> Traffic:
        """All recorded traffic, judged. Raises HarnessError for a file that cannot be read."""
        from harness.pytest_plugin.traffic import judged_traffic

        return judged_traffic(self.store, self.options, self.now)

    @property
    def other_models(self) -> tuple[str, ...]:
        """Models of which there is traffic, and no spec file of the user's. Raises HarnessError."""
        own = {place.model for place in self.places.values()}
        if own >= set(self.store.ids):
            return ()  # the traffic need not be read to know that
        return tuple(model for model in self.traffic.models if model not in own)


def _files(store: SpecStore) -> Iterator[tuple[str, SpecFile]]:
    for model in store.ids:
        baseline, *later = store.files(model)
        yield model, baseline
        for when, file in zip(store.revisions(model), later, strict=True):
            yield f"{model}@{when}", file


def _overlaid(path: Path) -> str:
    from harness.spec.revision import load_patch

    name = shown(path)
    return load_patch(read_text(path, name), name).target


def project_of(config: pytest.Config) -> Project:
    """The project of this run, made once in each process."""
    if PROJECT not in config.stash:
        config.stash[PROJECT] = Project(options=options_of(config))
    found: Project = config.stash[PROJECT]
    return found


def models_of(config: pytest.Config, marker: pytest.Mark | None) -> list[str]:
    """The models that a test which takes `provider_spec` runs for. Raises CollectError."""
    project = project_of(config)
    try:
        if marker is None:
            return list(project.models)
        return [_reference(project.store, part) for part in marker.args]
    except HarnessError as error:
        raise pytest.Collector.CollectError(str(error)) from None


def spec_of(config: pytest.Config, reference: str) -> Spec:
    """The spec of a reference; one that cannot be read fails the test, with its place."""
    try:
        return project_of(config).store.get(reference)
    except HarnessError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _reference(store: SpecStore, part: str) -> str:
    model, when = store.resolve(part)
    return model if when is None else f"{model}@{when}"
