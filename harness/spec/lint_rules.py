"""The rule table of `harness lint`: one row for each fault that a spec file can have."""

from __future__ import annotations

from harness.finding import Direction, Rule, Severity

__all__ = [
    "CONTRADICTION_STALE",
    "DEFAULT_INVALID",
    "EXAMPLE_INVALID",
    "FACT_UNSOURCED",
    "ID_MISMATCH",
    "LIFE_CYCLE_INCOMPLETE",
    "PATH_PARAMETER",
    "POINTER_UNRESOLVED",
    "RULES",
    "SCHEMA_INVALID",
    "STATUS_UNDOCUMENTED",
    "STATUS_UNMAPPED",
    "UNKNOWN_SOURCE",
    "UNUSED_SOURCE",
]


def _rule(name: str, summary: str, advice: str, severity: Severity = Severity.ERROR) -> Rule:
    return Rule(
        id=f"spec.{name}", severity=severity, summary=summary, advice=advice, direction=Direction.SPEC
    )


FACT_UNSOURCED = _rule(
    "fact-unsourced",
    "A documented fact names no source.",
    "Add source: DOCUMENT#PLACE to the fact or to a block around it, or say undocumented.",
)
UNKNOWN_SOURCE = _rule(
    "unknown-source",
    "A source names a document that is not under sources.",
    "Add the document under sources, with its date and digest, or correct the name.",
)
UNUSED_SOURCE = _rule(
    "unused-source",
    "A document is listed under sources and nothing rests on it.",
    "Remove it, or name it where it is the source.",
    Severity.INFO,
)
SCHEMA_INVALID = _rule(
    "schema-invalid",
    "A schema is not valid JSON Schema 2020-12.",
    "Correct the keyword: its value has the wrong form.",
)
POINTER_UNRESOLVED = _rule(
    "pointer-unresolved",
    "A JSON Pointer leads to nothing that the schema describes.",
    "Correct the pointer, or describe the member in the schema.",
)
STATUS_UNMAPPED = _rule(
    "status-unmapped",
    "The schema lists a status word that states does not map.",
    "Say what the word means under job.states: a client that does not know it waits for ever.",
)
STATUS_UNDOCUMENTED = _rule(
    "status-undocumented",
    "states maps a word that the schema's enum does not list.",
    "Remove the word, or add it to the enum with its source.",
)
LIFE_CYCLE_INCOMPLETE = _rule(
    "life-cycle-incomplete",
    "The life cycle cannot be followed: no id, no status, or no word for success or for failure.",
    "Complete job under the poll operation's 2xx answer, and job.id under submit's.",
)
DEFAULT_INVALID = _rule(
    "default-invalid",
    "A default is rejected by its own schema.",
    "Correct it; if the document really says so, declare a contradiction about it.",
)
EXAMPLE_INVALID = _rule(
    "example-invalid",
    "A documented example breaks the documented schema, and no contradiction says so.",
    "Correct the transcription; if the document really says so, declare a contradiction of it.",
)
CONTRADICTION_STALE = _rule(
    "contradiction-stale",
    "A declared contradiction is not there: its example does not break the schema as declared.",
    "Correct violates, or remove the contradiction.",
)
PATH_PARAMETER = _rule(
    "path-parameter",
    "The braces in a path and its path parameters differ, or no parameter carries the job's id.",
    "Declare each path parameter, and give role: job_id to the one that carries the id.",
)
ID_MISMATCH = _rule(
    "id-mismatch",
    "The id of a spec differs from the place of its file.",
    "The id is PROVIDER/SLUG for specs/PROVIDER/SLUG.yaml.",
)

RULES: tuple[Rule, ...] = (
    FACT_UNSOURCED,
    UNKNOWN_SOURCE,
    UNUSED_SOURCE,
    SCHEMA_INVALID,
    POINTER_UNRESOLVED,
    STATUS_UNMAPPED,
    STATUS_UNDOCUMENTED,
    LIFE_CYCLE_INCOMPLETE,
    DEFAULT_INVALID,
    EXAMPLE_INVALID,
    CONTRADICTION_STALE,
    PATH_PARAMETER,
    ID_MISMATCH,
)
