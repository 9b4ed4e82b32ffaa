"""`harness explain`: what a rule means and what to do."""

from __future__ import annotations

import pytest

from harness.rules import RULES
from tests.cli.calling import call


def test_a_rule_in_full(capsys: pytest.CaptureFixture[str]):
    """Summary, kind, severity, impact, which message, what to do."""
    outcome = call(capsys, "explain", "request.enum")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (
        "request.enum\n"
        "  A value is none of those documented.\n"
        "\n"
        "  kind      violation\n"
        "  severity  error\n"
        "  impact    breaks\n"
        "  message   request\n"
        "\n"
        "  What to do: Send one of the documented values, to the letter.\n"
    )


def test_an_inconclusive_rule_has_no_severity(capsys: pytest.CaptureFixture[str]):
    """It never counts toward --fail-on."""
    out = call(capsys, "explain", "traffic.unavailable").out
    assert "\n  severity  inconclusive\n  impact    none by itself\n  message   any\n" in out


def test_without_a_rule_all_are_listed(capsys: pytest.CaptureFixture[str]):
    """One a line, in the order of the tables."""
    outcome = call(capsys, "explain")
    lines = outcome.out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in RULES]
    assert all(rule.summary in line for rule, line in zip(RULES, lines, strict=True))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("request.enums", "no rule 'request.enums'; did you mean request.enum?"),
        ("zzz", "no rule 'zzz'; `harness explain` lists them"),
    ],
)
def test_a_rule_that_is_not_known_is_refused(name: str, message: str, capsys: pytest.CaptureFixture[str]):
    """With one that is spelt alike, if there is one."""
    outcome = call(capsys, "explain", name)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"harness: {message}\n")
