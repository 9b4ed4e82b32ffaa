"""`harness drift docs` with a URL, or with none: pages of a local server, fetched and judged."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.spec import store as spec_store
from harness.spec.files import shipped_directory
from harness.use.lock import read_lock
from tests.answering import Asked, Reply, answering
from tests.cli.calling import call
from tests.shared import PROJECT

OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
KEY = "sk-planted-0123456789"
QUEUE = (PROJECT / "tests" / "docs" / "pages" / "queue.mdx").read_bytes()
MARKDOWN = {"content-type": "text/markdown", "etag": '"one"'}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of the test's own, and a key that must go nowhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OXEN_API_KEY", KEY)
    return tmp_path


def serving(pages: Mapping[str, bytes]):
    """A server with pages that keep their ETag."""

    def reply(asked: Asked) -> Reply:
        if asked.path not in pages:
            return 404, {"content-type": "text/html"}, b"<html>no such page</html>"
        if asked.headers.get("if-none-match") == '"one"':
            return 304, {}, b""
        return 200, MARKDOWN, pages[asked.path]

    return answering(reply)


def test_a_url_says_what_the_file_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same findings; on the second run the page is not sent again, and found the same."""
    (tmp_path / "queue.mdx").write_bytes(QUEUE)
    from_file = call(capsys, "drift", "docs", OXEN, tmp_path / "queue.mdx", "--format", "json")
    with serving({"/queue.md": QUEUE}) as served:
        url = f"{served.base_url}/queue"
        runs = [call(capsys, "drift", "docs", OXEN, url, "--format", "json") for _ in range(2)]
    assert from_file.json["observed"]["facts"] > 10
    for run in runs:
        assert run.code == from_file.code
        assert [f["fingerprint"] for f in run.json["findings"]] == [
            f["fingerprint"] for f in from_file.json["findings"]
        ]
        assert run.json["observed"]["facts"] == from_file.json["observed"]["facts"]
    assert served.paths == ["/queue.md", "/queue.md"]
    assert served.asked[1].headers["if-none-match"] == '"one"'
    kept = json.loads(Path(".harness/documents.json").read_text())
    assert kept["schema"] == "harness.documents/1"
    assert kept["documents"][url]["digest"] == from_file.json["document"]["digest"]
    assert all(KEY not in str(asked.headers) for asked in served.asked)
    assert all("authorization" not in asked.headers for asked in served.asked)


