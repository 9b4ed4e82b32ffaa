"""Where on the page a record of report.json stands."""

from __future__ import annotations

import pytest

from harness.report.anchors import anchor


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/jobs/3", "jobs.3"),
        ("/decision/groups/0/vendors/1/evidence/2", "decision.groups.0.vendors.1.evidence.2"),
        ("/a b/<c>", "a-b.-c-"),
        ("", "report"),
    ],
)
def test_an_anchor_is_the_pointer_with_dots(pointer: str, name: str) -> None:
    """No character of it means anything in an address or an attribute."""
    assert anchor(pointer) == name
