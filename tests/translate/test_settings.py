"""Parameters that are given on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import OperatorError
from harness.spec.store import SpecStore
from harness.translate.settings import read_setting


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("/version=0.0.1", ("/version", "0.0.1")),
        ("/version=1.0", ("/version", "1.0")),
        ("/input/duration=5", ("/input/duration", "5")),
        ("/input/generate_audio=false", ("/input/generate_audio", False)),
        ("/input/cfg_scale=0.5", ("/input/cfg_scale", 0.5)),
        ("/input/cfg_scale=NaN", ("/input/cfg_scale", "NaN")),
        ("/input/prompt=a = b", ("/input/prompt", "a = b")),
        ("/input/generate_audio=yes", ("/input/generate_audio", "yes")),
        ('/more={"a": 1}', ("/more", {"a": 1})),
        ("/input/prompt=", ("/input/prompt", "")),
    ],
)
def test_a_value_has_the_documented_type(text: str, setting: tuple[str, Any], store: SpecStore):
    """A text needs no quotes; what cannot be read stays a text, and is judged."""
    assert read_setting(store.get("eachlabs"), "submit", text) == setting


@pytest.mark.parametrize("text", ["version=1", "/version", "=1", "1"])
def test_a_pointer_is_needed(text: str, store: SpecStore):
    """The message shows one."""
    with pytest.raises(OperatorError) as caught:
        read_setting(store.get("eachlabs"), "submit", text)
    assert str(caught.value) == f"--set: expected POINTER=VALUE such as /duration=5, got {text!r}"
