"""Native requests in canonical words, and canonical requests as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import OperatorError
from harness.spec.store import SpecStore
from harness.translate import effective, read_canonical, to_canonical


def test_every_parameter_has_its_word(store: SpecStore):
    """At any depth, in the form that holds across sellers."""
    body = {
        "model": "kling-v2-6-pro-text-to-video",
        "input": {"prompt": "a fox", "duration": "10", "generate_audio": False, "cfg_scale": 0.4},
        "webhook_url": "https://example.com/hook",
    }
    assert to_canonical(store.get("eachlabs"), body) == (
        {
            "prompt": "a fox",
            "duration_s": 10,
            "audio": False,
            "guidance": 0.4,
            "webhook_url": "https://example.com/hook",
        },
        {},
    )


def test_another_range_is_said(store: SpecStore):
    """A number of a range from 0 to 10 is none of one from 0 to 1."""
    body = {"model": "kling-video-v2-6-pro-text-to-video", "prompt": "a fox", "cfg_scale": 5}
    assert to_canonical(store.get("oxen"), body) == (
        {"prompt": "a fox", "guidance": {"value": 5, "range": [0, 10]}},
        {},
    )


def test_what_has_no_word_is_left_over(store: SpecStore):
    """With its place; the seller's own name of the model is no loss, another name is."""
    body = {"model": "another", "input": {"prompt": "a fox", "seed": 1, "a/b": {"c": 1}}, "extra": [1]}
    assert to_canonical(store.get("eachlabs"), body) == (
        {"prompt": "a fox"},
        {"/model": "another", "/input/seed": 1, "/input/a~1b": {"c": 1}, "/extra": [1]},
    )


@pytest.mark.parametrize("body", [[1], "a fox", None, 5])
def test_what_is_no_object_is_left_over(body: Any, store: SpecStore):
    """As a whole."""
    assert to_canonical(store.get("eachlabs"), body) == ({}, {"": body})


def test_an_object_that_is_none_is_left_over(store: SpecStore):
    """So is a text where an object with the parameters should be."""
    assert to_canonical(store.get("eachlabs"), {"input": "a fox"}) == ({}, {"/input": "a fox"})


def test_null_is_left_out(store: SpecStore):
    """A parameter that is null is as good as not there."""
    body = {"prompt": "a fox", "negative_prompt": None}
    assert to_canonical(store.get("novita/kling-v2.6"), body) == ({"prompt": "a fox"}, {})


def test_a_value_without_a_canonical_form_stays_as_it_is(store: SpecStore):
    """It is judged where it is written."""
    body = {"prompt": 5, "duration": "long", "sound": "yes"}
    assert to_canonical(store.get("novita/kling-v2.6"), body)[0] == {
        "prompt": 5,
        "duration_s": "long",
        "audio": "yes",
    }


def test_an_operation_has_its_own_parameters(store: SpecStore):
    """The form of the answer is a parameter of the blocking call alone."""
    body = {"prompt": "a fox", "response_format": "b64_json"}
    oxen = store.get("oxen")
    assert to_canonical(oxen, body)[1] == {"/response_format": "b64_json"}
    assert to_canonical(oxen, body, operation="generate")[0]["response_format"] == "b64_json"


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("poll", "novita/kling-v2.6-pro-t2v: operation 'poll' has no request body"),
        ("cancel", "novita/kling-v2.6-pro-t2v documents no operation 'cancel'; it documents: submit, poll"),
    ],
)
def test_an_operation_without_a_body_is_refused(operation: str, message: str, store: SpecStore):
    """There is nothing to translate."""
    with pytest.raises(OperatorError) as caught:
        to_canonical(store.get("novita/kling-v2.6"), {}, operation=operation)
    assert str(caught.value) == message


def test_what_a_request_gets_includes_documented_defaults(store: SpecStore):
    """What nobody documents is not in it, nor a prompt that was never given."""
    assert effective(store.get("eachlabs"), {"input": {"prompt": "a fox", "duration": "5"}}) == {
        "prompt": "a fox",
        "duration_s": 5,
        "negative_prompt": "blur, distort, and low quality",
        "aspect_ratio": "16:9",
        "audio": True,
        "guidance": 0.5,
    }
    assert effective(store.get("aimlapi"), {"prompt": "a fox"}) == {
        "prompt": "a fox",
        "duration_s": 5,
        "audio": True,
    }
    assert effective(store.get("oxen"), {}).get("prompt") is None


def test_a_canonical_request_is_read_as_it_is():
    """With a plain guidance or one on a range of its own."""
    plain = {"prompt": "a fox", "duration_s": 5, "audio": True, "guidance": 0.5, "mode": "pro", "seed": 7}
    assert read_canonical(plain, "r.json") == plain
    scaled = {"guidance": {"value": 5, "range": [0, 10]}}
    assert read_canonical(scaled, "r.json") == scaled
    unknown = {"guidance": {"value": 5, "range": None}}
    assert read_canonical(unknown, "r.json") == unknown


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([1], "r.json: expected an object of canonical words, got array"),
        ({"duratio_s": 5}, "r.json: /duratio_s: no canonical word; did you mean duration_s?"),
        ({"model": "kling"}, "r.json: /model: the model's name is each seller's own; leave it out"),
        ({"duration_s": "5"}, "r.json: /duration_s: expected a number, got string"),
        ({"seed": True}, "r.json: /seed: expected a number, got boolean"),
        ({"audio": "yes"}, "r.json: /audio: expected true or false, got string"),
        ({"prompt": None}, "r.json: /prompt: expected a text, got null"),
        ({"guidance": "much"}, "r.json: /guidance: expected a number, got string"),
        (
            {"guidance": {"value": 5}},
            'r.json: /guidance: expected a number, or {"value": NUMBER, "range": [LOWEST, HIGHEST]}',
        ),
        (
            {"guidance": {"value": 5, "range": [10, 0]}},
            'r.json: /guidance: expected a number, or {"value": NUMBER, "range": [LOWEST, HIGHEST]}',
        ),
    ],
)
def test_a_canonical_request_that_is_none_is_refused(document: Any, message: str):
    """With the place, what was expected, and what stands there."""
    with pytest.raises(OperatorError) as caught:
        read_canonical(document, "r.json")
    assert str(caught.value) == message


def test_a_word_that_is_like_no_other_gets_the_list():
    """Of all the words there are."""
    with pytest.raises(OperatorError) as caught:
        read_canonical({"zzz": 1}, "r.json")
    assert str(caught.value).startswith(
        "r.json: /zzz: no canonical word; known: model, model_version, prompt, "
    )
