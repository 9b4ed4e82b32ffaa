"""Reading `harness.yaml`: what it says, and the place of every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import SourceError
from harness.finding import Impact, Severity
from harness.spec.store import SpecStore
from harness.use.model import Binding, Budget
from harness.use.read import read_use

WHOLE = """\
format: 1
models:
  oxen@latest:
    requests:
      - {name: teaser, body: {prompt: a cat}, per_month: 2000}
      - {file: clip.json, operation: generate}
    reads: {poll: [/status, /videos/*/url], errors: []}
    status_words: [queued, succeeded]
    prices:
      - {per: second, amount: 0.14, when: {/generate_audio: true}}
      - {per: video, amount: 1, currency: EUR}
  novita/kling-v1.6-t2v: {}
credentials:
  oxen: {variable: MY_KEY, hosts: [hub.oxen.ai]}
budget: {max_jobs: 3, max_cost_usd: 2.5}
policy: {bill: error, output: warning}
waivers: accepted.yaml
lock: base.lock
state: .harness/state.json
"""


def read(tmp_path: Path, text: str) -> object:
    """The text as a file, read."""
    path = tmp_path / "harness.yaml"
    path.write_text(text, encoding="utf-8")
    return read_use(path, SpecStore())


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    """Each member, with the files looked for beside the configuration."""
    (tmp_path / "clip.json").write_text('{"prompt": "a dog"}', encoding="utf-8")
    (tmp_path / "harness.yaml").write_text(WHOLE, encoding="utf-8")
    use = read_use(tmp_path / "harness.yaml", SpecStore())
    oxen = use.models["oxen/kling-video-v2-6-pro-text-to-video"]
    assert oxen.reference == "oxen/kling-video-v2-6-pro-text-to-video@2026-07-01"
    assert oxen.requests is not None
    assert [(s.name, s.operation, s.body, s.per_month) for s in oxen.requests] == [
        ("teaser", "submit", {"prompt": "a cat"}, 2000),
        ("clip.json", "generate", {"prompt": "a dog"}, None),
    ]
    assert oxen.reads == {"poll": ("/status", "/videos/*/url"), "errors": ()}
    assert oxen.status_words == ("queued", "succeeded")
    assert [(line.unit, line.amount, line.currency, line.when) for line in oxen.prices] == [
        ("second", 0.14, "USD", {"/generate_audio": True}),
        ("video", 1, "EUR", {}),
    ]
    silent = use.models["novita/kling-v1.6-t2v"]
    assert (silent.requests, silent.reads, silent.status_words, silent.prices) == (None, None, None, ())
    assert use.credentials == (Binding(slot="oxen", variable="MY_KEY", hosts=("hub.oxen.ai",)),)
    assert use.budget == Budget(max_jobs=3, max_cost_usd=2.5)
    assert use.policy == {Impact.BILL: Severity.ERROR, Impact.OUTPUT: Severity.WARNING}
    assert (use.waivers, use.lock, use.state) == (
        tmp_path / "accepted.yaml",
        tmp_path / "base.lock",
        tmp_path / ".harness" / "state.json",
    )
    assert use.lock_required


def test_files_have_usual_names(tmp_path: Path) -> None:
    """A lock that is not named need not be there; a state is kept only where it is asked for."""
    (tmp_path / "harness.yaml").write_text("format: 1\nmodels: {oxen: {}}\n", encoding="utf-8")
    use = read_use(tmp_path / "harness.yaml", SpecStore())
    assert (use.waivers, use.lock, use.state) == (tmp_path / "waivers.yaml", tmp_path / "harness.lock", None)
    assert not use.lock_required


MODEL = "format: 1\nmodels:\n  oxen:\n    {}\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("models: {oxen: {}}\n", "1:1", "the file: missing key 'format'"),
        ("format: 1\n", "1:1", "the file: missing key 'models'"),
        ("format: 1\nmodels: {}\n", "2:9", "/models: expected at least one model"),
        ("format: 1\nmodels: [oxen]\n", "2:9", "/models: expected a mapping of model ids, got a list"),
        ("format: 1\nmodels: {oxn: {}}\n", "2:10", "/models: no model 'oxn'; known: "),
        (
            "format: 1\nmodels:\n  oxen: {}\n  oxen@latest: {}\n",
            "4:3",
            "/models: oxen/kling-video-v2-6-pro-text-to-video stands in line 3 already",
        ),
        (MODEL.format("sends: []"), "4:5", "/models/oxen: unknown key 'sends'; did you mean 'reads'?"),
        (
            MODEL.format("requests: {body: {}}"),
            "4:15",
            "/models/oxen/requests: expected a list, got a mapping",
        ),
        (
            MODEL.format("requests: [{name: x}]"),
            "4:16",
            "/models/oxen/requests/0: expected either body or file",
        ),
        (
            MODEL.format("requests: [{body: {}, file: a.json}]"),
            "4:16",
            "/models/oxen/requests/0: expected either body or file",
        ),
        (
            MODEL.format("requests: [{body: {}, operation: post}]"),
            "4:38",
            "/models/oxen/requests/0/operation: expected one of submit, generate, poll, events, cancel, "
            "model, "
            "got 'post'",
        ),
        (
            MODEL.format("reads: {polls: []}"),
            "4:13",
            "/models/oxen/reads: expected one of submit, poll, generate, events, cancel, model, webhook, "
            "errors, got 'polls'",
        ),
        (
            MODEL.format("reads: {poll: [status]}"),
            "4:20",
            "/models/oxen/reads/poll/0: expected a JSON Pointer such as /task/status, got 'status'",
        ),
        (
            MODEL.format("prices: [{per: minute, amount: 1}]"),
            "4:20",
            "/models/oxen/prices/0/per: expected one of second, video, got 'minute'",
        ),
        (
            "format: 1\nmodels: {oxen: {}}\nbudget: {}\n",
            "3:1",
            "/budget: expected max_jobs or max_cost_usd",
        ),
        (
            "format: 1\nmodels: {oxen: {}}\npolicy: {bill: fatal}\n",
            "3:16",
            "/policy/bill: expected one of info, warning, error, got 'fatal'",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    """File, line and column; the message says what was expected."""
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'harness.yaml'}:{place}: {message}")


def test_a_request_file_that_cannot_be_used(tmp_path: Path) -> None:
    """The place is that of its name; a file that is missing, or no strict JSON, is told apart."""
    text = MODEL.format("requests: [{file: a.json}]")
    config, file = tmp_path / "harness.yaml", tmp_path / "a.json"
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == (
        f"{config}:4:23: /models/oxen/requests/0/file: {file}: No such file or directory"
    )
    file.write_text('{"a": NaN}', encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == f"{config}:4:23: /models/oxen/requests/0/file: not-finite at /a of {file}"
