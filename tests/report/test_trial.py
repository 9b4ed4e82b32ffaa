"""The page of a trial: everything in it, nothing loaded, nothing that a stranger wrote taken for markup."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from harness.finding import Judgement, Observed
from harness.measurement.trial import Difference, Explanation, TrialLine, TrialRecord, trial_json
from harness.report.trial import trial_html
from harness.stats.interval import Interval
from harness.wire.video import VideoFacts, VideoProblem


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0" + bytes(6)))
    + _chunk(b"IEND", b"")
)
GROUP = "clip 2 pro text-to-video"
FACTS = VideoFacts(
    size_bytes=12345,
    container="mp4",
    duration_s=5.0,
    width=1920,
    height=1080,
    fps=24.0,
    video_codec="h264",
    has_audio=True,
    audio_codec="aac",
)
ACME = TrialLine(
    model="acme/clip-2",
    provider="Acme",
    group=GROUP,
    mode="poll",
    body={"prompt": "a fox", "duration": 5},
    outcome="succeeded",
    job="1",
    seen_by="poll",
    polls=3,
    interval=Interval(low_s=100.0, high_s=110.0),
    estimates=("170 s (estimate, any)",),
    video=FACTS,
    frame_png=PNG,
    cassette="c/acme/clip-2.trial.yaml",
)
BOLT = TrialLine(
    model="bolt/clip-2",
    provider="Bolt",
    group=GROUP,
    mode="poll",
    body={"prompt": "a fox"},
    outcome="refused",
    status=422,
    note="status 422",
)
RECORD = TrialRecord(
    created_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    version="0",
    canonical={GROUP: {"prompt": "a fox"}},
    messages={"live": 0, "simulated": 7, "documented": 0, "unknown": 0},
    lines=(ACME, BOLT),
    differences=(
        Difference(
            group=GROUP,
            what="acceptance",
            values={"acme/clip-2": "accepted", "bolt/clip-2": "refused with 422"},
            explained=(Explanation(key="prompt.maxLength", means="Shorten it."),),
        ),
        Difference(
            group=GROUP,
            what="echo:seed",
            values={"acme/clip-2": "2 for 1", "bolt/clip-2": "as sent"},
            explained=(),
        ),
    ),
    judgement=Judgement(observed=Observed(exchanges=7), models=("acme/clip-2", "bolt/clip-2")),
)
HOSTILE = "</p><script>alert(1)</script>\u202e\"'&"


def trial(bad: str = "") -> TrialRecord:
    """The record, with a text added wherever a stranger may have written one."""
    acme = replace(ACME, provider=f"Acme{bad}", body={f"prompt{bad}": bad}, note=bad or None)
    bolt = replace(BOLT, note=f"status 422{bad}", video=VideoFacts(problem=VideoProblem.TRUNCATED, note=bad))
    told = replace(RECORD.differences[0], values={"acme/clip-2": bad, "bolt/clip-2": "refused"})
    return replace(RECORD, lines=(acme, bolt), differences=(told,), canonical={GROUP: {"prompt": bad}})


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps it."""
        self.found.append((tag, dict(attrs)))


def test_pictures_stand_beside_each_other_with_their_words():
    """As data; who has none, says why."""
    page = trial_html(RECORD)
    (picture,) = [attributes for tag, attributes in Tags(page).found if tag == "img"]
    assert picture["src"] == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    words = "5 s, 1920x1080, 24 frames a second, h264, with sound (aac), mp4, 12,345 bytes"
    assert picture["alt"] == f"First picture of the video from Acme: {words}"
    assert words in page
    assert "No picture: status 422" in page


def test_differences_and_what_explains_them():
    """Or that nothing does."""
    page = trial_html(RECORD)
    assert "the request was taken" in page
    assert "<code>prompt.maxLength</code> Shorten it." in page
    assert "what the answer repeats of seed" in page
    assert "none documented" in page
    assert "None was seen" in trial_html(replace(RECORD, differences=()))
    alone = trial_html(replace(RECORD, differences=(), lines=(ACME,)))
    assert "There are no two sellers of one model here to compare." in alone


def test_it_loads_nothing_and_runs_nothing():
    """No script, no address of anything; the policy says so to the browser."""
    page = trial_html(RECORD)
    tags = Tags(page).found
    assert not [tag for tag, _ in tags if tag in ("script", "iframe", "object", "form")]
    links = [value for _, attributes in tags for name in ("src", "href") if (value := attributes.get(name))]
    assert all(link.startswith(("data:", "#")) for link in links)
    (policy,) = [a["content"] for t, a in tags if t == "meta" and "http-equiv" in a]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; img-src data:; base-uri 'none'; "
        r"form-action 'none'",
        policy or "",
    )


@pytest.mark.parametrize("where", ["note", "provider", "body", "video", "values"])
def test_what_a_stranger_wrote_is_text(where: str):
    """Wherever it stands."""
    bad = VideoFacts(problem=VideoProblem.UNREADABLE, note=HOSTILE)
    changes = {
        "note": {"lines": (ACME, replace(BOLT, note=HOSTILE))},
        "provider": {"lines": (replace(ACME, provider=HOSTILE), BOLT)},
        "body": {"lines": (replace(ACME, body={HOSTILE: HOSTILE}), BOLT)},
        "video": {"lines": (replace(ACME, video=bad, frame_png=None), BOLT)},
        "values": {"differences": (replace(RECORD.differences[0], values={"acme/clip-2": HOSTILE}),)},
    }
    page = trial_html(replace(RECORD, **changes[where]))
    assert "<script>" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_as_json():
    """The same facts, in one shape."""
    document = trial_json(RECORD)
    assert document["schema"] == "harness.trial/1"
    assert document["verdict"] == "conforms"
    first, second = document["jobs"]
    assert (first["low_s"], first["high_s"], first["video"]["width"]) == (100.0, 110.0, 1920)
    assert (second["status"], second["low_s"], second["video"]) == (422, None, None)
    assert set(first) == set(second)
    assert document["differences"][0]["explained_by"] == ["prompt.maxLength"]
