"""What each provider documents of its request, case by case.

The expectations stand in `tests/examples/limits`, one table for each model, written by hand from the
providers' pages and not from the specs: which limit there is, where it stands in the body, and what is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main
from harness.errors import SourceError
from harness.spec.model import Example, Spec
from harness.spec.pointer import split
from harness.spec.store import SpecStore, shipped_directory
from tests.check.judging import request
from tests.minimal import EXAMPLES
from tests.shared import SHARED, needs_shared

NOVITA = "novita/kling-v2.6-pro-t2v"
NOVITA_16 = "novita/kling-v1.6-t2v"
AIMLAPI = "aimlapi/klingai-video-v2-6-pro-text-to-video"
EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"

# The rule that a broken facet comes under.
RULES = {
    "type": "request.type",
    "enum": "request.enum",
    "required": "request.required",
    "minimum": "request.minimum",
    "maximum": "request.maximum",
    "minLength": "request.min-length",
    "maxLength": "request.max-length",
    "format": "request.format",
    "presence": "request.unknown-property",
    "not-finite": "request.not-finite",
    "duplicate-key": "request.duplicate-key",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of a table: one change of a request that passes. `facet` is empty where it passes, too."""

    name: str
    model: str
    request: Any
    pointer: str
    value: str
    facet: str
    message: str

    def body(self) -> str:
        """The changed request as JSON text."""
        if not self.pointer:
            return self.value
        body = deepcopy(self.request)
        *parents, name = split(self.pointer)
        target = body
        for parent in parents:
            target = target[parent]
        if self.value == "removed":
            del target[name]
            return json.dumps(body)
        if self.value.startswith("twice "):
            target[name] = target["again"] = json.loads(self.value.removeprefix("twice "))
            return json.dumps(body).replace('"again": ', f'"{name}": ')
        count, times, char = self.value.partition(" times ")
        target[name] = char * int(count) if times else json.loads(self.value)
        return json.dumps(body, ensure_ascii=False)


def cases(table: Path) -> Iterator[Case]:
    """The lines of one table."""
    head: dict[str, str] = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if "|" not in line:
            key, _, value = line.partition(": ")
            head[key] = value
            continue
        name, pointer, value, facet, message = (cell.strip() for cell in line.split("|"))
        yield Case(
            name=name,
            model=head["model"],
            request=json.loads(head["request"]),
            pointer=pointer,
            value=value,
            facet=facet,
            message=message,
        )


TABLES = {table.stem: tuple(cases(table)) for table in sorted((EXAMPLES / "limits").glob("*.txt"))}
BASE = {rows[0].model: rows[0].request for rows in TABLES.values()}

