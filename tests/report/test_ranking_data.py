"""What the script of the page ranks by."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from harness.ranking.criteria import CRITERIA
from harness.report.choice import choice_of
from harness.report.ranking_data import ranking_data
from tests.decision.made import run_record
from tests.report.choosing import decided


def test_it_holds_figures_weights_and_words() -> None:
    """Sellers in the order in which Python draws them."""
    data = json.loads(ranking_data(choice_of(run_record(), decided("ranked"))) or "")
    (group,) = data["groups"]
    ids = [vendor["id"] for vendor in group["vendors"]]
    assert ids == sorted(ids)
    assert group["profiles"][0] == {
        "id": "mine",
        "title": "Least delay",
        "weights": [0.0, 5.0, 3.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    }
    assert [row["id"] for row in data["criteria"]] == [row.id for row in CRITERIA]
    assert (data["draws"], data["likely"]) == (2000, 0.8)
    figure = decided("ranked").groups[0].sheets[0].figures["latency"]
    assert group["vendors"][0]["figures"]["latency"] == [figure.value, figure.low, figure.high, "live"]


@pytest.mark.parametrize("kind", ["unmeasured", "simulated"])
def test_without_live_figures_there_is_nothing_to_rank_by(kind: str) -> None:
    """No data, so no slider can make a ranking of it."""
    assert ranking_data(choice_of(run_record(), decided(kind))) is None


def test_no_parser_sees_an_element_in_it() -> None:
    """Names of strangers are escaped: it closes no script."""
    decision = decided("ranked")
    group = decision.groups[0]
    sheets = tuple(replace(sheet, provider="</script><!--&\u202e") for sheet in group.sheets)
    hostile = replace(decision, groups=(replace(group, sheets=sheets),))
    written = ranking_data(choice_of(run_record(), hostile)) or ""
    assert not set("<>&") & set(written)
    assert written.isascii()
    assert json.loads(written)["groups"][0]["vendors"][0]["name"] == "</script><!--&\\u202e"
