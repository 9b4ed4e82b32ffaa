"""Whatever is sent or answered: judging never fails, points to what is there, and repeats itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.check.body import Judges
from harness.check.job import JobTrace, Look, look_findings
from harness.check.request import check_request
from harness.check.response import check_response
from harness.finding import Direction, Finding, Location
from harness.spec.json_text import parse_json
from harness.spec.model import Job, JobState, Spec
from harness.spec.pointer import MISSING, join, resolve, split
from harness.spec.store import SpecStore
from harness.wire.job import job_views

STORE = SpecStore()
JUDGES = Judges()

# Named by reference: a failing example shows a line instead of a whole spec.
REQUESTS = tuple(
    (spec.ref, name)
    for spec in STORE.all()
    for name, operation in spec.operations.items()
    if operation.request
)
ANSWERS = tuple(
    (spec.ref, name, int(status.replace("XX", "00")))
    for spec in STORE.all()
    for name, operation in spec.operations.items()
    for status, response in {**operation.responses, **(spec.errors.value or {})}.items()
    if not response.events
)


def names(spec: Spec) -> tuple[str, ...]:
    """Every property name that the schemas of a spec speak of, and two that none does."""
    found: set[str] = {"quality", "a/b~c"}

    def walk(schema: Any) -> None:
        for name, below in schema.get("properties", {}).items():
            found.add(name)
            walk(below)
        if isinstance(schema.get("items"), dict):
            walk(schema["items"])

    for operation in spec.operations.values():
        schemas = [operation.request.schema] if operation.request else []
        schemas += [response.schema for response in operation.responses.values() if response.schema]
        for schema in schemas:
            walk(schema)
    return tuple(sorted(found))


NAMES = {spec.ref: st.sampled_from(names(spec)) for spec in STORE.all()}
WORDS = st.sampled_from(
    [
        "5",
        "16:9",
        "16x9",
        "Standard",
        "standard",
        "queued",
        "success",
        "TASK_STATUS_SUCCEED",
        "https://x",
        "",
        "é\U0001d11e",
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 15),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    WORDS,
    st.text(max_size=8),
)


def values(ref: str) -> st.SearchStrategy[Any]:
    """JSON values whose objects use the names of a spec."""
    return st.recursive(
        SCALARS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES[ref], inner, max_size=5)),
        max_leaves=12,
    )


LEAF_TEXTS = st.one_of(
    SCALARS.map(json.dumps),
    st.sampled_from(["NaN", "Infinity", "-Infinity", "1e999", "-0", "1E5", '"\\ud83d"', "9" * 500, "true"]),
)


def texts(ref: str) -> st.SearchStrategy[str]:
    """Texts that lax readers take for JSON: with double keys, NaN, halves of pairs, and odd white space."""
    gap = st.sampled_from(["", " ", "\n", "\t\r\n"])
    key = st.one_of(NAMES[ref].map(json.dumps), st.just('"\\ud83d"'))

    def extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        member = st.tuples(gap, key, gap, inner).map(
            lambda parts: f"{parts[0]}{parts[1]}{parts[2]}:{parts[3]}"
        )
        return st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]"),
            st.lists(member, max_size=5).map(lambda parts: "{" + ",".join(parts) + "}"),
        )

    return st.recursive(LEAF_TEXTS, extended, max_leaves=12)


REQUEST_TEXTS = st.sampled_from(REQUESTS).flatmap(lambda at: st.tuples(st.just(at), texts(at[0])))
ANSWER_TEXTS = st.sampled_from(ANSWERS).flatmap(lambda at: st.tuples(st.just(at), texts(at[0])))
REQUEST_VALUES = st.sampled_from(REQUESTS).flatmap(lambda at: st.tuples(st.just(at), values(at[0])))


def of_request(at: tuple[str, str], text: str, file: str = "r.json") -> tuple[Finding, ...]:
    ref, operation = at
    spec = STORE.get(ref)
    return check_request(spec, text.encode(), file=file, operation=operation, judges=JUDGES).findings


def of_answer(at: tuple[str, str, int], text: str) -> tuple[Finding, ...]:
    ref, operation, status = at
    spec = STORE.get(ref)
    found = check_response(spec, operation, text.encode(), status=status, file="a.json", judges=JUDGES)
    return found.findings


def assert_sound(findings: tuple[Finding, ...], text: str) -> None:
    """Each finding points to what is there, or to a member of what is; none is said twice."""
    instance = parse_json(text, "x").root.plain()
    for finding in findings:
        assert finding.pointer is not None
        if resolve(instance, finding.pointer) is MISSING:
            parent = join(split(finding.pointer)[:-1])
            assert isinstance(resolve(instance, parent), dict)
            assert finding.facet == "required"
        assert finding.message.startswith(f"{finding.pointer or 'the body'}: ")
        assert len(finding.message) < 500
        assert finding.source is not None
        assert finding.source.line is not None
    keys = [(finding.pointer, finding.rule.id) for finding in findings]
    assert len(keys) == len(set(keys))


@given(REQUEST_TEXTS)
def test_any_request_is_judged(drawn: tuple[tuple[str, str], str]):
    """No text that can be read makes the judge fail, and every finding stands somewhere."""
    at, text = drawn
    assert_sound(of_request(at, text), text)


@given(ANSWER_TEXTS)
def test_any_answer_is_judged(drawn: tuple[tuple[str, str, int], str]):
    """Of every operation and status that the specs describe."""
    at, text = drawn
    assert_sound(of_answer(at, text), text)


@given(st.sampled_from(ANSWERS), st.binary(max_size=40))
def test_any_bytes_are_an_answer(at: tuple[str, str, int], content: bytes):
    """What a provider sends is never the operator's fault."""
    ref, operation, status = at
    spec = STORE.get(ref)
    check_response(spec, operation, content, status=status, file="a.json", judges=JUDGES)


