"""Whose requests the sellers are compared for."""

from __future__ import annotations

import json
from pathlib import Path

from harness.decision.wishes import ASSUMED, wishes_of
from harness.use.model import Use
from harness.use.read import read_use
from tests.decision.made import AIML, EACH, NOVITA, OLD, OXEN, decision_of, shipped


def use_of(directory: Path, models: dict[str, dict[str, object]], **bodies: object) -> Use:
    """A harness.yaml with these models and files of requests."""
    for name, body in bodies.items():
        (directory / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    path = directory / "harness.yaml"
    path.write_text(json.dumps({"format": 1, "models": models}), encoding="utf-8")
    return read_use(path, shipped())


def test_without_a_configuration_two_requests_are_assumed() -> None:
    """They say that nobody asked for them."""
    assert wishes_of(None, shipped()) == ASSUMED
    assert all(wish.assumed for wish in ASSUMED)


def test_needs_are_added_to_every_wish_in_one_order() -> None:
    """A way that was asked for twice is there once."""
    assert [wish.needs for wish in wishes_of(None, shipped(), needs=("webhook", "poll", "poll"))] == [
        ("poll", "webhook"),
        ("poll", "webhook"),
    ]


def test_a_request_is_what_its_seller_makes_of_it(tmp_path: Path) -> None:
    """Documented defaults count, what is one seller's own does not."""
    use = use_of(
        tmp_path,
        {EACH: {"requests": [{"file": "short.json", "name": "short"}]}},
        short={"model": "kling-v2-6-pro-text-to-video", "input": {"prompt": "a fox"}},
    )
    (wish,) = wishes_of(use, shipped())
    assert (wish.name, wish.needs, wish.assumed) == ("short", (), False)
    assert wish.origin == f"{tmp_path / 'harness.yaml'}:1"
    assert wish.words == {
        "prompt": "a fox",
        "negative_prompt": "blur, distort, and low quality",
        "duration_s": 10,
        "aspect_ratio": "16:9",
        "audio": True,
        "guidance": 0.5,
    }


def test_the_same_request_at_two_sellers_is_one_wish(tmp_path: Path) -> None:
    """Whoever sends one thing to two sellers means one thing, under whatever names they know it."""
    whole = {"prompt": "a fox", "negative_prompt": "blur", "duration": 5, "aspect_ratio": "16:9"}
    use = use_of(
        tmp_path,
        {
            NOVITA: {"requests": [{"file": "one.json", "name": "here"}]},
            AIML: {"requests": [{"file": "other.json", "name": "there"}]},
            OXEN: {
                "requests": [{"file": "third.json", "name": "waited for", "operation": "generate"}],
                "reads": {"events": ["/generation_id"]},
            },
        },
        one={**whole, "sound": True, "cfg_scale": 0.5},
        other={
            **whole,
            "model": "klingai/video-v2-6-pro-text-to-video",
            "generate_audio": True,
            "cfg_scale": 0.5,
        },
        third={**whole, "model": "kling-video-v2-6-pro-text-to-video", "generate_audio": True},
    )
    here, waited_for = wishes_of(use, shipped())
    assert (here.name, here.needs) == ("here", ())
    assert (waited_for.name, waited_for.needs) == ("waited for", ("events", "blocking"))
    # The third leaves its guidance to the default, on another range.
    assert waited_for.words["guidance"] == {"value": 0.5, "range": [0, 10]}


def test_a_name_that_two_requests_share_says_whose_it_is(tmp_path: Path) -> None:
    """Every starter file calls its request the least; each stands for the sellers of its own model."""
    use = use_of(
        tmp_path,
        {
            NOVITA: {"requests": [{"file": "one.json", "name": "least"}]},
            OLD: {"requests": [{"file": "other.json", "name": "least"}]},
        },
        one={"prompt": "a fox", "duration": 5},
        other={"prompt": "a fox", "duration": 5},
    )
    new, old = wishes_of(use, shipped())
    assert (new.name, old.name) == (f"least, {NOVITA}", f"least, {OLD}")
    assert [fit.wish for fit in decision_of(wishes=(new, old)).groups[1].sheets[0].fits] == [old.name]


def test_a_request_that_names_a_webhook_needs_one(tmp_path: Path) -> None:
    """The address itself is nobody else's to know."""
    use = use_of(
        tmp_path,
        {EACH: {"requests": [{"file": "hooked.json", "name": "hooked"}]}},
        hooked={
            "model": "kling-v2-6-pro-text-to-video",
            "input": {"prompt": "a fox"},
            "webhook_url": "https://buyer.example/hook?token=1",
        },
    )
    (wish,) = wishes_of(use, shipped())
    assert wish.needs == ("webhook",)
    assert "buyer.example" not in str(wish)
