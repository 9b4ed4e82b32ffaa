"""What to ask a vendor, as the sentence that one would send to it."""

from __future__ import annotations

from collections.abc import Mapping

from harness.decision.model import Question
from harness.report.values import cell_text, facet_text, parameter_text
from harness.report.visible import visible

__all__ = ["question_text"]


def question_text(question: Question, names: Mapping[str, str]) -> str:
    """The question in a sentence, with what the others document. `names` are providers by model."""
    if question.contradiction is not None:
        return f"Which of these holds? {visible(question.contradiction)}"
    what = parameter_text(question.parameter)
    asked = _ASKED.get((question.parameter, question.facet)) or _FACETS.get(question.facet)
    text = (asked or "What do your documents say of {what}, {facet}?").format(
        what=what, facet=facet_text(question.parameter, question.facet)
    )
    others = [
        f"{visible(names.get(model, model))}: {cell_text(question.parameter, question.facet, value)}"
        for model, value in question.others.items()
    ]
    told = f" Documented elsewhere: {visible('; '.join(others), 400).rstrip('.')}." if others else ""
    return f"{visible(text)}{told}"


_FACETS: Mapping[str, str] = {
    "default": "What does a request get that leaves {what} out?",
    "presence": "Is there a parameter for {what}, and what happens to one that you do not know?",
    "maxLength": "How many characters may {what} have?",
    "minLength": "How many characters must {what} have?",
    "enum": "Which values may {what} have?",
    "minimum": "What is the lowest value of {what}?",
    "maximum": "What is the highest value of {what}?",
}
_ASKED: Mapping[tuple[str, str], str] = {
    (
        "completion",
        "webhook",
    ): "Do you call a webhook when a job ends, with which body, and how often do you retry?",
    ("completion", "events"): "Is there a stream of events for the end of a job?",
    ("completion", "blocking"): "Is there a call that answers when the video is ready?",
    ("job", "cancel"): "Can a job be cancelled, and is it billed then?",
    ("limits", "rate"): "How many requests a minute may be sent, and what does one more get?",
    ("limits", "concurrency"): "How many jobs may run at once, and what happens to one more?",
    (
        "price",
        "price",
    ): "What does a second of video cost, with and without sound, and is a failed job billed?",
    ("latency", "poll"): "How long does a job take as a rule, and how long at most?",
    ("latency", "blocking"): "How long does a blocking call take, if there is one?",
    (
        "validation",
        "time",
    ): "Which parameters are judged when a job is submitted, and is a later refusal billed?",
    ("errors", "statuses"): "Which HTTP statuses report which errors?",
    ("errors", "message"): "Where in an error's body does its message stand?",
    ("status", "queued"): "Which word does the status of a waiting job have?",
}
