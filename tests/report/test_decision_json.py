"""The decision as data."""

from __future__ import annotations

import json

from harness.measurement.job import Provenance
from harness.ranking.criteria import CRITERIA
from harness.report.decision_json import decision_json
from tests.decision.made import NOVITA, OXEN, decision_of, live_runs


def test_no_decision_is_null() -> None:
    """A trial writes a report without one."""
    assert decision_json(None) is None


def test_the_shape_does_not_depend_on_what_was_measured() -> None:
    """The same members, null where nothing is known."""
    runs = [live_runs({NOVITA: 150.0, OXEN: 170.0}, provenance=p) for p in Provenance]
    documents = [decision_json(decision_of()), *(decision_json(decision_of(run)) for run in runs)]
    shapes = []
    for document in documents:
        assert document is not None
        assert json.loads(json.dumps(document, allow_nan=False)) == document
        vendor = document["groups"][0]["vendors"][0]
        shapes.append((set(document), set(vendor), [set(line) for line in vendor["evidence"]]))
    assert shapes[0] == shapes[1] == shapes[2]
    assert len(shapes[0][2]) == len(CRITERIA)


def test_scores_stand_only_where_there_is_an_order() -> None:
    """Elsewhere they would be an order of guesses."""
    for document in (decision_json(decision_of()), decision_json(decision_of(live_runs({NOVITA: 90.0})))):
        assert document is not None
        for ranking in document["groups"][0]["rankings"]:
            assert ranking["standings"] == []
            assert ranking["status"] in ("no live data", "unknowns decide")


def test_a_word_that_is_lost_has_its_finding() -> None:
    """With its rule and its message."""
    document = decision_json(decision_of())
    assert document is not None
    words = document["groups"][1]["vendors"][0]["fits"][0]["words"]
    lost = {word["word"]: word["loss"]["rule"] for word in words if not word["kept"]}
    assert lost == {"aspect_ratio": "translate.dropped", "audio": "translate.dropped"}