def test_what_was_kept_and_is_lost_is_fetched_anew(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the bytes of the edition, the server is not asked whether it changed."""
    with serving({"/queue.md": QUEUE}) as served:
        first = call(capsys, "drift", "docs", OXEN, f"{served.base_url}/queue.md", "--format", "json")
        shutil.rmtree(".harness/documents")
        second = call(capsys, "drift", "docs", OXEN, f"{served.base_url}/queue.md", "--format", "json")
    assert second.json["observed"] == first.json["observed"]
    assert "if-none-match" not in served.asked[1].headers


@pytest.mark.parametrize(
    ("page", "rule"),
    [
        (b"<html><body>A page for people</body></html>", "drift.document-unreadable"),
        (b"\xff\xfe\x00", "drift.document-unreadable"),
        (None, "drift.document-gone"),
    ],
)
def test_a_page_that_is_not_observed_is_inconclusive(
    page: bytes | None, rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 3, with its rule and the model."""
    with serving({} if page is None else {"/queue.md": page}) as served:
        outcome = call(capsys, "drift", "docs", OXEN, f"{served.base_url}/queue.md", "--format", "json")
    assert (outcome.code, outcome.findings) == (3, [(OXEN, rule, None)])
    assert outcome.json["models"] == {OXEN: "inconclusive"}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped specs in a directory in which a test may put other addresses."""
    directory = tmp_path / "shipped"
    shutil.copytree(shipped_directory("specs"), directory)
    monkeypatch.setattr(spec_store, "shipped_directory", lambda _name: directory)
    return directory


def test_without_a_file_every_source_with_an_address(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One at a time; what has no address is listed; what is gone leaves the rest judged."""
    path = shipped / f"{OXEN}.yaml"
    text = path.read_text(encoding="utf-8")
    with serving({"/inference-api/reference/async_queue.md": QUEUE}) as served:
        path.write_text(text.replace("https://docs.oxen.ai", served.base_url), encoding="utf-8")
        outcome = call(capsys, "drift", "docs", OXEN, "--format", "json")
    gone = [rule for _, rule, _ in outcome.findings if rule.startswith("drift.document")]
    assert gone == ["drift.document-gone", "drift.document-gone"]
    assert outcome.json["observed"]["facts"] > 10
    assert [s["what"] for s in outcome.json["observed"]["skipped"] if "no address" in s["why"]] == [
        f"{OXEN} seed"
    ]
    assert [row["url"].rpartition("/")[2] for row in outcome.json["documents"]] == [
        "async_queue",
        "video_generation",
        "overview",
    ]
    assert outcome.json["models"][OXEN] != "conforms"


def test_accept_keeps_what_the_fetched_pages_say(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Digest and claims of each page, under the spec's names; they stay accepted until read anew."""
    path = shipped / f"{OXEN}.yaml"
    text = path.read_text(encoding="utf-8")
    with serving({"/inference-api/reference/async_queue.md": QUEUE}) as served:
        path.write_text(text.replace("https://docs.oxen.ai", served.base_url), encoding="utf-8")
        call(capsys, "drift", "docs", OXEN)
        url = f"{served.base_url}/inference-api/reference/async_queue"
    assert call(capsys, "drift", "accept", OXEN).code == 0
    lock = read_lock(Path("harness.lock").read_text(encoding="utf-8"), "harness.lock")
    (document,) = lock.models[OXEN].documents
    assert (document.id, document.url) == ("queue", url)
    assert document.digest == f"sha256:{hashlib.sha256(QUEUE).hexdigest()}"
    claimed = {(claim.address.operation, claim.address.facet): claim.value for claim in document.claims}
    spoken = json.loads(call(capsys, "drift", "docs", OXEN, "--format", "json", "--keep", "none").out)
    assert len(document.claims) > 10
    assert claimed["submit", "method"] == "POST"
    assert spoken["observed"]["facts"] == 0  # nobody is there any more
    shutil.rmtree(".harness")
    assert call(capsys, "drift", "accept", OXEN).code == 0
    again = read_lock(Path("harness.lock").read_text(encoding="utf-8"), "harness.lock")
    assert again.models[OXEN].documents == (document,)


def test_nothing_to_fetch_is_nothing_observed(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 3: sources without addresses are listed."""
    outcome = call(capsys, "drift", "docs", "eachlabs", "--format", "json")
    assert (outcome.code, outcome.findings) == (3, [])
    assert outcome.json["models"] == {"eachlabs/kling-v2-6-pro-text-to-video": "inconclusive"}
    assert len(outcome.json["observed"]["skipped"]) == 3


def test_an_address_out_of_an_overlay_is_not_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A spec from a pull request cannot make the job call its address."""
    with serving({"/queue.md": QUEUE}) as served:
        (tmp_path / "specs").mkdir()
        (tmp_path / "specs" / "overlay.yaml").write_text(
            "format: 1\noverlays: eachlabs/kling-v2-6-pro-text-to-video\ntitle: another address\n"
            f"changes: {{sources: {{seed: {{url: {served.base_url}/queue.md}}}}}}\n"
        )
        outcome = call(capsys, "drift", "docs", "eachlabs", "--specs", tmp_path / "specs", "--format", "json")
    assert outcome.code == 3
    assert served.asked == []
    why = f"{served.base_url}/queue.md is in no shipped spec; give it by hand"
    assert why in {each["why"] for each in outcome.json["observed"]["skipped"]}


@pytest.mark.parametrize("url", ["ftp://example.com/page", "file:///etc/passwd"])
def test_another_scheme_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, nothing on stdout."""
    outcome = call(capsys, "drift", "docs", OXEN, url)
    assert (outcome.code, outcome.out) == (2, "")
    assert "expected an absolute http or https URL" in outcome.err
