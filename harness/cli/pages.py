"""Where documents come from: files and stdin."""

from __future__ import annotations

import re

from harness.cli.output import read_input
from harness.errors import OperatorError

__all__ = ["is_url", "load"]

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_url(reference: str) -> bool:
    """Whether it names a page on a server, of whatever scheme."""
    return _URL.match(reference) is not None


def load(reference: str) -> tuple[bytes, str]:
    """`(content, name for people)` of a document. Raises OperatorError where it cannot be had."""
    if is_url(reference):
        raise OperatorError(f"{reference}: a document is read from a file; save the page and give its name")
    return read_input(reference)
