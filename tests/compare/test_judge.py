"""The judgement on how specs stand to each other."""

from __future__ import annotations

from pathlib import Path

from harness.compare.judge import judge_encoding, judge_specs
from harness.finding import Severity, Verdict
from harness.spec.store import SpecStore


def test_shipped_specs_conform(store: SpecStore) -> None:
    """Discrepancies and contradictions are facts; with all of them encoded nothing is violated."""
    judgement = judge_specs(store)
    assert judgement.verdict is Verdict.CONFORMS
    assert judgement.models == store.ids
    assert {finding.rule.id for finding in judgement.findings} == {
        "compare.discrepancy",
        "compare.contradiction",
    }
    assert judgement.worst() is Severity.WARNING


def test_two_of_a_group_are_not_held_to_the_file(store: SpecStore) -> None:
    """Comparing two sellers says nothing of an encoding that is about four."""
    specs = (store.get("novita/kling-v2.6-pro-t2v"), store.get("oxen"))
    judgement = judge_specs(store, specs)
    assert judgement.models == tuple(spec.ref for spec in specs)
    assert {finding.rule.id for finding in judgement.findings} == {
        "compare.discrepancy",
        "compare.contradiction",
    }


def test_encoding_alone(store: SpecStore, tmp_path: Path) -> None:
    """The shipped file is current; without it every discrepancy lacks its entry."""
    assert judge_encoding(store).findings == ()
    entry = "    guidance.maximum: {impact: [bill], means: x, values: {}}\n"
    text = f"format: 1\ngroups:\n  kling 2.6 pro text-to-video:\n{entry}"
    (tmp_path / "discrepancies.yaml").write_text(text, encoding="utf-8")
    found = judge_encoding(SpecStore((tmp_path,))).findings
    assert {finding.rule.id for finding in found} == {"compare.discrepancy-changed"}
    assert len(found) == 5
