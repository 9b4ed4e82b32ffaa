"""Nothing reaches a provider, and nothing is paid, without its flag."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.projects import User

MARKED = """
import pytest

@pytest.mark.live
def test_a_look(): pass

@pytest.mark.paid(max_jobs=2)
def test_two(): pass

@pytest.mark.paid
def test_one(): pass

def test_free(): pass
"""


def test_without_flags_they_are_skipped_and_say_so(user: User) -> None:
    """What is free runs."""
    user.tests(MARKED)
    result = user.run("-rs", "--strict-markers")
    result.assert_outcomes(passed=1, skipped=3)
    result.stdout.fnmatch_lines(["SKIPPED * reaches the real provider: needs --harness-live"] * 3)


def test_live_alone_does_not_pay(user: User) -> None:
    """A budget is named, or there is none."""
    user.tests(MARKED)
    result = user.run("-rs", "--harness-live")
    result.assert_outcomes(passed=2, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "SKIPPED *: may make 2 jobs that cost money: needs --harness-max-jobs",
            "SKIPPED *: may make 1 job that cost money: needs --harness-max-jobs",
        ]
    )


@pytest.mark.parametrize(("most", "passed"), [("0", 2), ("1", 3), ("2", 3), ("3", 4)])
def test_the_jobs_of_a_run_are_divided_by_name(user: User, most: str, passed: int) -> None:
    """A test gets all the jobs that it may make, or it is skipped; the sum is never above the flag."""
    user.tests(MARKED)
    user.run("--harness-live", "--harness-max-jobs", most).assert_outcomes(passed=passed, skipped=4 - passed)


def test_what_is_left_is_said(user: User) -> None:
    """So that the flag can be set right."""
    user.tests(MARKED)
    result = user.run("-rs", "--harness-live", "--harness-max-jobs", "2")
    result.stdout.fnmatch_lines(
        ["SKIPPED *: may make 2 jobs that cost money, and 1 of --harness-max-jobs 2 are left"]
    )


def test_a_marker_that_cannot_be_read_is_bad_usage(user: User) -> None:
    """None that is guessed."""
    user.tests("import pytest\n@pytest.mark.paid(max_jobs='2')\ndef test_it(): pass\n")
    result = user.run("--harness-live", "--harness-max-jobs", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*test_own.py::test_it: paid(max_jobs=…): expected a number above 0, got '2'"]
    )
