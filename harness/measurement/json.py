"""Runs of a benchmark as JSON, `harness.bench-record/1`: written and read back without loss.

Reading is strict: what is missing, misnamed or of another type is refused with its place, because a record
that is half understood would be joined with others as if it were whole. Members that have a default may be
missing, so that records of earlier releases stay readable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from harness.errors import OperatorError, SourceError
from harness.measurement.job import BenchRecord, Design, JobOutcome, MeasuredJob, Mismatch, Phase, Provenance
from harness.measurement.members import (
    MemberError,
    a_boolean,
    a_list,
    a_number,
    a_text,
    an_integer,
    an_object,
    members,
    one_of,
    or_null,
)
from harness.spec.json_text import parse_json
from harness.stats.interval import Interval

__all__ = [
    "SCHEMA",
    "a_moment",
    "as_line",
    "job_in",
    "job_json",
    "job_of",
    "located",
    "moment_text",
    "read_record",
    "record_in",
    "record_json",
    "record_of",
    "strict_json",
]

SCHEMA = "harness.bench-record/1"
T = TypeVar("T")
_ID = re.compile(r"[!-~]{1,200}")


def record_json(record: BenchRecord) -> dict[str, Any]:
    """A run as a JSON document; every member is always there."""
    return {
        "schema": SCHEMA,
        "id": record.id,
        "created_at": moment_text(record.created_at),
        "finished_at": None if record.finished_at is None else moment_text(record.finished_at),
        "version": record.version,
        "provenance": record.provenance.value,
        "design": record.design.value,
        "machine": record.machine,
        "region": record.region,
        "seed": record.seed,
        "cap_s": record.cap_s,
        "plan": dict(record.plan),
        "plan_digest": record.plan_digest,
        "models": list(record.models),
        "requests": dict(record.requests),
        "mismatches": [_mismatch_json(mismatch) for mismatch in record.mismatches],
        "jobs": [job_json(job) for job in record.jobs],
    }


def job_json(job: MeasuredJob) -> dict[str, Any]:
    """A job as it stands in the document of its run."""
    return {
        "id": job.id,
        "model": job.model,
        "mode": job.mode,
        "block": job.block,
        "place": job.place,
        "submitted_at": moment_text(job.submitted_at),
        "outcome": job.outcome.value,
        "intervals": {
            phase.value: {"low_s": interval.low_s, "high_s": interval.high_s}
            for phase, interval in job.intervals.items()
        },
        "polls": job.polls,
        "poll_errors": job.poll_errors,
        "asked_s": job.asked_s,
        "cost_usd": job.cost_usd,
        "billed": job.billed,
        "evidence": list(job.evidence),
        "clock_offset_s": job.clock_offset_s,
        "job_id": job.job_id,
        "note": job.note,
    }


def as_line(document: Mapping[str, Any]) -> str:
    r"""A document as strict JSON on one line of ASCII: any database and any file keeps it as it is."""
    return json.dumps(document, allow_nan=False, separators=(",", ":"))


def read_record(text: str, file: str) -> BenchRecord:
    """The run in a JSON text. Raises SourceError with line and column."""
    return located(text, file)(record_in, strict_json(text, file))


def located(text: str, file: str) -> Callable[[Callable[[Any], T], Any], T]:
    """Calls a reader with the value of a text; what it refuses is a SourceError at its place in the text."""

    def call(read: Callable[[Any], T], value: Any) -> T:
        try:
            return read(value)
        except MemberError as fault:
            mark = parse_json(text, file).root.nearest(fault.pointer).mark
            raise SourceError(str(fault), file=file, line=mark.line, column=mark.column) from None

    return call


def record_of(document: Any, where: str) -> BenchRecord:
    """The run in a JSON value. Raises OperatorError, which names `where` and the member."""
    return _named(record_in, document, where)


def job_of(document: Any, where: str) -> MeasuredJob:
    """The job in a JSON value. Raises OperatorError, which names `where` and the member."""
    return _named(job_in, document, where)


def strict_json(text: str, file: str) -> Any:
    """The value of a strict JSON text: no duplicate key, nothing that is not finite. Raises SourceError."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_not_strict, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        document = parse_json(text, file)  # slower, and knows where
        if not document.faults:
            raise SourceError(f"not strict JSON: {error}", file=file, line=1, column=1) from None
        fault = document.faults[0]
        raise SourceError(
            f"not strict JSON: {fault.kind}, got {fault.observed!r}",
            file=file,
            line=fault.mark.line,
            column=fault.mark.column,
        ) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a duplicate key")
    return made


