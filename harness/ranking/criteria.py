"""What vendors are ranked by. A criterion is a row: adding one adds no code.

`worst` and `best` are values in the criterion's unit that score 0 and 1; between them the score is linear,
beyond them it stays. They are fixed, not taken from the vendors at hand: a vendor that joins or leaves does
not change how two others stand to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["BY_ID", "CRITERIA", "Criterion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that a buyer weighs.

    `basis` says what its figures may rest on: `live` (jobs that ran at the provider) or `documented`.
    """

    id: str
    title: str
    unit: str
    worst: float
    best: float
    basis: str
    meaning: str

    @property
    def direction(self) -> str:
        """Which way is better, in a word."""
        return "higher" if self.best > self.worst else "lower"

    def score(self, value: float) -> float:
        """How a value stands between `worst` (0) and `best` (1)."""
        return min(1.0, max(0.0, (value - self.worst) / (self.best - self.worst)))


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        id="fit",
        title="Your request",
        unit="share of its parameters that can be asked for",
        worst=0.5,
        best=1.0,
        basis="documented",
        meaning="Of the parameters of your request, those that this vendor documents and accepts as asked.",
    ),
    Criterion(
        id="latency",
        title="Time of a job, median",
        unit="s",
        worst=600.0,
        best=30.0,
        basis="live",
        meaning="The median time from the request being sent to the video being ready.",
    ),
    Criterion(
        id="tail",
        title="Time of a slow job, 90th percentile",
        unit="s",
        worst=900.0,
        best=60.0,
        basis="live",
        meaning="The time within which nine of ten jobs are ready.",
    ),
    Criterion(
        id="success",
        title="Jobs that succeed",
        unit="share of jobs",
        worst=0.8,
        best=1.0,
        basis="live",
        meaning="Jobs that ended with a video, of those that were accepted; refused prompts are apart.",
    ),
    Criterion(
        id="availability",
        title="Polls that are answered",
        unit="share of polls",
        worst=0.95,
        best=1.0,
        basis="live",
        meaning="Polls that were answered with the job's state.",
    ),
    Criterion(
        id="price",
        title="Price of a second of video",
        unit="USD per delivered second",
        worst=0.3,
        best=0.0,
        basis="live",
        meaning=(
            "What was billed, failed jobs included, over the seconds of video that came; before any job, the "
            "stated price of your request."
        ),
    ),
    Criterion(
        id="conformance",
        title="Keeps to its documents",
        unit="share of live messages",
        worst=0.8,
        best=1.0,
        basis="live",
        meaning="Recorded live messages that conform to what the vendor documents.",
    ),
    Criterion(
        id="completion",
        title="Ways to learn of the end",
        unit="of poll, webhook, events and blocking",
        worst=0.0,
        best=4.0,
        basis="documented",
        meaning="How many ways the vendor documents in which a client learns that a job is done.",
    ),
    Criterion(
        id="stability",
        title="Breaking changes",
        unit="documented changes a year that break, bill or change the video",
        worst=24.0,
        best=0.0,
        basis="documented",
        meaning="Changes between the dated editions of its documents that cost a client something.",
    ),
    Criterion(
        id="documentation",
        title="Documentation",
        unit="share of facts that are stated, without those that contradict each other",
        worst=0.3,
        best=1.0,
        basis="documented",
        meaning="Of the facts that a client needs, those that the vendor states once and clearly.",
    ),
)
BY_ID: Mapping[str, Criterion] = {criterion.id: criterion for criterion in CRITERIA}
