"""The matrix of the shipped specs, and its rules on small ones."""

from __future__ import annotations

import pytest

from harness.compare.matrix import Cell, Row, matrix, matrix_json, uncompared
from harness.finding import Impact, Skipped
from harness.spec.model import Spec, State
from tests.compare.drift import SOUND, Edit, added
from tests.minimal import minimal

GROUP = "kling 2.6 pro text-to-video"
NOVITA = "novita/kling-v2.6-pro-t2v"
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"

ID = "id: example/video-1-text-to-video\n"


@pytest.fixture(scope="session")
def rows(specs: tuple[Spec, ...]) -> dict[str, Row]:
    """The shipped matrix, by key."""
    return {row.key: row for row in matrix(specs)}


def small(*editions: tuple[Edit, ...]) -> dict[str, Row]:
    """The matrix of several sellers of the small spec's model, one for each set of edits."""
    sellers = [
        minimal((ID, f"id: seller-{number}/video-1-text-to-video\n"), *edits)
        for number, edits in enumerate(editions)
    ]
    return {row.key: row for row in matrix(sellers)}


def states_and_values(row: Row) -> list[tuple[State, object]]:
    """The cells of a row without their places."""
    return [(cell.state, cell.value) for cell in row.cells.values()]


@pytest.mark.parametrize(
    "key",
    [
        *("guidance.maximum", "guidance.default", "audio.name", "audio.default", "aspect_ratio.default"),
        *("duration_s.default", "duration_s.type", "prompt.maxLength"),
        *("negative_prompt.maxLength", "negative_prompt.default", "auth.scheme", "auth.header", "job.id"),
        *("status.queued", "status.running", "status.succeeded", "status.failed"),
        *("completion.webhook", "completion.events", "completion.blocking"),
        *("latency.poll", "latency.blocking", "limits.rate", "limits.concurrency"),
    ],
)
def test_the_four_sellers_differ(rows: dict[str, Row], key: str) -> None:
    """The differences that the project was made for are found."""
    assert rows[key].discrepant
    assert rows[key].group == GROUP
    assert set(rows[key].cells) == {NOVITA, AIMLAPI, EACHLABS, OXEN}


@pytest.mark.parametrize(
    "key", ["prompt.required", "guidance.minimum", "aspect_ratio.enum", "audio.type", "completion.poll"]
)
def test_the_four_sellers_agree(rows: dict[str, Row], key: str) -> None:
    """Rows that all document alike are there and not discrepant, whatever the order of their lists."""
    assert not rows[key].discrepant
    assert (rows[key].impact, rows[key].cost_rank) == ((), 5)


def test_cells_say_what_the_documents_say(rows: dict[str, Row]) -> None:
    """Documented, documented as absent and undocumented stand side by side."""
    audio = {model: cell.value for model, cell in rows["audio.default"].cells.items()}
    assert audio == {AIMLAPI: True, EACHLABS: True, NOVITA: True, OXEN: False}
    prompt = {model: cell.state for model, cell in rows["prompt.maxLength"].cells.items()}
    assert prompt == {
        AIMLAPI: State.DOCUMENTED,
        EACHLABS: State.ABSENT,
        NOVITA: State.DOCUMENTED,
        OXEN: State.UNDOCUMENTED,
    }


def test_versions_never_meet(specs: tuple[Spec, ...]) -> None:
    """1.6 has no other seller: it stands in no row, and that is said."""
    assert all("1.6" not in model for row in matrix(specs) for model in row.cells)
    why = "no other seller of kling 1.6 standard text-to-video among the specs"
    assert uncompared(specs) == (Skipped(what="novita/kling-v1.6-t2v", why=why),)


def test_rows_are_ranked(specs: tuple[Spec, ...]) -> None:
    """What changes the bill in silence comes first, what agrees last."""
    found = matrix(specs)
    ranks = [row.cost_rank for row in found]
    assert ranks == sorted(ranks)
    assert {impact for row in found if row.cost_rank == 0 for impact in row.impact} >= {Impact.BILL}
    assert all(row.discrepant == (row.cost_rank < 5) for row in found)
    assert all((row.impact == ()) == (row.cost_rank > 3) for row in found)


def test_a_spec_is_compared_once(specs: tuple[Spec, ...]) -> None:
    """Naming a seller twice changes nothing; one seller alone makes no matrix."""
    novita = [spec for spec in specs if spec.id == NOVITA]
    assert matrix(novita * 2) == ()
    assert matrix([*specs, *specs]) == matrix(specs)


def test_json_has_the_shape_of_the_contract(specs: tuple[Spec, ...]) -> None:
    """Parameter, facet, discrepant and cells by model, with the group and the rank beside."""
    found = {(row["parameter"], row["facet"]): row for row in matrix_json(matrix(specs))}
    assert found["guidance", "default"] == {
        "group": GROUP,
        "parameter": "guidance",
        "facet": "default",
        "discrepant": True,
        "impact": [],
        "cost_rank": 4,
        "cells": {
            AIMLAPI: {"state": "undocumented", "value": None},
            EACHLABS: {"state": "documented", "value": 0.5},
            NOVITA: {"state": "undocumented", "value": None},
            OXEN: {"state": "documented", "value": 0.5},
        },
    }


