"""A pytest start that does not use the plugin pays next to nothing for it."""

from __future__ import annotations

import subprocess
import sys

from tests.pytest_plugin.projects import User
from tests.shared import PROJECT

HEAVY = (
    "yaml",
    "jsonschema",
    "httpx",
    "vcr",
    "hypothesis",
    "harness.spec",
    "harness.check",
    "harness.finding",
)
_LOADED = f"import harness.pytest_plugin.plugin, sys; print([n for n in {HEAVY!r} if n in sys.modules])"


def test_its_import_loads_nothing_heavy() -> None:
    """Neither a library nor a room of ours."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_run_that_does_not_use_it_loads_nothing_heavy(user: User) -> None:
    """Not when tests are collected and run, either."""
    user.tests(f"import sys\ndef test_it(): assert [n for n in {HEAVY!r} if n in sys.modules] == []\n")
    user.run_alone("-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_its_options_and_markers_are_told(user: User) -> None:
    """In pytest's own help."""
    result = user.run("--help")
    result.stdout.fnmatch_lines(["*--harness-specs=DIR*", "*harness_specs (paths)*"])
    result = user.run("--markers")
    result.stdout.fnmatch_lines(
        ["@pytest.mark.live: reaches the real provider; skipped without --harness-live"]
    )


def test_what_a_run_rests_on_is_told(user: User) -> None:
    """In the head of its output, only where it is used."""
    user.spec()
    user.run("--harness-specs", "specs").stdout.fnmatch_lines(["harness: specs: specs; traffic: none"])
    user.run().stdout.no_fnmatch_line("harness: *")
