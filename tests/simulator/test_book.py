"""The ids of jobs."""

from __future__ import annotations

import pytest

from harness.simulator.book import id_form
from tests.minimal import minimal
from tests.shipped import BASELINES
from tests.simulator.serving import STORE


@pytest.mark.parametrize("model", BASELINES)
def test_the_form_of_an_id(model: str):
    """A UUID, and around it what a documented example has around its own."""
    name = "klingai/video-v2-6-pro-text-to-video"
    assert id_form(STORE.get(model)) == (f"{{}}:{name}" if "aimlapi" in model else "{}")


def test_an_example_without_a_uuid():
    """Says nothing of the form."""
    assert id_form(minimal()) == "{}"
