"""`harness compare`: where sellers of one model differ."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.calling import call
from tests.shipped import BASELINES

PRO = "kling 2.6 pro text-to-video"

# (parameter, facet) of rows that the four pages are known to differ in.
DISCREPANT = (
    ("guidance", "maximum"),
    ("guidance", "default"),
    ("audio", "name"),
    ("audio", "default"),
    ("aspect_ratio", "default"),
    ("duration_s", "default"),
    ("duration_s", "type"),
    ("prompt", "maxLength"),
    ("negative_prompt", "maxLength"),
    ("negative_prompt", "default"),
    ("auth", "scheme"),
    ("auth", "header"),
    ("job", "id"),
    ("status", "succeeded"),
    ("status", "failed"),
    ("completion", "webhook"),
    ("completion", "events"),
    ("completion", "blocking"),
    ("latency", "poll"),
    ("latency", "blocking"),
    ("limits", "rate"),
    ("limits", "concurrency"),
)


def rows(document: dict[str, Any], group: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = [row for row in document["matrix"] if row["group"] == group]
    return {(row["parameter"], row["facet"]): row for row in found}


def test_what_the_pages_are_known_to_differ_in_is_discrepant(capsys: pytest.CaptureFixture[str]):
    """For the four sellers of 2.6 Pro; none of it fails the call, for a discrepancy is a fact."""
    outcome = call(capsys, "compare", "--format", "json")
    assert outcome.code == 0
    found = rows(outcome.json, PRO)
    assert [key for key in DISCREPANT if key not in found or not found[key]["discrepant"]] == []
    assert {f["kind"] for f in outcome.json["findings"]} <= {"discrepancy", "contradiction"}
    assert {f["severity"] for f in outcome.json["findings"]} <= {"info", "warning"}


def test_a_cell_is_in_one_of_three_states(capsys: pytest.CaptureFixture[str]):
    """Documented with its value, absent, undocumented."""
    cells = rows(call(capsys, "compare", "--format", "json").json, PRO)["prompt", "maxLength"]["cells"]
    assert cells == {
        "aimlapi/klingai-video-v2-6-pro-text-to-video": {"state": "documented", "value": 2500},
        "eachlabs/kling-v2-6-pro-text-to-video": {"state": "absent", "value": None},
        "novita/kling-v2.6-pro-t2v": {"state": "documented", "value": 2500},
        "oxen/kling-video-v2-6-pro-text-to-video": {"state": "undocumented", "value": None},
    }


def test_another_version_stands_in_a_group_of_its_own(capsys: pytest.CaptureFixture[str]):
    """1.6 is never held against 2.6."""
    document = call(capsys, "compare", "--format", "json").json
    for row in document["matrix"]:
        has_old = "novita/kling-v1.6-t2v" in row["cells"]
        assert (row["group"] == PRO) is not has_old
        assert not (has_old and len(row["cells"]) > 1)


def test_models_can_be_chosen(capsys: pytest.CaptureFixture[str]):
    """Two of them, each once, however often it is named."""
    document = call(capsys, "compare", "oxen", "eachlabs", "oxen", "--format", "json").json
    assert {model for row in document["matrix"] for model in row["cells"]} == {
        model for model in BASELINES if model.startswith(("oxen", "eachlabs"))
    }


def test_a_model_that_is_not_meant_clearly_is_asked_about(capsys: pytest.CaptureFixture[str]):
    """Nothing on stdout."""
    outcome = call(capsys, "compare", "novita")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("harness: model 'novita' is ambiguous: ")
