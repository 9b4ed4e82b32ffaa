"""One request body: which operation it is for, and what is a fault of the file instead of the request."""

from __future__ import annotations

import pytest

from harness.check.request import request_of
from harness.errors import OperatorError, SourceError
from harness.finding import Location, Observed, Verdict
from harness.spec.model import Spec
from tests.check.judging import brief, request
from tests.minimal import minimal

ID = "example/video-1-text-to-video"


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The small spec."""
    return minimal()


class TestRequestOf:
    def test_it_is_the_documented_body(self, spec: Spec):
        """The body of an operation that has one."""
        assert request_of(spec, "submit") is spec.operations["submit"].request

    def test_an_operation_that_is_not_documented_is_refused(self, spec: Spec):
        """The message names those that are."""
        with pytest.raises(OperatorError) as caught:
            request_of(spec, "generate")
        assert str(caught.value) == f"{ID} documents no operation 'generate'; it documents: submit, poll"

    def test_an_operation_without_a_body_is_refused(self, spec: Spec):
        """There is nothing to hold a file against."""
        with pytest.raises(OperatorError) as caught:
            request_of(spec, "poll")
        assert str(caught.value) == f"{ID}: operation 'poll' has no request body"


class TestCheckRequest:
    def test_what_is_right_conforms_and_says_what_was_held_against_it(self, spec: Spec):
        """One operation, and as many facts as the body has documented properties."""
        judgement = request(spec, {"prompt": "a fox", "duration": 5})
        assert judgement.findings == ()
        assert judgement.observed == Observed(operations=1, facts=5)
        assert judgement.models == (ID,)
        assert judgement.verdict is Verdict.CONFORMS

    def test_every_fault_is_found_at_once(self, spec: Spec):
        """Whoever corrects a request need not run it again after each correction."""
        judgement = request(spec, {"duration": "5", "guidance": 2, "aspect_ratio": "4:3", "x": 1})
        assert brief(judgement) == [
            ("request.required", "/prompt"),
            ("request.type", "/duration"),
            ("request.enum", "/aspect_ratio"),
            ("request.maximum", "/guidance"),
            ("request.unknown-property", "/x"),
        ]

    def test_findings_point_into_the_file(self, spec: Spec):
        """Line and column of the key, as an editor opens them."""
        (finding,) = request(spec, '{\n  "prompt": "a",\n    "duration": 7\n}').findings
        assert finding.subject == Location(file="r.json", line=3, column=5)

    def test_a_byte_order_mark_is_let_pass(self, spec: Spec):
        """Some editors put one in front."""
        assert request(spec, b'\xef\xbb\xbf{"prompt": "a"}').findings == ()

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"\xff", "r.json:1:1: expected UTF-8"),
            (b'{"prompt":\n"\xc3\xa9\xc3"}', "r.json:2:3: expected UTF-8"),
            (b'\xef\xbb\xbf{"a":\n"\xff"}', "r.json:2:2: expected UTF-8"),
            (b'{\n"a":\n"\xff"}', "r.json:3:2: expected UTF-8"),
            (b'{"prompt": }', "r.json:1:12: not JSON: expected a value, got '}'"),
        ],
    )
    def test_what_cannot_be_read_is_the_fault_of_the_file(self, spec: Spec, content: bytes, message: str):
        """Columns count characters, as editors do."""
        with pytest.raises(SourceError) as caught:
            request(spec, content)
        assert str(caught.value) == message
