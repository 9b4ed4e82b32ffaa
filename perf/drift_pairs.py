"""Fifty pairs of OpenAPI files with one known change each: `harness diff` beside Redocly CLI's `diff`.

    python perf/drift_pairs.py            # 50 pairs
    python perf/drift_pairs.py --quick    # 10 pairs

The pairs are the shipped specs as OpenAPI 3.1, and the same with one change: eight kinds that matter to
whoever buys videos there, two that concern nobody. A change is found when it is reported at its place; it
is missed by a buyer when it is not rated as breaking (an error here, major there); a false alarm is a
breaking change where there is none. Redocly CLI (npm @redocly/cli 2.77) is taken from HARNESS_REDOCLY, else
from the PATH.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.docs.between import changes_of_documents
from harness.docs.read import read_document
from harness.finding import Severity
from harness.spec.openapi import openapi
from harness.spec.store import SpecStore

SECONDS_A_PAIR = 1.0
TOOLS = ("harness", "redocly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed: the place in the file, and the field and facet that a finding about it has."""

    kind: str
    pointer: str
    name: str
    facet: str
    matters: bool = True


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one tool made of the pairs."""

    found: int = 0
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)


def submit(root: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Pointer and value of the operation that creates a job."""
    for path, item in root["paths"].items():
        if "post" in item and not path.endswith("/generate"):
            return f"/paths/{path.replace('/', '~1')}/post", item["post"]
    raise AssertionError("no operation creates a job")


