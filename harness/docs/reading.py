"""What is known while a page of Markdown is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.docs.blocks import Block, Page
from harness.docs.claims import Place, Scope
from harness.docs.ledger import Ledger
from harness.docs.samples import Call

__all__ = ["Reading"]


@dataclass(slots=True, kw_only=True)
class Reading:
    """What is known while a page is read.

    `scope` is the answer spoken of, `common` the body that errors share, `own` the statuses that have a
    body of their own, `texts` what is said of each answer.
    """

    page: Page
    ledger: Ledger
    slug: str | None
    named_at: Place
    operation: str | None = None
    endpoints: list[str] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    paragraph: Block | None = None
    is_webhook: bool = False
    scope: Scope | None = None
    is_error: bool = False
    common: tuple[Any, Place] | None = None
    own: set[str] = field(default_factory=set)
    texts: dict[Scope, list[tuple[str, Place]]] = field(default_factory=dict)
