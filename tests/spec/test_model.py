"""What the values of a spec answer of themselves: places, sources, responses."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from harness.finding import Location
from harness.spec.node import Mark
from tests.minimal import MINIMAL, minimal, place_of

REQUEST = "/operations/submit/request/schema"


def sources(at: str, *edits: tuple[str, str]) -> list[str]:
    return [str(ref) for ref in minimal(*edits).sources_at(at)]


class TestSpec:
    def test_it_is_frozen(self):
        """A spec is not changed after it was read."""
        with pytest.raises(FrozenInstanceError):
            minimal().title = "other"  # type: ignore[misc]

    def test_the_provider_is_the_first_part_of_the_id(self):
        """The slug follows it."""
        assert minimal().provider_id == "example"

    def test_an_operation_without_a_job_id_parameter_has_none(self):
        """Only one with the role carries the job's id."""
        assert minimal().operations["submit"].job_id_parameter is None


class TestMarkAt:
    @pytest.mark.parametrize(
        ("at", "marked"),
        [
            ("", "^format: 1\n"),
            (f"{REQUEST}/properties/duration/enum", "^enum: [5, 10]"),
            (f"{REQUEST}/properties/duration/enum/1", "enum: [5, ^10]"),
            (f"{REQUEST}/properties/duration/maximum", "^duration:\n            type"),
            (f"{REQUEST}/properties/seed/type", "^properties:\n          prompt"),
        ],
    )
    def test_it_is_the_name_or_the_nearest_one_around(self, at: str, marked: str):
        """What is not there is pointed at from the part that lacks it."""
        line, column = place_of(MINIMAL, marked)

        assert minimal().mark_at(at) == Mark("minimal.yaml", line, column)


class TestSourcesAt:
    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("/auth/scheme", ["page#Usage"]),
            ("/operations/submit/method", ["page#Create"]),
            (f"{REQUEST}/properties/prompt/maxLength", ["page#Create, body"]),
            (f"{REQUEST}/properties/guidance/minimum", ["page#Create, body"]),
            (f"{REQUEST}/properties/guidance/maximum", ["forum#first answer"]),
            ("/operations/submit/responses/201/job/id", ["page#Create, answer"]),
            ("/output/container", ["page#Title"]),
            ("/nothing", []),
            ("", []),
        ],
    )
    def test_it_is_the_nearest_on_the_way_up(self, at: str, expected: list[str]):
        """A keyword's own source goes before the schema's, which goes before those around it."""
        assert sources(at) == expected

    def test_being_required_has_a_source_of_its_own(self):
        """`required` stands in the object and is sourced through the property."""
        edit = ("maxLength: 500}", "maxLength: 500, x-sources: {required: forum#second answer}}")

        assert sources(f"{REQUEST}/properties/prompt/required", edit) == ["forum#second answer"]
        assert sources(f"{REQUEST}/properties/duration/required", edit) == ["page#Create, body"]

    def test_an_absent_keyword_has_a_source_of_its_own(self):
        """A dash in one table can be told from a value in another."""
        edit = ("x-absent: [default]", "x-absent: [default], x-sources: {default: forum#third answer}")

        assert sources(f"{REQUEST}/properties/aspect_ratio/default", edit) == ["forum#third answer"]

    def test_several_sources_are_kept_in_their_order(self):
        """A statement may rest on more than one place."""
        edit = ("source: page#Usage}\nauth", "source: [page#Usage, forum#top]}\nauth")

        assert sources("/server/url", edit) == ["page#Usage", "forum#top"]


class TestLocationAt:
    def test_it_is_place_and_document(self):
        """As a finding carries an expectation."""
        line, column = place_of(MINIMAL, "^maximum: 1, x")

        assert minimal().location_at(f"{REQUEST}/properties/guidance/maximum") == Location(
            file="minimal.yaml", line=line, column=column, document="forum#first answer"
        )

    def test_without_a_source_there_is_no_document(self):
        """Nothing is made up."""
        assert minimal().location_at("/title").document is None


class TestResponsesFor:
    @pytest.mark.parametrize(
        ("operation", "status", "at"),
        [
            ("submit", 201, "/operations/submit/responses/201"),
            ("poll", 200, "/operations/poll/responses/200"),
            ("poll", 404, "/errors/404"),
            ("poll", 503, "/errors/5XX"),
            ("model", 404, "/errors/404"),
        ],
    )
    def test_its_own_answer_goes_before_the_common_one(self, operation: str, status: int, at: str):
        """The exact status first, then its class."""
        response = minimal().responses_for(operation, status)

        assert response is not None
        assert response.at == at

    @pytest.mark.parametrize(("operation", "status"), [("submit", 200), ("poll", 400), ("cancel", 200)])
    def test_an_undocumented_answer_is_none(self, operation: str, status: int):
        """Nothing is expected where nothing is documented."""
        assert minimal().responses_for(operation, status) is None

    def test_without_common_errors_there_are_only_its_own(self):
        """Undocumented errors are no errors."""
        block = MINIMAL[MINIMAL.index("errors:\n") : MINIMAL.index("\nlimits:")]

        assert minimal((block, "errors: undocumented")).responses_for("poll", 404) is None
