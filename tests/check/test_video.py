"""What a finding about a video says, and what is left unsaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.check.body import Judges
from harness.check.traffic import RecordingCheck, check_recording
from harness.check.video import VideoCase, video_findings
from harness.finding import Finding, Impact, Location, Skipped
from harness.spec.store import SpecStore
from harness.wire.message import Provenance
from harness.wire.video import DeliveredVideo, VideoFacts, VideoProblem, facts_json, read_facts
from tests.check.delivered import FACTS, checked, delivered, fetched
from tests.check.recorded import NOVITA, PROMPT, Judge, exchange, poll
from tests.minimal import minimal


def test_an_ignored_parameter_names_what_was_asked_and_what_came():
    """The parameter, the value, the video, and where the default is documented."""
    (finding,) = checked(body={"duration": 10})
    assert finding.rule.id == "video.parameter-ignored"
    assert finding.message == "duration_s (/duration): asked for 10, got 5.04 s, as the default 5 makes it"
    assert (finding.field, finding.facet, finding.expected, finding.observed) == (
        "/duration",
        "duration_s",
        10,
        5.04,
    )
    assert finding.impact == (Impact.BILL, Impact.OUTPUT)
    assert finding.source is not None
    assert finding.source.file == "specs/novita/kling-v2.6-pro-t2v.yaml"


@pytest.mark.parametrize(
    ("body", "facts", "message"),
    [
        ({"duration": 10}, {"duration_s": 8.0}, "duration_s (/duration): asked for 10, got 8 s"),
        ({}, {"duration_s": 10.0}, "duration_s (/duration): left out, the documented default is 5, got 10 s"),
        (
            {"aspect_ratio": "9:16"},
            {},
            'aspect_ratio (/aspect_ratio): asked for "9:16", got 960x960 pixels, '
            'as the default "1:1" makes it',
        ),
        (
            {"sound": False},
            {},
            "audio (/sound): asked for false, got an audio track, as the default true makes it",
        ),
        (
            {},
            {"has_audio": False},
            "audio (/sound): left out, the documented default is true, got no audio track",
        ),
    ],
)
def test_messages(body: dict[str, object], facts: dict[str, object], message: str):
    """What was asked, where, and what came."""
    assert [finding.message for finding in checked(body=body, facts=replace(FACTS, **facts))] == [message]


def test_the_shape_changes_no_bill():
    """It is the video alone that is another."""
    (finding,) = checked(facts=replace(FACTS, width=1920, height=1080))
    assert finding.impact == (Impact.OUTPUT,)


@pytest.mark.parametrize(("length_s", "fires"), [(4.5, False), (4.49, True), (5.5, False), (5.51, True)])
def test_half_a_second_is_allowed(length_s: float, fires: bool):
    """On both sides, inclusive."""
    assert bool(checked(facts=replace(FACTS, duration_s=length_s))) is fires


def test_what_no_document_says_is_not_judged_and_said():
    """Neither the container nor the resolution of this model is documented."""
    check = delivered()
    assert check.judgement.findings == ()
    assert [skipped.why for skipped in check.judgement.observed.skipped] == [
        "no document says which container it comes in",
        "no document states its resolution",
    ]


def test_a_parameter_that_a_model_does_not_have_is_not_judged():
    """The older model makes what it makes: shape and sound are nobody's promise."""
    check = delivered(facts=replace(FACTS, width=1280, height=720), model="kling-v1.6-t2v")
    assert check.judgement.findings == ()
    assert [skipped.why for skipped in check.judgement.observed.skipped] == [
        "aspect_ratio: it was not asked for, and no document has a parameter for it",
        "audio: it was not asked for, and no document has a parameter for it",
    ]


def test_the_simulators_small_videos_break_no_resolution():
    """They are its own choice."""
    facts = replace(FACTS, width=128, height=72)
    live = checked(facts=facts, model="kling-v1.6-t2v")
    assert [finding.message for finding in live] == ["resolution: the documents say 720p, got 128x72 pixels"]
    check = delivered(facts=facts, model="kling-v1.6-t2v", provenance=Provenance.SIMULATED)
    assert check.judgement.findings == ()
    assert "resolution: the simulator makes small videos" in whys(check)


def test_another_container_is_judged_by_its_name_alone():
    """Nothing else of it is known."""
    facts = VideoFacts(container="avi", problem=VideoProblem.OTHER_CONTAINER, note="the file is avi")
    (finding,) = checked(facts=facts, model="kling-v1.6-t2v")
    assert finding.message == "container: the documents say mp4, got avi"
    assert checked(facts=facts) == []


def test_a_video_of_a_job_that_is_not_there_is_passed_over():
    """Its request is not known, so nothing can be said of it."""
    check = delivered(facts=None)
    videos = delivered().recording.videos
    assert [v.job for v in videos] == ["t"]
    assert check.recording.videos == ()


