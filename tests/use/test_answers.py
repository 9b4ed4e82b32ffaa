"""Changes of answers and calls, by what is read and called."""

from __future__ import annotations

import pytest

from harness.use.model import Usage
from tests.compare.drift import CANCEL, NO_WEBHOOK, ONE_EVENT, TWO_EVENTS, Edit
from tests.use.users import sent, told, usage, use_of, weighed_between

CLIP = sent("clip", {"prompt": "x"})
READER = usage(
    CLIP,
    reads={
        "submit": ("/id",),
        "poll": ("/id", "/status", "/progress", "/videos/0/url", "/error"),
        "errors": ("/message",),
        "webhook": ("/state",),
        "events": (),
        "cancel": (),
    },
    status_words=("waiting", "done", "broken"),
)
SELDOM = usage(CLIP, reads={"submit": (), "poll": ("/status",)})
SILENT = usage(silent=True)

_PROGRESS = "            progress: {type: number, minimum: 0, maximum: 100}\n"
_STATES = "            waiting: running\n            done: succeeded\n"
_WORDS = "enum: [waiting, done, broken]"

Edits = tuple[Edit, ...]
CASES: tuple[tuple[Edits, Edits, str, tuple[str, str], tuple[str, str]], ...] = (
    (
        (),
        ((_PROGRESS, ""), ("          progress_percent: /progress\n", "")),
        "diff.response-property-removed",
        ("error", "you read /progress of the answers of poll and will find nothing there"),
        ("info", "you do not read /progress of the answers of poll (error in general)"),
    ),
    (
        (),
        (("progress: {type: number", "progress: {type: string"), ("minimum: 0, maximum: 100}", "}")),
        "diff.response-type",
        ("error", "you read /progress of the answers of poll"),
        ("info", "you do not read /progress of the answers of poll (error in general)"),
    ),
    (
        (),
        (
            ("error: {type: string}\n        job", "reason: {type: string}\n        job"),
            ("error: [/error]", "error: [/reason]"),
        ),
        "diff.response-property-renamed",
        ("error", 'you read /error of the answers of poll; it is called "reason" now'),
        ("info", "you do not read /error of the answers of poll (error in general)"),
    ),
    (
        (),
        (("  answer_within_s: {value: 30", "  answer_within_s: {value: 10"),),
        "diff.webhook-terms",
        ("error", "you ask to be called back"),
        ("info", "you ask for no webhook (error in general)"),
    ),
    (
        (),
        (NO_WEBHOOK,),
        "diff.webhook-removed",
        ("error", "you ask to be called back"),
        ("info", "you ask for no webhook (error in general)"),
    ),
    (
        (TWO_EVENTS,),
        (ONE_EVENT,),
        "diff.event-removed",
        ("error", "you listen to the events"),
        ("info", "you do not listen to the events (error in general)"),
    ),
    (
        (CANCEL,),
        (),
        "diff.operation-removed",
        ("error", "you call cancel"),
        ("info", "you do not call cancel (error in general)"),
    ),
    (
        (),
        (
            (_WORDS, "enum: [waiting, done, broken, paused]"),
            (_STATES, f"{_STATES}            paused: running\n"),
        ),
        "diff.status-word-added",
        ("error", "your client does not know the word 'paused'"),
        ("error", ""),
    ),
)


@pytest.mark.parametrize(("old", "new", "rule", "loud", "quiet"), CASES)
def test_what_is_read_decides(
    old: Edits, new: Edits, rule: str, loud: tuple[str, str], quiet: tuple[str, str]
) -> None:
    """An error to whoever reads or calls it, information to whoever does not, unchanged for the silent."""

    def found(user: Usage) -> tuple[str, str | None]:
        (one,) = [f for f in weighed_between(old, new, use_of(user)) if f.rule.id == rule]
        return told(one)

    assert found(READER) == loud
    assert found(SELDOM) == (quiet if quiet[1] else ("error", None))
    if rule not in ("diff.webhook-removed", "diff.webhook-terms"):
        assert found(SILENT)[1] is None


def test_words_that_the_client_knows_already() -> None:
    """Whoever wrote their state machine with foresight is not concerned."""
    new = (
        (_WORDS, "enum: [waiting, done, broken, paused]"),
        (_STATES, f"{_STATES}            paused: running\n"),
    )
    knows = usage(CLIP, reads={"poll": ("/status",)}, status_words=("waiting", "paused"))
    (found,) = weighed_between((), new, use_of(knows))
    assert told(found) == ("info", "your client knows the word 'paused' already (error in general)")
    (found,) = weighed_between((), new, use_of(usage(CLIP, reads={"submit": ("/id",)})))
    assert told(found) == ("info", "you read nothing of the answers of poll (error in general)")


def test_words_that_are_renamed_or_gone() -> None:
    """Only words that the client knows can be missed."""
    renamed = ((_WORDS, "enum: [waiting, ready, broken]"), ("done: succeeded", "ready: succeeded"))
    (found,) = [
        f for f in weighed_between((), renamed, use_of(READER)) if f.rule.id == "diff.status-word-renamed"
    ]
    assert told(found) == ("error", "your client does not know the word 'ready'")
    gone = ((_WORDS, "enum: [waiting, done]"), ("            broken: failed\n", ""))
    (found,) = [
        f for f in weighed_between((), gone, use_of(READER)) if f.rule.id == "diff.status-word-removed"
    ]
    assert told(found) == ("warning", "your client knows the word 'broken'")
    other = usage(CLIP, reads={"poll": ("/status",)}, status_words=("done",))
    (found,) = [
        f for f in weighed_between((), gone, use_of(other)) if f.rule.id == "diff.status-word-removed"
    ]
    assert told(found) == ("info", "your client does not know the word 'broken' anyway (warning in general)")


def test_where_the_job_stands() -> None:
    """Whoever reads the old place finds nothing there."""
    new = (("output: /videos/0/url", "output: /error"),)
    (found,) = weighed_between((), new, use_of(READER))
    assert told(found) == (
        "error",
        'you read /videos/0/url of the answers of poll; it stands at "/error" now',
    )
    (found,) = weighed_between((), new, use_of(SELDOM))
    assert told(found)[0] == "info"


def test_a_path_concerns_whoever_calls_it() -> None:
    """An operation of which nothing is read and to which nothing is sent is not called."""
    new = (("    path: /v1/videos/{id}\n", "    path: /v2/videos/{id}\n"),)
    (found,) = weighed_between((), new, use_of(READER))
    assert told(found) == ("error", "you call poll")
    (found,) = weighed_between((), new, use_of(usage(CLIP, reads={"submit": ()})))
    assert told(found) == ("info", "you do not call poll (error in general)")
    (found,) = weighed_between((), new, use_of(SILENT))
    assert told(found) == ("error", None)


def test_an_object_that_is_read_is_read_with_all_in_it() -> None:
    """Pointers touch what is above and below them."""
    new = (("items: {type: object, properties: {url: {type: string}}}", "items: {type: object}"),)
    whole = usage(CLIP, reads={"poll": ("/videos",)})
    (found, *_) = weighed_between((), new, use_of(whole))
    assert told(found) == ("error", "you read /videos of the answers of poll and will find nothing there")