@given(REQUEST_TEXTS)
def test_fingerprints_do_not_depend_on_file_or_line(drawn: tuple[tuple[str, str], str]):
    """Nor does anything else of a finding but its place."""
    at, text = drawn
    here = of_request(at, text)
    there = of_request(at, f"\n\n  {text}\n", file="elsewhere/other.json")
    assert [f.fingerprint for f in here] == [f.fingerprint for f in there]
    assert [f.but(subject=None) for f in here] == [f.but(subject=None) for f in there]


@given(REQUEST_VALUES)
def test_the_order_of_members_makes_no_difference(drawn: tuple[tuple[str, str], Any]):
    """An object is not a list."""
    at, value = drawn
    here = of_request(at, json.dumps(value))
    there = of_request(at, json.dumps(turned(value)))
    assert {f.fingerprint for f in here} == {f.fingerprint for f in there}
    assert {(f.rule.id, f.pointer) for f in here} == {(f.rule.id, f.pointer) for f in there}


def turned(value: Any) -> Any:
    """The value with the members of every object in reverse order."""
    if isinstance(value, dict):
        return {name: turned(member) for name, member in reversed(value.items())}
    return [turned(element) for element in value] if isinstance(value, list) else value


@given(REQUEST_VALUES)
def test_other_faults_have_other_fingerprints(drawn: tuple[tuple[str, str], Any]):
    """Inside one body a fingerprint stands for one field and one rule."""
    at, value = drawn
    findings = of_request(at, json.dumps(value))
    assert len({f.fingerprint for f in findings}) == len({(f.rule.id, f.field, f.facet) for f in findings})


# The life of a job, told once more without the table: what is allowed, in plain conditions.

JOB = Job(
    at="/operations/poll/responses/200/job",
    id="/id",
    status="/status",
    states={
        "waiting": JobState.QUEUED,
        "working": JobState.RUNNING,
        "done": JobState.SUCCEEDED,
        "broken": JobState.FAILED,
        "stopped": JobState.CANCELLED,
    },
    output="/url",
    progress_percent="/progress",
    evidence={},
)
ANSWER = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", "b"]),
        "status": st.sampled_from([*JOB.states, "odd"]),
        "url": st.just("https://x"),
        "progress": st.integers(0, 100),
    },
)


