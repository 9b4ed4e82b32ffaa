"""Probing the simulator, or any server, through the command line in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.cli.calling import Outcome, call
from tests.simulator.serving import Served

__all__ = ["Probed", "probe", "probe_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What came of a run. `rules` has each rule once; `probes` the rows by model and name."""

    outcome: Outcome
    rules: set[str]
    findings: list[dict[str, Any]]
    probes: dict[tuple[str, str], dict[str, Any]]


def probe_at(
    capsys: pytest.CaptureFixture[str], model: str, base_url: str, *options: object, scale: float = 100.0
) -> Probed:
    """One run against the server of one model's provider."""
    reach = ("--base-url", f"{model.split('/', maxsplit=1)[0]}={base_url}", "--time-scale", scale)
    outcome = call(capsys, "drift", "wire", model, *reach, "--format", "json", *options)
    document = outcome.json
    return Probed(
        outcome=outcome,
        rules={found["rule"] for found in document["findings"]},
        findings=document["findings"],
        probes={(row["model"], row["probe"]): row for row in document["probes"]},
    )


def probe(
    capsys: pytest.CaptureFixture[str], served: Served, model: str, *options: object, scale: float = 100.0
) -> Probed:
    """One run against a simulator."""
    return probe_at(capsys, model, served.base_urls[model.split("/", maxsplit=1)[0]], *options, scale=scale)
