"""The request that a recording makes where none is given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.check.body import Judges
from harness.check.request import check_request
from harness.client.results import Mode
from harness.errors import OperatorError
from harness.finding import Verdict
from harness.recorder.record import default_body
from harness.spec.store import SpecStore
from tests.minimal import minimal
from tests.shipped import REFERENCES


@pytest.mark.parametrize("reference", REFERENCES)
def test_it_is_valid_for_every_shipped_model(reference: str, store: SpecStore):
    """And has no more than it must: nothing in it multiplies or redirects the bill."""
    spec = store.get(reference)
    for mode in (Mode.POLL, Mode.BLOCKING):
        operation = "generate" if mode is Mode.BLOCKING else "submit"
        if operation not in spec.operations:
            continue
        if "version" in spec.operations[operation].request.schema.get("required", ()):  # no value is known
            with pytest.raises(OperatorError, match="/version is required, and has no default"):
                default_body(spec, mode)
            continue
        body = default_body(spec, mode)
        content = json.dumps(body).encode()
        judged = check_request(spec, content, file="x", operation=operation, judges=Judges())
        assert judged.verdict is Verdict.CONFORMS
        assert not {"num_generations", "target_namespace"} & set(body)


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ("[prompt]", {"prompt": "A red fox runs through fresh snow at dawn."}),
        ("[prompt, aspect_ratio]", {"aspect_ratio": "16:9"}),
        ("[prompt, duration]", {"duration": 5}),
        ("[prompt, guidance]", {"guidance": 0.5}),
    ],
)
def test_what_is_required_is_filled_in(required: str, expected: dict[str, Any]):
    """The first documented value, the default, a prompt."""
    spec = minimal(
        ("required: [prompt]", f"required: {required}"),
        ("guidance: {type: number, minimum: 0,", "guidance: {type: number, default: 0.5, minimum: 0,"),
    )
    body = default_body(spec, Mode.POLL)
    assert expected.items() <= body.items()


def test_what_cannot_be_guessed_is_asked_for():
    """A made-up value could cost a job."""
    spec = minimal(("required: [prompt]", "required: [prompt, callback_url]"))
    with pytest.raises(OperatorError) as caught:
        default_body(spec, Mode.POLL)
    assert str(caught.value) == (
        f"{spec.ref}: /callback_url is required, and has no default; give the body (--body)"
    )


def test_a_way_of_waiting_that_is_not_documented_is_refused(store: SpecStore):
    """With those that are."""
    with pytest.raises(OperatorError) as caught:
        default_body(store.get("novita/kling-v2.6-pro-t2v"), Mode.BLOCKING)
    assert str(caught.value) == ("novita/kling-v2.6-pro-t2v documents no blocking; it documents: poll")
