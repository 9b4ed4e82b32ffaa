"""Which tests may reach a provider, and how many paid jobs each may make."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from harness.pytest_plugin.stash import GRANTED

__all__ = ["granted", "guard", "is_live"]


def guard(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skips what the flags do not allow, and divides the jobs of the run among the tests marked paid.

    By name, so that every process of a run, in whatever order it runs its tests, comes to the same division.
    Raises UsageError for a marker that cannot be read.
    """
    left = config.getoption("harness_max_jobs") or 0
    for item in sorted(items, key=lambda item: item.nodeid):
        paid = item.get_closest_marker("paid")
        if not config.getoption("harness_live"):
            item.add_marker(pytest.mark.skip(reason="reaches the real provider: needs --harness-live"))
        elif paid is not None:
            wanted = _wanted(item, paid)
            reason = _refusal(wanted, left, config.getoption("harness_max_jobs"))
            if reason is None:
                left -= wanted
                item.stash[GRANTED] = wanted
            else:
                item.add_marker(pytest.mark.skip(reason=reason))


def _wanted(item: pytest.Item, paid: pytest.Mark) -> int:
    wanted = paid.kwargs.get("max_jobs", paid.args[0] if paid.args else 1)
    if type(wanted) is not int or wanted < 1:
        raise pytest.UsageError(f"{item.nodeid}: paid(max_jobs=…): expected a number above 0, got {wanted!r}")
    return wanted


def _refusal(wanted: int, left: int, most: int | None) -> str | None:
    jobs = f"{wanted} job{'s' if wanted > 1 else ''}"
    if most is None:
        return f"may make {jobs} that cost money: needs --harness-max-jobs"
    if wanted > left:
        return f"may make {jobs} that cost money, and {left} of --harness-max-jobs {most} are left"
    return None


def is_live(item: pytest.Item) -> bool:
    """Whether a test that runs reaches the real provider: its flags were given, else it were skipped."""
    return item.get_closest_marker("live") is not None or item.get_closest_marker("paid") is not None


def granted(item: pytest.Item) -> int:
    """How many paid jobs a test may make: none without its marker."""
    return item.stash.get(GRANTED, 0)
