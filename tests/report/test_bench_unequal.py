"""An unequal request cannot be compared in silence, from the requests that were sent to the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from harness.bench.conclude import conclude_joined
from harness.measurement.job import BenchRecord, Design, Phase
from harness.report.bench_figures import bench_figures
from harness.report.bench_html import bench_html
from harness.report.bench_markdown import bench_markdown
from harness.report.bench_text import bench_text
from harness.spec.store import SpecStore
from harness.stats.interval import Interval
from harness.translate import GuidanceScale, pinned
from tests.bench.runs import START, a_job, a_run

NOVITA, OXEN = "novita/kling-v2.6-pro-t2v", "oxen/kling-video-v2-6-pro-text-to-video"
ASKED = {
    "prompt": "a fox",
    "negative_prompt": "blur",
    "duration_s": 5,
    "aspect_ratio": "1:1",
    "audio": False,
    "guidance": 0.5,
}


def _record(store: SpecStore) -> BenchRecord:
    """Twelve blocks of two sellers that were asked for the same."""
    bodies = {
        model: pinned(store.get(model), ASKED, guidance_scale=GuidanceScale.PROPORTIONAL).body
        for model in (NOVITA, OXEN)
    }
    jobs = [
        a_job(
            2 * block + place,
            model=model,
            block=block,
            place=place,
            submitted_at=START + timedelta(minutes=5 * block),
            intervals={
                Phase.TOTAL: Interval(low_s=100 + 50 * place + block % 5, high_s=102 + 50 * place + block % 5)
            },
        )
        for block in range(12)
        for place, model in enumerate((NOVITA, OXEN))
    ]
    return a_run(
        "run-1",
        design=Design.SITTING,
        models=(NOVITA, OXEN),
        requests=bodies,
        plan={"guidance_scale": "proportional"},
        mismatches=(),
        jobs=tuple(jobs),
    )


@pytest.fixture(scope="module")
def record(store: SpecStore) -> BenchRecord:
    """The run with equal requests."""
    return _record(store)


def _pages(store: SpecStore, record: BenchRecord) -> tuple[str, ...]:
    specs = {model: store.get(model) for model in (NOVITA, OXEN)}
    summary = conclude_joined([record], specs, resamples=50)
    figure = bench_figures(summary)["bench-ratios"]
    return bench_text(summary), bench_markdown(summary), bench_html(summary), figure


def test_equal_requests_are_said_to_have_no_known_difference(store: SpecStore, record: BenchRecord):
    """In every format."""
    for page in _pages(store, record):
        assert "NOT EQUAL" not in page
        assert "no difference known" in page


def test_a_changed_audio_flag_stands_beside_the_ratio(store: SpecStore, record: BenchRecord):
    """Though the plan knows nothing of it: what was sent counts."""
    changed = replace(
        record, requests={**record.requests, OXEN: {**record.requests[OXEN], "generate_audio": True}}
    )
    for page in _pages(store, changed):
        assert "NOT EQUAL: audio: novita false, oxen true" in page
    text = _pages(store, changed)[0].splitlines()
    at = next(index for index, line in enumerate(text) if line.startswith("    ratio of times: "))
    assert text[at + 1] == "    requests: NOT EQUAL: audio: novita false, oxen true"
    assert "but the two requests were not equal (audio)." in "\n".join(text[:6])
