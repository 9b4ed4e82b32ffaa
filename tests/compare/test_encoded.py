"""Reading discrepancies.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.compare.encoded import load_encoding, read_encoding
from harness.errors import SourceError
from harness.finding import Impact
from harness.spec.node import Mark
from harness.spec.store import SpecStore

TEXT = """\
format: 1
groups:
  video 1:
    guidance.maximum:
      impact: [output]
      means: Another scale.
      values:
        one/video: 1
        two/video: undocumented
"""


def test_entry_with_its_places() -> None:
    """An entry holds impact, words and values, and knows where each value stands."""
    encoding = read_encoding(TEXT, "d.yaml")
    entry = encoding.entries["video 1", "guidance.maximum"]
    assert (entry.group, entry.key, entry.means) == ("video 1", "guidance.maximum", "Another scale.")
    assert entry.impact == (Impact.OUTPUT,)
    assert entry.values == {"one/video": 1, "two/video": "undocumented"}
    assert entry.mark == Mark("d.yaml", 4, 5)
    assert entry.mark_of("one/video") == Mark("d.yaml", 8, 20)
    assert entry.mark_of("three/video") == entry.mark
    assert encoding.mark_of("video 1") == Mark("d.yaml", 3, 3)
    assert encoding.mark_of("video 2") == Mark("d.yaml", 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("format: 1", "format: 2", "d.yaml:1:9: /format: expected 1, got a number, 2"),
        ("groups:", "rows:", "d.yaml:1:1: the file: missing key 'groups'"),
        (
            "guidance.maximum:",
            "guidance:",
            "d.yaml:4:5: /groups/video 1/guidance: expected PARAMETER.FACET such as guidance.maximum, "
            "got 'guidance'",
        ),
        (
            "guidance.maximum:",
            "guidance.top:",
            "d.yaml:4:5: /groups/video 1/guidance.top: expected PARAMETER.FACET such as guidance.maximum, "
            "got 'guidance.top'",
        ),
        (
            "impact: [output]",
            "impact: output",
            "d.yaml:5:15: /groups/video 1/guidance.maximum/impact: expected a list, got a string, 'output'",
        ),
        (
            "impact: [output]",
            "impact: [money]",
            "d.yaml:5:16: /groups/video 1/guidance.maximum/impact/0: expected one of bill, output, breaks, "
            "got 'money'",
        ),
        (
            "      means: Another scale.\n",
            "",
            "d.yaml:4:5: /groups/video 1/guidance.maximum: missing key 'means'",
        ),
        (
            "means: Another scale.",
            "means: Another scale.\n      note: x",
            "d.yaml:7:7: /groups/video 1/guidance.maximum: unknown key 'note'; "
            "known here: impact, means, values",
        ),
        (
            "      values:\n        one/video: 1\n        two/video: undocumented\n",
            "      values: 1\n",
            "d.yaml:7:15: /groups/video 1/guidance.maximum/values: expected a mapping, got a number, 1",
        ),
    ],
)
def test_fault_is_located(before: str, after: str, message: str) -> None:
    """Whatever is wrong with the file has a line and a column."""
    with pytest.raises(SourceError) as caught:
        read_encoding(TEXT.replace(before, after), "d.yaml")
    assert str(caught.value) == message


NOTHING = "format: 1\ngroups: {}\n"


def test_without_a_file_nothing_is_encoded(tmp_path: Path) -> None:
    """The shipped file may be missing; what lacks an entry is then reported at its name."""
    encoding = load_encoding(SpecStore(shipped=tmp_path))
    assert encoding.entries == {}
    assert encoding.mark_of("video 1") == Mark("specs/discrepancies.yaml", 1, 1)


def test_later_file_replaces_entries(tmp_path: Path) -> None:
    """A directory of the user's own says anew what its further seller changes, and keeps the rest."""
    (tmp_path / "discrepancies.yaml").write_text(TEXT, encoding="utf-8")
    encoding = load_encoding(SpecStore((tmp_path,)))
    assert ("video 1", "guidance.maximum") in encoding.entries
    assert ("kling 2.6 pro text-to-video", "guidance.maximum") in encoding.entries
    changed = read_encoding(TEXT.replace("Another scale.", "Other words."), "e.yaml")
    merged = read_encoding(TEXT, "d.yaml") | changed
    assert merged.entries["video 1", "guidance.maximum"].means == "Other words."
    assert str(merged.mark_of("video 1").location()) == "e.yaml:3:3"
    assert str((changed | read_encoding(NOTHING, "f.yaml")).mark_of("video 1").location()) == "e.yaml:3:3"
    assert str((changed | read_encoding(NOTHING, "f.yaml")).mark_of("video 2").location()) == "e.yaml:1:1"
