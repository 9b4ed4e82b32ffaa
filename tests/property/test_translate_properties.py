"""Translation, over every ordered pair of sellers and revisions."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from harness.spec.store import SpecStore
from harness.translate import GuidanceScale, effective, pinned, to_canonical, to_native, translate
from harness.translate.rules import DEFAULT_PINNED
from harness.translate.values import scaled_parts
from tests.check.judging import brief, request
from tests.shipped import REFERENCES
from tests.translate.bodies import bodies

STORE = SpecStore()
PAIRS = st.sampled_from([*permutations(REFERENCES, 2)])
READINGS = st.sampled_from([None, *GuidanceScale])


@settings(max_examples=150)
@given(st.data(), PAIRS, READINGS)
def test_what_loses_nothing_comes_back(
    data: st.DataObject, pair: tuple[str, str], reading: GuidanceScale | None
):
    """A -> B -> A is the identity, or says in words what A would have done unasked."""
    a, b = map(STORE.get, pair)
    body = data.draw(bodies(a))
    forth = translate(a, b, body, guidance_scale=reading)
    if not forth.is_lossless:
        event("something is lost")
        return
    assert brief(request(b, forth.body)) == []
    back = translate(b, a, forth.body, guidance_scale=reading)
    assert back.is_lossless, back.losses
    assert effective(a, back.body) == effective(a, body)
    if any(loss.rule is DEFAULT_PINNED for loss in forth.losses):
        event("a default is written out")
        said, said_again = to_canonical(a, body)[0], to_canonical(a, back.body)[0]
        assert {**said_again, **said} == said_again
    else:
        event("the same to the letter")
        assert back.body == body


@settings(max_examples=150)
@given(st.data(), PAIRS, READINGS)
def test_nothing_is_lost_in_silence(
    data: st.DataObject, pair: tuple[str, str], reading: GuidanceScale | None
):
    """What a seller gets unasked or asked, the other gets too, or there is a loss that names it."""
    a, b = map(STORE.get, pair)
    body = data.draw(bodies(a))
    done = translate(a, b, body, guidance_scale=reading)
    wanted, got = effective(a, body), effective(b, done.body)
    named = " ".join(loss.message for loss in done.losses)
    for word in wanted.keys() | got.keys():
        if wanted.get(word) == got.get(word) or (word == "guidance" and reading is not None):
            continue
        if word == "guidance" and {scaled_parts(each.get(word))[0] for each in (wanted, got)} == {0}:
            continue  # the lowest value is the lowest of any range
        pointers = [spec.mapping[word] for spec in (a, b) if word in spec.mapping]
        is_neutral = word == "count" and {wanted.get(word), got.get(word)} == {None, 1}
        is_own = word == "routing" and word not in to_canonical(a, body)[0]
        assert is_neutral or is_own or word in named or any(p in named for p in pointers), (word, named)


@given(st.data(), st.sampled_from(REFERENCES))
def test_a_request_of_ones_own_stays_as_it_is(data: st.DataObject, here: str):
    """To itself, through the canonical words, nothing changes."""
    spec = STORE.get(here)
    body = data.draw(bodies(spec))
    same = translate(spec, spec, body)
    assert (same.body, same.losses) == (body, ())
    canonical, leftovers = to_canonical(spec, body)
    assert (to_native(spec, canonical).body, leftovers) == (body, {})


@given(st.data(), st.sampled_from(REFERENCES))
def test_pinning_asks_for_what_was_asked(data: st.DataObject, here: str):
    """It writes out what holds anyway, is valid, and doing it twice does nothing more."""
    spec = STORE.get(here)
    body = data.draw(bodies(spec))
    canonical, _ = to_canonical(spec, body)
    out = pinned(spec, canonical)
    assert to_canonical(spec, out.body)[0] == effective(spec, body)
    assert brief(request(spec, out.body)) == []
    assert pinned(spec, out.canonical).body == out.body


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)


@given(st.data(), PAIRS, READINGS)
def test_any_json_at_all_is_translated_or_named(
    data: st.DataObject, pair: tuple[str, str], reading: GuidanceScale | None
):
    """Whatever stands in a request, it is no crash, and what is not written is said."""
    a, b = map(STORE.get, pair)
    body = data.draw(bodies(a))
    names = st.sampled_from([*body, "more", "input"])
    body |= data.draw(st.dictionaries(names, JSON, max_size=3))
    done = translate(a, b, data.draw(st.just(body) | JSON), guidance_scale=reading)
    if done.is_lossless:
        assert brief(request(b, done.body)) == []
