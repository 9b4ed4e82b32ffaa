"""A finding as a failed test tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from harness.finding import Finding
from harness.report.visible import compact, disarmed, visible
from harness.report.words import location_text, place_text

__all__ = ["findings_words"]

_WIDTH = 10


def findings_words(findings: Iterable[Finding], curl: Callable[[Finding], str | None]) -> str:
    """A block for each finding: pointer, expected, observed, source, and the request for a shell."""
    return "\n\n".join("\n".join(_block(finding, curl(finding))) for finding in findings)


def _block(finding: Finding, curl: str | None) -> Iterator[str]:
    message = disarmed(visible(finding.message))
    yield f"{disarmed(place_text(finding))}: {finding.severity.value}: {message} [{finding.rule.id}]"
    for label, text in _members(finding, curl):
        yield f"  {label.ljust(_WIDTH)}{disarmed(text)}"


def _members(finding: Finding, curl: str | None) -> Iterator[tuple[str, str]]:
    direction = finding.direction.value if finding.direction else None
    message = " ".join(part for part in (finding.operation, direction) if part)
    place = finding.field if finding.pointer is None else finding.pointer or "the whole body"
    if place or message:
        yield "pointer", visible(f"{place} ({message})" if message else place).strip()
    if finding.facet is not None:
        yield "facet", visible(finding.facet)
    if finding.expected is not None:
        yield "expected", compact(finding.expected)
    if finding.observed is not None:
        yield "observed", compact(finding.observed)
    if finding.source is not None:
        yield "source", location_text(finding.source)
    if curl is not None:
        yield "curl", visible(curl)
    yield "more", f"harness explain {finding.rule.id}"
