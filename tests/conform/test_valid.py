"""The valid requests that are worth a paid job."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from harness.check.body import Judges
from harness.check.request import check_request
from harness.conform.valid import minimal_body, valid_requests
from harness.errors import OperatorError
from harness.spec.store import SpecStore
from tests.minimal import minimal

STORE = SpecStore()
MODELS = tuple(spec.ref for model in STORE.ids for spec in (STORE.get(model), STORE.get(f"{model}@latest")))


@pytest.mark.parametrize("ref", MODELS)
def test_each_passes_the_check_and_each_pair_is_there(ref: str) -> None:
    """Every two documented values of duration, shape, sound and mode stand in one request."""
    spec = STORE.get(ref)
    given = None
    if ref.startswith("eachlabs/") and "@" in ref:  # no document of it shows the version that it requires
        given = {"model": spec.model.name, "version": "0.0.1", "input": {"prompt": "a fox"}}
    bodies = [case.body for case in valid_requests(spec, minimal_body(spec, given))]
    for body in bodies:
        content = text(body)
        assert not check_request(spec, content, file="x", operation="submit", judges=Judges()).findings
    assert len({text(body) for body in bodies}) == len(bodies)
    parameters = bodies[-1].get("input", bodies[-1])
    chosen = {name: {text(b.get("input", b).get(name)) for b in bodies[1:]} for name in parameters}
    wanted = [name for name, values in chosen.items() if len(values) > 1]
    for one, other in combinations(wanted, 2):
        pairs = {(text(b.get("input", b)[one]), text(b.get("input", b)[other])) for b in bodies[1:]}
        assert len(pairs) == len(chosen[one]) * len(chosen[other]), (one, other)


def text(value: Any) -> bytes:
    from harness.generate.case import text_of

    return text_of(value).encode()


def test_texts_stand_at_their_limit_in_characters() -> None:
    """One of them outside the BMP: as many characters, and more UTF-16 units."""
    spec = STORE.get("novita/kling-v1.6-t2v")
    prompts = [case.body["prompt"] for case in valid_requests(spec, minimal_body(spec))]
    longest = {prompt for prompt in prompts if len(prompt) == 2000}
    assert len(longest) == 2
    assert sorted(len(prompt.encode("utf-16-le")) // 2 > 2000 for prompt in longest) == [False, True]


def test_the_prompt_is_as_short_as_it_must_be() -> None:
    """A limit below the usual sentence cuts it."""
    assert minimal_body(minimal(("maxLength: 500", "maxLength: 5"))) == {"prompt": "A red"}


def test_where_the_documents_allow_no_small_request_it_is_said() -> None:
    """The operator is told; nothing wrong is sent as if it were right."""
    spec = minimal(("minLength: 1, maxLength: 500", "minLength: 400, maxLength: 500"))
    with pytest.raises(OperatorError) as caught:
        minimal_body(spec)
    assert str(caught.value) == (
        "example/video-1-text-to-video: the documents allow no request as small as "
        '{"prompt": "A red fox runs through fresh snow at dawn."}'
    )


def test_a_request_of_the_operator_is_taken_if_the_documents_allow_it() -> None:
    """As it is; one that they do not allow is refused."""
    assert minimal_body(minimal(), {"prompt": "two foxes", "duration": 5}) == {
        "prompt": "two foxes",
        "duration": 5,
    }
    with pytest.raises(OperatorError) as caught:
        minimal_body(minimal(), {"prompt": "two foxes", "duration": 7})
    assert str(caught.value) == (
        "example/video-1-text-to-video: the documents do not allow the request "
        '{"prompt": "two foxes", "duration": 7}'
    )