def body(root: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Pointer and value of the object that holds the model's parameters."""
    at, operation = submit(root)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    at += "/requestBody/content/application~1json/schema"
    if "input" in schema["properties"]:
        return f"{at}/properties/input", schema["properties"]["input"]
    return at, schema


def answer(root: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Pointer and value of the schema of the answer on success."""
    at, operation = submit(root)
    for status, response in operation["responses"].items():
        if status.startswith("2") and "content" in response:
            pointer = f"{at}/responses/{status}/content/application~1json/schema"
            return pointer, response["content"]["application/json"]["schema"]
    raise AssertionError("no answer on success")


def changed_default(root: dict[str, Any]) -> Change:
    """The default of the length, or of what else has one that governs the bill."""
    at, schema = body(root)
    name = next(n for n in ("duration", "mode") if "default" in schema["properties"].get(n, {}))
    parameter = schema["properties"][name]
    parameter["default"] = next(v for v in [*parameter.get("enum", []), "Other"] if v != parameter["default"])
    return Change(kind="default", pointer=f"{at}/properties/{name}/default", name=name, facet="default")


def changed_scale(root: dict[str, Any]) -> Change:
    """An end of a range, ten times as far."""
    at, schema = body(root)
    name = next(n for n, parameter in schema["properties"].items() if parameter.get("maximum"))
    schema["properties"][name]["maximum"] *= 10
    return Change(kind="scale", pointer=f"{at}/properties/{name}/maximum", name=name, facet="maximum")


def changed_required(root: dict[str, Any]) -> Change:
    """A parameter that may no longer be left out."""
    at, schema = body(root)
    name = next(n for n in schema["properties"] if n not in schema["required"])
    schema["required"] = [*schema["required"], name]
    return Change(kind="required", pointer=f"{at}/required", name=name, facet="required")


def changed_enum(root: dict[str, Any]) -> Change:
    """A value that is no longer taken."""
    at, schema = body(root)
    name = next(n for n, parameter in schema["properties"].items() if len(parameter.get("enum", ())) > 1)
    parameter = schema["properties"][name]
    parameter["enum"] = [value for value in parameter["enum"] if value != parameter["enum"][-1]]
    if parameter.get("default") not in parameter["enum"]:
        parameter["enum"] = (
            [*parameter["enum"][1:], parameter["default"]] if "default" in parameter else parameter["enum"]
        )
    return Change(kind="enum", pointer=f"{at}/properties/{name}/enum", name=name, facet="enum")


def changed_answer(root: dict[str, Any]) -> Change:
    """A member of the answer that is gone."""
    at, schema = answer(root)
    name = next(iter(schema["properties"]))
    del schema["properties"][name]
    schema["required"] = [each for each in schema.get("required", ()) if each != name]
    return Change(kind="answer", pointer=f"{at}/properties/{name}", name=name, facet="presence")


def changed_type(root: dict[str, Any]) -> Change:
    """A member of the answer that has another type."""
    at, schema = answer(root)
    name = next(n for n, member in schema["properties"].items() if isinstance(member.get("type"), str))
    schema["properties"][name]["type"] = "integer"
    for keyword in ("enum", "items", "format"):
        schema["properties"][name].pop(keyword, None)
    return Change(kind="type", pointer=f"{at}/properties/{name}/type", name=name, facet="type")


def changed_path(root: dict[str, Any]) -> Change:
    """The call that creates a job, elsewhere."""
    at, _ = submit(root)
    path = at.split("/")[2].replace("~1", "/")
    root["paths"] = {(f"/next{p}" if p == path else p): item for p, item in root["paths"].items()}
    return Change(kind="path", pointer=f"/paths/{path.replace('/', '~1')}", name="", facet="path")


def changed_server(root: dict[str, Any]) -> Change:
    """Another host."""
    root["servers"][0]["url"] = "https://api.elsewhere.example"
    return Change(kind="server", pointer="/servers", name="server", facet="server")


def reworded(root: dict[str, Any]) -> Change:
    """A description in other words."""
    at, schema = body(root)
    name = next(iter(schema["properties"]))
    schema["properties"][name]["description"] = "The same in other words."
    return Change(kind="words", pointer=f"{at}/properties/{name}", name=name, facet="", matters=False)


def unrelated(root: dict[str, Any]) -> Change:
    """Another type in a schema that nothing refers to."""
    root["components"]["schemas"]["Unrelated"]["properties"]["a"]["type"] = "integer"
    return Change(kind="unrelated", pointer="/components", name="", facet="", matters=False)


KINDS: tuple[Callable[[dict[str, Any]], Change], ...] = (
    *(changed_default, changed_scale, changed_required, changed_enum, changed_answer),
    *(changed_type, changed_path, changed_server, reworded, unrelated),
)


def main() -> int:
    """Prints the table and the line that says whether the claims hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    redocly = os.environ.get("HARNESS_REDOCLY") or shutil.which("redocly")
    specs = SpecStore().all()[: 1 if quick else None]
    tallies = {name: Tally() for name in TOOLS if name == "harness" or redocly}
    pairs = 0
    with tempfile.TemporaryDirectory() as directory:
        for spec in specs:
            for kind in KINDS:
                old = openapi(spec)
                old.setdefault("components", {}).setdefault("schemas", {})["Unrelated"] = {
                    "type": "object",
                    "properties": {"a": {"type": "string"}},
                }
                new = copy.deepcopy(old)
                change = kind(new)
                files = [Path(directory) / name for name in ("old.json", "new.json")]
                for path, root in zip(files, (old, new), strict=True):
                    path.write_text(json.dumps(root, indent=1), encoding="utf-8")
                pairs += 1
                count(tallies["harness"], change, ours, files, spec.id)
                if redocly:
                    count(
                        tallies["redocly"],
                        change,
                        lambda paths, at: theirs(redocly, paths, at),
                        files,
                        spec.id,
                    )
    return report(tallies, pairs, quick=quick)


Judge = Callable[[list[Path], Change], tuple[bool, bool]]


def count(tally: Tally, change: Change, judge: Judge, files: list[Path], model: str) -> None:
    """What one tool makes of one pair."""
    start = time.perf_counter()
    found, alarmed = judge(files, change)
    tally.times_s.append(time.perf_counter() - start)
    name = f"{change.kind} of {model}"
    if change.matters:
        tally.found += found
        if not (found and alarmed):
            tally.missed.append(name)
    elif alarmed:
        tally.alarms.append(name)


def ours(files: list[Path], change: Change) -> tuple[bool, bool]:
    """Whether the change is reported at its place, and whether anything is rated as an error."""
    old, new = (read_document(path.read_bytes(), path.name) for path in files)
    findings = changes_of_documents(old, new)
    at = [
        finding
        for finding in findings
        if finding.facet == change.facet and finding.field.rpartition("/")[2] == change.name
    ]
    alarmed = any(finding.severity is Severity.ERROR for finding in (at if change.matters else findings))
    return bool(at), alarmed


def theirs(command: str, files: list[Path], change: Change) -> tuple[bool, bool]:
    """The same of Redocly: a change at, above or below the place; major is breaking."""
    done = subprocess.run(
        [command, "diff", *map(str, files), "--format", "json", "--fail-on", "none"],
        capture_output=True,
        text=True,
        check=False,
        cwd=files[0].parent,
    )
    changes = json.loads(done.stdout[done.stdout.index("{") :])["changes"]
    at = [each for each in changes if is_at(each, change)]
    alarmed = any(each["impact"] == "major" for each in (at if change.matters else changes))
    return bool(at), alarmed


def is_at(each: dict[str, Any], change: Change) -> bool:
    """Whether a change of theirs stands at, above or below the place; a whole new path names itself."""
    pointer = each["path"].removeprefix("#") + (f"/{each['property']}" if each.get("property") else "")
    if change.kind == "server":
        return bool(pointer.startswith("/servers"))
    if change.kind == "path" and each.get("property") == "key":
        return True
    below = f"{pointer}/".startswith(f"{change.pointer}/")
    return bool(pointer.count("/") > 1 and (below or f"{change.pointer}/".startswith(f"{pointer}/")))


def report(tallies: dict[str, Tally], pairs: int, *, quick: bool) -> int:
    """The table, the verdict, the exit code."""
    matter = pairs * 8 // len(KINDS)
    print(f"{pairs} pairs: {matter} changes that matter to a buyer, {pairs - matter} that concern nobody")
    print(
        f"{'tool':10}{'found':>7}{'missed by a buyer':>19}{'false alarms':>14}{'median ms':>11}{'max ms':>9}"
    )
    for name, tally in tallies.items():
        times = sorted(tally.times_s)
        row = (times[len(times) // 2] * 1e3, times[-1] * 1e3)
        print(
            f"{name:10}{tally.found:7}{len(tally.missed):19}{len(tally.alarms):14}{row[0]:11.1f}{row[1]:9.1f}"
        )
    for name, tally in tallies.items():
        for what, names in (("missed", tally.missed), ("false alarm", tally.alarms)):
            kinds = sorted({entry.split(" ")[0] for entry in names})
            if kinds:
                print(f"{name}, {what}: {', '.join(kinds)}")
    if "redocly" not in tallies:
        print("redocly: not found; set HARNESS_REDOCLY, or put it on the PATH (npm @redocly/cli 2.77)")
    own, peer = tallies["harness"], tallies.get("redocly")
    failures = [
        claim
        for claim, holds in (
            ("every change that matters is found and rated as one", own.found == matter and not own.missed),
            ("no false alarm", not own.alarms),
            (f"each pair within {SECONDS_A_PAIR:g} s", max(own.times_s) < SECONDS_A_PAIR),
            ("misses no more than the peer", peer is None or len(own.missed) <= len(peer.missed)),
        )
        if not holds
    ]
    held = "holds: all claims" + ("" if peer else ", without a peer") + (", 10 pairs only" if quick else "")
    print(f"falls short: {'; '.join(failures)}" if failures else held)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
