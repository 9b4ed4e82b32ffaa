"""The imports of the package against the table in ARCHITECTURE.md; every kind of import counts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "harness"
ROW = re.compile(r"^\| (\d+) \| `([^`]+)` \|[^|]*\| ([^|]+) \|$", re.MULTILINE)
LIBRARY_ROW = re.compile(r"^\| (\w+) \| (`[^|]+) \|$", re.MULTILINE)
ENTRY_POINTS = {"__init__", "__main__"}


def rooms() -> dict[str, tuple[int, str]]:
    """Room -> (layer, what it may import), as the page says."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return {
        name.removesuffix(".py").removesuffix("/"): (int(layer), allowed.strip())
        for layer, name, allowed in ROW.findall(text)
    }


def allowed_imports() -> dict[str, set[str]]:
    """Room -> rooms that it may import, layer 0 and what is allowed transitively included."""
    table = rooms()
    base = {name for name, (layer, _) in table.items() if layer == 0}
    direct = {
        name: set(table) if allowed == "all" else {part.strip() for part in allowed.split(",")} - {"-"}
        for name, (_, allowed) in table.items()
    }
    closed: dict[str, set[str]] = {}
    for name in table:
        reached, todo = set(base), list(direct[name])
        while todo:
            other = todo.pop()
            if other not in reached:
                reached.add(other)
                todo += direct[other]
        closed[name] = reached | {name}
    return closed


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_room_is_in_the_table_and_every_row_exists() -> None:
    """A new room needs its row, and a row its room."""
    assert {room_of(path) for path in modules()} - ENTRY_POINTS == set(rooms())


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_what_its_row_allows(path: Path) -> None:
    """No arrow that the table does not have."""
    if room_of(path) in ENTRY_POINTS:
        return
    allowed = allowed_imports()[room_of(path)]
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "harness" and len(parts) > 1 and parts[1] in rooms():
            assert parts[1] in allowed, f"{path.relative_to(ROOT)} imports {module}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_third_party_library_stays_in_its_room(path: Path) -> None:
    """YAML is parsed in one place, and so on."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    homes = {
        library: [home.strip("` ") for home in places.split(",")]
        for library, places in LIBRARY_ROW.findall(text)
    }
    place = path.relative_to(PACKAGE).as_posix()
    for module in imports(path):
        library = module.split(".")[0]
        if library in homes:
            assert any(place.startswith(home) for home in homes[library]), f"{place} imports {library}"


def test_there_is_no_cycle_between_modules() -> None:
    """Imports form a directed graph without a way back, those under TYPE_CHECKING included."""
    graph: dict[str, set[str]] = {}
    names = {_name(path): path for path in modules()}
    for name, path in names.items():
        graph[name] = {module for module in imports(path) if module in names and module != name}
    done: set[str] = set()
    for start in graph:
        _visit(start, graph, done, [])


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _visit(name: str, graph: dict[str, set[str]], done: set[str], trail: list[str]) -> None:
    assert name not in trail, f"cycle: {' -> '.join([*trail[trail.index(name) :], name])}"
    if name in done:
        return
    for other in sorted(graph[name]):
        _visit(other, graph, done, [*trail, name])
    done.add(name)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_sizes_stay_readable(path: Path) -> None:
    """Modules up to 400 lines, functions up to 40, classes up to 15 methods; `__all__` in every module."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 40, f"{node.name} is too long"
        if isinstance(node, ast.ClassDef):
            methods = [member for member in node.body if isinstance(member, ast.FunctionDef)]
            assert len(methods) <= 15, f"{node.name} has {len(methods)} methods"
    has_code = any(not isinstance(node, ast.Expr) for node in tree.body)
    names = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    names += [
        node.target.id
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    if has_code and path.name != "__main__.py":
        assert "__all__" in names


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_world_is_a_parameter_below_the_command_line(path: Path) -> None:
    """`print`, `os.environ` and the wall clock are the command line's."""
    if room_of(path) == "cli":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            assert node.id != "print"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {
                ("os", "environ"),
                ("time", "time"),
                ("datetime", "now"),
            }
