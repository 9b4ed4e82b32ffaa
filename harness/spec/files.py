"""Which spec files there are: the shipped ones, and the user's own directories over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import OperatorError, SourceError
from harness.spec import yaml
from harness.spec.node import Node
from harness.spec.revision import Patch, read_patch

__all__ = ["DISCREPANCIES", "SpecFile", "SpecFiles", "read_text", "shipped_directory"]

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


@dataclass(slots=True, kw_only=True)
class SpecFiles:
    """Spec files by model id. Shipped ones are listed; the user's are read at once, to find overlays."""

    shipped: Path
    directories: tuple[Path, ...] = ()
    baselines: dict[str, SpecFile] = field(default_factory=dict)
    revisions: dict[str, dict[str, SpecFile]] = field(default_factory=dict)
    overlays: list[Patch] = field(default_factory=list)
    _roots: dict[SpecFile, Node] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in _listed(self.shipped, "specs"):
            self._register(file, file.path.relative_to(self.shipped))
        for directory in self.directories:
            self._add(directory)
        self._refuse_orphans()

    @property
    def discrepancies(self) -> tuple[SpecFile, ...]:
        """The files that encode discrepancies: the shipped one first."""
        found = [SpecFile(path=self.shipped / DISCREPANCIES, shown=f"specs/{DISCREPANCIES}")]
        found += [SpecFile(path=d / DISCREPANCIES, shown=str(d / DISCREPANCIES)) for d in self.directories]
        return tuple(file for file in found if file.path.is_file())

    def root(self, file: SpecFile) -> Node:
        """The document in a file, read once."""
        if file not in self._roots:
            self._roots[file] = yaml.parse(read_text(file.path, file.shown), file.shown)
        return self._roots[file]

    def _add(self, directory: Path) -> None:
        if not directory.is_dir():
            raise OperatorError(f"{directory}: not a directory")
        for file in _listed(directory, str(directory)):
            root = self.root(file)
            if "overlays" in root.mapping:
                self.overlays.append(read_patch(root, file.shown))
            else:
                self._register(file, file.path.relative_to(directory))

    def _register(self, file: SpecFile, relative: Path) -> None:
        if len(relative.parts) != 2:
            raise OperatorError(f"{file.shown}: expected PROVIDER/SLUG.yaml below the specs directory")
        name, at_sign, when = relative.stem.partition("@")
        model_id = f"{relative.parts[0]}/{name}"
        if at_sign:
            self.revisions.setdefault(model_id, {})[when] = file
        else:
            self.baselines[model_id] = file

    def _refuse_orphans(self) -> None:
        for model_id, by_date in self.revisions.items():
            if model_id not in self.baselines:
                file = next(iter(by_date.values()))
                raise OperatorError(f"{file.shown}: revises {model_id}, which has no baseline")
        for overlay in self.overlays:
            model_id, _, when = overlay.target.partition("@")
            if model_id not in self.baselines or (when and when not in self.revisions.get(model_id, {})):
                raise OperatorError(f"{overlay.file}: overlays {overlay.target}, which is not known")


def _listed(directory: Path, shown: str) -> Iterator[SpecFile]:
    for path in directory.rglob("*.yml"):
        raise OperatorError(f"{shown}/{path.relative_to(directory).as_posix()}: spec files end in .yaml")
    for path in sorted(directory.rglob("*.yaml")):
        relative = path.relative_to(directory)
        if relative.name != DISCREPANCIES or len(relative.parts) != 1:
            yield SpecFile(path=path, shown=f"{shown}/{relative.as_posix()}")
