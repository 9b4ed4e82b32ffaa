"""A trial as one HTML file that loads nothing: what came from each seller, side by side.

Every value comes in through `harness.report.template`. The pictures are in the page, as data.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from harness.finding import Finding, Kind, Severity
from harness.measurement.trial import Difference, TrialLine, TrialRecord
from harness.report import values, words
from harness.report.template import asset, environment, markup, policy
from harness.report.visible import compact, visible

__all__ = ["trial_html"]

TITLE = "One job at each seller"
CONTENTS: tuple[tuple[str, str], ...] = (
    ("videos", "What came"),
    ("differences", "Where the sellers differ"),
    ("jobs", "The jobs"),
    ("requests", "What was asked"),
    ("findings", "Findings"),
)
_LONGEST_CELL = 160
_WHAT = {
    "acceptance": "the request was taken",
    "end": "how the job ended",
    "duration": "length of the video",
    "aspect-ratio": "shape of the video",
    "size": "size of the picture",
    "frame-rate": "frame rate",
    "audio": "sound",
    "container": "kind of file",
}
_OUTCOMES = {
    "not_sent": "not sent",
    "possibly_billed": "unclear: it may exist, and be billed",
    "unfinished": "not ended in time",
    "unsent": "never reached the provider",
}


def trial_html(record: TrialRecord) -> str:
    """The page."""
    templates = environment(_names(record))
    css = asset(templates, "report.css") + asset(templates, "trial.css")
    others = [finding for finding in record.judgement.findings if finding.kind is not Kind.DISCREPANCY]
    return templates.get_template("trial.html.j2").render(
        record=record,
        title=TITLE,
        contents=CONTENTS,
        css=css,
        policy=policy(css),
        evidence=words.evidence_line(record.messages),
        sentence=words.verdict_sentence(record.judgement),
        made=f"{record.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        providers=list(dict.fromkeys(line.provider for line in record.lines)),
        groups=list(_groups(record)),
        provenance="live" if record.messages.get("live") else "simulated",
        no_difference=_no_difference(record),
        findings=sorted(others, key=lambda f: (f.waived, -f.severity.rank, f.model or "", f.rule.id)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The sellers of one model."""

    name: str
    canonical: Mapping[str, Any]
    lines: tuple[TrialLine, ...]
    differences: tuple[Difference, ...]


def _groups(record: TrialRecord) -> Iterator[_Group]:
    for name in dict.fromkeys(line.group for line in record.lines):
        yield _Group(
            name=name,
            canonical=record.canonical.get(name, {}),
            lines=tuple(line for line in record.lines if line.group == name),
            differences=tuple(one for one in record.differences if one.group == name),
        )


def _no_difference(record: TrialRecord) -> str:
    compared = Counter(line.group for line in record.lines if line.outcome != "not_sent")
    if max(compared.values(), default=0) < 2:
        return "There are no two sellers of one model here to compare."
    return "None was seen: acceptance, end, length, shape, size, frame rate, sound and container are alike."


def _names(record: TrialRecord) -> dict[str, Any]:
    """What the template may call."""
    providers = {line.model: line.provider for line in record.lines}
    return (
        {name: getattr(words, name) for name in words.__all__}
        | {name: getattr(values, name) for name in values.__all__}
        | {
            "compact": compact,
            "short": lambda text: visible(text, _LONGEST_CELL),
            "provider_of": lambda model: providers.get(model, model),
            "data_uri": _data_uri,
            "alternative": _alternative,
            "no_picture": _no_picture,
            "video_text": _video_text,
            "outcome_text": _outcome,
            "what_text": _what_text,
            "finding_counts": lambda line: _counts(line.findings),
            "json_lines": lambda value: json.dumps(value, indent=2, ensure_ascii=False).split("\n"),
            "newline": markup("\n"),
        }
    )


def _data_uri(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _alternative(line: TrialLine) -> str:
    """The picture in words: nobody looked at it, so what the file is has to do."""
    return f"First picture of the video from {line.provider}: {_video_text(line)}"


def _no_picture(line: TrialLine) -> str:
    if line.video is not None and line.video.note:
        return f"No picture: {line.video.note}"
    if line.why or line.note:
        return f"No picture: {line.why or line.note}"
    return f"No picture: the job ended as {_outcome(line)}" if line.video is None else "No picture"


def _video_text(line: TrialLine) -> str:
    """`5 s, 1920x1080, 24 frames a second, h264, with sound (aac), mp4, 12,345 bytes`."""
    facts = line.video
    if facts is None:
        return "no video"
    parts = [
        f"{facts.duration_s:g} s" if facts.duration_s is not None else None,
        f"{facts.width}x{facts.height}" if facts.width and facts.height else None,
        f"{facts.fps:g} frames a second" if facts.fps is not None else None,
        facts.video_codec,
        None if facts.has_audio is None else "without sound",
        facts.container,
        f"{facts.size_bytes:,} bytes" if facts.size_bytes is not None else None,
    ]
    if facts.has_audio:
        parts[4] = f"with sound ({facts.audio_codec})" if facts.audio_codec else "with sound"
    return ", ".join(part for part in parts if part)


def _outcome(line: TrialLine) -> str:
    status = f" with {line.status}" if line.status is not None else ""
    return f"{_OUTCOMES.get(line.outcome, line.outcome)}{status}"


def _what_text(what: str) -> str:
    name, _, word = what.partition(":")
    return f"what the answer repeats of {word}" if word else _WHAT.get(name, name)


def _counts(findings: tuple[Finding, ...]) -> str:
    """`1 error, 2 warnings`; information is not counted."""
    told = [
        words.counted(count, severity.value)
        for severity in (Severity.ERROR, Severity.WARNING)
        if (count := sum(f.severity is severity and not f.waived for f in findings))
    ]
    return ", ".join(told) or "none"
