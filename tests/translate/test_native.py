"""Canonical requests in the words of each seller."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import OperatorError
from harness.finding import Impact, Location
from harness.spec.store import SpecStore
from harness.translate import GuidanceScale, pinned, to_native
from harness.translate.losses import Origin
from harness.translate.native import put
from tests.minimal import minimal
from tests.translate.bodies import FULL, brief

OXEN_MODEL = "kling-video-v2-6-pro-text-to-video"
EACHLABS_MODEL = "kling-v2-6-pro-text-to-video"


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (
            "novita/kling-v2.6",
            {
                "prompt": "a fox",
                "negative_prompt": "blur",
                "duration": 10,
                "aspect_ratio": "9:16",
                "sound": False,
                "cfg_scale": 0.4,
            },
        ),
        (
            "aimlapi",
            {
                "model": "klingai/video-v2-6-pro-text-to-video",
                "prompt": "a fox",
                "negative_prompt": "blur",
                "duration": 10,
                "aspect_ratio": "9:16",
                "generate_audio": False,
                "cfg_scale": 0.4,
            },
        ),
        (
            "eachlabs",
            {
                "model": EACHLABS_MODEL,
                "input": {
                    "prompt": "a fox",
                    "negative_prompt": "blur",
                    "duration": "10",
                    "aspect_ratio": "9:16",
                    "generate_audio": False,
                    "cfg_scale": 0.4,
                },
            },
        ),
        (
            "oxen",
            {
                "model": OXEN_MODEL,
                "prompt": "a fox",
                "negative_prompt": "blur",
                "duration": 10,
                "aspect_ratio": "9:16",
                "generate_audio": False,
                "cfg_scale": 4,
            },
        ),
    ],
)
def test_one_request_in_the_words_of_each(model: str, body: dict[str, Any], store: SpecStore):
    """Names, places, types, the scale that was asked for, and the seller's own name of the model."""
    done = to_native(store.get(model), FULL, guidance_scale=GuidanceScale.PROPORTIONAL)
    assert done.body == body
    assert done.is_lossless


def test_what_a_seller_does_not_have_is_said(store: SpecStore):
    """With what its loss changes; the text of the message names the value."""
    done = to_native(
        store.get("novita/kling-v1.6"), {"prompt": "a fox", "audio": False, "count": 2, "seed": 7}
    )
    assert done.body == {"prompt": "a fox"}
    assert [(loss.message, loss.impact, loss.severity.value) for loss in done.losses] == [
        (
            "audio (false) is left out: novita/kling-v1.6-t2v documents no such parameter",
            (Impact.BILL, Impact.OUTPUT),
            "error",
        ),
        (
            "count (2) is left out: novita/kling-v1.6-t2v documents no such parameter",
            (Impact.BILL,),
            "error",
        ),
        (
            "seed (7) is left out: novita/kling-v1.6-t2v documents no such parameter",
            (Impact.OUTPUT,),
            "error",
        ),
    ]


def test_one_video_is_what_anybody_gives(store: SpecStore):
    """So a count of one is no loss to speak of."""
    done = to_native(store.get("novita/kling-v2.6"), {"prompt": "a fox", "count": 1})
    assert brief(done.losses) == [("dropped", "/count", "info")]
    assert done.losses[0].impact == ()


def test_a_finding_leads_to_both_places(store: SpecStore):
    """To what the seller documents, and to what was given."""
    oxen = store.get("oxen")
    here = Location(file="r.json", line=3, column=7)
    origin = Origin(locate=lambda pointer: here if pointer == "/guidance" else None)
    (loss,) = to_native(oxen, {"prompt": "a fox", "guidance": 0.4}, origin=origin).losses
    assert loss.subject == here
    assert loss.source == oxen.location_at("/operations/submit/request/schema/properties/cfg_scale/maximum")
    assert (loss.model, loss.operation, loss.pointer, loss.facet) == (
        oxen.ref,
        "submit",
        "/cfg_scale",
        "maximum",
    )
    assert (loss.expected, loss.observed) == ([0, 10], 0.4)


