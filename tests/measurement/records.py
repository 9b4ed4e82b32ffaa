"""Any run of a benchmark, for properties."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from harness.measurement.job import BenchRecord, Design, JobOutcome, MeasuredJob, Mismatch, Phase, Provenance
from harness.stats.interval import Interval

__all__ = ["jobs", "records"]

# Half of a UTF-16 pair and NUL are text, too: a provider may send them.
_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
_IDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_SECONDS = st.floats(min_value=0, allow_nan=False, allow_infinity=False) | st.integers(0, 10**6)
_MOMENTS = st.datetimes(timezones=st.just(UTC))
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | _NUMBERS | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_OBJECTS = st.dictionaries(_TEXT, _JSON, max_size=3)


@st.composite
def _intervals(draw: st.DrawFn) -> Interval:
    low_s = draw(_SECONDS)
    return Interval(low_s=low_s, high_s=draw(st.none() | st.floats(low_s, allow_infinity=False)))


def jobs() -> st.SearchStrategy[MeasuredJob]:
    """Any job."""
    return st.builds(
        MeasuredJob,
        id=_IDS,
        model=_TEXT,
        mode=_TEXT,
        block=st.integers(0),
        place=st.integers(0),
        submitted_at=_MOMENTS,
        outcome=st.sampled_from(JobOutcome),
        intervals=st.dictionaries(st.sampled_from(Phase), _intervals()),
        polls=st.integers(0),
        poll_errors=st.integers(0),
        asked_s=st.none() | _SECONDS,
        cost_usd=st.none() | _NUMBERS,
        billed=st.none() | st.booleans(),
        evidence=st.lists(_TEXT, max_size=3).map(tuple),
        clock_offset_s=st.none() | _NUMBERS,
        job_id=st.none() | _TEXT,
        note=st.none() | _TEXT,
    )


def records() -> st.SearchStrategy[BenchRecord]:
    """Any run."""
    return st.builds(
        BenchRecord,
        id=_IDS,
        created_at=_MOMENTS,
        finished_at=st.none() | _MOMENTS,
        version=_TEXT,
        provenance=st.sampled_from(Provenance),
        design=st.sampled_from(Design),
        machine=_TEXT,
        region=st.none() | _TEXT,
        seed=st.integers(),
        cap_s=_SECONDS,
        plan=_OBJECTS,
        plan_digest=_TEXT,
        models=st.lists(_TEXT, max_size=3).map(tuple),
        requests=_OBJECTS,
        mismatches=st.lists(
            st.builds(
                Mismatch,
                parameter=_TEXT,
                values=_OBJECTS,
                reasons=st.dictionaries(_TEXT, _TEXT, max_size=2),
            ),
            max_size=2,
        ).map(tuple),
        jobs=st.lists(jobs(), max_size=3, unique_by=lambda job: job.id).map(tuple),
    )
