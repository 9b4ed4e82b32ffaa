"""What one pytest run was asked for, as one frozen value, and the places that it adds to the collection."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.pytest_plugin.stash import OPTIONS

__all__ = ["Options", "options_of", "set_up", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Directories of specs, directories or files of traffic (all absolute), and what counts.

    `config` is the user's harness.yaml, None for the one that may be in the working directory.
    """

    specs: tuple[Path, ...] = ()
    traffic: tuple[Path, ...] = ()
    config: str | None = None
    fail_on: str = "error"
    inconclusive: str = "skip"

    @property
    def words(self) -> str:
        """Both in one line, for the head of the run."""
        specs = ", ".join(shown(path) for path in self.specs) or "the shipped ones"
        traffic = ", ".join(shown(path) for path in self.traffic) or "none"
        return f"specs: {specs}; traffic: {traffic}"


def shown(path: Path) -> str:
    """A path as people read it: from the working directory where it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def options_of(config: pytest.Config) -> Options:
    """The options of this run; without any, those that name nothing."""
    found: Options = config.stash.get(OPTIONS, Options())
    return found


def set_up(config: pytest.Config) -> None:
    """Reads the options, and adds what they name to the places where pytest looks for tests.

    What the ini file names is left out where the command line names places of its own, as testpaths are.
    Raises UsageError for a place that is not there.
    """
    named = {name: _absolute(config, config.getoption(name)) for name in ("harness_specs", "harness_traffic")}
    written = {name: tuple(config.getini(name)) for name in named}
    options = Options(
        specs=_unique(*named["harness_specs"], *written["harness_specs"]),
        traffic=_unique(*named["harness_traffic"], *written["harness_traffic"]),
        config=config.getoption("harness_config"),
        fail_on=config.getoption("harness_fail_on"),
        inconclusive=config.getoption("harness_inconclusive"),
    )
    for name, paths, is_there in (
        ("harness-specs", options.specs, Path.is_dir),
        ("harness-traffic", options.traffic, Path.exists),
    ):
        for path in paths:
            if not is_there(path):
                what = "no such directory" if name == "harness-specs" else "no such file or directory"
                raise pytest.UsageError(f"--{name}: {shown(path)}: {what}")
    config.stash[OPTIONS] = options
    asked = [path for paths in named.values() for path in paths]
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        asked += [path for paths in written.values() for path in paths]
    _collect_also(config, asked)


def _absolute(config: pytest.Config, names: list[str]) -> tuple[Path, ...]:
    start = config.invocation_params.dir
    return tuple(_at(start / name) for name in names)


def _at(path: Path) -> Path:
    """The path as pytest names it: absolute, without `..`, links left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _unique(*paths: Path) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(paths))


def _collect_also(config: pytest.Config, paths: list[Path]) -> None:
    """Adds the places that no argument reaches already."""
    for path in paths:
        reached = [
            _at(config.invocation_params.dir / str(argument).partition("::")[0]) for argument in config.args
        ]
        if not any(path.is_relative_to(place) for place in reached):
            config.args.append(str(path))
