"""jsonschema-rs as a second opinion, beside the judge that `check request` uses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from harness.generate.case import Case
from harness.spec.schema import SchemaJudge

__all__ = ["SecondOpinion"]


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """Both judges of one schema."""

    ours: SchemaJudge
    theirs: Any

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> SecondOpinion:
        """The judges of a schema; formats count for both."""
        theirs = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True)
        return cls(SchemaJudge(schema), theirs)

    def difference(self, case: Case) -> str | None:
        """What the two differ in; None where the verdict and the broken keyword are the same to both."""
        instance = json.loads(case.content)
        broken = {violation.facet for violation in self.ours.broken_keywords(instance)}
        errors = list(self.theirs.iter_errors(instance))
        if bool(broken) != bool(errors):
            return f"ours: {sorted(broken)}, theirs: {[error.message[:80] for error in errors]}"
        said = {str(error.schema_path[-1]) for error in errors}
        return None if broken <= said else f"ours: {sorted(broken)}, theirs: {sorted(said)}"
