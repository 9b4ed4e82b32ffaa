"""What `harness.yaml` says, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.finding import Impact, Severity
from harness.spec.node import Mark

__all__ = ["PLACES", "Binding", "Budget", "PriceLine", "Sent", "Usage", "Use"]

PLACES: tuple[str, ...] = (
    *("submit", "poll", "generate", "events", "cancel", "model"),
    *("webhook", "errors"),
)
"""Where response fields are read: the successful answers of each operation, the call of the webhook, and
`errors`, the answers of every operation that report a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request that the user really sends; `per_month` is how many, None where it is not said."""

    name: str
    operation: str
    body: Any
    per_month: float | None
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """What a model costs the user: `amount` of `currency` for each `unit` (`second` or `video`).

    `when` are values by pointer that a request must have, defaults included, for the line to apply.
    """

    currency: str
    unit: str
    amount: float
    when: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How one model is used. What is None is not said, so nothing is concluded from it.

    `requests` are all that are sent, `reads` all response fields that are read, by place (see `PLACES`; a
    place without an entry is read nothing of), `status_words` the words of the job that the client knows.
    """

    model: str
    reference: str
    requests: tuple[Sent, ...] | None = None
    reads: Mapping[str, tuple[str, ...]] | None = None
    status_words: tuple[str, ...] | None = None
    prices: tuple[PriceLine, ...] = ()
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Which variable holds the key of a credential slot, and which hosts the key may be sent to."""

    slot: str
    variable: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many jobs and US dollars may be spent; None is no bound of that kind."""

    max_jobs: int | None
    max_cost_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One `harness.yaml`. `models` is by id, without a revision; `file` is how the file is named to people.

    `policy` is the severity of what concerns the user, by impact. `waivers`, `lock` and `state` are files
    that may not be there yet; a lock that the file names must be there (`lock_required`).
    """

    file: str
    models: Mapping[str, Usage]
    credentials: tuple[Binding, ...] = ()
    budget: Budget | None = None
    policy: Mapping[Impact, Severity] = field(default_factory=dict)
    waivers: Path | None = None
    lock: Path | None = None
    lock_required: bool = False
    state: Path | None = None
