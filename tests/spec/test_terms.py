"""The small values that a spec is made of."""

from __future__ import annotations

import pytest

from harness.spec.terms import JobState, Model, SourceRef, State


class TestModel:
    @pytest.mark.parametrize(("tier", "group"), [("pro", "kling 2.6 pro t2v"), (None, "kling 2.6 t2v")])
    def test_a_group_is_what_sellers_are_compared_in(self, tier: str | None, group: str):
        """An undocumented tier is left out."""
        model = Model(family="kling", version="2.6", tier=tier, task="t2v", name="x")

        assert model.group == group


class TestSourceRef:
    def test_it_reads_as_it_is_written_in_a_spec(self):
        """Document, hash sign, place."""
        assert (
            str(SourceRef(document="seed", place="Request body, duration")) == "seed#Request body, duration"
        )


class TestWords:
    def test_a_fact_has_three_states(self):
        """Never two."""
        assert [state.value for state in State] == ["documented", "absent", "undocumented"]

    def test_a_job_has_five_states(self):
        """What a native status word can mean."""
        assert [state.value for state in JobState] == [
            "queued",
            "running",
            "succeeded",
            "failed",
            "cancelled",
        ]
