"""The hooks. Every start of pytest loads this module, used or not, so it imports little but pytest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin.stash import OPTIONS

if TYPE_CHECKING:
    from harness.pytest_plugin.client import ProviderClient
    from harness.pytest_plugin.recordings import Cassette
    from harness.pytest_plugin.simulators import SimulatorProcess
    from harness.spec.model import Spec

__all__: list[str] = []

_MARKERS = (
    "live: reaches the real provider; skipped without --harness-live",
    "paid(max_jobs=1): may make that many paid jobs; skipped without --harness-live and --harness-max-jobs",
    "provider(*models): the models that the fixture provider_spec gives; default: all of --harness-specs",
    "simulated(*faults, time_scale=200, seed=0): how the fixture simulator serves",
    "recorded(path): the file that the fixture cassette plays, below --harness-traffic",
)


_OPTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "specs",
        "collect tests from the specs in DIR; they overlay the shipped ones; repeatable",
        {"metavar": "DIR", "action": "append", "default": []},
    ),
    (
        "traffic",
        "collect tests from the recorded traffic in DIR, or in a file; repeatable",
        {"metavar": "DIR", "action": "append", "default": []},
    ),
    (
        "config",
        "judge by what you use (default: harness.yaml, if there is one); waivers.yaml counts as well",
        {"metavar": "FILE", "default": None},
    ),
    (
        "fail-on",
        "the severity from which on a finding fails its test (default: error)",
        {"choices": ("error", "warning", "info"), "default": "error"},
    ),
    (
        "inconclusive",
        "what a test comes to where nothing was observed; never a pass (default: skip)",
        {"choices": ("skip", "fail"), "default": "skip"},
    ),
    ("live", "run tests marked live, against the real provider", {"action": "store_true"}),
    (
        "max-jobs",
        "run tests marked paid, as far as N jobs for the whole run go",
        {"metavar": "N", "type": int, "default": None},
    ),
    (
        "record-mode",
        "once: a live test records its cassette where it is missing (default: none, it is an error)",
        {"choices": ("none", "once"), "default": "none"},
    ),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options on the command line; directories in the ini file as well."""
    group = parser.getgroup("harness", "APIs that sell generated video: specs and recorded traffic as tests")
    for name, words, options in _OPTIONS:
        group.addoption(f"--harness-{name}", help=words, **options)
    parser.addini("harness_specs", "directories as for --harness-specs", type="paths", default=[])
    parser.addini(
        "harness_traffic", "directories or files as for --harness-traffic", type="paths", default=[]
    )


def pytest_configure(config: pytest.Config) -> None:
    """Makes the markers known; where there are specs or traffic, adds their places to what is collected."""
    for line in _MARKERS:
        config.addinivalue_line("markers", line)
    if _is_used(config):
        from harness.pytest_plugin.options import set_up

        set_up(config)


def _is_used(config: pytest.Config) -> bool:
    options = config.option
    if options.harness_specs or options.harness_traffic:
        return True
    return bool(config.getini("harness_specs") or config.getini("harness_traffic"))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A spec file of the user's, or a file of traffic that was named."""
    if OPTIONS not in parent.config.stash:
        return None
    from harness.pytest_plugin.nodes import file_node

    return file_node(file_path, parent)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A directory of traffic."""
    if OPTIONS not in parent.config.stash:
        return None
    from harness.pytest_plugin.nodes import directory_node

    return directory_node(path, parent)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `provider_spec` runs once for each model that it is for."""
    if "provider_spec" in metafunc.fixturenames:
        from harness.pytest_plugin.project import models_of

        models = models_of(metafunc.config, metafunc.definition.get_closest_marker("provider"))
        metafunc.parametrize("provider_spec", models, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skips, with the reason, what may not reach a provider or spend; divides the jobs among the rest."""
    marked = [item for item in items if any(item.get_closest_marker(name) for name in ("live", "paid"))]
    if marked:
        from harness.pytest_plugin.money import guard

        guard(config, marked)


@pytest.fixture
def provider_spec(request: pytest.FixtureRequest) -> Spec:
    """The spec of one model: each of --harness-specs in turn, or those of the marker `provider`."""
    from harness.pytest_plugin.project import spec_of

    return spec_of(request.config, request.param)


@pytest.fixture
def simulator(request: pytest.FixtureRequest, provider_spec: Spec) -> Iterator[SimulatorProcess]:
    """The model's provider on loopback, a process of its own for this test; see the marker `simulated`."""
    from harness.pytest_plugin.simulators import serving

    with serving(request, provider_spec) as served:
        yield served


@pytest.fixture
def provider_client(
    request: pytest.FixtureRequest, provider_spec: Spec, tmp_path: Path
) -> Iterator[ProviderClient]:
    """A client of the model's provider: of the simulator, or, in a test marked live, the real one."""
    from harness.pytest_plugin.client import client_of

    with client_of(request, provider_spec, tmp_path) as client:
        yield client


@pytest.fixture
def cassette(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cassette]:
    """Answers every HTTP request of the test from a recording; the network is blocked (mode none)."""
    from harness.pytest_plugin.recordings import played

    with played(request, tmp_path) as tape:
        yield tape


def pytest_report_header(config: pytest.Config) -> str | None:
    """What the tests rest on, in the first lines of the run."""
    options = config.stash.get(OPTIONS, None)
    return None if options is None else f"harness: {options.words}"
