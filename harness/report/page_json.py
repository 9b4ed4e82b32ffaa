"""What a page says in words and counts about a run, as the member `page` of `harness.run/1`.

Every number of the page stands in report.json; those that no other member holds stand here.
"""

from __future__ import annotations

from typing import Any

from harness.record import RunRecord
from harness.report.found import Found, found
from harness.report.page import Group, page_of, tiers
from harness.stats.interval import CONFIDENCE

__all__ = ["page_json"]


def page_json(record: RunRecord) -> dict[str, Any]:
    """Sentences as they are shown, and counts of what is shown."""
    page = page_of(record)
    return {
        "evidence": page.evidence,
        "sentence": page.sentence,
        "unknowns": list(page.unknowns),
        "notes": [{"term": term, "meaning": meaning} for term, meaning in page.notes],
        "endpoints": len(record.models),
        "providers": len({model.provider for model in record.models}),
        "discrepancies": page.discrepancies,
        "contradictions": page.contradictions,
        "confidence": CONFIDENCE,
        "groups": [_group(group) for group in page.groups],
        "findings": _found(found(record.judgement.findings)),
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "sellers": len(group.models),
        "rows": len(group.rows),
        "differing": len(group.discrepant),
        "agreeing": len(group.agreeing),
        "tiers": [{"text": tier.text, "rows": len(tier.rows)} for tier in tiers(group)],
    }


def _found(listed: Found) -> dict[str, Any]:
    return {
        "findings": listed.findings,
        "rows": len(listed.rows),
        "without_row": sum(rest.findings for rest in listed.rest),
        "repeated": [
            {"fingerprint": row.fingerprint, "findings": row.count, "places": list(row.places)}
            for row in listed.repeated
        ],
        "rest": [
            {"severity": rest.severity, "rule": rest.rule, "model": rest.model, "findings": rest.findings}
            for rest in listed.rest
        ],
    }
