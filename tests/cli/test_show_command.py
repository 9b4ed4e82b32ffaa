"""`harness show`: all models, or what is known of one."""

from __future__ import annotations

import pytest

from harness.spec.store import SpecStore
from tests.cli.calling import call
from tests.shipped import BASELINES, REFERENCES


def test_all_models_in_a_list(capsys: pytest.CaptureFixture[str]):
    """Id, group, seller and revisions of each."""
    outcome = call(capsys, "show")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[::2] == list(BASELINES)
    assert lines[1] == "  kling 2.6 pro text-to-video; sold by AI/ML API; revisions: 2026-06-12"
    assert lines[5] == "  kling 1.6 standard text-to-video; sold by Novita; revisions: none"


def test_all_models_as_json(capsys: pytest.CaptureFixture[str]):
    """The same, with what can be called."""
    document = call(capsys, "show", "--format", "json").json
    assert document["schema"] == "harness.models/1"
    assert [model["id"] for model in document["models"]] == list(BASELINES)
    assert document["models"][2] == {
        "id": "novita/kling-v1.6-t2v",
        "title": "KLING V1.6 text to video, sold by Novita",
        "provider": "Novita",
        "group": "kling 1.6 standard text-to-video",
        "revisions": [],
        "operations": ["submit", "poll"],
    }


@pytest.mark.parametrize("reference", REFERENCES)
def test_one_model_as_text(reference: str, capsys: pytest.CaptureFixture[str]):
    """Every revision can be shown; its head says what it is."""
    outcome = call(capsys, "show", reference)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"{reference}\n  ")
    assert "\ndocuments\n" in outcome.out


def test_the_three_states_of_a_fact_are_told_apart(capsys: pytest.CaptureFixture[str]):
    """A value with its source, absence with its source, silence."""
    out = call(capsys, "show", "eachlabs").out
    assert '\n  default           "10"  [seed#Input Schema, duration]\n' in out
    assert "\n  price             documented as absent  [seed#Pricing]\n" in out
    assert "\npoll_interval\n  interval          undocumented\n" in out


def test_later_revisions_are_named(capsys: pytest.CaptureFixture[str]):
    """Whoever reads an old page is told so; the newest has none after it."""
    line = "  later revisions change this: "
    assert f"{line}2026-07-07, 2026-07-27, 2026-08-17\n" in call(capsys, "show", "eachlabs").out
    assert f"{line}2026-08-17\n" in call(capsys, "show", "eachlabs@2026-07-27").out
    assert line not in call(capsys, "show", "eachlabs@latest").out


def test_contradictions_are_shown_with_both_statements(capsys: pytest.CaptureFixture[str]):
    """And where each of them stands."""
    out = call(capsys, "show", "novita/kling-v1.6-t2v").out
    assert "\ncontradictions\n  placeholders: The sample holds placeholders only" in out
    assert "    the model makes 5-second videos  [seed#Paragraphs above Request Headers]\n" in out


def test_one_model_as_json(capsys: pytest.CaptureFixture[str], store: SpecStore):
    """Each fact with its address, state, value, sources and line."""
    document = call(capsys, "show", "oxen@latest", "--format", "json").json
    spec = store.get("oxen@latest")
    assert (document["schema"], document["id"]) == ("harness.model/1", spec.id)
    assert (document["revision"], document["revisions"]) == ("2026-07-01", ["2026-07-01"])
    assert document["mapping"] == dict(spec.mapping)
    assert document["sources"].keys() == spec.sources.keys()
    assert {fact["state"] for fact in document["facts"]} == {"documented", "absent", "undocumented"}
    (fact,) = (
        fact
        for fact in document["facts"]
        if (fact["operation"], fact["field"], fact["facet"]) == ("submit", "/cfg_scale", "maximum")
    )
    assert {name: fact[name] for name in ("direction", "status", "state", "value", "source")} == {
        "direction": "request",
        "status": None,
        "state": "documented",
        "value": 10,
        "source": ["seed#Optional parameters, cfg_scale"],
    }
    assert fact["file"] == "specs/oxen/kling-video-v2-6-pro-text-to-video.yaml"
    assert {c["id"] for c in document["contradictions"]} == {c.id for c in spec.contradictions}


def test_a_model_that_is_not_known_is_refused(capsys: pytest.CaptureFixture[str]):
    """With those that are."""
    outcome = call(capsys, "show", "sora")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"harness: no model 'sora'; known: {', '.join(BASELINES)}\n"