class Plain:
    """Job `a`, as far as its answers have told."""

    def __init__(self) -> None:
        self.is_running = False
        self.ended_as = ""
        self.progress = 0

    def faults(self, answer: dict[str, Any]) -> Iterator[str]:
        """The rules that one more answer breaks."""
        word = answer.get("status", "")
        if not word:
            yield "job.status-missing"
        if word == "odd":
            yield "job.status-unknown"
        if word == "done" and "url" not in answer:
            yield "job.output-missing"
        if answer.get("id") == "b":
            yield "job.id-changed"
        else:
            yield from self.state_faults(word if word != "odd" else "")
            yield from self.progress_faults(answer.get("progress"))

    def state_faults(self, word: str) -> Iterator[str]:
        if self.ended_as and word not in ("", self.ended_as):
            yield "job.terminal-changed"
        if self.is_running and word == "waiting":
            yield "job.went-backwards"
        if word and not self.ended_as:
            self.is_running = word == "working"
            self.ended_as = word if word in ("done", "broken", "stopped") else ""

    def progress_faults(self, progress: int | None) -> Iterator[str]:
        if progress is not None:
            if progress < self.progress:
                yield "job.progress-decreased"
            self.progress = progress


@pytest.fixture(scope="module")
def any_spec(store: SpecStore) -> Spec:
    """Only the places of its facts are used."""
    return store.get("novita/kling-v2.6-pro-t2v")


@given(answers=st.lists(ANSWER, max_size=8))
def test_a_life_is_judged_as_a_plain_reading_of_it_says(any_spec: Spec, answers: list[dict[str, Any]]):
    """Any sequence of answers to polls for job `a`: the same findings, at the same answers."""
    trace, plain = JobTrace(id="a"), Plain()
    for number, answer in enumerate(answers):
        (view,) = job_views(JOB, answer)
        look = Look(
            view=view,
            job=JOB,
            direction=Direction.RESPONSE,
            operation="poll",
            subject=Location(index=number),
            asked_for="a",
        )
        found = [f.rule.id for f in look_findings(any_spec, trace if number else None, look)]
        assert sorted(found) == sorted(plain.faults(answer))
        trace.take(look)


@given(
    submitted=st.tuples(st.floats(0, 10), st.floats(0, 5)),
    gaps=st.lists(st.tuples(st.floats(0, 60), st.floats(0, 5)), max_size=8),
    job_s=st.floats(0, 300),
)
def test_the_interval_holds_the_true_time(
    submitted: tuple[float, float], gaps: list[tuple[float, float]], job_s: float
):
    """Of a job that starts anywhere inside its create call and ends `job_s` later, polled at any rhythm."""
    sent_s, received_s = submitted[0], sum(submitted)
    for start_s in (sent_s, received_s):
        trace = JobTrace(id="a")
        take(trace, "submit", "waiting", sent_s, received_s)
        now_s = received_s
        for pause_s, call_s in gaps:
            now_s += pause_s
            is_done = now_s >= start_s + job_s
            take(trace, "poll", "done" if is_done else "working", now_s, now_s + call_s)
            now_s += call_s
            if is_done:
                break
        assert trace.low_s is not None
        assert trace.low_s <= job_s + 1e-9
        assert trace.high_s is None or job_s <= trace.high_s + 1e-9


def take(trace: JobTrace, operation: str, word: str, sent_s: float, received_s: float) -> None:
    (view,) = job_views(JOB, {"id": "a", "status": word, "url": "https://x"})
    trace.take(
        Look(
            view=view,
            job=JOB,
            direction=Direction.RESPONSE,
            operation=operation,
            subject=Location(),
            sent_s=sent_s,
            received_s=received_s,
        )
    )
