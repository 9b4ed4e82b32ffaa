"""The exception tree: what a person reads, and what a caller can catch."""

from __future__ import annotations

import pytest

from harness import errors
from harness.errors import BudgetError, HarnessError, OperatorError, SourceError, TransportError


def test_a_source_error_reads_as_editors_and_ci_understand_it():
    """The text starts with file, line and column."""
    error = SourceError("unknown key 'a'", file="specs/x.yaml", line=3, column=7)

    assert str(error) == "specs/x.yaml:3:7: unknown key 'a'"


def test_a_source_error_keeps_its_parts():
    """Whoever renders it need not take the text apart."""
    error = SourceError("unknown key 'a'", file="specs/x.yaml", line=3, column=7)

    assert (error.message, error.file, error.line, error.column) == ("unknown key 'a'", "specs/x.yaml", 3, 7)


@pytest.mark.parametrize(
    ("error", "parent"),
    [
        (OperatorError, HarnessError),
        (SourceError, OperatorError),
        (BudgetError, HarnessError),
        (TransportError, HarnessError),
        (HarnessError, Exception),
    ],
)
def test_each_exception_has_one_parent(error: type[Exception], parent: type[Exception]):
    """The tree is the one that the module draws."""
    assert error.__bases__ == (parent,)


def test_every_exception_of_the_module_is_under_the_root():
    """`except HarnessError` catches whatever is raised on purpose."""
    members = [getattr(errors, name) for name in errors.__all__]

    assert [member for member in members if not issubclass(member, HarnessError)] == []
