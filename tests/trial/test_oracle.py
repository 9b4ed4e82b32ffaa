"""Each seller as the oracle of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from harness.compare.encoded import Encoding, load_encoding
from harness.finding import Kind, Severity
from harness.measurement.trial import Difference
from harness.spec.store import SpecStore
from harness.trial.oracle import Seen, differences, oracle_findings
from harness.trial.rules import NOT_TRIED, ORACLE, RULES
from harness.wire.video import VideoFacts, VideoProblem

AIML = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACH = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
ALL = frozenset({"prompt", "duration_s", "aspect_ratio", "audio"})
VIDEO = VideoFacts(
    container="mp4", duration_s=5.0, width=1920, height=1080, fps=24.0, has_audio=True, tracks=2
)


@pytest.fixture(scope="module")
def encoding(store: SpecStore) -> Encoding:
    """The shipped discrepancies."""
    return load_encoding(store)


def seen(store: SpecStore, model: str, facts: VideoFacts | None = VIDEO, **changes: Any) -> Seen:
    one = Seen(spec=store.get(model), outcome="succeeded", sent=ALL, video=facts)
    return replace(one, **changes)


def found(encoding: Encoding, *members: Seen) -> list[Difference]:
    return list(differences(members, encoding))


def test_alike_is_no_difference(store: SpecStore, encoding: Encoding):
    """Nor is what lies within the tolerance, or is not known of one."""
    near = replace(VIDEO, duration_s=5.4, height=1088, width=1920)
    assert found(encoding, seen(store, AIML), seen(store, EACH)) == []
    what = [one.what for one in found(encoding, seen(store, AIML), seen(store, EACH, near))]
    assert what == ["size"]
    unknown = VideoFacts(container="mp4")
    assert found(encoding, seen(store, AIML), seen(store, EACH, unknown)) == []


@pytest.mark.parametrize(
    ("changes", "what", "values"),
    [
        ({"duration_s": 10.0}, "duration", ("5 s", "10 s")),
        ({"width": 1080, "height": 1920}, "aspect-ratio", ("1920x1080", "1080x1920")),
        ({"width": 1280, "height": 720}, "size", ("1920x1080", "1280x720")),
        ({"fps": 30.0}, "frame-rate", ("24 frames a second", "30 frames a second")),
        ({"has_audio": False}, "audio", ("with sound", "without")),
        ({"container": "webm"}, "container", ("mp4", "webm")),
    ],
)
def test_videos_that_differ(
    store: SpecStore, encoding: Encoding, changes: dict[str, Any], what: str, values: tuple[str, str]
):
    """One row for each, with what each seller delivered."""
    (one,) = found(encoding, seen(store, AIML), seen(store, EACH, replace(VIDEO, **changes)))
    assert (one.what, tuple(one.values.values())) == (what, values)


def test_what_is_no_video_is_compared_with_nothing(store: SpecStore, encoding: Encoding):
    """Its own finding says what it is."""
    broken = replace(VIDEO, duration_s=1.0, problem=VideoProblem.TRUNCATED)
    assert found(encoding, seen(store, AIML), seen(store, EACH, broken)) == []


def test_a_refusal_beside_a_job(store: SpecStore, encoding: Encoding):
    """It is explained by what these very sellers document of the parameter that is at fault."""
    refusal = seen(
        store,
        OXEN,
        None,
        outcome="refused",
        status=422,
        faulty_words=frozenset({"guidance"}),
        is_allowed=False,
    )
    (one,) = found(encoding, seen(store, AIML), refusal)
    assert one.values == {AIML: "accepted", OXEN: "refused with 422"}
    assert [explanation.key for explanation in one.explained] == ["guidance.maximum"]
    (other,) = found(encoding, seen(store, AIML), replace(refusal, faulty_words=frozenset()))
    assert other.explained == ()


def test_an_outage_is_no_refusal(store: SpecStore, encoding: Encoding):
    """Nothing was accepted and nothing refused."""
    for outcome in ("unsent", "possibly_billed", "not_sent"):
        assert found(encoding, seen(store, AIML), seen(store, EACH, None, outcome=outcome)) == []


def test_a_default_explains_only_what_was_left_to_it(store: SpecStore, encoding: Encoding):
    """Or what was sent and ignored; of what everybody was sent, it explains nothing."""
    silent = replace(VIDEO, has_audio=False)
    (sent,) = found(encoding, seen(store, AIML), seen(store, OXEN, silent))
    assert [one.key for one in sent.explained] == []
    left_out = seen(store, OXEN, silent, sent=ALL - {"audio"})
    (open_one,) = found(encoding, seen(store, AIML), left_out)
    assert [one.key for one in open_one.explained] == ["audio.default"]
    ignored = seen(store, OXEN, silent, ignored_words=frozenset({"audio"}))
    (ignored_one,) = found(encoding, seen(store, AIML), ignored)
    assert [one.key for one in ignored_one.explained] == ["audio.default"]


def test_sellers_that_document_the_same_are_not_explained_by_a_third(store: SpecStore, encoding: Encoding):
    """audio.default differs at Oxen.ai alone, which is not one of these two."""
    silent = seen(store, EACH, replace(VIDEO, has_audio=False), sent=ALL - {"audio"})
    (one,) = found(encoding, seen(store, AIML, sent=ALL - {"audio"}), silent)
    assert one.explained == ()


def test_different_ends(store: SpecStore, encoding: Encoding):
    """Accepted here and failed there: when each validates may explain it."""
    failed = seen(store, OXEN, None, outcome="failed")
    (one,) = found(encoding, seen(store, EACH), failed)
    assert one.what == "end"
    assert [explanation.key for explanation in one.explained] == ["validation.time"]


def test_an_echo_that_is_not_what_was_sent(store: SpecStore, encoding: Encoding):
    """A seller that repeats nothing is not compared."""
    other = seen(store, EACH, echoes={"duration_s": ("5", "10")})
    same = seen(store, OXEN, echoes={"duration_s": (5, 5)})
    (one,) = found(encoding, seen(store, AIML), same, other)
    assert (one.what, one.values) == ("echo:duration_s", {OXEN: "as sent", EACH: '"10" for "5"'})
    assert found(encoding, seen(store, AIML), same) == []


def test_groups_are_not_mixed(store: SpecStore, encoding: Encoding):
    """Another version is another product."""
    older = seen(store, "novita/kling-v1.6-t2v", replace(VIDEO, duration_s=10.0))
    assert found(encoding, seen(store, AIML), older) == []


def test_findings(store: SpecStore, encoding: Encoding):
    """A fact about sellers: a warning where no document explains it, else information."""
    silent = replace(VIDEO, has_audio=False)
    members = (seen(store, AIML), seen(store, EACH), seen(store, OXEN, silent, sent=ALL - {"audio"}))
    (explained,) = oracle_findings(found(encoding, *members))
    assert explained.rule is ORACLE["audio"]
    assert (explained.kind, explained.severity) == (Kind.DISCREPANCY, Severity.INFO)
    assert explained.message == (
        f"kling 2.6 pro text-to-video: audio: with sound at {AIML} and {EACH}; without at {OXEN} "
        "(documented: audio.default)"
    )
    (bare,) = oracle_findings(found(encoding, seen(store, AIML), seen(store, EACH, silent)))
    assert bare.severity is Severity.WARNING
    assert bare.message.endswith(f"with sound at {AIML}; without at {EACH} (none documented)")
    (echo,) = oracle_findings(found(encoding, seen(store, AIML), seen(store, EACH, echoes={"seed": (1, 2)})))
    assert (echo.rule, echo.field) == (ORACLE["echo"], "/echo/seed")
    assert "echo of seed: 2 for 1" in echo.message


def test_every_rule_explains_itself():
    """In whole sentences; its name is what it is about."""
    assert {rule.id for rule in RULES} == {NOT_TRIED.id, *(f"oracle.{name}" for name in ORACLE)}
    for rule in RULES:
        assert rule.summary.endswith(".")
        assert rule.advice.endswith(".")
