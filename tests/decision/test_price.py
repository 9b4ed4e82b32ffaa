"""A price that is stated, before anything was billed."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.decision.model import Evidence
from harness.decision.wishes import ASSUMED
from harness.use.read import read_use
from tests.decision.made import EACH, NOVITA, decision_of, live_runs, shipped


def price(directory: Path, lines: str, *, live: bool = False) -> Evidence:
    """Novita's evidence by price, with these prices in harness.yaml."""
    path = directory / "harness.yaml"
    path.write_text(f"format: 1\nmodels: {{{NOVITA}: {{prices: [{lines}]}}}}\n", encoding="utf-8")
    runs = [live_runs({NOVITA: 150.0})] if live else []
    sheets = decision_of(*runs, use=read_use(path, shipped())).groups[0].sheets
    lines_by_model = {sheet.model: sheet.evidence[5] for sheet in sheets}
    assert lines_by_model[EACH].figure is None
    return lines_by_model[NOVITA]


@pytest.mark.parametrize(
    ("lines", "low", "high"),
    [
        ("{per: second, amount: 0.07}", 0.07, 0.07),
        ("{per: video, amount: 0.5}", 0.05, 0.1),
        ("{per: second, amount: 0.14, when: {/sound: true}}, {per: second, amount: 0.07}", 0.07, 0.14),
    ],
)
def test_the_users_own_price_is_declared(tmp_path: Path, lines: str, low: float, high: float) -> None:
    """By the second, for each wish; it is neither measured nor documented."""
    line = price(tmp_path, lines)
    assert line.figure is not None
    assert (line.figure.low, line.figure.high) == pytest.approx((low, high))
    assert line.figure.basis == "declared"
    assert set(line.counts) == {wish.name for wish in ASSUMED}
    assert line.why == f"by the price in {tmp_path / 'harness.yaml'}; no job was billed yet"


def test_another_currency_is_no_price_here(tmp_path: Path) -> None:
    """No rate of exchange is invented."""
    assert price(tmp_path, "{per: second, amount: 0.07, currency: EUR}").figure is None


def test_what_was_billed_goes_before_what_is_stated(tmp_path: Path) -> None:
    """A bill has the failed jobs in it."""
    line = price(tmp_path, "{per: second, amount: 9}", live=True)
    assert line.figure is not None
    assert line.figure.basis == "live"
    assert line.figure.value < 1
