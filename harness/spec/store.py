"""Finding specs: the shipped ones, and the user's own directories over them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.errors import OperatorError, SourceError
from harness.spec import yaml
from harness.spec.load import build
from harness.spec.model import Spec
from harness.spec.node import Node
from harness.spec.revision import Patch, apply, read_patch

__all__ = ["DISCREPANCIES", "SpecFile", "SpecStore", "read_text", "shipped_directory"]

DISCREPANCIES = "discrepancies.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFile:
    """One YAML file: where it is, and how it is named to people."""

    path: Path
    shown: str


def shipped_directory(name: str) -> Path:
    """A directory of data of this package (`specs`, `cassettes`), installed or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "data" / name
    return installed if installed.is_dir() else package.parent / name


def read_text(path: Path, shown: str) -> str:
    """The text of a UTF-8 file. Raises OperatorError or SourceError if there is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OperatorError(f"{shown}: {error.strerror or error}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")  # without the byte order mark
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise SourceError("not UTF-8", file=shown, line=line, column=column) from None


class SpecStore:
    """Specs by id. Files are listed at once and read when they are asked for, each one once."""

    def __init__(self, directories: tuple[Path, ...] = (), *, shipped: Path | None = None) -> None:
        self._shipped = shipped or shipped_directory("specs")
        self._extra = directories
        self._baselines: dict[str, SpecFile] = {}
        self._revisions: dict[str, dict[str, SpecFile]] = {}
        self._overlays: list[Patch] = []
        self._roots: dict[SpecFile, Node] = {}
        self._specs: dict[str, Spec] = {}
        self._discover()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all baselines, sorted."""
        return tuple(sorted(self._baselines))

    @property
    def discrepancy_files(self) -> tuple[SpecFile, ...]:
        """The files that encode discrepancies: the shipped one first."""
        found = [SpecFile(path=self._shipped / DISCREPANCIES, shown=f"specs/{DISCREPANCIES}")]
        found += [SpecFile(path=d / DISCREPANCIES, shown=str(d / DISCREPANCIES)) for d in self._extra]
        return tuple(file for file in found if file.path.is_file())

    def revisions(self, model_id: str) -> tuple[str, ...]:
        """The dates of the revisions of a baseline, oldest first."""
        return tuple(sorted(self._revisions.get(model_id, {})))

    def files(self, model_id: str) -> tuple[SpecFile, ...]:
        """The baseline file of a model, then its revisions, oldest first."""
        by_date = self._revisions.get(model_id, {})
        return (self._baselines[model_id], *(by_date[when] for when in sorted(by_date)))

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
        file = self._revisions[model_id][revision]
        return read_patch(self._root(file), file.shown)

    def base_of(self, patch: Patch) -> Spec:
        """The spec that a patch is applied to: for a revision, with all earlier revisions applied."""
        earlier = [when for when in self.revisions(patch.target) if patch.date and when < patch.date]
        return self.get(f"{patch.target}@{earlier[-1]}" if earlier else patch.target)

    def _id(self, part: str) -> str:
        if part in self._baselines:
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
        root = self._root(self._baselines[model_id])
        for when in self.revisions(model_id):
            if revision is not None and when <= revision:
                root = apply(root, self.patch(model_id, when))
        reference = model_id if revision is None else f"{model_id}@{revision}"
        for overlay in self._overlays:
            if overlay.target in (model_id, reference):
                root = apply(root, overlay)
        return build(root, revision=revision)

    def _root(self, file: SpecFile) -> Node:
        if file not in self._roots:
            self._roots[file] = yaml.parse(read_text(file.path, file.shown), file.shown)
        return self._roots[file]

    def _discover(self) -> None:
        for file in _listed(self._shipped, "specs"):
            self._register(file, file.path.relative_to(self._shipped))
        for directory in self._extra:
            if not directory.is_dir():
                raise OperatorError(f"{directory}: not a directory")
            for file in _listed(directory, str(directory)):
                root = self._root(file)
                if "overlays" in root.mapping:
                    self._overlays.append(read_patch(root, file.shown))
                else:
                    self._register(file, file.path.relative_to(directory))
        self._refuse_orphans()

    def _register(self, file: SpecFile, relative: Path) -> None:
        if len(relative.parts) != 2:
            raise OperatorError(f"{file.shown}: expected PROVIDER/SLUG.yaml below the specs directory")
        name, at_sign, when = relative.stem.partition("@")
        model_id = f"{relative.parts[0]}/{name}"
        if at_sign:
            self._revisions.setdefault(model_id, {})[when] = file
        else:
            self._baselines[model_id] = file

    def _refuse_orphans(self) -> None:
        for model_id, by_date in self._revisions.items():
            if model_id not in self._baselines:
                file = next(iter(by_date.values()))
                raise OperatorError(f"{file.shown}: revises {model_id}, which has no baseline")
        for overlay in self._overlays:
            model_id, _, when = overlay.target.partition("@")
            if model_id not in self._baselines or (when and when not in self.revisions(model_id)):
                raise OperatorError(f"{overlay.file}: overlays {overlay.target}, which is not known")


def _listed(directory: Path, shown: str) -> Iterator[SpecFile]:
    for path in sorted(directory.rglob("*.yaml")):
        relative = path.relative_to(directory)
        if relative.name != DISCREPANCIES or len(relative.parts) != 1:
            yield SpecFile(path=path, shown=f"{shown}/{relative.as_posix()}")
