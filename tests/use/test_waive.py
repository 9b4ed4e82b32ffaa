"""Writing a waiver: into an empty place, beside others, in place of an older one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harness.errors import SourceError
from harness.spec import yaml
from harness.spec.node import Mark
from harness.use.waive import with_waiver
from harness.use.waivers import Waiver, read_waivers

OLD = """\
# Ours.
format: 1
waivers:
  # Seen in January.
  "0123456789ab":
    reason: agreed   # by phone
    until: "2027-01-01"

  # Seen in March.
  abcdefabcdef: {reason: known, until: "2027-03-01"}
# The end.
"""


def waiver(**members: Any) -> Waiver:
    """A waiver to write."""
    return Waiver(
        **{
            "fingerprint": "111111111111",
            "reason": "we send the parameter: no harm",
            "until": date(2027, 2, 1),
            "mark": Mark("waivers.yaml", 1, 1),
            **members,
        }
    )


def test_the_first_one_makes_the_file() -> None:
    """Digits alone are quoted: they are a string."""
    text = with_waiver(None, "w.yaml", waiver(owner="ops", rule="diff.price", field=""))
    assert text == (
        "# Findings that were seen and accepted. Each is waived by its fingerprint until the end of its last "
        'day.\nformat: 1\nwaivers:\n  "111111111111":\n    reason: "we send the parameter: no harm"\n'
        '    owner: ops\n    until: "2027-02-01"\n    rule: diff.price\n    field: ""\n'
    ).replace('"we send the parameter: no harm"', "'we send the parameter: no harm'")


def test_another_one_leaves_everything_as_it_stands() -> None:
    """Comments and order stay."""
    text = with_waiver(OLD, "w.yaml", waiver())
    assert text == OLD.replace(
        "# The end.\n",
        "  \"111111111111\":\n    reason: 'we send the parameter: no harm'\n"
        '    until: "2027-02-01"\n# The end.\n',
    )
    assert len(read_waivers(text, "w.yaml")) == 3


def test_a_newer_one_takes_the_place_of_an_older() -> None:
    """Of the same fingerprint there is one."""
    text = with_waiver(OLD, "w.yaml", waiver(fingerprint="0123456789ab"))
    assert "by phone" not in text
    assert "# Seen in January.\n" in text
    assert "\n\n  # Seen in March.\n  abcdefabcdef:" in text
    assert [w.until for w in read_waivers(text, "w.yaml")] == [date(2027, 2, 1), date(2027, 3, 1)]


@pytest.mark.parametrize(
    "content",
    [
        "format: 1\nwaivers: {}\n",
        'format: 1\nwaivers: {abcdefabcdef: {reason: known, until: "2027-03-01"}}\n',
        'waivers:\n  abcdefabcdef: {reason: known, until: "2027-03-01"}\nformat: 1\n',
        'format: 1\nwaivers:\n  abcdefabcdef:\n    reason: known\n    until: "2027-03-01"',
    ],
)
def test_whatever_the_file_looks_like(content: str) -> None:
    """Flow style, another order, no line end: what stood there stands there still."""
    before = yaml.parse(content, "w.yaml").plain()
    after = yaml.parse(with_waiver(content, "w.yaml", waiver()), "w.yaml").plain()
    added = {"reason": "we send the parameter: no harm", "until": "2027-02-01"}
    assert after == {**before, "waivers": {**before["waivers"], "111111111111": added}}


def test_a_file_that_is_no_file_of_waivers_is_left_alone() -> None:
    """Located, as everywhere."""
    with pytest.raises(SourceError) as caught:
        with_waiver("format: 1\nwaiver: {}\n", "w.yaml", waiver())
    assert str(caught.value) == "w.yaml:1:1: the file: missing key 'waivers'"
