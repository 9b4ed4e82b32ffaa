"""The rule table of delivered videos: one row for each way in which one is not what was bought."""

from __future__ import annotations

from harness.finding import Direction, Impact, Rule, Severity

__all__ = ["VIDEO_RULES"]

_BREAKS, _BILL, _OUTPUT = (Impact.BREAKS,), (Impact.BILL, Impact.OUTPUT), (Impact.OUTPUT,)


def _row(
    name: str,
    summary: str,
    advice: str,
    impact: tuple[Impact, ...],
    severity: Severity = Severity.ERROR,
) -> Rule:
    return Rule(
        id=f"video.{name}",
        severity=severity,
        summary=summary,
        advice=advice,
        direction=Direction.RESPONSE,
        impact=impact,
    )


_COMPLAIN = "The job is paid: show the provider the file's digest, and check every file before you use it."

VIDEO_RULES: tuple[Rule, ...] = (
    _row("not-a-video", "What the output's address delivers is no video.", _COMPLAIN, _BREAKS),
    _row("truncated", "The video ends before what its own index says that it holds.", _COMPLAIN, _BREAKS),
    _row("unreadable", "The video is broken: a sound reader does not get through it.", _COMPLAIN, _BREAKS),
    _row(
        "over-limit",
        "The file, or what it says of itself, is larger than any video that is sold here.",
        "Do not hand such a file to a player or a converter of yours; show it to the provider.",
        _BREAKS,
    ),
    _row(
        "container",
        "The video comes in another container than documented.",
        "Read the container from the file, not from its name.",
        _BREAKS,
    ),
    _row(
        "duration",
        "The video is not as long as was asked for.",
        "Measure what you get; ask the provider what it bills by.",
        _BILL,
    ),
    _row(
        "aspect-ratio",
        "The video has another shape than was asked for.",
        "Measure what you get before you publish it.",
        _OUTPUT,
    ),
    _row("resolution", "The video has another size than documented.", "Measure what you get.", _OUTPUT),
    _row(
        "audio",
        "The video has sound that was not asked for, or none that was.",
        "See what the provider bills for audio, and what it takes for the parameter.",
        _BILL,
    ),
    _row(
        "parameter-ignored",
        "A parameter was sent, and the video is what the default makes: the parameter was ignored.",
        "See that the name and the type are those of this seller; then show the provider the request.",
        _BILL,
    ),
    _row(
        "default-changed",
        "A parameter was left out, and the video is not what its documented default makes.",
        "Send the parameter always; what a request leaves out, the provider decides.",
        _BILL,
    ),
    _row(
        "url-dead",
        "The address of the output is refused or unknown as soon as it is given out (403, 404, 410).",
        "The job is paid: ask the provider for its output, and fetch at once next time.",
        _BREAKS,
    ),
    _row(
        "url-lifetime",
        "The address of the output ended before its documented time was over.",
        "Fetch a video as soon as its job has ended, and keep it yourself.",
        _BREAKS,
    ),
)
