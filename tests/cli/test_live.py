"""What the operator's harness.yaml says of keys and prices, where a command reaches a provider."""

from __future__ import annotations

import json
import urllib.request
from argparse import Namespace
from pathlib import Path

import pytest

from harness.cli.live import budget_of, keyring_of, use_of
from harness.client.calls import Endpoints
from harness.errors import OperatorError
from harness.simulator.process import running
from harness.spec.store import SpecStore
from tests.cli.calling import call

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
ELSEWHERE = "https://gateway.example/v1/jobs"


def written(directory: Path, text: str) -> Namespace:
    """A harness.yaml, and the arguments that name it."""
    path = directory / "harness.yaml"
    path.write_text(text, encoding="utf-8")
    return Namespace(config=str(path), specs=[], max_jobs=None, max_cost_usd=1.0)


def priced(*lines: str) -> str:
    """A harness.yaml with prices of one model."""
    return f"format: 1\nmodels:\n  {OXEN}:\n    prices:\n" + "".join(f"      - {line}\n" for line in lines)


def test_a_slot_has_the_variable_and_the_hosts_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key goes where the operator bound it, and no longer to the shipped host."""
    monkeypatch.setenv("TEAM_KEY", "k-12345678")
    models = f"models:\n  {OXEN}: {{status_words: [queued]}}"
    slot = "credentials:\n  oxen: {variable: TEAM_KEY, hosts: [gateway.example]}"
    use = use_of(written(tmp_path, f"format: 1\n{models}\n{slot}\n"))
    spec = SpecStore().get(OXEN)
    keyring = keyring_of(Endpoints(overrides={}), [], use)
    assert keyring.headers_for(spec, "submit", ELSEWHERE) == {"Authorization": "Bearer k-12345678"}
    with pytest.raises(OperatorError):
        keyring.headers_for(spec, "submit", f"{spec.server}/api/ai/queue")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("{per: video, amount: 0.35}", "{per: video, amount: 0.7, when: {/duration: 10}}"), ("video", 0.7)),
        (("{per: second, amount: 0.07}",), ("second", 0.07)),
        (("{per: second, amount: 0.07}", "{per: video, amount: 0.7}"), None),
        (("{per: video, amount: 0.35, currency: EUR}",), None),
    ],
)
def test_the_dearest_line_is_the_price(
    tmp_path: Path, lines: tuple[str, ...], expected: tuple[str, float] | None
) -> None:
    """The worst case is reserved; what cannot be compared is no price, and none is converted."""
    budget = budget_of(written(tmp_path, priced(*lines)), scope="a run")
    assert budget is not None
    price = budget.prices.of(SpecStore().get(OXEN))
    assert (price and (price.unit, price.amount_usd)) == expected


@pytest.mark.parametrize(
    ("jobs", "cost_usd", "expected"),
    [(None, None, (2, 3.0)), (1, None, (1, None)), (None, 0.5, (None, 0.5)), (0, None, (0, None))],
)
def test_the_budget_of_the_file_holds_where_the_command_line_has_none(
    tmp_path: Path, jobs: int | None, cost_usd: float | None, expected: tuple[int | None, float | None]
) -> None:
    """A bound on the command line stands alone."""
    models = f"models:\n  {OXEN}: {{status_words: [queued]}}"
    arguments = written(tmp_path, f"format: 1\n{models}\nbudget: {{max_jobs: 2, max_cost_usd: 3.0}}\n")
    arguments.max_jobs, arguments.max_cost_usd = jobs, cost_usd
    budget = budget_of(arguments, scope="a run")
    assert budget is not None
    assert (budget.max_jobs, budget.max_cost_usd) == expected


def test_without_any_bound_there_is_no_budget(tmp_path: Path) -> None:
    """Nothing that costs money is sent then."""
    arguments = written(tmp_path, f"format: 1\nmodels:\n  {OXEN}: {{status_words: [queued]}}\n")
    arguments.max_cost_usd = None
    assert budget_of(arguments, scope="a run") is None


def test_a_price_of_the_operator_bounds_a_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A job that costs more than the budget is refused before anything is sent."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, priced("{per: video, amount: 0.35}"))
    with running("--time-scale", "200") as base_urls:
        reach = ("--base-url", f"oxen={base_urls['oxen']}", "--time-scale", "200", "--to", "cassettes")
        refused = call(capsys, "record", OXEN, *reach, "--max-cost-usd", "0.34")
        assert refused.code == 4
        assert "0.35" in refused.err
        with urllib.request.urlopen(f"{base_urls['oxen']}/__ledger__") as ledger:
            assert json.load(ledger)["jobs"] == []
        assert call(capsys, "record", OXEN, *reach, "--max-cost-usd", "0.36").code == 0
