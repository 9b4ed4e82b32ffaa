"""Two reports written by hand, as far as `since` reads them."""

from __future__ import annotations

from typing import Any

from tests.report.example import ACME, BOLT, GROUP

__all__ = [
    "ACME",
    "BOLT",
    "GROUP",
    "changed",
    "decision",
    "endpoint",
    "evidence",
    "fact",
    "finding",
    "hostile",
    "report",
]


def fact(subject: str, facet: str, value: Any, state: str = "documented") -> dict[str, Any]:
    """A fact of an endpoint."""
    return {"subject": subject, "facet": facet, "state": state, "value": value}


def endpoint(model: str, *facts: dict[str, Any]) -> dict[str, Any]:
    """An endpoint."""
    return {"id": model, "facts": list(facts)}


def finding(fingerprint: str, message: str = "a message", model: str | None = ACME) -> dict[str, Any]:
    """A finding."""
    return {
        "fingerprint": fingerprint,
        "rule": "request.enum",
        "severity": "error",
        "model": model,
        "message": message,
    }


def evidence(criterion: str, *numbers: float, basis: str = "live") -> dict[str, Any]:
    """A figure: low, value and high; unknown without numbers."""
    low, value, high = numbers or (None, None, None)
    return {
        "criterion": criterion,
        "value": value,
        "low": low,
        "high": high,
        "basis": basis if numbers else None,
    }


def decision(
    *lines: dict[str, Any], status: str = "no live data", first: str = ACME, weight: float = 5
) -> dict[str, Any]:
    """A decision with figures of one seller, and one ranking."""
    return {
        "wishes": [{"words": {"prompt": "a fox"}, "needs": ["webhook"]}],
        "groups": [
            {
                "name": GROUP,
                "vendors": [{"model": ACME, "evidence": list(lines)}],
                "rankings": [
                    {
                        "profile": "safest",
                        "status": status,
                        "weights": {"latency": weight},
                        "standings": [{"model": first}],
                    }
                ],
            }
        ],
    }


def report(**members: Any) -> dict[str, Any]:
    """The earlier one."""
    return {
        "schema": "harness.run/1",
        "created_at": "2026-11-20T12:00:00Z",
        "version": "0.1.0",
        "verdict": "conforms",
        "messages": {"documented": 14, "simulated": 0, "live": 0, "unknown": 0},
        "findings": [finding("aaaaaaaaaaaa"), finding("bbbbbbbbbbbb", "gone", model=None)],
        "endpoints": [
            endpoint(ACME, fact("prompt", "maxLength", 2500), fact("price", "price", None, "undocumented")),
            endpoint(BOLT, fact("prompt", "maxLength", 10)),
        ],
        "decision": decision(evidence("latency"), evidence("fit", 0.5, 0.5, 1.0, basis="documented")),
        **members,
    }


def hostile(text: str) -> dict[str, Any]:
    """One with a stranger's text in every place that can hold one."""
    line = {"fingerprint": text, "rule": text, "severity": text, "model": text, "message": text}
    return report(
        created_at=text,
        version=text,
        verdict=text,
        messages={text: 5},
        findings=[line],
        endpoints=[endpoint(text), endpoint(ACME, fact(text, text, {text: [text]}), fact("x", "y", 0, text))],
        decision=decision(
            {**evidence("latency", 1, 2, 3), "basis": text},
            {**evidence(text, 1, 2, 3), "basis": text},
            status="ranked",
            first=text,
        ),
    )


def changed() -> dict[str, Any]:
    """The later one, in which something of every kind changed."""
    return report(
        created_at="2026-11-27T12:00:00Z",
        version="0.2.0",
        verdict="violates",
        messages={"documented": 14, "simulated": 0, "live": 1200, "unknown": 0},
        findings=[finding("aaaaaaaaaaaa", "other words"), finding("cccccccccccc", "new")],
        endpoints=[
            endpoint(ACME, fact("prompt", "maxLength", 1000), fact("server", "server", None, "absent")),
            endpoint("cute/clip-2", fact("prompt", "maxLength", 1)),
        ],
        decision=decision(
            evidence("latency", 140, 152, 165.5),
            evidence("fit", 0.5, 0.5, 1.0, basis="documented"),
            status="ranked",
            weight=3,
        ),
    )
