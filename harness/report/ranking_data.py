"""What the script of the page ranks by: figures, criteria, profiles and words, as JSON in one element."""

from __future__ import annotations

import json
from typing import Any

from harness.ranking.criteria import CRITERIA
from harness.ranking.rank import DRAWS, LIKELY, SEED, Status
from harness.report.choice import Choice, ChoiceGroup
from harness.report.decision_words import ANSWERS, CAPTIONS, FLIPS, criterion_title, status_text
from harness.report.visible import visible

__all__ = ["CUSTOM", "ranking_data"]

CUSTOM = "your weights"
"""The title of the weights that a reader chose."""
_HIDDEN = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def ranking_data(choice: Choice) -> str | None:
    """JSON text that no HTML parser sees an element in; None where no group is ranked by anything."""
    groups = [_group(group) for group in choice.contested if group.is_ordered]
    if not groups:
        return None
    data = {
        "draws": DRAWS,
        "seed": SEED,
        "likely": LIKELY,
        "answers": ANSWERS,
        "flips": FLIPS,
        "captions": CAPTIONS,
        "custom": CUSTOM,
        "nothing": "No criterion weighs anything, so there is nothing to rank by.",
        "statuses": {status.name: [status.value, status_text(status)] for status in Status},
        "criteria": [
            {
                "id": row.id,
                "title": criterion_title(row.id),
                "unit": row.unit,
                "worst": row.worst,
                "best": row.best,
            }
            for row in CRITERIA
        ],
        "groups": groups,
    }
    return json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(_HIDDEN)


def _group(view: ChoiceGroup) -> dict[str, Any]:
    ordered = sorted(view.group.sheets, key=lambda sheet: sheet.model)  # as `rank` draws them
    return {
        "slug": view.slug,
        "name": view.group.name,
        "profiles": [
            {
                "id": one.profile.id,
                "title": visible(one.profile.title),
                "weights": [one.profile.weights[row.id] for row in CRITERIA],
            }
            for one in view.group.rankings
        ],
        "vendors": [
            {
                "id": sheet.model,
                "name": visible(sheet.provider),
                "title": visible(view.names[sheet.model]),
                "figures": {
                    name: [figure.value, figure.low, figure.high, figure.basis]
                    for name, figure in sheet.figures.items()
                },
            }
            for sheet in ordered
        ],
    }
