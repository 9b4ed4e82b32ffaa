"""The catalogue of seeded changes: what is changed at the provider, and which facet a finding must name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
MODELS: Mapping[str, str] = {
    "aimlapi": "aimlapi/klingai-video-v2-6-pro-text-to-video",
    "eachlabs": "eachlabs/kling-v2-6-pro-text-to-video",
    "novita": "novita/kling-v2.6-pro-t2v",
    "oxen": "oxen/kling-video-v2-6-pro-text-to-video",
}
AREAS = (
    *("auth", "paths", "statuses", "types", "enums", "ranges", "defaults", "life cycle", "errors"),
    *("headers", "video", "webhook", "events", "documents"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One change.

    `changes` is a merge patch of the spec that the simulator serves, `faults` are the simulator's own, `page`
    replaces words in the provider's page. A finding counts when it has one of the `facets` (or is by the rule
    that stands there), in a field that ends as `field` does where that is said.
    """

    name: str
    area: str
    provider: str
    facets: tuple[str, ...]
    field: str | None = None
    changes: Mapping[str, Any] = member(default_factory=dict)
    faults: tuple[str, ...] = ()
    page: Mapping[str, str] = member(default_factory=dict)

    @property
    def model(self) -> str:
        """The id of its spec."""
        return MODELS[self.provider]

    @property
    def is_on_the_wire(self) -> bool:
        """Whether anything but the page is changed."""
        return bool(self.changes or self.faults)

    def is_named_by(self, finding: Mapping[str, Any]) -> bool:
        """Whether a finding, as JSON, names this change: its facet, or the rule where that is the change.

        What could not be observed names no facet; that a job had not ended is all that there is to see.
        """
        if finding["rule"] in self.facets:
            return True
        is_there = self.field is None or finding["field"].endswith(self.field)
        return finding["verdict"] != "inconclusive" and finding["facet"] in self.facets and is_there

    def arguments(self, directory: Path) -> list[str]:
        """What `harness simulate` is started with; the overlay is written below the directory."""
        arguments = [self.model]
        if self.changes:
            overlay = {"format": 1, "overlays": self.model, "title": self.name, "changes": self.changes}
            directory.mkdir(parents=True, exist_ok=True)
            text = json.dumps(overlay, ensure_ascii=False)  # which is YAML, too
            (directory / "overlay.yaml").write_text(text, encoding="utf-8")
            arguments += ["--specs", str(directory)]
        for fault in self.faults:
            arguments += ["--fault", fault]
        return arguments


def unchanged(provider: str) -> Seed:
    """No change at all."""
    return Seed(name="unchanged", area="", provider=provider, facets=())


def catalogue() -> tuple[Seed, ...]:
    """Every seed of `catalogue.yaml`, in its order. Raises ValueError for one that cannot be read."""
    entries = yaml.safe_load((HERE / "catalogue.yaml").read_text(encoding="utf-8"))
    seeds = tuple(_seed(entry) for entry in entries)
    names = [seed.name for seed in seeds]
    if len(set(names)) < len(names):
        raise ValueError(f"names twice: {sorted({name for name in names if names.count(name) > 1})}")
    return seeds


def _seed(entry: dict[str, Any]) -> Seed:
    unknown = set(entry) - {"name", "area", "provider", "facet", "field", "changes", "faults", "page"}
    if unknown or entry["area"] not in AREAS or entry["provider"] not in MODELS:
        raise ValueError(f"{entry.get('name')}: {sorted(unknown) or (entry['area'], entry['provider'])}")
    facets = entry["facet"]
    return Seed(
        name=entry["name"],
        area=entry["area"],
        provider=entry["provider"],
        facets=tuple(facets) if isinstance(facets, list) else (facets,),
        field=entry.get("field"),
        changes=entry.get("changes", {}),
        faults=tuple(entry.get("faults", ())),
        page=entry.get("page", {}),
    )


def page(seed: Seed) -> str:
    """The provider's page with the change made. Raises ValueError where the words to replace are missing."""
    text = (HERE / "page.md").read_text(encoding="utf-8")
    for before, after in seed.page.items():
        if before not in text:
            raise ValueError(f"{seed.name}: the page does not hold {before!r}")
        text = text.replace(before, after)
    return text
