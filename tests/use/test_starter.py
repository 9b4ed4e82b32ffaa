"""What `harness init` writes: files that this package reads, and that nothing has to be deleted from."""

from __future__ import annotations

from pathlib import Path

from harness import __version__
from harness.check.body import Judges
from harness.check.request import check_request
from harness.spec.store import SpecStore
from harness.use.read import read_use
from harness.use.starter import starter_config, starter_workflow


def test_the_configuration_is_read_and_names_every_model(store: SpecStore, tmp_path: Path) -> None:
    """With requests, fields that are read, words of the status, and a binding of each key."""
    path = tmp_path / "harness.yaml"
    path.write_text(starter_config(store.all()), encoding="utf-8")
    use = read_use(path, store)
    assert tuple(use.models) == store.ids
    assert [binding.slot for binding in use.credentials] == ["aimlapi", "eachlabs", "novita", "oxen"]
    oxen = use.models["oxen/kling-video-v2-6-pro-text-to-video"]
    assert oxen.reads is not None
    assert oxen.reads["poll"] == ("/generation_id", "/status", "/result_url")
    assert oxen.status_words == ("queued", "processing", "succeeded", "failed", "cancelled")


def test_its_requests_conform_and_pin_nothing(store: SpecStore, tmp_path: Path) -> None:
    """The least request of each model: an example in force by mistake hides no changed default."""
    path = tmp_path / "harness.yaml"
    path.write_text(starter_config(store.all()), encoding="utf-8")
    for model, usage in read_use(path, store).models.items():
        spec = store.get(model)
        (sent,) = usage.requests or ()
        body = str(sent.body).replace("'", '"').encode()
        judged = check_request(spec, body, file="r", operation="submit", judges=Judges())
        assert judged.worst() is None, [f.message for f in judged.findings]
        assert "duration" not in str(sent.body)


def test_the_workflow_installs_this_version() -> None:
    """And runs at night or by hand, never for a pull request."""
    text = starter_workflow(__version__)
    assert f"video-api-harness[live]=={__version__}" in text
    assert "pull_request" not in text
    assert "@VERSION@" not in text
