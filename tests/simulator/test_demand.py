"""What a request asks for."""

from __future__ import annotations

from typing import Any

import pytest

from harness.simulator.demand import embedded_output, job_count, secret_of, video_order, webhook_of
from harness.simulator.drafts import success_of
from harness.simulator.job import VideoOrder
from tests.simulator.serving import STORE

OXEN, EACHLABS = STORE.get("oxen"), STORE.get("eachlabs")
OLD = STORE.get("novita/kling-v1.6-t2v")


class TestVideoOrder:
    @pytest.mark.parametrize(
        ("model", "seconds", "aspect_ratio", "has_audio"),
        [
            ("aimlapi", 5.0, "16:9", True),
            ("eachlabs", 10.0, "16:9", True),
            ("novita/kling-v1.6", 5.0, "16:9", False),
            ("novita/kling-v2.6", 5.0, "1:1", True),
            ("oxen", 5.0, "16:9", False),
        ],
    )
    def test_documented_defaults(self, model: str, seconds: float, aspect_ratio: str, has_audio: bool):
        """Of what the request leaves open; where no document says, 16:9, and audio if there is a switch."""
        assert video_order(STORE.get(model), "submit", {}) == VideoOrder(
            duration_s=seconds, aspect_ratio=aspect_ratio, has_audio=has_audio
        )

    @pytest.mark.parametrize(
        ("sent", "seconds"),
        [("5", 5.0), (7, 7.0), (0.5, 0.5), (1e9, 60.0), (-1, 5.0), ("long", 5.0), (None, 5.0), ([], 5.0)],
    )
    def test_any_duration(self, sent: Any, seconds: float):
        """What cannot be made stands for five seconds: such jobs are refused or fail anyway."""
        assert video_order(OXEN, "submit", {"duration": sent}).duration_s == seconds

    def test_parameters_inside_the_body(self):
        """Where the mapping points."""
        request = {"input": {"duration": "5", "aspect_ratio": "1:1", "generate_audio": False}}
        assert video_order(EACHLABS, "submit", request) == VideoOrder(
            duration_s=5.0, aspect_ratio="1:1", has_audio=False
        )


@pytest.mark.parametrize(
    ("sent", "count"), [({}, 1), ({"num_generations": 3}, 3), ({"num_generations": "3"}, 1)]
)
def test_how_many_jobs(sent: dict[str, Any], count: int):
    """The parameter that multiplies the bill, if it is a whole number."""
    assert job_count(OXEN, "submit", sent) == count
    assert job_count(OLD, "submit", sent) == 1


def test_whom_to_call():
    """Address and secret, where the provider documents them."""
    request = {"webhook_url": "http://127.0.0.1/", "webhook_secret": "s"}
    assert (webhook_of(EACHLABS, request), secret_of(EACHLABS, request)) == ("http://127.0.0.1/", "s")
    assert (webhook_of(EACHLABS, {}), secret_of(EACHLABS, {})) == (None, None)
    assert (webhook_of(EACHLABS, {"webhook_url": 5}), webhook_of(OXEN, request)) == (None, None)


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [("b64_json", "/videos/0/b64_json"), ("url", None), ("nothing", None), (5, None), (None, None)],
)
def test_bytes_instead_of_an_address(wanted: Any, pointer: str | None):
    """The member beside the address that the request names and the schema says is base64."""
    response = success_of(OXEN.operations["generate"])[1]
    assert response is not None
    assert embedded_output(OXEN, response, {"response_format": wanted}) == pointer