def test_an_address_that_is_dead_at_once():
    """How old it was, and how long it is to hold."""
    (finding,) = delivered(
        fetched(403, at_s=7.0), fetched(403, at_s=9.0), facts=None, model="kling-v1.6-t2v"
    ).judgement.findings
    assert finding.rule.id == "video.url-dead"
    assert finding.message == (
        "the output's address answers 403 1 s after it was given out; it is to hold for 3600 s"
    )


@pytest.mark.parametrize("status", [200, 206, 401, 429, 500, 503])
def test_an_outage_is_no_dead_address(status: int):
    """Nothing is said of the contract."""
    assert delivered(fetched(status), facts=None).judgement.findings == ()


def test_facts_come_back_from_json():
    """What is not known is not in it."""
    assert read_facts(facts_json(FACTS)) == FACTS
    broken = VideoFacts(problem=VideoProblem.TRUNCATED, note="x")
    assert facts_json(broken) == {"problem": "truncated", "note": "x"}
    assert read_facts(facts_json(broken)) == broken


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "expected an object"),
        ({"colour": 1}, "unknown member 'colour'"),
        ({"width": -1}, "width: got -1"),
        ({"width": 1.5}, "width: got 1.5"),
        ({"duration_s": float("nan")}, "duration_s: got nan"),
        ({"has_audio": 1}, "has_audio: got 1"),
        ({"problem": "odd"}, "problem: got 'odd'"),
        ({"container": 3}, "container: got 3"),
    ],
)
def test_facts_that_are_none(value: object, message: str):
    """A cassette is edited by hand, too."""
    with pytest.raises(ValueError, match="^" + message.replace("(", r"\(") + "$"):
        read_facts(value)


@pytest.mark.parametrize(
    ("facts", "body", "why"),
    [
        ({"duration_s": None}, {}, "duration_s: the file does not say"),
        ({"width": None}, {}, "aspect_ratio: the file does not say"),
        ({"has_audio": None}, {}, "audio: the file does not say"),
        ({}, {"aspect_ratio": "wide"}, 'aspect_ratio: what "wide" asks for is not known'),
        ({}, {"aspect_ratio": 169}, "aspect_ratio: what 169 asks for is not known"),
        ({}, {"sound": "yes"}, 'audio: what "yes" asks for is not known'),
        ({}, {"duration": [5]}, "duration_s: what [5] asks for is not known"),
        ({}, {"duration": "long"}, 'duration_s: what "long" asks for is not known'),
    ],
)
def test_what_cannot_be_judged_is_passed_over(facts: dict[str, object], body: dict[str, object], why: str):
    """The request's own fault is for the check of the request to say."""
    check = delivered(facts=replace(FACTS, **facts), body=body)
    assert [f.rule.id for f in check.judgement.findings if f.rule.area == "video"] == []
    assert why in [skipped.why for skipped in check.judgement.observed.skipped]


def test_a_long_wish_is_cut():
    """Sixty characters of it are told."""
    check = delivered(body={"aspect_ratio": "ü" * 58})
    assert f'aspect_ratio: what "{"ü" * 58}" asks for is not known' in whys(check)
    check = delivered(body={"aspect_ratio": "ü" * 59})
    assert f'aspect_ratio: what "{"ü" * 58}… asks for is not known' in whys(check)


def whys(check: RecordingCheck) -> list[str]:
    """What was not judged of a recording, in words."""
    return [skipped.why for skipped in check.judgement.observed.skipped]


def test_what_is_skipped_names_the_video():
    """By the exchange that asked for it; a container that is not read leaves all the rest open."""
    facts = VideoFacts(container="avi", problem=VideoProblem.OTHER_CONTAINER, note="the file is avi")
    check = delivered(facts=facts)
    assert check.judgement.observed.skipped == (
        Skipped(what="c.yaml#0, the video", why="no document says which container it comes in"),
        Skipped(what="c.yaml#0, the video", why="its container (avi) is not read here"),
    )


def test_a_wish_that_is_documented_without_a_default(store: SpecStore):
    """It was not expressed, and no document says what comes then."""
    case = VideoCase(
        spec=minimal(("            default: 5\n", "")),
        operation="submit",
        request={},
        facts=FACTS,
        subject=Location(file="c.yaml"),
    )
    skipped = [one.why for one in video_findings(case) if isinstance(one, Skipped)]
    assert "duration_s: it was not asked for, and no document states a default for it" in skipped


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"duration_s": 86_400.0}, None),
        ({"duration_s": 86_400.5}, "the video says that it lasts 86400.5 s"),
        ({"width": 16_384, "height": 16_384}, None),
        ({"width": 16_385, "height": 1}, "the video says that it is 16385x1 pixels large"),
        ({"width": 1, "height": 16_385}, "the video says that it is 1x16385 pixels large"),
        ({"width": None, "height": 16_385}, "the video says that it is 0x16385 pixels large"),
        ({"width": 16_385, "height": None}, "the video says that it is 16385x0 pixels large"),
    ],
)
def test_what_is_beyond_all_sense(facts: dict[str, object], message: str | None):
    """A day, and the sides of the largest picture that is coded, are not."""
    messages = [finding.message for finding in checked(facts=replace(FACTS, **facts))]
    beyond = [one for one in messages if one.startswith("the video says")]
    assert beyond == ([] if message is None else [message])


