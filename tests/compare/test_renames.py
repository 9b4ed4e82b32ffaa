"""When one property gone and one new are a rename."""

from __future__ import annotations

import pytest

from harness.compare.renames import Rename, moved
from harness.finding import Direction
from harness.spec.facts import Address, Fact
from harness.spec.model import State
from tests.compare.drift import Edit, between

GUIDANCE = ("guidance: {type: number", "cfg_scale: {type: number")
FLAT = (
    "          guidance: {type: number, minimum: 0, maximum: 1, x-sources: {maximum: forum#first answer}}\n"
)
GUIDANCE_WORD = ("guidance: /guidance", "guidance: /cfg_scale")
PROGRESS = ("            progress: {type: number", "            percent: {type: number")
PROGRESS_POINTER = ("progress_percent: /progress", "progress_percent: /percent")
VIDEOS = ("            videos: {type: array", "            clips: {type: array")
OUTPUT = ("output: /videos/0/url", "output: /clips/0/url")


def rules(*new: Edit) -> list[str]:
    """The rules that fire between the small spec and the edited one."""
    return [finding.rule.id for finding in between((), new)]


def rename(old: str, new: str) -> Rename:
    """A rename from one field to another."""
    facts = (
        Fact(
            address=Address(
                operation="poll", direction=Direction.RESPONSE, status="200", field=field, facet="presence"
            ),
            state=State.DOCUMENTED,
            value=True,
            at="/x",
            sources=(),
        )
        for field in (old, new)
    )
    return Rename(scope=("poll", Direction.RESPONSE, "200"), old=next(facts), new=next(facts), word=None)


@pytest.mark.parametrize(
    ("pointer", "old", "new", "result"),
    [
        ("/a", "/a", "/b", "/b"),
        ("/a/c", "/a", "/b", "/b/c"),
        ("/ab", "/a", "/b", "/ab"),
        ("/", "/a/b", "/a/c", "/"),
        ("/videos/3/url", "/videos/*/url", "/videos/*/link", "/videos/3/link"),
        ("/videos/*/url", "/videos/*/url", "/clips/*/url", "/clips/*/url"),
        ("/videos/3/url", "/videos", "/clips", "/clips/3/url"),
    ],
)
def test_pointer_follows_a_rename(pointer: str, old: str, new: str, result: str) -> None:
    """At and below the property the new name stands; indices are kept, other pointers too."""
    assert moved(pointer, rename(old, new)) == result


def test_mapping_is_evidence_in_a_request() -> None:
    """The same canonical word leads to the new name: one finding."""
    assert rules(GUIDANCE, GUIDANCE_WORD) == ["diff.request-property-renamed"]


def test_without_the_mapping_it_is_a_loss_and_a_gain() -> None:
    """A property that looks alike is no evidence."""
    assert rules(GUIDANCE, ("  guidance: /guidance\n", "")) == [
        "diff.request-property-removed",
        "diff.request-property-added",
    ]


def test_renamed_parameter_with_another_range_is_two_changes() -> None:
    """The name and each other facet are findings of their own."""
    assert rules(GUIDANCE, GUIDANCE_WORD, ("maximum: 1,", "maximum: 10,")) == [
        "diff.request-property-renamed",
        "diff.request-scale",
    ]


def test_word_that_moves_to_a_known_parameter_is_no_rename() -> None:
    """Both names were there before: nothing is new."""
    assert rules(("guidance: /guidance", "guidance: /callback_url")) == []


def test_webhook_parameter_takes_the_webhook_along() -> None:
    """The place where the webhook is asked for follows the name."""
    assert rules(
        ("callback_url: {type", "hook: {type"),
        ("webhook_url: /callback_url", "webhook_url: /hook"),
        ("request_field: /callback_url", "request_field: /hook"),
    ) == ["diff.request-property-renamed"]


