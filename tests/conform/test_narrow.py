"""Out of a refused request the smallest one that is refused: what is tried, and what is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from harness.conform.narrow import Narrowed, narrowed
from harness.generate.case import Case, Kind

BASE = {"model": "m", "input": {"prompt": "a fox"}}
FULL = {"model": "m", "input": {"prompt": "a fox", "a": 1, "b": True, "c": "x", "d": 0.5}}


def narrow(
    refuses: Callable[[dict[str, Any]], bool | None], *, accepted: tuple[Any, ...] = (), body: Any = FULL
) -> tuple[Narrowed, list[Any]]:
    """What is left, and the bodies that were tried, without what the base has."""
    tried: list[Any] = []

    async def is_refused(case: Case) -> bool | None:
        tried.append({key: value for key, value in case.body["input"].items() if key != "prompt"})
        return refuses(case.body["input"])

    case = Case(body=body, kind=Kind.VALID, why="full")
    return asyncio.run(narrowed(case, BASE, accepted, is_refused)), tried


def test_one_value_is_found_in_halves() -> None:
    """Of four values the one that is refused, with few requests."""
    found, tried = narrow(lambda body: "c" in body)
    assert found.culprits == (("/input/c", "x"),)
    assert found.case.body == {"model": "m", "input": {"prompt": "a fox", "c": "x"}}
    assert tried == [{"a": 1, "b": True}, {"c": "x", "d": 0.5}, {"c": "x"}]


def test_what_an_accepted_request_has_is_not_suspected() -> None:
    """One request tells, where all else stood in requests that were taken."""
    found, tried = narrow(lambda body: "d" in body, accepted=({"input": {"a": 1, "b": True, "c": "x"}},))
    assert found.culprits == (("/input/d", 0.5),)
    assert tried == [{"d": 0.5}]


def test_true_is_not_one() -> None:
    """An accepted `1` says nothing of `true`."""
    found, _ = narrow(lambda body: "b" in body, accepted=({"input": {"a": 1, "b": 1, "c": "x", "d": 0.5}},))
    assert found.culprits == (("/input/b", True),)


def test_values_that_are_refused_together_alone_stay_together() -> None:
    """Where neither half is refused, the request is as small as it is known to get."""
    found, tried = narrow(lambda body: "a" in body and "d" in body)
    assert found.case.body == FULL
    assert [pointer for pointer, _ in found.culprits] == ["/input/a", "/input/b", "/input/c", "/input/d"]
    assert tried == [{"a": 1, "b": True}, {"c": "x", "d": 0.5}]


def test_where_no_more_may_be_sent_it_stays_as_it_is() -> None:
    """The request that was refused is the example."""
    found, _ = narrow(lambda _: None)
    assert found.case.body == FULL


def test_a_refused_minimal_request_is_minimal() -> None:
    """Nothing is tried, and it explains every other refusal."""
    found, tried = narrow(lambda _: True, body=BASE)
    assert (found.culprits, tried) == ((), [])
    assert found.explains(FULL)


def test_a_culprit_explains_the_requests_that_have_it() -> None:
    """And no other."""
    found, _ = narrow(lambda body: "c" in body)
    assert found.explains({"input": {"c": "x", "z": 1}})
    assert not found.explains({"input": {"c": "y"}})
