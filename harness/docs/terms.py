"""What a page says in a sentence: the model, times, limits, the price, what is delivered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from harness.docs.blocks import Block
from harness.docs.claims import Basis, Place
from harness.docs.ledger import ENDPOINT, Ledger

__all__ = [
    "estimate",
    "model_parts",
    "say_auth",
    "say_interval",
    "say_latency",
    "say_limits",
    "say_model",
    "say_observed",
    "say_price",
    "say_prose",
    "say_sleep",
]

_SPAN = r"(\d+(?:\.\d+)?)\s*(?:[-\u2013\u2014]\s*(\d+(?:\.\d+)?))?(\+?)\s*(second|sec|minute|min|s\b)"
_ESTIMATE = re.compile(
    rf"(?:typically|usually|takes?|estimated|can be|about)\s+(?:takes?\s+|completes? in\s+)?{_SPAN}",
    re.IGNORECASE,
)
_OBSERVED = re.compile(r"(?<!estimated )processing time\W*(?:(\d+)\s*min)?\s*(?:(\d+)\s*s)?", re.IGNORECASE)
_POLLS = re.compile(rf"\b(?:polls?|checks?|checking)\b[^.]*?\bevery\s+{_SPAN}", re.IGNORECASE)
_SLEEPS = re.compile(r"(?:\bsleep\s+|\.sleep\()(\d+(?:\.\d+)?)|setTimeout\(\w+,\s*(\d+)\)")
_PIXELS = re.compile(r"\b(\d{3,4}x\d{3,4}|\d{3,4}p)\b")
_RATE = re.compile(
    r"(\d+)\s*(?:creates|requests|calls)\s*(?:/|per|a)\s*(second|sec|s|minute|min|hour)\b", re.IGNORECASE
)
_NO_RATE = re.compile(r"no (?:per-second )?(?:request|rate) limit", re.IGNORECASE)
_JOBS = re.compile(r"(\d+)\s*(?:concurrent|predictions in flight)(?: at once)?", re.IGNORECASE)
_BALANCE = re.compile(r"balance is \W*\$?(\d+)(?:\.00)? or less", re.IGNORECASE)
_SECONDS = {"second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "hour": 3600}
_VERSION = re.compile(
    r"(?<![a-z0-9])(?:v|version )?(\d+[.-]\d+|(?<=v)\d+|o\d+|\d+)(?![a-z0-9])", re.IGNORECASE
)
_TIERS = ("pro", "standard", "standart", "master", "turbo", "lite", "fast", "plus", "max")
_FAMILY = re.compile(r"[a-z]+")


def model_parts(name: str) -> dict[str, str]:
    """Family, version and tier, as far as a model's name has them: `kling-v2.6-pro-t2v`."""
    bare = name.rpartition("/")[2] if name.count("/") == 1 else name
    found: dict[str, str] = {}
    for source in (name, bare):
        word = _FAMILY.search(source.lower())
        if word is not None and "family" not in found:
            found["family"] = word[0].removesuffix("ai") if word[0].endswith("lingai") else word[0]
    version = _VERSION.search(bare.replace("_", "-"))
    if version is not None:
        found["version"] = version[1].replace("-", ".")
    tier = next((word for word in re.split(r"[^a-z]+", bare.lower()) if word in _TIERS), None)
    if tier is not None:
        found["tier"] = tier
    return found


def say_model(ledger: Ledger, name: str, place: Place, *, tier: str | None = None) -> None:
    """The model's own name, and what it is made of."""
    ledger.say(ENDPOINT, "/model/name", "name", name, place)
    parts = {**({"tier": tier} if tier is not None else {}), **model_parts(name)}
    for member, value in parts.items():
        ledger.say(ENDPOINT, f"/model/{member}", "name", value, place, basis=Basis.READ)


def estimate(
    low: float, high: float, *, kind: str, mode: str, open_ended: bool = False, scope: str = "model"
) -> dict[str, Any]:
    """A figure of time as a fact has it."""
    return {
        "kind": kind,
        "mode": mode,
        "min_s": low,
        "max_s": high,
        "open_ended": open_ended,
        "scope": scope,
    }


def _seconds(found: re.Match[str], first: int = 1) -> tuple[float, float]:
    unit = _SECONDS[found[first + 3].lower()]
    low = float(found[first]) * unit
    return low, float(found[first + 1] or found[first]) * unit


