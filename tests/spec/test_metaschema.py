"""The meta-schema and the loader are two hands that must write the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness.errors import OperatorError
from harness.spec import yaml
from harness.spec.load import MODES
from harness.spec.load_operations import OPERATIONS
from harness.spec.load_schema import KEYWORDS
from harness.spec.model import JobState
from harness.spec.pointer import join
from harness.spec.vocabulary import CANONICAL
from tests.spec.documents import (
    FILES,
    METASCHEMA,
    PROJECT,
    REFERENCES,
    REMOVED,
    VALIDATOR,
    document_of,
    edited,
    fault_of,
    is_known_difference,
)

INVALID = tuple(sorted((PROJECT / "tests/examples/invalid").rglob("*.yaml")))
BASE = "eachlabs/kling-v2-6-pro-text-to-video"
BODY = "/operations/submit/request/schema"
POLLED = "/operations/poll/responses/2XX"


def test_metaschema_is_json_schema_2020_12() -> None:
    """The file is valid JSON Schema, every reference in it leads somewhere, and no definition is unused."""
    Draft202012Validator.check_schema(METASCHEMA)
    used = set(_references(METASCHEMA))
    assert used == {f"#/$defs/{name}" for name in METASCHEMA["$defs"]}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for child in value.values():
            yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)


def test_hovering_helps() -> None:
    """Every member that an editor can show has a description, its own or that of its definition."""
    silent = [at for at, member in _members(METASCHEMA, "") if not _description(member)]
    assert silent == []


def _members(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for index, child in enumerate(value):
            yield from _members(child, f"{at}/{index}")
    elif isinstance(value, dict):
        for name, child in value.get("properties", {}).items():
            # Inside a condition a member only says when; `false` says that it may not be there.
            if isinstance(child, dict) and not at.endswith(("/if", "/then", "/else")):
                yield f"{at}/properties/{name}", child
        for name, child in value.items():
            yield from _members(child, join([name], at))


def _description(member: dict[str, Any]) -> str | None:
    target = member.get("$ref", "").removeprefix("#/$defs/")
    found: str | None = member.get("description") or METASCHEMA["$defs"].get(target, {}).get("description")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_files_pass_both(path: Path) -> None:
    """Every shipped baseline and revision is what the meta-schema and the loader expect."""
    document = yaml.parse(path.read_text("utf-8"), path.name).plain()
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert fault_of(document) is None


@pytest.mark.parametrize("reference", REFERENCES)
def test_merged_revisions_pass(reference: str) -> None:
    """What a revision comes to is a baseline in form."""
    assert [error.message for error in VALIDATOR.iter_errors(document_of(reference))] == []


def test_overlays_pass_both() -> None:
    """An overlay is chosen by its key, and may name a revision."""
    overlay = {"format": 1, "overlays": f"{BASE}@2026-08-17", "title": "ours", "changes": {"title": "Ours"}}
    assert VALIDATOR.is_valid(overlay)
    assert fault_of(overlay) is None


@pytest.mark.parametrize(
    ("pointer", "change", "message"),
    [
        ("/format", 2, "expected 1, got a number, 2"),
        ("/id", "Eachlabs/kling", "expected PROVIDER/SLUG in lower case, got 'Eachlabs/kling'"),
        ("/title", "", "expected a string that is not empty"),
        (
            "/provider/credential",
            "EACHLABS_API_KEY",
            "expected a credential slot in lower case, got 'EACHLABS_API_KEY'",
        ),
        ("/sources/seed/date", "8.1.2026", "expected a date such as 2026-01-08, got '8.1.2026'"),
        (
            "/server/url",
            "api.eachlabs.ai",
            "expected a URL such as https://api.example.com, got 'api.eachlabs.ai'",
        ),
        ("/auth/scheme", "basic", "expected one of bearer, api_key, got 'basic'"),
        ("/auth", "none", "expected a mapping or the word undocumented, got a string, 'none'"),
        ("/price", {"absent": True}, "missing key 'source'"),
        ("/errors", 5, "expected a mapping, got a number, 5"),
        ("/errors/5xx", {"schema": "undocumented"}, 'expected a status such as "200" or "5XX", got \'5xx\''),
        ("/operations/submit/method", "post", "expected one of GET, POST, PUT, PATCH, DELETE, got 'post'"),
        (
            "/operations/submit/path",
            "v1/prediction",
            "expected a path such as /v1/jobs/{id}, got 'v1/prediction'",
        ),
        ("/operations/submit/source", 5, "expected a string, got a number, 5"),
        ("/operations/submit/source", "seed", "expected DOCUMENT#PLACE, got 'seed'"),
        ("/operations/submit/validation/at_submit", "*", "expected a list, got a string, '*'"),
        ("/operations/poll/parameters/id/required", "yes", "expected true or false, got a string, 'yes'"),
        (f"{BODY}/minimum", "0", "expected a number, got a string, '0'"),
        (f"{BODY}/properties", [], "expected a mapping, got a list"),
        (f"{BODY}/required", "model", "expected a list, got a string, 'model'"),
        (
            f"{BODY}/properties/model/type",
            "text",
            "expected one of null, boolean, object, array, number, integer, string, got 'text'",
        ),
        (f"{BODY}/properties/model/enum", [], "expected a list that is not empty, got an empty list"),
        (
            f"{POLLED}/job/states/success",
            "done",
            "expected one of queued, running, succeeded, failed, cancelled, got 'done'",
        ),
        ("/limits/rate/requests", -1, "expected a number of at least 0, got -1"),
        ("/latency/page/kind", "guess", "expected one of estimate, observed_once, range, got 'guess'"),
        (
            "/mapping/prompt",
            "input/prompt",
            "expected a JSON Pointer such as /task/status, got 'input/prompt'",
        ),
        ("/contradictions/slug-spelling/statements", [], "expected at least two statements"),
    ],
)
def test_wrong_values_fail_both(pointer: str, change: Any, message: str) -> None:
    """A value that cannot stand where it stands is refused there by the loader, and by the meta-schema."""
    document = edited(document_of(BASE), pointer, change)
    assert fault_of(document) == f"{pointer}: {message}"
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("pointer", "change", "place", "message"),
    [
        ("/webhook", REMOVED, "the file", "missing key 'webhook'"),
        ("/titel", "x", "the file", "unknown key 'titel'; did you mean 'title'?"),
        ("/sources/seed/digest", REMOVED, "/sources/seed", "a document needs a digest"),
        ("/sources/seed/kind", "reported", "/sources/seed", "what is reported has no digest"),
        ("/price", {"absent": False, "source": "seed#Pricing"}, "/price/absent", "expected true"),
        ("/operations/poll", REMOVED, "/operations", "missing key 'poll'"),
        ("/operations/cancle", {}, "/operations", "unknown key 'cancle'; did you mean 'cancel'?"),
        (
            f"{BODY}/x-absent",
            ["constraint"],
            f"{BODY}/x-absent/0",
            "expected a keyword or the word constraints, got 'constraint'",
        ),
        (f"{BODY}/x-sources", {"type": 1}, f"{BODY}/x-sources/type", "expected a string, got a number, 1"),
        (
            "/operations/submit/request/examples/minimal/text",
            "{}",
            "/operations/submit/request/examples/minimal",
            "expected either value or text",
        ),
        (f"{POLLED}/job/status", REMOVED, f"{POLLED}/job", "status and states belong together"),
        (f"{POLLED}/schema", REMOVED, POLLED, "missing key 'schema'"),
        (
            "/webhook/retries",
            {"attempts": 2.5},
            "/webhook/retries/attempts",
            "expected a whole number, got 2.5",
        ),
        ("/latency/page/value_s", REMOVED, "/latency/page", "missing key 'min_s'"),
        (
            "/mapping/audios",
            "/input/generate_audio",
            "/mapping",
            "unknown key 'audios'; did you mean 'audio'?",
        ),
        (
            "/contradictions/slug-spelling/found_by",
            "example",
            "/contradictions/slug-spelling",
            "missing key 'example'",
        ),
    ],
)
def test_wrong_members_fail_both(pointer: str, change: Any, place: str, message: str) -> None:
    """A member too many or too few is refused by the loader, which names what it belongs to."""
    document = edited(document_of(BASE), pointer, change)
    assert fault_of(document) == f"{place}: {message}"
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("place", "added", "refused"),
    [
        (BODY, "$ref", "$ref"),
        (BODY, "nullable", "nullable"),
        (POLLED, "stream", "schema"),
        ("/latency/page", "min_s", "min_s"),
        ("/contradictions/slug-spelling", "violates", "violates"),
    ],
)
def test_keys_out_of_place_fail_both(place: str, added: str, refused: str) -> None:
    """A key that has no place here, nor one like it, is refused; the message lists what is known."""
    document = edited(document_of(BASE), f"{place}/{added}", {})
    fault = fault_of(document)
    assert fault is not None
    assert fault.startswith(f"{place}: unknown key '{refused}'; known here: ")
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"revises": BASE}, "the file: missing key 'date'"),
        ({"revises": BASE, "date": "2026"}, "/date: expected a date such as 2026-01-08, got '2026'"),
        ({"revises": BASE, "overlays": BASE}, "the file: expected either revises or overlays"),
        ({"overlays": BASE, "date": "2026-01-01"}, "the file: unknown key 'date'"),
        (
            {"overlays": f"{BASE}@today"},
            "/overlays: expected PROVIDER/SLUG or PROVIDER/SLUG@DATE in lower case, got",
        ),
        ({"overlays": BASE, "changes": []}, "/changes: expected a mapping, got a list"),
        (
            {"overlays": BASE, "changes": {"titel": "Ours"}},
            "the file: unknown key 'titel'; did you mean 'title'?",
        ),
    ],
)
def test_faults_of_patches_fail_both(change: dict[str, Any], fault: str) -> None:
    """A revision or overlay with one fault is refused by the loader and by the meta-schema."""
    document = {"format": 1, "title": "ours", "changes": {"title": "Ours"}} | change
    found = fault_of(document)
    assert found is not None
    assert found.startswith(fault)
    assert not VALIDATOR.is_valid(document)


def test_known_differences() -> None:
    """What only one of the two refuses, each with its reason."""
    # JSON Schema cannot compare two members: the loader alone sees a span that is upside down.
    upside_down = edited(
        document_of(BASE), "/latency/page", {"kind": "range", "mode": "any", "min_s": 2, "max_s": 1}
    )
    assert fault_of(upside_down) == "/latency/page: min_s 2 is above max_s 1"
    assert VALIDATOR.is_valid(upside_down)
    # A merge patch may remove what is not there: no fault to the loader, a slip of the pen to an editor.
    removes_nothing = {"format": 1, "overlays": BASE, "title": "ours", "changes": {"titel": None}}
    assert fault_of(removes_nothing) is None
    assert not VALIDATOR.is_valid(removes_nothing)
    # Values inside `changes` mean something only after the merge, where the loader judges them, and lint too.
    inside_changes = {"format": 1, "overlays": BASE, "title": "ours", "changes": {"latency": 5}}
    assert fault_of(inside_changes) == "/latency: expected a mapping, got a number, 5"
    assert VALIDATOR.is_valid(inside_changes)


@pytest.mark.skipif(not INVALID, reason="tests/examples/invalid/ holds no files yet")
def test_invalid_examples_are_judged_alike() -> None:
    """Of the deliberately broken files, the meta-schema refuses those that the loader refuses alone."""
    judged = 0
    for path in INVALID:
        try:
            document = yaml.parse(path.read_text("utf-8"), path.name).plain()
            fault = fault_of(document)
        except (OperatorError, UnicodeDecodeError):
            continue  # no document to judge: not read as YAML, or a patch of a spec that is not there
        if is_known_difference(document):
            continue
        judged += 1
        assert (fault is None) == VALIDATOR.is_valid(document), f"{path.name}: {fault}"
    assert judged > 0


def test_words_are_the_same_in_both() -> None:
    """Operations, canonical words, job states, modes and schema keywords are spelled once in each, alike."""
    definitions = METASCHEMA["$defs"]
    operations = definitions["baseline"]["properties"]["operations"]["properties"]
    assert set(operations) - {"source"} == set(OPERATIONS)
    assert definitions["operation_name"]["enum"] == list(OPERATIONS)
    assert set(definitions["baseline"]["properties"]["mapping"]["properties"]) == set(CANONICAL)
    assert definitions["job_state"]["enum"] == [state.value for state in JobState]
    assert definitions["latency"]["properties"]["mode"]["enum"] == list(MODES)
    assert set(definitions["schema"]["properties"]) == set(KEYWORDS)
    assert set(definitions["changes"]["properties"]) == set(definitions["baseline"]["properties"])
