"""The canonical words, and what sellers call them."""

from __future__ import annotations

from harness.spec.vocabulary import CANONICAL, aliases_of
from tests.minimal import minimal


def test_each_word_stands_once():
    """A word that stood twice would mean two things."""
    assert len(set(CANONICAL)) == len(CANONICAL)


def test_aliases_lead_from_the_native_name_to_the_canonical_word():
    """The name is the last part of the pointer; a name that several sellers share stays one."""
    nested = minimal(("  prompt: /prompt\n", "  prompt: /input/prompt\n"))

    assert aliases_of([minimal(), nested]) == {
        "prompt": "prompt",
        "duration": "duration_s",
        "aspect_ratio": "aspect_ratio",
        "guidance": "guidance",
        "callback_url": "webhook_url",
    }
