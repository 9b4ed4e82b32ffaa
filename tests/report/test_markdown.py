"""Findings and runs as Markdown."""

from __future__ import annotations

import pytest

from harness.finding import Judgement, Observed, Skipped
from harness.report.markdown import findings_markdown, record_markdown
from tests.report.example import (
    DOWN,
    GROUP,
    UNKNOWN,
    documented,
    example,
    finding,
    judgement,
    row,
)


def test_findings_as_a_list() -> None:
    """The verdict first, an item for each finding, what was not judged last."""
    seen = Observed(operations=1, skipped=(Skipped(what="a.har", why="not JSON"),))
    bare = finding(
        DOWN, message="nothing", model=None, operation=None, pointer=None, expected=None, observed=None,
        source=None, subject=None, waived=True,
    )  # fmt: skip
    text = findings_markdown(judgement(finding(), bare, finding(UNKNOWN, pointer=""), observed=seen))
    assert text == (
        "**violates**: 1 error, 0 warnings, 1 info, 1 waived; judged 1 operation\n"
        "\n"
        "- **error** `request.enum`: /duration is 7, expected one of 5, 10\n"
        "  - endpoint `acme/clip-2, submit`; at `/duration`; expected `[5, 10]`; observed `7`; "
        "in `request.json:1:12`; by `specs/acme/clip-2.yaml:20:13 (seed#Body, duration)`\n"
        "- **warning**, waived, inconclusive `traffic.nothing`: nothing\n"
        "- **info** `response.unknown-property`: /duration is 7, expected one of 5, 10\n"
        "  - endpoint `acme/clip-2, submit`; at `the whole body`; expected `[5, 10]`; observed `7`; "
        "in `request.json:1:12`; by `specs/acme/clip-2.yaml:20:13 (seed#Body, duration)`\n"
        "\n"
        "Not judged:\n"
        "\n"
        "- a.har: not JSON\n"
    )


def test_no_findings() -> None:
    """An empty judgement is a line."""
    assert findings_markdown(Judgement()) == (
        "**inconclusive**: 0 errors, 0 warnings, 0 info; judged nothing\n"
    )


def test_a_run_has_the_order_of_the_page() -> None:
    """Evidence, verdict, unknowns, then everything else under its heading."""
    lines = record_markdown(example()).splitlines()
    assert lines[:7] == [
        "**Rests on 0 live, 0 simulated and 14 documented exchanges: no API was measured.**",
        "",
        "# Video APIs side by side",
        "",
        "**Violates.** 1 error at 1 endpoint; 1 difference between sellers and 1 contradiction inside one "
        "provider stand below.",
        "",
        "Made 2026-11-20 12:00 UTC by harness 0.1.0.",
    ]
    assert [line for line in lines if line.startswith("#")] == [
        "# Video APIs side by side",
        "## What cannot be said yet",
        "## Where the sellers differ",
        "### clip 2 pro text-to-video",
        "#### The bill changes, without an error",
        "#### The request is refused",
        "#### Unknown, or only written differently",
        "#### 1 row in which all say the same",
        "### clip 1 text-to-video",
        "## How long a job takes",
        "### clip 2 pro text-to-video",
        "### clip 1 text-to-video",
        "## Contradictions inside one provider",
        "### Clip, sold by Acme",
        "## Do the recorded exchanges conform?",
        "## Endpoint by endpoint",
        "### Clip, sold by Acme",
        "### Clip, sold by Bolt",
        "### Clip, sold by Acme",
        "## Findings",
        "## Method and provenance",
    ]


def test_the_three_states_of_a_value_look_different() -> None:
    """A value is code, absence and silence are words of their own."""
    text = record_markdown(example())
    assert (
        '| duration (s): default | `5` | `"10"` | Without a duration, Bolt makes twice the video. |' in text
    )
    assert "| prompt: most characters | `2500` | *none* |  |" in text
    assert "| limits: rate | *undocumented* | `100 requests in 60 s` |  |" in text
    assert "Documented as absent: `submit request /prompt: default`." in text
    assert "Undocumented: `price: price`." in text


@pytest.mark.parametrize(
    ("value", "cell"),
    [("a | b", "`a \\| b`"), ("a \\| b", "`a \\\\x7c b`"), ("`|`", "`` `\\|` ``")],
)
def test_a_bar_in_a_value_does_not_end_its_cell(value: str, cell: str) -> None:
    """In code too; after a backslash, where readers differ, it is written as an escape."""
    own = row("prompt", "default", documented(value), documented("x"), cost=0)
    text = record_markdown(example(matrix=(own,), meanings={(GROUP, "prompt.default"): "this | that"}))
    assert f"| prompt: default | {cell} | `x` | this \\| that |\n" in text


def test_times_carry_their_provenance() -> None:
    """Recorded jobs are counted under the name of their origin."""
    text = record_markdown(example())
    dash = "\u2013"
    assert (
        "| Acme | 152 s (`seed#Times`) | polling, observed once | 1 documented: "
        f"135{dash}152 s | none | insufficient data | 1 documented job |"
    ) in text
    assert (
        f"| Bolt | 60{dash}600 s or more (`seed#Times`) | blocking call | 2 live: 135{dash}152 s, over 600 "
        "s, end not seen | over 135 s, end not seen (6 jobs, 96.9%) | insufficient data |"
    ) in text
    assert "| Acme | undocumented | any mode | none | none | undocumented |" in text


def test_an_empty_run_says_so_in_every_section() -> None:
    """No section is left without a word."""
    empty = example(
        messages={"live": 1}, models=(), matrix=(), recordings=(), jobs=(), estimates=(),
        judgement=judgement(models=()),
    )  # fmt: skip
    text = record_markdown(empty)
    assert "- Nothing that was looked for is unknown." in text
    assert "## Contradictions inside one provider\n\nNone is known.\n" in text
    assert (
        "No message and no spec breaks a rule.\n\n0 differences between sellers and 0 contradictions" in text
    )
    assert "![" not in text