def say_latency(
    ledger: Ledger, text: str, place: Place, *, mode: str, name: str, scope: str = "model"
) -> None:
    """How long a job is said to take: "typically 5-15 minutes"."""
    found = _ESTIMATE.search(text)
    if found is None:
        return
    low, high = _seconds(found)
    value = estimate(
        low,
        high,
        kind="range" if high > low else "estimate",
        mode=mode,
        open_ended=bool(found[3]),
        scope=scope,
    )
    ledger.say(ENDPOINT, f"/latency/{name}", "estimate", value, place)


def say_observed(ledger: Ledger, text: str, place: Place) -> None:
    """How long the run took that the page shows: "Processing time: ~ 2 min 32 sec."."""
    found = _OBSERVED.search(text)
    if found is not None and (found[1] or found[2]):
        total = float(found[1] or 0) * 60 + float(found[2] or 0)
        value = estimate(total, total, kind="observed_once", mode="poll")
        ledger.say(ENDPOINT, "/latency/run", "estimate", value, place)


def say_interval(ledger: Ledger, text: str, place: Place, name: str = "page") -> None:
    """How often the page says to poll: "every 10-30 seconds"."""
    found = _POLLS.search(text)
    if found is not None:
        low, high = _seconds(found)
        value = {"min_s": low, "max_s": high}
        ledger.say(ENDPOINT, f"/poll_interval/{name}", "interval", value, place)


def say_sleep(ledger: Ledger, code: str, place: Place) -> None:
    """How often a sample polls."""
    found = _SLEEPS.search(code)
    if found is not None:
        seconds = float(found[1]) if found[1] else float(found[2]) / 1000
        value = {"min_s": seconds, "max_s": seconds}
        ledger.say(ENDPOINT, "/poll_interval/sample", "interval", value, place, basis=Basis.READ)


def say_limits(ledger: Ledger, text: str, place: Place) -> None:
    """Limits on requests and jobs: "100 creates / min, 10 concurrent per key"."""
    rate, jobs = _RATE.search(text), _JOBS.search(text)
    key = {"scope": "key"} if re.search(r"per key", text) else {}
    if rate is not None:
        operation = {"operation": "submit"} if "create" in rate[0].lower() else {}
        per_s = _SECONDS[rate[2].lower()]
        value = {"requests": int(rate[1]), "per_s": per_s, **operation, **key}
        ledger.say(ENDPOINT, "/limits/rate", "rate", value, place)
    elif _NO_RATE.search(text):
        ledger.absent(ENDPOINT, "/limits/rate", "rate", place)
    if jobs is not None:
        balance = _BALANCE.search(text)
        account = {"scope": f"account with a balance of {balance[1]} US dollars or less"} if balance else {}
        value = {"jobs": int(jobs[1]), **(account or key)}
        ledger.say(ENDPOINT, "/limits/concurrency", "concurrency", value, place)


def say_prose(ledger: Ledger, blocks: Iterable[Block]) -> None:
    """What the paragraphs of a model's page say of its video."""
    for block in blocks:
        found = _PIXELS.search(block.plain)
        if found is not None:
            ledger.say(ENDPOINT, "/output/resolution", "resolution", found[1], block.place, basis=Basis.READ)
            return


def say_auth(ledger: Ledger, block: Block) -> None:
    """How a key travels, in words: "Authentication: send `X-API-Key: YOUR_API_KEY`"."""
    found = re.search(r"[Aa]uthentication:?\W.*?`(X-[\w-]+|Authorization):\s*(\w+)", block.text)
    if found is not None:
        scheme = "bearer" if found[1] == "Authorization" and found[2] == "Bearer" else "api_key"
        ledger.say(ENDPOINT, "/auth", "auth", {"scheme": scheme, "header": found[1]}, block.place)


def say_price(ledger: Ledger, block: Block) -> None:
    """What a section on pricing says: a price a second or a video, or that there is none to be had."""
    if "pricing" not in block.heading:
        return
    text = block.plain
    if re.search(r"not (?:available|listed|public)", text, re.IGNORECASE):
        ledger.absent(ENDPOINT, "/price", "price", block.place)
        return
    found = re.search(
        r"\$(\d+(?:\.\d+)?)\s*(?:per|/|for (?:each|every))\s*(second|sec|video|generation)", text
    )
    if found is not None:
        unit = "second" if found[2].startswith("sec") else "video"
        value = {"currency": "USD", "unit": unit, "amount": float(found[1])}
        ledger.say(ENDPOINT, "/price", "price", value, block.place)
    elif text:
        ledger.unplaced(f"price: {text[:80]}", "not a price a second or a video", block.place)
