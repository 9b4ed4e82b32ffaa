"""Facts of the comparison in plain words: names of rows, values with their units."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from harness.compare.weights import Cost
from harness.report.visible import compact, shortened, visible
from harness.report.words import estimate_text, seconds

__all__ = ["cell_text", "cost_text", "facet_text", "fact_text", "parameter_text", "value_text"]

_LOOKS_TYPED = re.compile(r"-?[0-9.]+(e[-+]?[0-9]+)?|true|false|null|", re.IGNORECASE)

_FACETS: Mapping[str, str] = {
    "presence": "known at all",
    "enum": "allowed values",
    "maxLength": "most characters",
    "minLength": "fewest characters",
    "minItems": "fewest elements",
    "maxItems": "most elements",
    "x-billing": "effect on the bill",
    "additionalProperties": "unknown properties",
    "poll_id": "where a poll carries the id",
    "id": "where the id stands",
    "output": "where the video stands",
    "error": "where the error stands",
    "nesting": "parameters stand inside",
    "url_lifetime_s": "lifetime of its URL",
    "answer_within_s": "time to answer",
    "eta_s": "where the time left stands",
    "progress_percent": "where the progress stands",
}
_ROWS: Mapping[tuple[str, str], str] = {
    ("job", "status"): "where the status stands",
    ("job", "cancel"): "can be cancelled",
    ("errors", "message"): "where the message stands",
    ("errors", "statuses"): "documented statuses",
    ("price", "price"): "amount",
    ("poll_interval", "interval"): "recommended",
    ("webhook", "states"): "words for the states",
}
_WHOLE: Mapping[str, str] = {"duration_s": "duration (s)", "latency": "job time", "output": "video"}


_COSTS: Mapping[Cost, str] = {
    Cost.BILL: "The bill changes, without an error",
    Cost.OUTPUT: "The video changes, without an error",
    Cost.LOST: "Parsing fails, or a paid job is lost",
    Cost.REFUSED: "The request is refused",
    Cost.UNKNOWN: "Unknown, or only written differently",
    Cost.NONE: "No difference",
}


def cost_text(rank: int) -> str:
    """What a discrepancy of this rank costs a buyer who switches without knowing it."""
    return _COSTS[Cost(rank)]


def parameter_text(parameter: str) -> str:
    """`negative prompt` for `negative_prompt`."""
    return _WHOLE.get(parameter, visible(parameter.replace("_", " ")))


def facet_text(parameter: str, facet: str) -> str:
    """`most characters` for `maxLength`; the facet's own name where that is plain enough."""
    return _ROWS.get((parameter, facet)) or _FACETS.get(facet) or visible(facet.replace("_", " "))


def fact_text(facet: str) -> str:
    """A facet of the flat list of facts; `job.output` is where the job's output stands."""
    return visible(facet.replace("_", " "))


def cell_text(parameter: str, facet: str, value: Any) -> str:
    """A documented value of one row, with units."""
    say = _SAID.get((parameter, facet)) or _SAID.get((parameter, "*"))
    if isinstance(value, bool) and facet in (
        "presence",
        "required",
        "cancel",
        "webhook",
        "events",
        "blocking",
        "poll",
    ):
        return "yes" if value else "no"
    if say is None:
        return value_text(value)
    try:
        return say(value)
    except (KeyError, TypeError, AttributeError):  # a shape that we have no words for
        return value_text(value)


def value_text(value: Any) -> str:
    """A value for people: strings bare unless they look like another type, lists with commas."""
    return _value_text(shortened(value))


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return f'"{visible(value)}"' if _LOOKS_TYPED.fullmatch(value) else visible(value)
    if isinstance(value, list):
        return ", ".join(_value_text(element) for element in value) or "none"
    if isinstance(value, dict):
        return "; ".join(f"{visible(key)}: {_value_text(member)}" for key, member in value.items())
    return compact(value)


def _times(figures: list[dict[str, Any]]) -> str:
    return "; ".join(_time(figure) for figure in figures)


def _time(figure: Mapping[str, Any]) -> str:
    low, high = figure.get("min_s", figure.get("value_s")), figure.get("max_s", figure.get("value_s"))
    told = estimate_text(low, high, open_ended=bool(figure.get("open_ended")))
    notes = [str(figure.get(name) or "").replace("_", " ") for name in ("kind", "scope")]
    said = [note for note in notes if note and note not in ("range", "model")]
    return f"{told} ({visible(', '.join(said))})" if said else told


def _rate(rate: Mapping[str, Any]) -> str:
    per = seconds(rate["per_s"])
    told = f"{rate['requests']:,} requests in {per} s"
    told += f", {rate['operation']}" if rate.get("operation") else ""
    return visible(f"{told}, per {rate['scope']}" if rate.get("scope") else told)


def _jobs(limit: Mapping[str, Any]) -> str:
    told = f"{limit['jobs']:,} jobs at once"
    return visible(f"{told}, per {limit['scope']}" if limit.get("scope") else told)


def _validation(times: Mapping[str, Any]) -> str:
    """`/model when submitted; everything else when the job runs`."""
    listed = [pointer for name, _ in _WHEN for pointer in times[name]]
    star = "everything" if listed == ["*"] else "everything else"
    return visible("; ".join(f"{_places(times[name], star)} {when}" for name, when in _WHEN if times[name]))


_WHEN = (("at_submit", "when submitted"), ("at_run", "when the job runs"))


def _places(pointers: list[str], star: str) -> str:
    return ", ".join(star if pointer == "*" else pointer for pointer in pointers)


def _price(price: Mapping[str, Any]) -> str:
    if "operation" in price:
        return visible(f"to be asked for: {price['operation']} operation, {price['pointer']}")
    return visible(f"{price['amount']} {price['currency']} per {price['unit']}")


def _lifetime(value: Any) -> str:
    return "limited, no figure" if value == "limited" else f"{seconds(value)} s"


_SAID: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("latency", "*"): _times,
    ("poll_interval", "interval"): _times,
    ("limits", "rate"): _rate,
    ("limits", "concurrency"): _jobs,
    ("validation", "time"): _validation,
    ("price", "price"): _price,
    ("output", "url_lifetime_s"): _lifetime,
}