def _not_strict(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number


def _named(read: Callable[[Any], T], document: Any, where: str) -> T:
    try:
        return read(document)
    except MemberError as fault:
        raise OperatorError(f"{where}: {fault}") from None


def moment_text(moment: datetime) -> str:
    """A moment in UTC, ISO 8601. Raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment}")
    return moment.astimezone(UTC).isoformat()


def _mismatch_json(mismatch: Mismatch) -> dict[str, Any]:
    return {
        "parameter": mismatch.parameter,
        "values": dict(mismatch.values),
        "reasons": dict(mismatch.reasons),
    }


def record_in(value: Any) -> BenchRecord:
    """The run in a JSON value. Raises MemberError."""
    document = an_object(value)
    schema = document.get("schema")
    if schema != SCHEMA:
        raise MemberError(f"expected {SCHEMA!r}, got {schema!r}", path=("schema",))
    given = {name: member for name, member in document.items() if name != "schema"}
    record = members(BenchRecord, given, _RECORD)
    seen: set[str] = set()
    for place, job in enumerate(record.jobs):
        if job.id in seen:
            raise MemberError(f"expected ids that differ, got {job.id!r} again", path=("jobs", place, "id"))
        seen.add(job.id)
    return record


def job_in(value: Any) -> MeasuredJob:
    """The job in a JSON value. Raises MemberError."""
    return members(MeasuredJob, value, _JOB)


def a_moment(value: Any) -> datetime:
    """A date and time with its zone, in UTC. Raises MemberError."""
    text = a_text(value)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise MemberError(f"expected a date and time with its zone (2026-01-31T12:00:00+00:00), got {text!r}")


def _id(value: Any) -> str:
    text = a_text(value)
    if not _ID.fullmatch(text):
        raise MemberError(f"expected an id of 1 to 200 ASCII characters without spaces, got {text!r}")
    return text


def _seconds(value: Any) -> float:
    number = a_number(value)
    if number < 0:
        raise MemberError(f"expected seconds, 0 or more, got {number!r}")
    return number


def _count(value: Any) -> int:
    number = an_integer(value)
    if number < 0:
        raise MemberError(f"expected a count, 0 or more, got {number!r}")
    return number


def _intervals(value: Any) -> dict[Phase, Interval]:
    given = an_object(value)
    found: dict[Phase, Interval] = {}
    for name, member in given.items():
        try:
            phase = one_of(Phase)(name)
            found[phase] = _interval(member)
        except MemberError as fault:
            raise fault.under(name) from None
    return found


def _interval(value: Any) -> Interval:
    try:
        return members(Interval, value, {"low_s": _seconds, "high_s": or_null(_seconds)})
    except ValueError as error:
        raise MemberError(str(error)) from None


def _mismatch(value: Any) -> Mismatch:
    return members(Mismatch, value, {"parameter": a_text, "values": an_object, "reasons": _reasons})


def _reasons(value: Any) -> dict[str, str]:
    reasons = an_object(value)
    for name, reason in reasons.items():
        try:
            a_text(reason)
        except MemberError as fault:
            raise fault.under(name) from None
    return reasons


_JOB: Mapping[str, Callable[[Any], Any]] = {
    "id": _id,
    "model": a_text,
    "mode": a_text,
    "block": _count,
    "place": _count,
    "submitted_at": a_moment,
    "outcome": one_of(JobOutcome),
    "intervals": _intervals,
    "polls": _count,
    "poll_errors": _count,
    "asked_s": or_null(_seconds),
    "cost_usd": or_null(a_number),
    "billed": or_null(a_boolean),
    "evidence": a_list(a_text),
    "clock_offset_s": or_null(a_number),
    "job_id": or_null(a_text),
    "note": or_null(a_text),
}
_RECORD: Mapping[str, Callable[[Any], Any]] = {
    "id": _id,
    "created_at": a_moment,
    "finished_at": or_null(a_moment),
    "version": a_text,
    "provenance": one_of(Provenance),
    "design": one_of(Design),
    "machine": a_text,
    "region": or_null(a_text),
    "seed": an_integer,
    "cap_s": _seconds,
    "plan": an_object,
    "plan_digest": a_text,
    "models": a_list(a_text),
    "requests": an_object,
    "mismatches": a_list(_mismatch),
    "jobs": a_list(job_in),
}
