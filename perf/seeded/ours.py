"""Our commands, one after the other, at one simulated provider, until one names the change."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seeded.catalogue import Seed, page

from harness.cli.main import main
from harness.simulator.process import running

TIME_SCALE = 200.0
SLOW_SCALE = 20.0
"""For webhooks and events: what comes seconds late counts as missing, and a busy machine stalls."""
TIMEOUT_S = 1500
OWN_CHOICE = "simulator's own choice"
BODIES: Mapping[str, Mapping[str, Any]] = {
    "aimlapi": {
        "model": "klingai/video-v2-6-pro-text-to-video",
        "prompt": "A red fox",
        "duration": 10,
        "aspect_ratio": "9:16",
    },
    "eachlabs": {
        "model": "kling-v2-6-pro-text-to-video",
        "input": {"prompt": "A red fox", "duration": "5", "aspect_ratio": "9:16"},
    },
    "novita": {"prompt": "A red fox", "duration": 10, "aspect_ratio": "9:16"},
    "oxen": {
        "model": "kling-video-v2-6-pro-text-to-video",
        "prompt": "A red fox",
        "duration": 10,
        "aspect_ratio": "9:16",
    },
}
"""A request that leaves no parameter of the video at its default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one tool made of one provider.

    `found` is set when the change was named; `by` says with what, and `facet` which. `other` is what else was
    found, `unseen` what could not be observed. `jobs` were really created, `took_s` is the wall time.
    """

    name: str
    found: bool
    by: str = ""
    facet: str = ""
    other: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    jobs: int = 0
    took_s: float = 0.0


def look(seed: Seed, number: int = 0) -> Seen:
    """All commands in turn at a provider that has changed; `number` seeds the simulator."""
    start = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as directory,
        contextlib.chdir(directory),
        contextlib.ExitStack() as stack,
    ):
        arguments = [*seed.arguments(Path(directory) / "served"), "--seed", str(number)]
        base_urls: dict[float, str] = {}

        def at(scale: float) -> str:
            """The provider whose time passes so fast, started when it is first asked for."""
            if scale not in base_urls:
                served = stack.enter_context(running(*arguments, "--time-scale", str(scale)))
                base_urls[scale] = served[seed.provider]
            return base_urls[scale]

        search = _search(seed, at, number)
        jobs = sum(len(ledger(base_url)) for base_url in base_urls.values())
    return Seen(
        name=seed.name,
        found=search.named is not None,
        by=search.by,
        facet=str(search.named["facet"] or search.named["rule"]) if search.named is not None else "",
        other=tuple(dict.fromkeys(search.other)),
        unseen=tuple(dict.fromkeys(search.unseen)),
        jobs=jobs,
        took_s=time.monotonic() - start,
    )


def ledger(base_url: str) -> list[dict[str, Any]]:
    """The jobs that a simulator has created."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{base_url}/__ledger__", timeout=30) as answer:
        jobs: list[dict[str, Any]] = json.load(answer)["jobs"]
    return jobs


@dataclass(slots=True, kw_only=True)
class _Search:
    """What the commands have said so far; `named` is the finding that names the change."""

    named: dict[str, Any] | None = None
    by: str = ""
    other: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def _search(seed: Seed, at: Callable[[float], str], number: int) -> _Search:
    """One command after the other, until one names the change."""
    search = _Search()
    for name, command in _commands(seed, at, number):
        code, document, words = call(*command)
        if document is None or code not in (0, 1, 3):
            last = words.strip().splitlines()[-1] if words.strip() else ""
            search.other.append(f"{name}: exit {code}: {last}")
            continue
        for finding in document["findings"]:
            if OWN_CHOICE in finding["message"]:
                continue
            if seed.is_named_by(finding):
                search.named, search.by = finding, name
                return search
            is_seen = finding["verdict"] != "inconclusive"
            words = f"{name}: {finding['rule']} {finding['facet'] or ''} {finding['field']}".strip()
            (search.other if is_seen else search.unseen).append(words)
    return search


def _commands(seed: Seed, at: Callable[[float], str], number: int) -> Iterator[tuple[str, list[str]]]:
    """The commands of one look at a provider, the cheapest first, named by the tier that each costs."""
    Path("page.md").write_text(page(seed), encoding="utf-8")
    Path("asked.json").write_text(json.dumps(BODIES[seed.provider]), encoding="utf-8")
    if seed.provider == "eachlabs":
        yield "T0 drift docs", ["drift", "docs", seed.model, "page.md"]
    reach = _reach(seed, at, TIME_SCALE)
    yield "T1 drift wire", ["drift", "wire", seed.model, *reach]
    yield "T2 drift wire", ["drift", "wire", seed.model, *reach, "--allow-t2", "--max-jobs", "1"]
    record = ["record", seed.model, "--timeout", str(TIMEOUT_S)]
    yield "T3 record, asked", [*record, *reach, "--to", "asked", "--body", "asked.json"]
    yield "T3 record, defaults", [*record, *reach, "--to", "left"]
    for mode in {"eachlabs": ("webhook",), "oxen": ("events", "blocking")}.get(seed.provider, ()):
        scale = TIME_SCALE if mode == "blocking" else SLOW_SCALE
        yield f"T3 record, {mode}", [*record, *_reach(seed, at, scale), "--to", mode, "--mode", mode]
    conform = ["conform", seed.model, "--target", at(TIME_SCALE), "--max-jobs", "60", "--examples", "20"]
    timing = ["--time-scale", str(TIME_SCALE), "--timeout", str(TIMEOUT_S), "--seed", str(number)]
    yield "T2 conform", [*conform, *timing]


def _reach(seed: Seed, at: Callable[[float], str], scale: float) -> list[str]:
    return ["--base-url", f"{seed.provider}={at(scale)}", "--time-scale", str(scale)]


def call(*arguments: str) -> tuple[int, dict[str, Any] | None, str]:
    """One command of ours in this process: exit code, what it wrote as JSON, and its words."""
    out, words = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(words):
        try:
            code = int(main([*arguments, "--format", "json"]))
        except SystemExit as end:
            code = int(end.code or 0)
    text = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    return code, json.loads(text) if text.strip() else None, words.getvalue()


def without_keys() -> None:
    """No key of the operator's is in reach."""
    for name in list(os.environ):
        if name.endswith("_API_KEY"):
            del os.environ[name]
