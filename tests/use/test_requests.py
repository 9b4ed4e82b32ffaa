"""Changes of requests, by what is sent: each is an error to one user and information to another."""

from __future__ import annotations

import pytest

from tests.compare.drift import SOUND, Edit, added
from tests.use.users import sent, told, usage, use_of, weighed_between

BARE = sent("bare", {"prompt": "x"})
FULL = sent(
    "full",
    {
        "prompt": "x" * 400,
        "duration": 10,
        "aspect_ratio": "1:1",
        "guidance": 0.9,
        "callback_url": "https://a",
    },
)
NOTHING_OF = "no request that you send has {} (error in general)"
GUIDANCE = "guidance: {type: number, minimum: 0, maximum: 1, x-sources: {maximum: forum#first answer}}"

CASES: tuple[tuple[tuple[Edit, ...], str, str], ...] = (
    (
        (("enum: [5, 10]", "enum: [5]"),),
        "full sends 10: refused from now on",
        NOTHING_OF.format("/duration"),
    ),
    (
        (("maxLength: 500", "maxLength: 300"),),
        'full sends "' + "x" * 99 + "…: refused from now on",
        "every value of /prompt that you send is within it (error in general)",
    ),
    (
        ((GUIDANCE, "guidance: {type: number, minimum: 0, maximum: 0.8}"),),
        "full sends 0.9: refused from now on",
        NOTHING_OF.format("/guidance"),
    ),
    (
        (("duration:\n            type: integer", "duration:\n            type: string"),),
        "full sends 10: refused from now on",
        NOTHING_OF.format("/duration"),
    ),
    (
        (
            ('          aspect_ratio: {type: string, enum: ["16:9", "1:1"], x-absent: [default]}\n', ""),
            ("  aspect_ratio: /aspect_ratio\n", ""),
        ),
        "full sends /aspect_ratio: refused from now on, or ignored",
        NOTHING_OF.format("/aspect_ratio"),
    ),
    (
        (
            ("guidance: {type: number", "cfg: {type: number"),
            ("  guidance: /guidance", "  guidance: /cfg"),
        ),
        'full sends /guidance, which is called "cfg" now',
        NOTHING_OF.format("/guidance"),
    ),
    (
        ((GUIDANCE, "guidance: {type: number, minimum: 0, maximum: 10}"),),
        "full sends /guidance (0.9): it may do something else now",
        NOTHING_OF.format("/guidance"),
    ),
    (
        (("prompt: {type: string,", 'prompt: {type: string, pattern: "^y",'),),
        'full sends "' + "x" * 99 + "…: refused from now on",
        "",
    ),
)


@pytest.mark.parametrize(("new", "loud", "quiet"), CASES)
def test_what_is_sent_decides(new: tuple[Edit, ...], loud: str, quiet: str) -> None:
    """An error to whoever sends a value that is concerned, information to whoever does not."""
    (found,) = weighed_between((), new, use_of(usage(FULL)))
    assert told(found) == ("error", loud)
    if quiet:
        (found,) = weighed_between((), new, use_of(usage(BARE)))
        assert told(found) == ("info", quiet)
    (found,) = weighed_between((), new, use_of(usage(silent=True)))
    assert told(found) == ("error", None)


def test_a_parameter_that_is_required_now() -> None:
    """New or old, it is an error to whoever leaves it out."""
    new = (("required: [prompt]", "required: [prompt, duration]"),)
    (found,) = weighed_between((), new, use_of(usage(BARE, FULL)))
    assert told(found) == ("error", "bare leaves /duration out and will be refused")
    (found,) = weighed_between((), new, use_of(usage(FULL)))
    assert told(found) == (
        "info",
        "the one request that you send sets /duration already (error in general)",
    )


def test_a_new_parameter_with_a_default_that_costs() -> None:
    """Its default reaches every request that does not know it yet."""
    (found,) = weighed_between((), SOUND, use_of(usage(BARE, FULL)))
    assert told(found) == (
        "error",
        "bare and full leave /sound out and get true; what it does to the bill cannot be said in figures",
    )
    sets = sent("sets", {"prompt": "x", "sound": False})
    (found,) = weighed_between((), SOUND, use_of(usage(sets)))
    assert told(found)[0] == "info"


def test_many_requests_are_counted() -> None:
    """Three names, and how many more."""
    new = (("default: 5", "default: 10"),)
    (found,) = weighed_between((), new, use_of(usage(*(sent(f"r{n}", {"prompt": "x"}) for n in range(5)))))
    assert (found.consequence or "").startswith(
        "r0, r1, r2 and 2 more leave /duration out and get 10 instead of 5; "
    )


def test_null_is_as_good_as_left_out() -> None:
    """Nothing says that null is not the default."""
    new = (("default: 5", "default: 10"),)
    (found,) = weighed_between((), new, use_of(usage(sent("clip", {"prompt": "x", "duration": None}))))
    assert found.severity.value == "error"


def test_the_time_of_validation() -> None:
    """It concerns whoever sends anything."""
    new = (
        ('validation: {at_submit: ["*"], at_run: [/duration]', 'validation: {at_submit: [], at_run: ["*"]'),
    )
    (found,) = weighed_between((), new, use_of(usage(BARE)))
    assert told(found) == ("error", "you send 1 request there: check them before you send them")
    (found,) = weighed_between((), new, use_of(usage()))
    assert told(found)[0] == "info"


def test_nested_defaults_concern_only_what_is_around_them() -> None:
    """Whoever does not send the object does not get a default inside of it."""
    camera = "camera: {type: object, properties: {zoom: {type: integer, default: 1}}}"
    old, new = added(camera), added(camera.replace("default: 1", "default: 2"))
    (found,) = weighed_between(old, new, use_of(usage(BARE)))
    assert told(found) == (
        "info",
        "no request that you send has /camera, so no default in it reaches you (warning in general)",
    )
    (found,) = weighed_between(old, new, use_of(usage(sent("moves", {"prompt": "x", "camera": {}}))))
    assert told(found) == (
        "error",
        "moves leaves /camera/zoom out and gets 2 instead of 1 (warning in general)",
    )