def test_states_that_differ_are_a_discrepancy() -> None:
    """Absent is not undocumented, and neither is a value."""
    absent_or_silent = small((), (('enum: ["16:9", "1:1"], x-absent: [default]', 'enum: ["16:9", "1:1"]'),))
    row = absent_or_silent["aspect_ratio.default"]
    assert states_and_values(row) == [(State.ABSENT, None), (State.UNDOCUMENTED, None)]
    assert row.discrepant
    value_or_silent = small((), (("            default: 5\n", ""),))["duration_s.default"]
    assert (value_or_silent.discrepant, value_or_silent.cost_rank) == (True, 4)


def test_rows_that_nobody_states_are_left_out() -> None:
    """A facet that is nowhere documented, or absent everywhere, is no row."""
    found = small((), ())
    assert "guidance.default" not in found
    assert "aspect_ratio.default" not in found


def test_missing_parameter_is_one_row() -> None:
    """Only its presence differs; its type and default would say the same once more."""
    found = small(SOUND, ())
    assert {key for key, row in found.items() if row.discrepant} == {"audio.presence"}
    assert [key for key in found if key.startswith("audio.")] == ["audio.presence"]
    assert states_and_values(found["audio.presence"]) == [
        (State.DOCUMENTED, True),
        (State.UNDOCUMENTED, None),
    ]


def test_missing_parameter_hides_no_difference_of_the_others() -> None:
    """Where those that have a parameter differ, the row is there, with the third seller undocumented."""
    quiet = added("sound: {type: boolean, default: false}", "audio: /sound")
    found = small(SOUND, quiet, ())
    assert {key for key in found if key.startswith("audio.")} == {"audio.presence", "audio.default"}
    assert states_and_values(found["audio.default"])[2] == (State.UNDOCUMENTED, None)


def test_facet_of_one_of_two_that_have_the_parameter() -> None:
    """A constraint that one of them states and the other does not even leave open is a row."""
    even, any_number = (
        added(f"seed: {{{text}}}", "seed: /seed") for text in ("multipleOf: 2", "title: Seed")
    )
    row = small(even, any_number, ())["seed.multipleOf"]
    assert [state for state, _ in states_and_values(row)] == [
        State.DOCUMENTED,
        State.UNDOCUMENTED,
        State.UNDOCUMENTED,
    ]
    seed = "/operations/submit/request/schema/properties/seed"
    assert [cell.at for cell in row.cells.values()] == [f"{seed}/multipleOf", seed, "/mapping"]


def test_webhook_terms_need_two_webhooks() -> None:
    """Where one seller has no webhook, its terms at the only other one are no row."""
    longer = (("answer_within_s: {value: 30,", "answer_within_s: {value: 60,"),)
    assert small((), longer)["webhook.answer_within_s"].discrepant
    found = small(
        (), (("answer_within_s: {value: 30, source: page#Webhooks}", "answer_within_s: undocumented"),)
    )
    assert found["webhook.answer_within_s"].cost_rank == 4


def test_silent_cells_point_at_where_the_statement_would_stand() -> None:
    """A reader is led to the property if there is one, else to the section."""
    row = small((("            default: 5\n", ""),), ())["duration_s.default"]
    assert row.cells["seller-0/video-1-text-to-video"].at == (
        "/operations/submit/request/schema/properties/duration/default"
    )
    missing = small(SOUND, ())["audio.presence"].cells["seller-1/video-1-text-to-video"]
    assert missing == Cell(state=State.UNDOCUMENTED, value=None, at="/mapping", sources=())
    words = small((("waiting: running", "waiting: queued"),), ())["status.queued"]
    assert words.cells["seller-1/video-1-text-to-video"].at == "/operations/poll/responses"


def test_the_words_of_a_state_are_a_set() -> None:
    """Two sellers with the same words in another order agree."""
    more = ("enum: [waiting, done, broken]", "enum: [waiting, going, done, broken]")
    orders = ("waiting: running, going: running", "going: running, waiting: running")
    before, after = (("waiting: running", words.replace(", ", "\n            ")) for words in orders)
    found = small((more, before), (more, after))
    assert not found["status.running"].discrepant


def test_places_have_an_order() -> None:
    """Where an error is looked for first, and where then, is what the sellers differ in."""
    one, other = ((("error: [/error]", f"error: [{places}]"),) for places in ("/error, /id", "/id, /error"))
    assert small(one, other)["job.error"].discrepant


def test_group_of_several_is_sorted_by_name(specs: tuple[Spec, ...]) -> None:
    """Groups do not mix: each has its rows in one piece."""
    others = [minimal((ID, f"id: seller-{number}/video-1-text-to-video\n")) for number in (1, 2)]
    groups = [row.group for row in matrix([*others, *specs])]
    assert list(dict.fromkeys(groups)) == [GROUP, "video 1 text-to-video"]
    assert groups == sorted(groups)
