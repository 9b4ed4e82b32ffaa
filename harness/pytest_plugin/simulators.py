"""The fixture `simulator`: a provider on loopback, for one test."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pytest

from harness.errors import HarnessError
from harness.pytest_plugin.options import options_of
from harness.spec.model import Spec

__all__ = ["SimulatorProcess", "serving"]

_TIME_SCALE = 200.0
_LIBRARIES = ("av", "httpx", "sse_starlette", "starlette", "uvicorn")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorProcess:
    """A simulator that listens. `base_url` takes the place of the provider's own scheme and host.

    `time_scale` provider seconds pass in one.
    """

    spec: Spec
    base_url: str
    time_scale: float

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """The jobs created so far, from the simulator's own ledger."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.base_url}/__ledger__", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)["jobs"]
        return found


@contextmanager
def serving(request: pytest.FixtureRequest, spec: Spec) -> Iterator[SimulatorProcess]:
    """The simulator that the marker `simulated` of a test asks for."""
    from harness.simulator.process import running

    for library in _LIBRARIES:
        if find_spec(library) is None:
            pytest.skip(f"the simulator needs {library}: pip install 'video-api-harness[simulator]'")
    marker = request.node.get_closest_marker("simulated")
    settings = {"time_scale": _TIME_SCALE, "seed": 0, **(marker.kwargs if marker is not None else {})}
    arguments = [spec.ref, "--time-scale", str(settings["time_scale"]), "--seed", str(settings["seed"])]
    for directory in options_of(request.config).specs:
        arguments += ["--specs", str(directory)]
    for fault in marker.args if marker is not None else ():
        arguments += ["--fault", str(fault)]
    try:
        with running(*arguments) as base_urls:
            yield SimulatorProcess(
                spec=spec, base_url=base_urls[spec.provider_id], time_scale=float(settings["time_scale"])
            )
    except HarnessError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
