"""The rule table of translation: what a request loses, or keeps only by being written otherwise."""

from __future__ import annotations

from harness.finding import Direction, Impact, Rule, Severity

__all__ = [
    "DEFAULT_DIFFERS",
    "DEFAULT_PINNED",
    "DEFAULT_UNKNOWN",
    "DROPPED",
    "KEEP",
    "LIMIT",
    "NOT_CARRIED",
    "OTHER_MODEL",
    "OUTSIDE",
    "REQUIRED",
    "ROUNDED",
    "RULES",
    "SCALED",
    "SCALE_UNSAID",
    "TYPE",
    "UNKNOWN",
]

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_BREAKS, _OUTPUT = (Impact.BREAKS,), (Impact.OUTPUT,)


def _row(name: str, severity: Severity, summary: str, advice: str, impact: tuple[Impact, ...] = ()) -> Rule:
    return Rule(
        id=f"translate.{name}",
        severity=severity,
        summary=summary,
        advice=advice,
        direction=Direction.REQUEST,
        impact=impact,
    )


DROPPED = _row(
    "dropped",
    _ERROR,
    "The other seller documents no parameter for a value of the request, so it is left out.",
    "Do without it, or choose a seller that has it; nobody documents what happens instead.",
)
NOT_CARRIED = _row(
    "not-carried",
    _ERROR,
    "An address, a secret or an account that was given to one seller is not handed to another.",
    "Give the other seller's own on purpose: `--set POINTER=VALUE`.",
)
UNKNOWN = _row(
    "unknown",
    _ERROR,
    "The request has something that its own seller does not document; it is left out.",
    "Correct the name, or leave it out: what it means is not known, so it cannot be translated.",
)
DEFAULT_PINNED = _row(
    "default-pinned",
    _INFO,
    "The request relied on a default that the other seller does not have; it is written out now.",
    "Nothing to do: the video stays the same.",
)
DEFAULT_DIFFERS = _row(
    "default-differs",
    _ERROR,
    "The request relied on there being no default, and the other seller's applies where nothing is sent.",
    "Send a value on purpose.",
)
DEFAULT_UNKNOWN = _row(
    "default-unknown",
    _WARNING,
    "The request leaves a parameter out, and what it gets then cannot be kept equal: a side does not say.",
    "Send a value on purpose.",
)
SCALE_UNSAID = _row(
    "scale-unsaid",
    _ERROR,
    "The documented ranges differ, and nothing says how a value of one reads on the other; it is left out.",
    "Say which reading is right: `--guidance-scale same` or `--guidance-scale proportional`.",
    _OUTPUT,
)
SCALED = _row(
    "scaled",
    _INFO,
    "A value was carried between two ranges by the reading that was asked for.",
    "Nothing to do, if the reading is right; no document says that it is.",
)
ROUNDED = _row(
    "rounded",
    _INFO,
    "A scaled value does not come back exactly.",
    "Nothing to do: the difference is in the last digit.",
)
OUTSIDE = _row(
    "outside",
    _ERROR,
    "A value is none that the other seller documents; it is kept, and the request will be refused.",
    "Choose a documented value; none is chosen for you.",
    _BREAKS,
)
LIMIT = _row(
    "limit",
    _ERROR,
    "A text is longer than the other seller documents; it is never cut.",
    "Shorten it yourself.",
    _BREAKS,
)
REQUIRED = _row(
    "required",
    _ERROR,
    "The other seller demands a parameter that nothing in the request gives.",
    "Give it: `--set POINTER=VALUE`.",
    _BREAKS,
)
TYPE = _row(
    "type",
    _INFO,
    "The same value is written with another JSON type.",
    'Nothing to do here; code that builds requests for both sellers must do so too (5 is not "5").',
)
OTHER_MODEL = _row(
    "other-model",
    _WARNING,
    "The two sellers sell another version or tier of the model: the same request makes another video.",
    "Compare sellers of one model, or change the model on purpose.",
    _OUTPUT,
)

RULES: tuple[Rule, ...] = (
    DROPPED,
    NOT_CARRIED,
    UNKNOWN,
    DEFAULT_PINNED,
    DEFAULT_DIFFERS,
    DEFAULT_UNKNOWN,
    SCALE_UNSAID,
    SCALED,
    ROUNDED,
    OUTSIDE,
    LIMIT,
    REQUIRED,
    TYPE,
    OTHER_MODEL,
)

KEEP: frozenset[str] = frozenset({DEFAULT_PINNED.id, SCALED.id, TYPE.id})
"""The ids of the rules that say how a value was kept, not that it was lost."""