def test_renamed_wrapper_is_one_finding() -> None:
    """All that it wraps goes with it."""
    inner = "{type: object, properties: {guidance: {type: number}, prompt_too: {type: string}}}"
    old = ((FLAT, f"          input: {inner}\n"), ("guidance: /guidance", "guidance: /input/guidance"))
    new = ((FLAT, f"          params: {inner}\n"), ("guidance: /guidance", "guidance: /params/guidance"))
    (finding,) = between(old, new)
    assert (finding.rule.id, finding.field) == ("diff.request-property-renamed", "/input")
    assert (finding.expected, finding.observed) == ("input", "params")


def test_parameter_that_moves_into_a_wrapper() -> None:
    """The word is the same, the level is not: the whole fields are told."""
    nested = FLAT.replace("          guidance: {", "          input: {type: object, properties: {guidance: {")
    nested = nested.replace("}}\n", "}}}}\n")
    found = between((), ((FLAT, nested), ("guidance: /guidance", "guidance: /input/guidance")))
    assert [(f.rule.id, f.expected, f.observed) for f in found] == [
        ("diff.request-property-renamed", "/guidance", "/input/guidance"),
        ("diff.request-property-added", None, True),
    ]


def test_job_is_evidence_in_an_answer() -> None:
    """The job's pointer leads to the new name: one finding, and none on the pointer."""
    assert rules(PROGRESS, PROGRESS_POINTER) == ["diff.response-property-renamed"]


def test_answers_need_the_same_schema() -> None:
    """What leads elsewhere and looks otherwise is another thing."""
    found = rules(PROGRESS, PROGRESS_POINTER, ("minimum: 0, maximum: 100}", "minimum: 0, maximum: 1}"))
    assert found == [
        "diff.response-property-removed",
        "diff.job-place",
        "diff.response-property-added",
    ]


def test_rename_around_the_output() -> None:
    """The list that holds the video has another name: the pointer and all below follow."""
    found = between((), (VIDEOS, OUTPUT))
    assert [(f.rule.id, f.expected, f.observed) for f in found] == [
        ("diff.response-property-renamed", "videos", "clips")
    ]


def test_pointer_that_differs_in_two_names_is_no_rename() -> None:
    """Another place at another depth is a new place."""
    found = rules(
        VIDEOS,
        ("items: {type: object, properties: {url:", "items: {type: object, properties: {link:"),
        ("output: /videos/0/url", "output: /clips/0/link"),
    )
    assert found == ["diff.response-property-removed", "diff.job-place", "diff.response-property-added"]


def test_error_pointer_follows_too() -> None:
    """A list of pointers is compared one by one."""
    assert rules(
        ("            error: {type: string}\n", "            reason: {type: string}\n"),
        ("error: [/error]", "error: [/reason]"),
    ) == ["diff.response-property-renamed"]


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (
            (("broken: failed", "failed: failed"), ("[waiting, done, broken]", "[waiting, done, failed]")),
            ["diff.status-word-renamed"],
        ),
        (
            (
                ("broken: failed", "failed: failed\n            lost: failed"),
                ("[waiting, done, broken]", "[waiting, done, failed, lost]"),
            ),
            ["diff.status-word-removed", "diff.status-word-added", "diff.status-word-added"],
        ),
        (
            (
                ("waiting: running", "waiting: queued\n            busy: running"),
                ("[waiting, done, broken]", "[waiting, done, broken, busy]"),
            ),
            ["diff.status-word-meaning", "diff.status-word-added"],
        ),
        (
            (
                (
                    "waiting: running\n            done: succeeded",
                    "done: running\n            ready: succeeded",
                ),
                ("[waiting, done, broken]", "[done, broken, ready]"),
            ),
            ["diff.status-word-removed", "diff.status-word-meaning", "diff.status-word-added"],
        ),
    ],
)
def test_status_words(new: tuple[Edit, ...], found: list[str]) -> None:
    """One word for one word of the same state is a rename; where it is not plain, each word is reported."""
    assert rules(*new) == found
