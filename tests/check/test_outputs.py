"""The addresses that jobs gave out, and the videos behind them, where something about them is not known."""

from __future__ import annotations

import pytest

from harness.check.traffic import RecordingCheck
from harness.spec.store import SpecStore
from harness.wire.message import Exchange
from harness.wire.video import DeliveredVideo
from tests.check.delivered import FACTS
from tests.check.recorded import OXEN, PROMPT, Judge, exchange, poll, submit

DEAD = "the output's address answers 403"


@pytest.fixture(scope="module")
def novita(store: SpecStore) -> Judge:
    """One job a request; how long its outputs hold is not documented."""
    return Judge([store.get("novita/kling-v2.6-pro-t2v")])


def dead(at: tuple[float, float] | None = None) -> Exchange:
    """A request for the output of every job here, which is not there."""
    return exchange("GET", "https://x", None, "x", status=403, at=at)


def videos_of(judge: Judge, *jobs: str | None, messages: tuple[Exchange, ...]) -> RecordingCheck:
    """A recording in which these jobs were made, polled and looked at."""
    return judge(*messages, videos=tuple(DeliveredVideo(job=job, facts=FACTS) for job in jobs))


@pytest.mark.parametrize(
    ("polled", "fetched", "words"),
    [
        (None, None, DEAD),
        ((5.0, 6.0), None, DEAD),
        (None, (10.0, 11.0), DEAD),
        ((5.0, 6.0), (10.0, 11.0), f"{DEAD} 4 s after it was given out"),
        ((5.0, 6.0), (6.0, 7.0), f"{DEAD} 0 s after it was given out"),
    ],
)
def test_an_age_is_told_where_it_is_known(
    novita: Judge,
    polled: tuple[float, float] | None,
    fetched: tuple[float, float] | None,
    words: str,
):
    """From the answer that gave the address out to the request for it."""
    check = novita(submit(at=polled and (0.0, 1.0)), poll("SUCCEED", at=polled), dead(fetched))
    (finding,) = check.judgement.findings
    assert finding.message == words
    assert (finding.expected, finding.observed, finding.source) == (None, 403, None)


def test_an_address_without_encryption_is_one(novita: Judge):
    """It is followed like any other; what is no address on the web is not."""
    for url, count in (("http://x", 1), ("ftp://x", 0)):
        answer = {
            "task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"},
            "videos": [{"video_url": url}],
        }
        gone = exchange("GET", url, None, "x", status=404)
        check = novita(submit(), poll("SUCCEED", answered=answer), gone)
        assert len([f for f in check.judgement.findings if f.rule.area == "video"]) == count


def test_a_visit_without_an_answer_says_nothing(novita: Judge):
    """Neither that the address is dead nor that it held."""
    lost = exchange("GET", "https://x")
    assert novita(submit(), poll("SUCCEED"), lost).judgement.findings == ()
    (finding,) = novita(submit(), poll("SUCCEED"), lost, dead()).judgement.findings
    assert finding.rule.id == "video.url-dead"


@pytest.mark.parametrize("status", [200, 206])
def test_an_address_that_worked_has_only_ended(status: int):
    """Before the time that was promised."""
    judge = Judge([SpecStore().get("novita/kling-v1.6-t2v")])
    worked = exchange("GET", "https://x", None, "x", status=status, at=(7.0, 8.0))
    (finding,) = judge(poll("SUCCEED", at=(5.0, 6.0)), worked, dead((9.0, 10.0))).judgement.findings
    assert finding.rule.id == "video.url-lifetime"


def test_the_age_is_that_of_the_first_failure_of_the_last_row(novita: Judge):
    """An address that worked in between was not dead before."""
    worked = exchange("GET", "https://x", None, "x", status=206, at=(20.0, 21.0))
    once = novita(submit(at=(0.0, 1.0)), poll("SUCCEED", at=(5.0, 6.0)), dead((7.0, 8.0)), dead((9.0, 10.0)))
    assert [f.message for f in once.judgement.findings] == [f"{DEAD} 1 s after it was given out"]
    again = novita(submit(at=(0.0, 1.0)), poll("SUCCEED", at=(5.0, 6.0)), dead((7.0, 8.0)), worked)
    assert again.judgement.findings == ()


def test_a_video_is_that_of_its_job(novita: Judge):
    """Jobs that were not made in the recording do not hide one that was."""
    messages = (poll("SUCCEED", "other"), submit(), poll("SUCCEED"))
    check = videos_of(novita, "t", None, messages=messages)
    unlike = [skipped for skipped in check.judgement.observed.skipped if "request" in skipped.why]
    assert (check.judgement.findings, unlike) == ((), [])


@pytest.mark.parametrize(
    ("job", "why"),
    [
        ("other", "a video of job 'other', whose request is not in the recording"),
        (None, "a video, whose request is not in the recording"),
    ],
)
def test_a_video_whose_request_is_not_there(novita: Judge, job: str | None, why: str):
    """It is skipped, by its job's name where it has one."""
    check = videos_of(novita, job, messages=(poll("SUCCEED", "other"),))
    (skipped,) = check.judgement.observed.skipped
    assert (skipped.what, skipped.why) == ("c.yaml", why)


def test_the_video_of_a_blocking_call(store: SpecStore):
    """The call is the request for it."""
    body = {"model": "kling-video-v2-6-pro-text-to-video", **PROMPT, "duration": 10}
    answer = {"model": "m", "created": 1, "videos": [{"url": "https://x"}]}
    call = exchange("POST", f"{OXEN}/ai/videos/generate", body, answer)
    check = videos_of(Judge([store.get("oxen")]), None, messages=(call,))
    assert [f.rule.id for f in check.judgement.findings if f.facet == "duration_s"] == [
        "video.parameter-ignored"
    ]


def test_a_request_that_is_no_json_asks_for_nothing(novita: Judge):
    """The defaults hold for its video; that the request is broken is another finding."""
    made = exchange(
        "POST", "https://api.novita.ai/v3/async/kling-v2.6-pro-t2v", b"prompt=fox", {"task_id": "t"}
    )
    check = videos_of(novita, "t", messages=(made, poll("SUCCEED")))
    assert [finding.rule.id for finding in check.judgement.findings] == ["request.not-json"]
    assert [skipped.why for skipped in check.judgement.observed.skipped] == [
        "no document says which container it comes in",
        "no document states its resolution",
    ]
    assert check.judgement.models == ("novita/kling-v2.6-pro-t2v",)
    assert check.judged == {"novita/kling-v2.6-pro-t2v": 2}


def test_a_lifetime_in_the_answer_that_is_none_is_not_believed():
    """Half a second is one; nothing, a truth value and a word are none: then the documented one holds."""
    judge = Judge([SpecStore().get("novita/kling-v1.6-t2v")])
    told = {"0.5": "0.5", "0": "3600", "-1": "3600", "nan": "3600", "inf": "3600", "long": "3600"}
    for said, holds in told.items():
        answer = {
            "task": {"task_id": "t", "status": "TASK_STATUS_SUCCEED"},
            "videos": [{"video_url": "https://x", "video_url_ttl": said}],
        }
        check = judge(poll("SUCCEED", answered=answer, at=(5.0, 6.0)), dead((6.25, 7.0)))
        (finding,) = [f for f in check.judgement.findings if f.rule.area == "video"]
        assert finding.message == f"{DEAD} 0 s after it was given out; it is to hold for {holds} s"