def test_what_a_claim_beyond_all_sense_claims():
    """The finding holds it as it was made."""
    huge = replace(FACTS, width=1, height=16_385, duration_s=1e9)
    found = [(finding.facet, finding.observed) for finding in checked(facts=huge)]
    assert found == [("duration_s", 1e9), ("size", "1x16385")]


def test_a_claim_beyond_all_sense_is_one_finding():
    """What it claims is not held against the request as well."""
    huge = replace(FACTS, width=100_000, height=100_000, duration_s=1e9)
    messages = [finding.message for finding in checked(facts=huge, body={"aspect_ratio": "16:9"})]
    assert messages == [
        "the video says that it lasts 1e+09 s",
        "the video says that it is 100000x100000 pixels large",
    ]


def test_a_size_that_is_not_16_to_9_says_nothing_of_720p():
    """No document says what it means there."""
    check = delivered(facts=replace(FACTS, width=720, height=960), model="kling-v1.6-t2v")
    assert check.judgement.findings == ()
    why = "what 720p means for 720x960 pixels is not documented"
    assert why in [skipped.why for skipped in check.judgement.observed.skipped]
    assert checked(facts=replace(FACTS, width=720, height=1280), model="kling-v1.6-t2v") == []
    for width, is_known in ((1304, True), (1306, False), (1256, True), (1254, False)):
        check = delivered(facts=replace(FACTS, width=width, height=720), model="kling-v1.6-t2v")
        assert (f"what 720p means for {width}x720 pixels is not documented" in whys(check)) is not is_known


@pytest.mark.parametrize(
    ("width", "height", "fires"),
    [(1920, 1080, False), (1080, 1920, False), (1280, 720, True), (1920, 1088, True)],
)
def test_a_size_in_pixels(width: int, height: int, fires: bool, store: SpecStore):
    """Upright or lying; only where the shape is that of the documented size."""
    spec = store.get("aimlapi/klingai-video-v2-6-pro-text-to-video")
    case = VideoCase(
        spec=spec,
        operation="submit",
        request={},
        facts=replace(FACTS, width=width, height=height),
        subject=Location(file="c.yaml"),
    )
    found = [one.rule.id for one in video_findings(case) if isinstance(one, Finding)]
    assert ("video.resolution" in found) is fires


def test_a_broken_video_without_words():
    """There is a finding all the same."""
    (finding,) = checked(facts=VideoFacts(problem=VideoProblem.UNREADABLE))
    assert finding.message == "the video cannot be read"


def test_the_video_of_an_unknown_job_is_passed_over():
    """Its request is not in the recording."""
    check = delivered()
    recording = replace(check.recording, videos=(DeliveredVideo(job="other", facts=FACTS),))
    spec = SpecStore().get("novita/kling-v2.6-pro-t2v")
    again = check_recording(recording, [spec], Judges())
    assert again.judgement.findings == ()
    assert [skipped.why for skipped in again.judgement.observed.skipped] == [
        "a video of job 'other', whose request is not in the recording"
    ]


def test_an_address_whose_life_nobody_promised_may_end():
    """Once it has worked."""
    assert delivered(fetched(200), fetched(404, at_s=500.0), facts=None).judgement.findings == ()


def test_the_lifetime_in_the_answer_goes_before_the_documented_one():
    """The answer itself says how long its address holds."""
    answer = {
        "task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"},
        "videos": [{"video_url": "https://x", "video_url_ttl": "60"}],
    }
    spec = SpecStore().get("novita/kling-v1.6-t2v")
    told = poll("SUCCEED", answered=answer, at=(5.0, 6.0))
    made = exchange("POST", f"{NOVITA}/kling-v1.6-t2v", PROMPT, {"task_id": "t"}, at=(0.0, 1.0))
    judge = Judge([spec])
    late = judge(made, told, fetched(200), fetched(403, at_s=100.0)).judgement.findings
    assert [f.rule.id for f in late if f.rule.area == "video"] == []
    early = judge(made, told, fetched(200), fetched(403, at_s=30.0)).judgement.findings
    assert [f.message for f in early if f.rule.area == "video"] == [
        "the output's address answers 403 24 s after it was given out; it is to hold for 60 s"
    ]
