"""What comparing specs comes to: discrepancies, contradictions, and whether the encoding is current."""

from __future__ import annotations

from collections.abc import Sequence

from harness.compare.contradiction import check_contradictions
from harness.compare.discrepancy import check_discrepancies, check_encoding
from harness.compare.encoded import load_encoding
from harness.finding import Judgement, Observed
from harness.spec.model import Spec
from harness.spec.store import SpecStore

__all__ = ["judge_encoding", "judge_specs"]


def judge_specs(store: SpecStore, specs: Sequence[Spec] = ()) -> Judgement:
    """The judgement on how specs stand to each other; without any, on all baselines."""
    chosen = tuple(specs) or store.all()
    encoding = load_encoding(store)
    findings = [
        *check_encoding(chosen, store.all(), encoding),
        *check_discrepancies(chosen, encoding),
        *(finding for spec in chosen for finding in check_contradictions(spec)),
    ]
    refs = tuple(spec.ref for spec in chosen)
    return Judgement(findings=tuple(findings), observed=Observed(operations=len(refs)), models=refs)


def judge_encoding(store: SpecStore) -> Judgement:
    """The judgement on discrepancies.yaml alone, against all baselines."""
    specs = store.all()
    return Judgement(findings=tuple(check_encoding(specs, specs, load_encoding(store))))
