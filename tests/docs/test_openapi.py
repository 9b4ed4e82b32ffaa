"""OpenAPI files, in JSON and in YAML."""

from __future__ import annotations

import json
import time

from harness.docs.json_places import JsonPlaces
from harness.docs.read import read_document
from tests.docs.said import PAGES, hold_of, page, said


def test_references_and_allof_are_worked_out() -> None:
    """What is required anywhere is required."""
    found = hold_of(page("api.yaml"), "submit request ")
    assert (found["/model const"], found["/model required"]) == ("m-1", True)
    assert (found["/prompt required"], found["/prompt maxLength"]) == (True, 100)


def test_yaml_is_read_as_yaml_1_2() -> None:
    """16:9 is no number there, and 200 a key like any other."""
    found = said(page("api.yaml"))
    assert found["submit request /ratio enum"] == ["16:9", "9:16"]
    assert found["submit response 200 /id required"] is True


def test_a_schema_inside_of_itself_is_named_and_not_gone_into() -> None:
    """It would go on for ever."""
    found = hold_of(page("api.yaml"), "submit request /ref")
    assert found["/next presence"] is True
    assert found["/v type"] == ["integer", "null"]
    assert not [name for name in found if name.startswith("/next/")]


def test_operations_have_the_names_that_specs_have() -> None:
    """And what they do not know keeps method and path."""
    assert hold_of(page("api.yaml"), "cancel request ")["path"] == "/videos/{id}"
    assert hold_of(page("bundle.json"), "POST /v2/songs request ")["/tune type"] == "string"


def test_branches_of_a_choice_are_joined() -> None:
    """What only one of them has is there, and not required."""
    found = hold_of(page("bundle.json"), "submit request ")
    assert found["/model enum"] == ["dolly-1", "dolly-2"]
    assert found["/model required"] is True
    assert found["/prompt required"] is False
    assert found["/seed type"] == ["integer", "null"]


def test_an_exclusive_end_is_one_in_either_version() -> None:
    """3.0 has a truth value for it."""
    found = hold_of(page("bundle.json"), "submit request /scale")
    assert found["exclusiveMinimum"] == 0
    assert "minimum" not in found


def test_the_key_is_that_of_the_first_scheme() -> None:
    """Of the operation, or of the file."""
    assert said(page("bundle.json"))["auth auth"] == {"scheme": "bearer", "header": "Authorization"}
    assert said(page("api.yaml"))["auth auth"] == {"scheme": "api_key", "header": "X-Key"}


def test_what_no_operation_reaches_is_not_there() -> None:
    """However large the file is."""
    assert not any("/a presence" in key for key in said(page("bundle.json")))


def test_a_word_that_names_no_known_state_is_listed() -> None:
    """It is not guessed."""
    assert [each.what for each in page("bundle.json").unplaced] == ["status word 'odd'"]


def test_places_of_single_values() -> None:
    """A key's place, an element's, and the nearest where there is none."""
    places = JsonPlaces('{"a": [1,\n  {"b/c": 2}], "d": "x"}')
    assert places.place("/a/1/b~1c") == (2, 4)
    assert places.place("/a/0") == (1, 8)
    assert places.place("/d/none") == (2, 16)
    assert places.place("") == (1, 1)
    assert JsonPlaces('{"a": ').place("/a/b") == (1, 1)


def test_a_bundle_of_two_megabytes_is_read_within_a_second() -> None:
    """What is not reached costs no more than its decoding."""
    root = json.loads((PAGES / "bundle.json").read_text(encoding="utf-8"))
    schemas = root["components"]["schemas"]
    for number in range(12_000):
        schemas[f"Filler{number}"] = {
            "type": "object",
            "properties": {"x": {"type": "string", "enum": ["a"] * 20}},
        }
    content = json.dumps(root).encode()
    assert len(content) > 2_000_000
    start = time.perf_counter()
    document = read_document(content, "big")
    assert time.perf_counter() - start < 1
    assert said(document) == said(page("bundle.json"))
