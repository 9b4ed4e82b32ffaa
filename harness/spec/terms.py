"""The small values a spec is made of: states, sources, limits, estimates, prices.

`at`, where a value has it, is the JSON Pointer of its part of the merged spec document.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

__all__ = [
    "Auth",
    "Concurrency",
    "JobState",
    "Latency",
    "Limits",
    "Model",
    "Output",
    "PollInterval",
    "Price",
    "Provider",
    "Rate",
    "Retries",
    "Source",
    "SourceRef",
    "State",
    "Stated",
]

T = TypeVar("T")


class State(StrEnum):
    """The three states of a fact."""

    DOCUMENTED = "documented"
    ABSENT = "absent"
    UNDOCUMENTED = "undocumented"


class JobState(StrEnum):
    """What a native status word can mean."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Generic[T]):
    """A fact in one of three states; `value` is None unless it is documented."""

    state: State
    at: str
    value: T | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRef:
    """`document#place`: one statement of one document."""

    document: str
    place: str

    def __str__(self) -> str:
        return f"{self.document}#{self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document of the provider. `digest` is None for what is known at second hand (`reported`)."""

    id: str
    kind: str
    title: str
    date: str | None
    digest: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The seller; `credential` is the slot that the operator binds to a key and to hosts."""

    name: str
    credential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is sold. `tier` is None where undocumented; `name` is the provider's own word."""

    family: str
    version: str
    tier: str | None
    task: str
    name: str

    @property
    def group(self) -> str:
        """Family, version, tier and task: only inside one group are sellers compared."""
        return " ".join(part for part in (self.family, self.version, self.tier, self.task) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How a key travels: `bearer`, or `api_key` (the key itself, in `header`)."""

    scheme: str
    header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a delivery is attempted in all, and how far apart."""

    attempts: int
    spacing_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `requests` in `per_s` seconds for each `scope`; operation None: all of them together."""

    requests: int
    per_s: float
    operation: str | None
    scope: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concurrency:
    """At most `jobs` unfinished at once for each `scope`."""

    jobs: int
    scope: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Rate and concurrency limits."""

    rate: Stated[Rate]
    concurrency: Stated[Concurrency]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """One statement of how long a job takes; `min_s` and `max_s` are equal for a single figure.

    `kind` is `estimate`, `observed_once` or `range`; `mode` is `poll`, `blocking`, `events` or `any`;
    `open_ended` marks an upper end that the page itself calls open ("10+ minutes").
    """

    name: str
    kind: str
    mode: str
    min_s: float
    max_s: float
    open_ended: bool
    scope: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollInterval:
    """How far apart a document polls."""

    name: str
    min_s: float
    max_s: float
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What the documents say of the delivered file."""

    container: Stated[str]
    resolution: Stated[str]
    url_lifetime_s: Stated[float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price, or where the live API tells it (`operation` and `pointer` into its answer)."""

    currency: str | None
    unit: str | None
    amount: float | None
    operation: str | None
    pointer: str | None
