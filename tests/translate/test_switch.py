"""A request of one seller as a request of another: what is kept, how, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from harness.finding import Impact
from harness.spec.store import SpecStore
from harness.translate import GuidanceScale, translate
from tests.minimal import minimal
from tests.translate.bodies import brief

OXEN = {"model": "kling-video-v2-6-pro-text-to-video", "prompt": "a fox"}
EACHLABS = {"model": "kling-v2-6-pro-text-to-video", "input": {"prompt": "a fox"}}
NOVITA_REF, EACHLABS_REF = "novita/kling-v2.6-pro-t2v", "eachlabs/kling-v2-6-pro-text-to-video"


def test_a_default_that_was_relied_on_is_written_out(store: SpecStore):
    """Of the same five words, each where the other seller would do something else."""
    done = translate(store.get("eachlabs"), store.get("novita/kling-v2.6"), EACHLABS)
    assert done.body == {
        "prompt": "a fox",
        "negative_prompt": "blur, distort, and low quality",
        "duration": 10,
        "aspect_ratio": "16:9",
        "cfg_scale": 0.5,
    }
    assert done.is_lossless
    assert [(loss.message, loss.expected, loss.observed) for loss in done.losses[:2]] == [
        (
            '/negative_prompt is written out: the request relied on "blur, distort, and low quality", the '
            f"default of {EACHLABS_REF}; {NOVITA_REF} documents no default",
            "blur, distort, and low quality",
            "undocumented",
        ),
        (
            f'/duration is written out: the request relied on "10", the default of {EACHLABS_REF}; '
            f"{NOVITA_REF} has the default 5",
            10,
            5,
        ),
    ]


def test_what_both_do_anyway_is_left_alone(store: SpecStore):
    """Sound is on at both, by their documents."""
    done = translate(store.get("novita/kling-v2.6"), store.get("eachlabs"), {"prompt": "a fox"})
    assert "generate_audio" not in done.body["input"]


def test_pinning_goes_further(store: SpecStore):
    """Then what both do anyway is written out too."""
    done = translate(
        store.get("novita/kling-v2.6"), store.get("eachlabs"), {"prompt": "a fox"}, pin_defaults=True
    )
    assert done.body["input"]["generate_audio"] is True
    assert done.body["input"]["duration"] == "5"
    assert ("default-unknown", "/input/cfg_scale", "warning") in brief(done.losses)


def test_what_a_side_does_not_say_cannot_be_kept_equal(store: SpecStore):
    """Whichever side that is."""
    novita, aimlapi = store.get("novita/kling-v2.6"), store.get("aimlapi")
    done = translate(novita, store.get("eachlabs"), {"prompt": "a fox", "cfg_scale": 0.5})
    loss = next(loss for loss in done.losses if loss.rule.id == "translate.default-unknown")
    assert loss.message == (
        f"negative_prompt is left out: {NOVITA_REF} documents no default, {EACHLABS_REF} has the default "
        '"blur, distort, and low quality"'
    )
    assert (loss.expected, loss.observed) == ("undocumented", "blur, distort, and low quality")
    assert (loss.severity.value, loss.impact) == ("warning", (Impact.OUTPUT,))
    assert [loss.pointer for loss in translate(aimlapi, novita, {**OXEN, "model": None}).losses][:2] == [
        "/model",
        "/negative_prompt",
    ]


def test_a_default_of_nothing_cannot_be_written(store: SpecStore):
    """So where the other seller has one, the video changes, and that is an error."""
    done = translate(store.get("oxen@2026-07-01"), store.get("eachlabs"), OXEN)
    assert [loss.message for loss in done.losses if loss.severity.value == "error"] == [
        "negative_prompt is left out: oxen/kling-video-v2-6-pro-text-to-video@2026-07-01 documents that "
        f'there is no default, {EACHLABS_REF} has the default "blur, distort, and low quality"'
    ]
    back = translate(store.get("oxen@2026-07-01"), store.get("aimlapi"), OXEN)
    assert ("default-unknown", "/negative_prompt", "warning") in brief(back.losses)
    small = minimal()
    assert brief(translate(small, small, {"prompt": "a fox"}).losses) == []


def test_a_default_that_the_other_seller_cannot_be_told_is_said(store: SpecStore):
    """As a warning: nobody asked for the value in words."""
    done = translate(store.get("eachlabs"), store.get("novita/kling-v1.6"), EACHLABS)
    assert [loss.message for loss in done.losses if loss.rule.id == "translate.dropped"] == [
        f'aspect_ratio is left out: the request relied on "16:9", the default of {EACHLABS_REF}, and '
        "novita/kling-v1.6-t2v documents no such parameter",
        f"audio is left out: the request relied on true, the default of {EACHLABS_REF}, and "
        "novita/kling-v1.6-t2v documents no such parameter",
    ]


@pytest.mark.parametrize(
    ("reading", "value", "rules"),
    [
        (None, None, [("scale-unsaid", "/cfg_scale", "warning")]),
        (GuidanceScale.SAME, None, []),
        (
            GuidanceScale.PROPORTIONAL,
            5,
            [("default-pinned", "/cfg_scale", "info"), ("scaled", "/cfg_scale", "info")],
        ),
    ],
)
def test_a_default_of_another_range_needs_the_reading_too(
    reading: GuidanceScale | None, value: Any, rules: list[Any], store: SpecStore
):
    """0.5 is the default of both sellers, on a range from 0 to 1 and on one from 0 to 10."""
    done = translate(store.get("eachlabs"), store.get("oxen"), EACHLABS, guidance_scale=reading)
    assert done.body.get("cfg_scale") == value
    assert [loss for loss in brief(done.losses) if loss[1] == "/cfg_scale"] == rules


def test_the_type_of_a_value_is_a_note(store: SpecStore):
    """It says what code that builds both requests must do."""
    body = {**EACHLABS, "input": {"prompt": "a fox", "duration": "10"}}
    done = translate(store.get("eachlabs"), store.get("oxen"), body, guidance_scale=GuidanceScale.SAME)
    notes = [loss for loss in done.losses if loss.rule.id == "translate.type"]
    assert [(loss.message, loss.expected, loss.observed) for loss in notes] == [
        ('/duration: "10" is written as 10', "number", "string")
    ]
    assert done.is_lossless


def test_what_was_given_to_one_seller_is_not_handed_to_another(store: SpecStore):
    """An address is called with another payload there, and may be secret."""
    body = {**EACHLABS, "webhook_url": "https://example.com/t0ken"}
    done = translate(store.get("eachlabs"), minimal(), body)
    assert "callback_url" not in done.body
    (loss,) = [loss for loss in done.losses if loss.rule.id == "translate.not-carried"]
    assert loss.message == "webhook_url is left out: it was given to Eachlabs"
    assert (loss.pointer, loss.observed, loss.impact) == ("/webhook_url", None, (Impact.BREAKS,))


def test_an_account_to_be_billed_stays_where_it_is(store: SpecStore):
    """No other seller knows it, and its loss changes who pays."""
    done = translate(store.get("oxen"), store.get("aimlapi"), {**OXEN, "target_namespace": "team"})
    (loss,) = [loss for loss in done.losses if loss.observed == "team"]
    assert (loss.rule.id, loss.severity.value, loss.impact) == ("translate.dropped", "error", (Impact.BILL,))


def test_a_word_of_one_seller_means_nothing_to_another(store: SpecStore):
    """A version of its own, or a way to route a request."""
    body = {**EACHLABS, "version": "0.0.1"}
    done = translate(store.get("eachlabs"), store.get("novita/kling-v2.6"), body)
    assert ("dropped", "/version", "info") in brief(done.losses)
    routed = {"model": "klingai/video-v2-6-pro-text-to-video", "prompt": "a fox", "provider": "fal"}
    done = translate(store.get("aimlapi@latest"), store.get("novita/kling-v2.6"), routed)
    (loss,) = [loss for loss in done.losses if loss.pointer == "/provider"]
    assert loss.message == (
        'routing ("fal") is left out: it is a word of '
        "aimlapi/klingai-video-v2-6-pro-text-to-video@2026-06-12 alone"
    )
    assert loss.severity.value == "warning"


def test_between_revisions_of_one_endpoint_its_words_stay(store: SpecStore):
    """It is the same seller, who knows them."""
    body = {**EACHLABS, "version": "0.0.1", "webhook_url": "https://example.com", "webhook_secret": "x"}
    done = translate(store.get("eachlabs"), store.get("eachlabs@latest"), body)
    assert (done.body, done.losses) == (body, ())


def test_a_parameter_without_a_word_stays_within_its_endpoint(store: SpecStore):
    """Elsewhere it is lost, which is said."""
    spec = minimal(
        (
            "          callback_url: {type: string, format: uri}\n",
            "          callback_url: {type: string, format: uri}\n          grain: {type: number}\n",
        )
    )
    body = {"prompt": "a fox", "aspect_ratio": "1:1", "guidance": 0.5, "grain": 0.1}
    assert translate(spec, spec, body).body == body
    done = translate(spec, store.get("novita/kling-v2.6"), body)
    assert "/grain (0.1) is left out: no word of it holds at other sellers" in [
        loss.message for loss in done.losses
    ]


def test_what_its_own_seller_does_not_document_is_left_out(store: SpecStore):
    """The finding is about that seller."""
    novita = store.get("novita/kling-v2.6")
    body = {**EACHLABS, "model": "another", "seed": 7}
    done = translate(store.get("eachlabs"), novita, body)
    unknown = [loss for loss in done.losses if loss.rule.id == "translate.unknown"]
    assert [(loss.message, loss.model) for loss in unknown] == [
        (
            f'/model ("another") is left out: {EACHLABS_REF} documents no such name of the model',
            EACHLABS_REF,
        ),
        (f"/seed (7) is left out: {EACHLABS_REF} documents no such parameter", EACHLABS_REF),
    ]
    assert "seed" not in done.body


def test_what_is_no_request_is_said(store: SpecStore):
    """As a whole."""
    done = translate(store.get("oxen"), store.get("novita/kling-v2.6"), [1])
    assert ("unknown", "", "error") in brief(done.losses)
    assert ("required", "/prompt", "error") in brief(done.losses)


def test_another_model_is_said_first(store: SpecStore):
    """Because everything after it is about another video anyway."""
    done = translate(store.get("oxen"), store.get("novita/kling-v1.6"), OXEN)
    assert done.losses[0].message == (
        "oxen/kling-video-v2-6-pro-text-to-video is kling 2.6 pro text-to-video, novita/kling-v1.6-t2v is "
        "kling 1.6 standard text-to-video"
    )


def test_a_blocking_call_becomes_a_job(store: SpecStore):
    """Each side has an operation of its own."""
    body = {**OXEN, "response_format": "b64_json"}
    done = translate(store.get("oxen"), store.get("oxen"), body, source_operation="generate")
    assert done.body == OXEN
    assert brief(done.losses) == [("dropped", "/response_format", "error")]
    again = translate(store.get("oxen"), store.get("oxen"), done.body, operation="generate")
    assert again.body == OXEN


def test_a_setting_takes_the_place_of_what_was_said(store: SpecStore):
    """So nothing is said to be lost of it."""
    done = translate(
        store.get("novita/kling-v2.6"),
        store.get("oxen"),
        {"prompt": "a fox", "negative_prompt": "blur", "cfg_scale": 0.4},
        settings={"/cfg_scale": 0.4},
    )
    assert done.body["cfg_scale"] == 0.4
    assert done.is_lossless