# Every provider has a row of each of these kinds, whatever its document makes of it.
KINDS = (
    r"missing prompt",
    r"prompt one over|prompt over every other limit",
    r"prompt (one over|over every other limit), beyond the BMP",
    r"prompt at the limit|prompt over every other limit",
    r"duration 7",
    r"duration of the wrong type",
    r"guidance just below",
    r"guidance just above",
    r"unknown parameter",
    r"misspelt parameter",
    r"wrong enum (case|spelling)",
    r"null (prompt|option)",
    r"NaN",
    r"Infinity",
    r"a list for an object",
    r"prompt of 2 MB",
    r"duplicate key",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the command line did: exit code, verdict, findings as JSON."""

    code: int
    verdict: str
    findings: list[dict[str, Any]]


def check(capsys: pytest.CaptureFixture[str], model: str, path: Path) -> Outcome:
    """`harness check request MODEL FILE --format json`."""
    code = main(["check", "request", model, str(path), "--format", "json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    document = json.loads(captured.out)
    return Outcome(code=code, verdict=document["verdict"], findings=document["findings"])


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{table}: {case.name}") for table in TABLES for case in TABLES[table]]
)
def test_a_request_is_judged_as_its_document_says(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """One change of a valid request gives the one finding that the document demands, or none."""
    file = tmp_path / "request.json"
    file.write_text(case.body(), encoding="utf-8")
    outcome = check(capsys, case.model, file)
    if not case.facet:
        assert outcome == Outcome(code=0, verdict="conforms", findings=[])
        return
    assert (outcome.code, outcome.verdict, len(outcome.findings)) == (1, "violates", 1)
    (finding,) = outcome.findings
    found = tuple(finding[member] for member in ("rule", "pointer", "facet", "message"))
    message = f"{case.pointer or 'the body'}: {case.message}"
    assert found == (RULES[case.facet], case.pointer, case.facet, message)
    assert (finding["model"], finding["operation"], finding["direction"]) == (case.model, "submit", "request")
    assert (finding["severity"], finding["verdict"], finding["impact"]) == ("error", "violates", ["breaks"])
    assert finding["subject"]["file"] == str(file)
    assert word_at_source(case) in spec_line(finding["source"])


def word_at_source(case: Case) -> str:
    """What the line of the spec that a finding points to has to speak of."""
    if case.facet == "presence":
        return "properties:"
    if case.facet in ("required", "duplicate-key", "not-finite"):
        return f"{split(case.pointer)[-1]}:"
    return f"{case.facet}:"


def spec_line(source: Mapping[str, Any]) -> str:
    """The line of the shipped spec that a finding points to."""
    path = shipped_directory("specs") / Path(source["file"]).relative_to("specs")
    return path.read_text(encoding="utf-8").splitlines()[source["line"] - 1]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_is_tried_at_every_provider(table: str, kind: str):
    """No provider is let off a kind of fault because its document is silent."""
    assert any(re.fullmatch(kind, case.name) for case in TABLES[table])


def test_every_model_has_a_table(specs: tuple[Spec, ...]):
    """A model that is added needs its table."""
    assert set(BASE) == {spec.id for spec in specs}


@pytest.mark.parametrize("model", BASE)
def test_the_smallest_documented_request_passes(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """What every case starts from has no fault of its own."""
    file = tmp_path / "request.json"
    file.write_text(json.dumps(BASE[model]), encoding="utf-8")
    assert check(capsys, model, file) == Outcome(code=0, verdict="conforms", findings=[])


UNREADABLE = {
    "invalid UTF-8": (b'{\n"prompt": "\xc3\xa9\xff"}', "2:13: expected UTF-8"),
    "invalid UTF-8 after a byte order mark": (b'\xef\xbb\xbf{"a": \xff}', "1:7: expected UTF-8"),
    "UTF-16": ('{"prompt": "x"}'.encode("utf-16"), "1:1: expected UTF-8"),
    "not JSON": (b"prompt=a+fox", "1:1: not JSON: expected a value, got 'p'"),
    "truncated JSON": (b'{"prompt": "a fox"', "1:19: not JSON: expected ',' or '}', got the end"),
    "truncated text": (b'{"prompt": "a f', "1:12: not JSON: unterminated string, got '\"'"),
    "a comma too many": (b'{"prompt": "a fox",}', "1:20: not JSON: expected a key in double quotes, got '}'"),
    "single quotes": (b"{'prompt': 'a fox'}", '1:2: not JSON: expected a key in double quotes, got "\'"'),
    "Python's False": (b'{"sound": False}', "1:11: not JSON: expected a value, got 'F'"),
    "two documents": (b"{}\n{}", "2:1: not JSON: expected the end, got '{'"),
    "nothing": (b"", "1:1: not JSON: expected a value, got the end"),
    "nested without end": (b"[" * 100_000, "1:201: not JSON: nested more than 200 deep, got '['"),
}


@pytest.mark.parametrize("model", list(BASE))
@pytest.mark.parametrize("case", list(UNREADABLE))
def test_a_file_that_is_no_json_is_refused(
    model: str, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """It is a fault of the file: exit 2, one line with the place, nothing on stdout."""
    content, message = UNREADABLE[case]
    file = tmp_path / "request.json"
    file.write_bytes(content)
    assert main(["check", "request", model, str(file), "--format", "json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"harness: {file}:{message}\n"


# Each example that the pages show in full, and the places where it breaks its own page's table.
SAMPLES: Mapping[tuple[str, str, str], Any] = {
    (NOVITA, "submit", "placeholders"): {
        ("/duration", "enum"),
        ("/cfg_scale", "maximum"),
        ("/aspect_ratio", "enum"),
    },
    (NOVITA_16, "submit", "placeholders"): {
        ("/mode", "enum"),
        ("/duration", "enum"),
        ("/guidance_scale", "maximum"),
    },
    (NOVITA_16, "submit", "sample"): {("", "json")},
    (AIMLAPI, "submit", "curl"): set(),
    (AIMLAPI, "submit", "python"): {("/duration", "type")},
    (EACHLABS, "submit", "minimal"): set(),
    (OXEN, "submit", "minimal"): set(),
    (OXEN, "submit", "full"): set(),
    (OXEN, "generate", "minimal"): set(),
    (OXEN, "generate", "full"): set(),
    (OXEN, "generate", "basic"): set(),
}


def request_examples(spec: Spec) -> Iterator[tuple[str, Example]]:
    for name, operation in spec.operations.items():
        for example in operation.request.examples if operation.request else ():
            yield name, example


def faults(spec: Spec, operation: str, example: Example) -> set[tuple[str | None, str | None]]:
    """`(pointer, facet)` of each fault of an example."""
    try:
        body = example.value if example.has_value else example.text
        return {(f.pointer, f.facet) for f in request(spec, body, operation=operation).findings}
    except SourceError:
        return {("", "json")}


def test_every_documented_example_is_in_the_table(specs: tuple[Spec, ...]):
    """An example that is added to a spec needs its expectation here."""
    found = {(spec.id, operation, e.name) for spec in specs for operation, e in request_examples(spec)}
    assert found == set(SAMPLES)


@pytest.mark.parametrize(("model", "operation", "name"), list(SAMPLES))
def test_a_documented_example_passes_or_is_a_declared_contradiction(
    model: str, operation: str, name: str, store: SpecStore
):
    """What an example breaks is what the table says, and what the spec declares, to the letter."""
    spec = store.get(model)
    example = next(e for where, e in request_examples(spec) if (where, e.name) == (operation, name))
    found = faults(spec, operation, example)
    assert found == SAMPLES[model, operation, name]
    declared = [c for c in spec.contradictions if c.example == f"{operation}.request.{name}"]
    assert {fault for contradiction in declared for fault in contradiction.violates} == found


CURL_BODY = re.compile(r"(?:--data|-d) '(\s*\{.*?\}\s*)'", re.DOTALL)

PRINTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    NOVITA: ("000", ("violates",)),
    NOVITA_16: ("003", ("violates", "not JSON")),
    EACHLABS: ("002", ("conforms",)),
    OXEN: ("004", ("conforms",) * 6),
}


@needs_shared
@pytest.mark.parametrize("model", list(PRINTED))
def test_the_samples_as_the_page_prints_them(model: str, store: SpecStore):
    """Cut out of the page itself, without the spec's transcription between, they come to the same."""
    assert SHARED is not None
    number, expected = PRINTED[model]
    (page,) = (SHARED / "sources" / "seeds").glob(f"{number}_*")
    bodies = CURL_BODY.findall(page.read_text(encoding="utf-8"))
    assert tuple(verdict(store.get(model), body) for body in bodies) == expected


def verdict(spec: Spec, body: str) -> str:
    try:
        return request(spec, body).verdict.value
    except SourceError:
        return "not JSON"
