"""The exception tree: faults that are not findings.

A provider's or a spec's fault is a `Finding` and is yielded. What is raised is one of these:

* HarnessError
  * OperatorError           what the person at the command line gave cannot be used (exit 2)
    + SourceError           ... and the fault has a place in a file
  * BudgetError             the budget does not cover the worst case (exit 4)
  * TransportError          a network or a file system did not do its part (exit 3)
"""

from __future__ import annotations

__all__ = ["BudgetError", "HarnessError", "OperatorError", "SourceError", "TransportError"]


class HarnessError(Exception):
    """Root of all exceptions that this package raises on purpose."""


class OperatorError(HarnessError):
    """What the operator gave cannot be used; the message says what, where, expected and got."""


class SourceError(OperatorError):
    """A fault at one place of one file.

    `line` and `column` count from 1. The text is `file:line:column: message`.
    """

    def __init__(self, message: str, *, file: str, line: int, column: int) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.message = message
        self.file = file
        self.line = line
        self.column = column


class BudgetError(HarnessError):
    """The budget does not cover the worst case of what was asked for."""


class TransportError(HarnessError):
    """A network or a file system did not do its part; nothing can be said of the provider."""
