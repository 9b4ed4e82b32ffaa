"""The specs at hand against the accepted baseline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from harness.finding import Finding, Impact, Severity
from harness.spec.store import SpecStore
from harness.use.baseline import judge_lock
from harness.use.lock import digest_of, lock_of, lock_text, read_lock
from harness.use.weigh import weigh_finding
from tests.minimal import MINIMAL, edited, revision, write_specs
from tests.use.users import EXAMPLE, sent, shipped, usage, use_of

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
LONGER = ("default: 5", "default: 10")
WORDED = ("title: Video 1\n", "title: Video one\n")


def store_of(tmp_path: Path, *edits: tuple[str, str], later: bool = False) -> SpecStore:
    """A package whose only spec is the small one, with edits, and perhaps a revision."""
    files = {EXAMPLE: edited(*edits, text=MINIMAL)}
    if later:
        changes = "{latency: {page: {value_s: 200}}}"
        files[f"{EXAMPLE}@2026-09-01"] = revision(EXAMPLE, "2026-09-01", changes)
    name = f"specs{len(list(tmp_path.iterdir()))}"
    return SpecStore(shipped=write_specs(tmp_path / name, files))


def judged(
    old: SpecStore,
    new: SpecStore,
    *,
    references: dict[str, str] | None = None,
    models: tuple[str, ...] = (EXAMPLE,),
    weighed: Callable[[Finding], Finding] = lambda finding: finding,
) -> list[Finding]:
    """What is said after an upgrade from the one package to the other."""
    text = lock_text(lock_of(old.all(), now=NOW, version="0.1.0"))
    return list(
        judge_lock(
            read_lock(text, "harness.lock"),
            new,
            references=references or {},
            judged=models,
            weighed=weighed,
            file="harness.lock",
        )
    )


def test_the_same_specs_say_nothing(tmp_path: Path) -> None:
    """An upgrade that moves nothing is silent."""
    assert judged(store_of(tmp_path), store_of(tmp_path)) == []


def test_a_spec_that_moved_is_told_with_every_changed_fact(tmp_path: Path) -> None:
    """One finding for the model, as loud as its loudest change, with the changes as data."""
    new = store_of(tmp_path, LONGER, WORDED)
    (found,) = judged(store_of(tmp_path), new)
    assert found.rule.id == "lock.spec-moved"
    assert found.message == (
        f"{EXAMPLE} as accepted on 2026-11-20 (harness 0.1.0): the spec differs in 1 fact: request of "
        f"submit, "
        "/duration: default was 5, is 10; requests without the parameter get another value"
    )
    assert (found.severity, found.impact) == (Severity.ERROR, (Impact.BILL, Impact.OUTPUT))
    assert found.observed == {
        "digest": digest_of(new.all()[0]),
        "changes": [
            {
                "rule": "diff.request-default",
                "severity": "error",
                "operation": "submit",
                "direction": "request",
                "field": "/duration",
                "facet": "default",
                "expected": 5,
                "observed": 10,
            }
        ],
    }
    assert found.source is not None
    assert (found.source.file, found.source.line) == ("harness.lock", 6)


def test_it_is_as_loud_as_it_is_to_the_user(tmp_path: Path) -> None:
    """Whoever pins the parameter is told, and not woken."""
    pins = use_of(usage(sent("clip", {"prompt": "x", "duration": 5})))
    old, new = store_of(tmp_path), store_of(tmp_path, LONGER)
    (found,) = judged(old, new, weighed=lambda f: weigh_finding(f, pins, shipped(new)))
    assert (found.severity, found.consequence, found.impact) == (Severity.INFO, None, ())
    relies = use_of(usage(sent("clip", {"prompt": "x"})))
    (found,) = judged(old, new, weighed=lambda f: weigh_finding(f, relies, shipped(new)))
    assert found.severity is Severity.ERROR
    assert found.consequence == (
        "/duration: clip leaves /duration out and gets 10 instead of 5; the bill: clip costs 0.35 USD a "
        "video "
        "as before"
    )


def test_another_wording_is_information(tmp_path: Path) -> None:
    """The digest moved, no fact did."""
    (found,) = judged(store_of(tmp_path), store_of(tmp_path, WORDED))
    assert found.severity is Severity.INFO
    assert found.message == (
        f"{EXAMPLE} as accepted on 2026-11-20 (harness 0.1.0): the spec is worded or sourced otherwise, and "
        "says the same"
    )


def test_latest_that_became_another_revision_is_told(tmp_path: Path) -> None:
    """The package learned of a newer document; the baseline did not move by itself."""
    old, new = store_of(tmp_path), store_of(tmp_path, later=True)
    latest = {EXAMPLE: f"{EXAMPLE}@2026-09-01"}
    (found,) = judged(old, new, references=latest)
    assert found.message.startswith(
        f"{EXAMPLE} as accepted on 2026-11-20 (harness 0.1.0): {EXAMPLE}@2026-09-01 differs in 1 fact: "
    )
    assert judged(old, new) == []


def test_a_spec_that_is_gone(tmp_path: Path) -> None:
    """A release without the model cannot judge it."""
    other = EXAMPLE.replace("video-1", "video-2")
    new = SpecStore(
        shipped=write_specs(tmp_path / "new", {other: edited((f"id: {EXAMPLE}", f"id: {other}"))})
    )
    (found,) = judged(store_of(tmp_path), new)
    assert (found.rule.id, found.severity) == ("lock.spec-gone", Severity.ERROR)
    assert found.message == (
        f"{EXAMPLE} was accepted on 2026-11-20: no model '{EXAMPLE}'; did you mean {other}?"
    )


def test_a_model_that_was_never_accepted(tmp_path: Path) -> None:
    """Named in harness.yaml and not in the lock."""
    other = "example/other"
    (found,) = judged(
        store_of(tmp_path), store_of(tmp_path), references={other: other}, models=(EXAMPLE, other)
    )
    assert (found.rule.id, found.message) == ("lock.missing", "harness.lock has no baseline of example/other")


def test_of_models_that_were_not_judged_nothing_is_said(tmp_path: Path) -> None:
    """A check of one model does not report on another."""
    assert judged(store_of(tmp_path), store_of(tmp_path, LONGER), models=()) == []