@pytest.mark.parametrize(
    ("canonical", "reading", "message"),
    [
        (
            {"guidance": 0.4},
            None,
            "/cfg_scale: 0.4 of 0 to 1 could be 0.4 or 4 of 0 to 10, and no document says which; "
            "it is not carried over",
        ),
        (
            {"guidance": {"value": 0.4, "range": None}},
            GuidanceScale.PROPORTIONAL,
            "/cfg_scale: 0.4 of a range that is not documented has no sure reading on 0 to 10, and no "
            "document says which; it is not carried over",
        ),
    ],
)
def test_a_value_without_a_sure_meaning_is_left_out(
    canonical: Any, reading: GuidanceScale | None, message: str, store: SpecStore
):
    """It would be valid, and wrong, and paid for."""
    done = to_native(store.get("oxen"), {"prompt": "a fox", **canonical}, guidance_scale=reading)
    assert done.body == {"model": OXEN_MODEL, "prompt": "a fox"}
    assert [loss.message for loss in done.losses] == [message]


def test_a_range_that_nobody_documents_takes_what_is_said_to_be_the_same():
    """And nothing else."""
    spec = minimal((", minimum: 0, maximum: 1, x-sources: {maximum: forum#first answer}", ""))
    canonical = {"prompt": "a fox", "guidance": 0.5}
    assert brief(to_native(spec, canonical).losses) == [("scale-unsaid", "/guidance", "error")]
    same = to_native(spec, canonical, guidance_scale=GuidanceScale.SAME)
    assert same.body["guidance"] == 0.5
    assert [loss.message for loss in same.losses] == [
        "/guidance: 0.5 of 0 to 1 is 0.5 of a range that is not documented, read as same"
    ]


def test_a_value_that_will_be_refused_is_kept(store: SpecStore):
    """Nothing is cut or replaced: a refusal is loud, another video is not."""
    words = "x" * 2501
    done = to_native(
        store.get("novita/kling-v2.6"), {"prompt": words, "duration_s": 7, "aspect_ratio": "4:3"}
    )
    assert done.body == {"prompt": words, "duration": 7, "aspect_ratio": "4:3"}
    assert [(loss.message, loss.facet) for loss in done.losses] == [
        (
            "/prompt: 2,501 characters, novita/kling-v2.6-pro-t2v documents at most 2,500; nothing was cut",
            "maxLength",
        ),
        ("/duration: 7 is not what novita/kling-v2.6-pro-t2v documents (enum [5, 10])", "enum"),
        (
            '/aspect_ratio: "4:3" is not what novita/kling-v2.6-pro-t2v documents '
            '(enum ["16:9", "9:16", "1:1"])',
            "enum",
        ),
    ]
    assert not done.is_lossless


def test_what_the_seller_demands_is_said(store: SpecStore):
    """With the place where it should be."""
    done = to_native(store.get("eachlabs@latest"), {"prompt": "a fox"})
    assert [(loss.message, loss.pointer) for loss in done.losses] == [
        (
            "/version: eachlabs/kling-v2-6-pro-text-to-video@2026-08-17 demands it, and nothing in the "
            "request gives it",
            "/version",
        )
    ]


def test_pinned_writes_out_every_documented_default(store: SpecStore):
    """And names what nobody documents."""
    oxen = pinned(store.get("oxen"), {"prompt": "a fox"})
    assert oxen.body == {
        "model": OXEN_MODEL,
        "prompt": "a fox",
        "negative_prompt": "blur, distort, and low quality",
        "duration": 5,
        "aspect_ratio": "16:9",
        "generate_audio": False,
        "cfg_scale": 0.5,
        "num_generations": 1,
    }
    assert oxen.losses == ()
    aimlapi = pinned(store.get("aimlapi"), {"prompt": "a fox"})
    assert aimlapi.body == {
        "model": "klingai/video-v2-6-pro-text-to-video",
        "prompt": "a fox",
        "duration": 5,
        "generate_audio": True,
    }
    ref = "aimlapi/klingai-video-v2-6-pro-text-to-video"
    assert [loss.message for loss in aimlapi.losses] == [
        f"{word} is left out, and {ref} documents no default of {pointer}"
        for word, pointer in (
            ("negative_prompt", "/negative_prompt"),
            ("aspect_ratio", "/aspect_ratio"),
            ("guidance", "/cfg_scale"),
        )
    ]


