"""The order of the jobs."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from harness.bench.schedule import Slot, drawn, slots_of

MODELS = ("a", "b", "c")


def test_a_block_holds_one_job_of_each_model():
    """In some order, one after the other; a model's jobs are counted."""
    slots = slots_of(MODELS, seed=1, blocks=5)

    blocks = [list(block) for _, block in groupby(slots, key=lambda slot: slot.block)]
    assert [sorted(slot.model for slot in block) for block in blocks] == [list(MODELS)] * 5
    assert [[slot.place for slot in block] for block in blocks] == [[0, 1, 2]] * 5
    assert [slot.turn for slot in slots if slot.model == "b"] == [0, 1, 2, 3, 4]


def test_the_seed_gives_the_order():
    """The same seed the same one, another seed another, and no place belongs to a model."""
    assert slots_of(MODELS, seed=1, blocks=9) == slots_of(MODELS, seed=1, blocks=9)
    assert slots_of(MODELS, seed=1, blocks=9) != slots_of(MODELS, seed=2, blocks=9)

    first = Counter(slot.model for slot in slots_of(MODELS, seed=1, blocks=600) if slot.place == 0)
    assert all(160 < first[model] < 240 for model in MODELS)


def test_later_nights_go_on_counting():
    """The blocks of a night have numbers of their own, and the order that they would have in one run."""
    night = slots_of(MODELS, seed=1, blocks=2, first_block=4)

    assert night[0].block == 4
    whole = slots_of(MODELS, seed=1, blocks=6)[12:]
    assert [(s.block, s.place, s.model) for s in night] == [(s.block, s.place, s.model) for s in whole]
    assert [slot.turn for slot in night if slot.model == "a"] == [0, 1]


def test_what_is_drawn_depends_on_what_for():
    """Each thing has a source of its own, so that nothing shifts another."""
    assert drawn(1, "poll", 0, "a").random() == drawn(1, "poll", 0, "a").random()
    assert drawn(1, "poll", 0, "a").random() != drawn(1, "poll", 0, "b").random()
    assert Slot(block=0, place=1, turn=0, model="a") in {Slot(block=0, place=1, turn=0, model="a")}
