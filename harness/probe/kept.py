"""What is kept between runs: the prices that were accepted, as text of a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from harness.errors import OperatorError
from harness.probe.result import Result

__all__ = ["KnownPrices", "prices_after", "prices_text", "read_prices"]

_SCHEMA = "harness.prices/1"

KnownPrices = Mapping[str, Mapping[str, Any]]
"""Model reference -> `{"server", "utc", "price"}`."""


def read_prices(text: str, file: str) -> KnownPrices:
    """The prices in a file's text. Raises OperatorError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise OperatorError(f"{file}: not JSON; delete it to begin anew") from None
    models = document.get("models") if isinstance(document, dict) else None
    if not isinstance(models, dict) or document.get("schema") != _SCHEMA:
        raise OperatorError(f"{file}: expected {_SCHEMA}; delete it to begin anew")
    for model, row in models.items():
        if not isinstance(row, dict) or not isinstance(row.get("price"), dict):
            raise OperatorError(f"{file}: /models/{model}: expected a price; delete it to begin anew")
    return models


def prices_after(known: KnownPrices, results: Iterable[Result], *, accept: bool) -> KnownPrices:
    """The prices to compare with from now on: what was known, else what was told first.

    A price of another server is another one: the simulator's is no provider's.
    """
    found = dict(known)
    for result in results:
        model = result.probe.spec.ref
        if result.price is None or result.sent_utc is None:
            continue
        old = found.get(model)
        if accept or old is None or old.get("server") != result.server:
            utc = result.sent_utc.isoformat().replace("+00:00", "Z")
            found[model] = {"server": result.server, "utc": utc, "price": dict(result.price)}
    return found


def prices_text(known: KnownPrices) -> str:
    """The text of the file."""
    return json.dumps({"schema": _SCHEMA, "models": known}, indent=1, sort_keys=True) + "\n"