def test_a_default_is_never_the_prompt(store: SpecStore):
    """The one that a seller documents for a required prompt is not the buyer's."""
    done = pinned(store.get("oxen"), {})
    assert "prompt" not in done.body
    assert ("required", "/prompt", "error") in brief(done.losses)


def test_parameters_without_a_word_are_pinned_too():
    """Wherever they stand."""
    spec = minimal(
        (
            "          callback_url: {type: string, format: uri}\n",
            "          callback_url: {type: string, format: uri}\n"
            "          quality: {type: string, default: high}\n"
            "          more: {type: object, properties: {grain: {type: number, default: 0.1}}}\n",
        )
    )
    assert pinned(spec, {"prompt": "a fox"}).body == {"prompt": "a fox", "duration": 5, "quality": "high"}
    inside = pinned(spec, {"prompt": "a fox"}, settings={"/more": {}})
    assert inside.body["more"] == {"grain": 0.1}


def test_a_documented_lack_of_a_default_is_nothing_to_name():
    """What is left out is nothing then."""
    assert brief(pinned(minimal(), {"prompt": "a fox"}).losses) == [
        ("default-unknown", "/guidance", "warning")
    ]


def test_settings_go_before_everything(store: SpecStore):
    """Before what the request says, the default, and the name of the model."""
    done = to_native(
        store.get("eachlabs@latest"),
        {"prompt": "a fox", "duration_s": 5},
        pin_defaults=True,
        settings={"/version": "0.0.1", "/input/duration": "10", "/input/cfg_scale": 0.9},
    )
    assert done.body["version"] == "0.0.1"
    assert (done.body["input"]["duration"], done.body["input"]["cfg_scale"]) == ("10", 0.9)
    assert done.canonical["duration_s"] == 10
    assert done.is_lossless


def test_a_setting_that_nobody_documents_is_said(store: SpecStore):
    """It is written all the same: it was asked for."""
    done = to_native(store.get("oxen"), {"prompt": "a fox"}, settings={"/quality": "high"})
    assert done.body["quality"] == "high"
    assert [loss.message for loss in done.losses] == [
        "/quality: oxen/kling-video-v2-6-pro-text-to-video documents no such parameter"
    ]


def test_a_secret_is_never_shown(store: SpecStore):
    """Nor is an address, which may carry one."""
    canonical = {"prompt": "a fox", "webhook_url": "https://u:s3cret@example.com", "webhook_secret": "s3cret"}
    done = to_native(store.get("novita/kling-v2.6"), canonical)
    assert [loss.message for loss in done.losses] == [
        "webhook_url is left out: novita/kling-v2.6-pro-t2v documents no such parameter",
        "webhook_secret is left out: novita/kling-v2.6-pro-t2v documents no such parameter",
    ]
    assert [loss.impact for loss in done.losses] == [(Impact.BREAKS,), (Impact.BREAKS,)]
    broken = to_native(store.get("eachlabs"), {"prompt": "a fox", "webhook_url": "s3cret"})
    assert [loss.message for loss in broken.losses] == [
        '/webhook_url: the value is not what eachlabs/kling-v2-6-pro-text-to-video documents (format "uri")'
    ]
    assert "s3cret" not in repr((done.losses, broken.losses))


def test_a_long_text_is_not_copied_into_a_finding(store: SpecStore):
    """Its beginning says enough."""
    done = to_native(store.get("novita/kling-v2.6"), {"prompt": "a fox", "routing": "x" * 5000})
    assert done.losses[0].observed == f"{'x' * 200}… (5000 characters)"


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("", "expected a JSON Pointer to a member of the request, got the empty one"),
        ("/prompt/0", "/prompt/0: /prompt is no object"),
    ],
)
def test_a_pointer_into_a_value_is_refused(pointer: str, message: str):
    """There is no place there."""
    with pytest.raises(OperatorError) as caught:
        put({"prompt": "a fox"}, pointer, 1)
    assert str(caught.value) == message
