"""Specs by reference: `ID`, `ID@DATE`, `ID@latest`, or any unambiguous part of an id."""

from __future__ import annotations

import difflib
from pathlib import Path

from harness.errors import OperatorError
from harness.spec.fields import fault
from harness.spec.files import DISCREPANCIES, SpecFile, SpecFiles, read_text, shipped_directory
from harness.spec.load import build
from harness.spec.model import Spec
from harness.spec.revision import Patch, apply, read_patch

__all__ = ["DISCREPANCIES", "SpecFile", "SpecStore", "read_text", "shipped_directory"]


class SpecStore:
    """Specs by id. Files are listed at once and read when they are asked for, each one once."""

    def __init__(self, directories: tuple[Path, ...] = (), *, shipped: Path | None = None) -> None:
        self._files = SpecFiles(shipped=shipped or shipped_directory("specs"), directories=directories)
        self._specs: dict[str, Spec] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all baselines, sorted."""
        return tuple(sorted(self._files.baselines))

    @property
    def discrepancy_files(self) -> tuple[SpecFile, ...]:
        """The files that encode discrepancies: the shipped one first."""
        return self._files.discrepancies

    def revisions(self, model_id: str) -> tuple[str, ...]:
        """The dates of the revisions of a baseline, oldest first."""
        return tuple(sorted(self._files.revisions.get(model_id, {})))

    def files(self, model_id: str) -> tuple[SpecFile, ...]:
        """The baseline file of a model, then its revisions, oldest first."""
        by_date = self._files.revisions.get(model_id, {})
        return (self._files.baselines[model_id], *(by_date[when] for when in sorted(by_date)))

    def resolve(self, reference: str) -> tuple[str, str | None]:
        """`(id, date or None)` of a model reference: an id, or any unambiguous part of one.

        Raises OperatorError when nothing or more than one thing is meant.
        """
        name, at_sign, revision = reference.partition("@")
        model_id = self._id(name)
        if not at_sign:
            return model_id, None
        dates = self.revisions(model_id)
        if revision == "latest":
            return model_id, dates[-1] if dates else None
        if revision not in dates:
            known = ", ".join(dates) or "none"
            raise OperatorError(f"{model_id} has no revision {revision!r}; it has: {known}")
        return model_id, revision

    def get(self, reference: str) -> Spec:
        """The spec that a reference names. Raises OperatorError, or SourceError for a broken file."""
        model_id, revision = self.resolve(reference)
        key = model_id if revision is None else f"{model_id}@{revision}"
        if key not in self._specs:
            self._specs[key] = self._build(model_id, revision)
        return self._specs[key]

    def all(self) -> tuple[Spec, ...]:
        """Every baseline, by id."""
        return tuple(self.get(model_id) for model_id in self.ids)

    def later_revisions(self, spec: Spec) -> tuple[Spec, ...]:
        """The revisions of the same model that are newer than this spec, oldest first."""
        dates = self.revisions(spec.id)
        return tuple(self.get(f"{spec.id}@{when}") for when in dates if when > (spec.revision or ""))

    def patch(self, model_id: str, revision: str) -> Patch:
        """What one revision file changes."""
        file = self._files.revisions[model_id][revision]
        root = self._files.root(file)
        patch = read_patch(root, file.shown)
        for name, found, expected in (("revises", patch.target, model_id), ("date", patch.date, revision)):
            if found != expected:
                mark = (root.mapping.get(name) or root).mark
                raise fault(f"/{name}: expected {expected}, as the file is named, got {found}", mark)
        return patch

    def base_of(self, patch: Patch) -> Spec:
        """The spec that a patch is applied to: for a revision, with all earlier revisions applied."""
        model_id = patch.target.partition("@")[0]
        if model_id not in self._files.baselines:
            raise OperatorError(f"{patch.file}: no model {model_id}; known: {', '.join(self.ids)}")
        earlier = [when for when in self.revisions(patch.target) if patch.date and when < patch.date]
        return self.get(f"{patch.target}@{earlier[-1]}" if earlier else patch.target)

    def _id(self, part: str) -> str:
        if part in self._files.baselines:
            return part
        found = [model_id for model_id in self.ids if part and part in model_id]
        if len(found) == 1:
            return found[0]
        if found:
            raise OperatorError(f"model {part!r} is ambiguous: {', '.join(found)}")
        near = difflib.get_close_matches(part, self.ids, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(self.ids)}"
        raise OperatorError(f"no model {part!r}{hint}")

    def _build(self, model_id: str, revision: str | None) -> Spec:
        root = self._files.root(self._files.baselines[model_id])
        for when in self.revisions(model_id):
            if revision is not None and when <= revision:
                root = apply(root, self.patch(model_id, when))
        reference = model_id if revision is None else f"{model_id}@{revision}"
        for overlay in self._files.overlays:
            if overlay.target in (model_id, reference):
                root = apply(root, overlay)
        return build(root, revision=revision)
