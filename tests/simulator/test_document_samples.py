"""The Python samples of the providers' own documents against the simulator, host and key replaced.

Every sample that calls a provider stands in the table, with what must come of it: those that are valid for
a model that has a spec here succeed; the others stop for the reason that is stated, and for no other. Samples
of other models are run once more with the name of ours in place of theirs.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shared import SHARED, needs_shared
from tests.simulator.serving import KEY, Served, serving

pytestmark = needs_shared

FENCE = re.compile(r"^[ \t]*```python[^\n]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
HOSTS = {
    "https://api.aimlapi.com": "aimlapi",
    "https://api.eachlabs.ai": "eachlabs",
    "https://hub.oxen.ai": "oxen",
    "https://api.novita.ai": "novita",
}
OXEN_SEED, QUEUE_APRIL, QUEUE_MAY = (
    "004_d4a6eb12f4f56e7e.txt",
    "async_queue.2026-04-15.mdx",
    "async_queue.2026-05-11.mdx",
)
OXEN_NAME = "kling-video-v2-6-pro-text-to-video"
IMAGE_NAME, OTHER_VIDEO_NAME = "black-forest-labs-flux-2-klein-4b", "kling-video-o3-pro-reference-to-video"

# Waiting is what the simulator's time scale is for; a sample's own pauses are cut short as well.
RUNNER = """
import sys, time
pause = time.sleep
time.sleep = lambda seconds: pause(min(seconds, 0.02))
path = sys.argv[1]
exec(compile(open(path, encoding="utf-8").read(), path, "exec"), {"__name__": "__main__"})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run of one sample. `error` is the last line of its traceback, None where it ends well; `prints`
    must be in what it prints; `replace` are words that are not ours, each with its own; `<job>` is a new id.
    """

    file: str
    index: int
    jobs: int
    error: str | None = None
    prints: str = ""
    replace: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.file}-{self.index}{'-ours' if self.replace else ''}"


def ours(file: str, index: int, jobs: int, prints: str, *replace: tuple[str, str]) -> Case:
    """A sample of another model, or of a job that is not there, with one that is."""
    return Case(file=file, index=index, jobs=jobs, prints=prints, replace=replace)


FALSE = "NameError: name 'false' is not defined. Did you mean: 'False'?"
KLING = (IMAGE_NAME, OXEN_NAME)
CASES = (
    # AI/ML API: the sample sends "duration": "5", a declared contradiction.
    Case(
        file="video-v2-6-pro-text-to-video.md",
        index=0,
        jobs=0,
        error="AttributeError: 'NoneType' object has no attribute 'get'",
        prints="/duration: expected an integer, got string",
    ),
    ours(
        "video-v2-6-pro-text-to-video.md",
        0,
        1,
        "Processing complete",
        ('"duration": "5"', '"duration": 5'),
    ),
    Case(file="video-v2-6-pro-text-to-video.2026-01-16.json", index=0, jobs=1, prints="'status': 'queued'"),
    Case(file="video-v2-6-pro-text-to-video.2026-06-12.json", index=0, jobs=1, prints="'status': 'queued'"),
    Case(file="universal-video-fetch.json", index=0, jobs=0, prints="no job"),
    ours(
        "universal-video-fetch.json",
        0,
        1,
        "'status': 'completed'",
        ("<REPLACE_WITH_YOUR_GENERATION_ID>", "<job>"),
    ),
    # Eachlabs: the samples speak of an image model.
    Case(file="create-prediction.mdx", index=0, jobs=0, error="KeyError: 'predictionID'"),
    ours(
        "create-prediction.mdx",
        0,
        1,
        "Prediction ID: ",
        ("flux-1-1-pro", "kling-v2-6-pro-text-to-video"),
    ),
    Case(file="get-prediction.mdx", index=0, jobs=0, error="KeyError: 'status'"),
    ours("get-prediction.mdx", 0, 1, "Output: http://127.0.0.1", ("abc123-def456-ghi789", "<job>")),
    # Oxen: the model's own page. Bare `false` is a declared contradiction.
    Case(file=OXEN_SEED, index=0, jobs=1, prints="'videos': [{'url': 'http://127.0.0.1"),
    Case(file=OXEN_SEED, index=1, jobs=0, error=FALSE),
    Case(file=OXEN_SEED, index=2, jobs=1, prints="Result: http://127.0.0.1"),
    Case(file=OXEN_SEED, index=3, jobs=0, error=FALSE),
    Case(file=OXEN_SEED, index=4, jobs=1, prints="'status': 'succeeded'"),
    Case(file=OXEN_SEED, index=5, jobs=0, error=FALSE),
    Case(file="video_generation.mdx", index=0, jobs=1, prints="Video URL: http://127.0.0.1"),
    Case(file="video_generation.mdx", index=1, jobs=0, error="KeyError: 'videos'"),
    # The queue's pages show other models; one edition lists the queue, which specs have no name for.
    Case(file=QUEUE_APRIL, index=0, jobs=0, error="KeyError: 'generations'"),
    ours(QUEUE_APRIL, 0, 1, "URL: http://127.0.0.1", KLING),
    Case(file=QUEUE_APRIL, index=1, jobs=0, error="KeyError: 'generations'"),
    Case(
        file=QUEUE_APRIL,
        index=1,
        jobs=4,
        error="KeyError: 'count'",
        prints="Enqueued 4 generations",
        replace=(KLING,),
    ),
    Case(
        file=QUEUE_APRIL,
        index=2,
        jobs=0,
        prints=f"submit of model '{OTHER_VIDEO_NAME}', which has no spec here",
    ),
    Case(file=QUEUE_APRIL, index=3, jobs=0, prints="Generation complete (or cancelled/expired)"),
    Case(file=QUEUE_APRIL, index=4, jobs=0, error="KeyError: 'generations'"),
    ours(QUEUE_APRIL, 4, 1, "Saved output.png", KLING),
    Case(file=QUEUE_MAY, index=0, jobs=0, error="KeyError: 'generations'"),
    ours(QUEUE_MAY, 0, 1, "Generation succeeded", KLING),
    Case(file=QUEUE_MAY, index=1, jobs=0, error="KeyError: 'generations'"),
    ours(QUEUE_MAY, 1, 4, "All 4 images generated", KLING),
    Case(
        file=QUEUE_MAY,
        index=2,
        jobs=0,
        prints=f"submit of model '{OTHER_VIDEO_NAME}', which has no spec here",
    ),
    Case(file=QUEUE_MAY, index=3, jobs=0, error="KeyError: 'model_name'"),
    ours(QUEUE_MAY, 3, 1, "result_url: http://127.0.0.1", ("YOUR_GENERATION_ID", "<job>")),
    Case(file=QUEUE_MAY, index=4, jobs=0, error="KeyError: 'generations'"),
    ours(QUEUE_MAY, 4, 1, "Saved output.png", KLING),
    # The models' page: listing, searching and deploying are not in the specs.
    Case(file="models_overview.mdx", index=0, jobs=0, error="KeyError: 'data'"),
    Case(file="models_overview.mdx", index=1, jobs=0, error="KeyError: 'data'"),
    Case(file="models_overview.mdx", index=2, jobs=0, error="KeyError: 'endpoint'"),
    ours("models_overview.mdx", 2, 0, "Endpoint: /videos/generate", (OTHER_VIDEO_NAME, OXEN_NAME)),
    Case(file="models_overview.mdx", index=3, jobs=0, error="KeyError: 'deployments'"),
    Case(file="models_overview.mdx", index=4, jobs=0, error="KeyError: 'deployments'"),
)


def samples() -> Iterator[tuple[str, int, str]]:
    """`(file, index, code)` of every Python sample that calls a provider."""
    assert SHARED is not None
    for path in sorted((SHARED / "sources").rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        codes = [textwrap.dedent(code) for code in FENCE.findall(text)]
        if path.suffix == ".json":
            codes = list(embedded(json.loads(text)))
        calling = [(index, code) for index, code in enumerate(codes) if any(host in code for host in HOSTS)]
        yield from ((path.name, index, code) for index, code in calling)


def embedded(document: object) -> Iterator[str]:
    """The Python samples inside an OpenAPI file."""
    if isinstance(document, dict):
        if document.get("lang") == "Python":
            yield document["source"]
        document = list(document.values())
    if isinstance(document, list):
        for below in document:
            yield from embedded(below)


@pytest.fixture(scope="module")
def code_of() -> dict[tuple[str, int], str]:
    """Every sample by its place."""
    return {(file, index): code for file, index, code in samples()}


@pytest.fixture(scope="module")
def baseline() -> Iterator[Served]:
    """For the documents that the baselines were made from."""
    with serving(models=("aimlapi", "oxen"), time_scale=1000) as found:
        yield found


@pytest.fixture(scope="module")
def patient() -> Iterator[Served]:
    """For samples that subscribe only after they have submitted: their jobs take a while."""
    with serving(models=("oxen",), time_scale=150) as found:
        yield found


@pytest.fixture(scope="module")
def latest() -> Iterator[Served]:
    """For the documents of the revisions."""
    with serving(models=("aimlapi", "eachlabs"), revision="latest", time_scale=1000) as found:
        yield found


def test_no_sample_is_forgotten(code_of: dict[tuple[str, int], str]):
    """The table has every one, as it stands in its document."""
    as_they_stand = {(case.file, case.index) for case in CASES if not case.replace}
    assert as_they_stand | {(QUEUE_APRIL, 1)} == set(code_of)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_sample(
    case: Case,
    code_of: dict[tuple[str, int], str],
    baseline: Served,
    patient: Served,
    latest: Served,
    tmp_path: Path,
):
    """It ends as the table says, and has made as many jobs; those that were waited for succeeded."""
    code = code_of[case.file, case.index]
    is_latest = "2026-06-12" in case.file or case.file in ("create-prediction.mdx", "get-prediction.mdx")
    served = latest if is_latest else patient if "/api/events" in code else baseline
    provider = next(name for host, name in HOSTS.items() if host in code)
    known = len(served.ledger()["jobs"])
    for theirs, own in case.replace:
        assert theirs in code
        code = code.replace(theirs, a_finished_job(served, provider) if own == "<job>" else own)
    done = run(code, served, tmp_path)
    last_line = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else None
    assert (last_line, done.returncode) == (case.error, 0 if case.error is None else 1), done.stdout
    assert case.prints in done.stdout
    made = served.ledger()["jobs"][known:]
    assert len(made) == case.jobs
    assert {job["state"] for job in made} <= {"succeeded", "queued", "running"}


def a_finished_job(served: Served, provider: str) -> str:
    """The id of a job that has ended well."""
    caller = served.caller(provider)
    job_id = caller.submit()
    caller.wait(job_id)
    return job_id


def run(code: str, served: Served, directory: Path) -> subprocess.CompletedProcess[str]:
    """Runs a sample as a user would, in a directory of its own."""
    for host, provider in HOSTS.items():
        code = code.replace(host, served.base_urls.get(provider, host))
    for placeholder in ("YOUR_API_KEY", "<YOUR_AIMLAPI_KEY>"):
        code = code.replace(placeholder, KEY)
    (directory / "sample.py").write_text(code, encoding="utf-8")
    (directory / "runner.py").write_text(RUNNER, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "runner.py", "sample.py"],
        cwd=directory,
        env={"OXEN_API_KEY": KEY, "NO_PROXY": "*", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
