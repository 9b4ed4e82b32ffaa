"""Changes of what may be sent, judged by the requests that the user really sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from typing import Any

from harness.compare.values import form, shown
from harness.finding import Impact, Severity
from harness.spec.pointer import matches
from harness.use.bill import bill_words
from harness.use.case import Case, Weighed, counted, names_of
from harness.use.model import Sent

__all__ = ["WEIGHERS"]

Weigher = Callable[[Case], "Weighed | None"]

_NOTHING_SENT = "you send no request to {operation}"
_MOST_VALUES = 3


def _info(words: str) -> Weighed:
    return Weighed(severity=Severity.INFO, words=words)


def _error(words: str) -> Weighed:
    return Weighed(severity=Severity.ERROR, words=words)


def _of_sent(judge: Weigher) -> Weigher:
    """A judge that is asked only where it is said what is sent, and something is."""

    def asked(case: Case) -> Weighed | None:
        if case.sent is None or not case.is_in_body:
            return None
        if not case.sent:
            return _info(_NOTHING_SENT.format(operation=case.finding.operation or "this model"))
        return judge(case)

    return asked


def _all_of(sent: Sequence[Sent]) -> str:
    return "the one request that you send" if len(sent) == 1 else f"all {len(sent):,} requests that you send"


def _leave(relying: Sequence[Sent]) -> str:
    return f"{names_of(relying)} {'leaves' if len(relying) == 1 else 'leave'}"


def _have(sending: Sequence[Sent]) -> str:
    return f"{names_of(sending)} {'sends' if len(sending) == 1 else 'send'}"


def _sets(case: Case) -> str:
    sent = case.sent or ()
    return f"{_all_of(sent)} {'sets' if len(sent) == 1 else 'set'} {case.field}"


# ---- what is left out


def _pinned(case: Case) -> Weighed:
    around = case.field.rpartition("/")[0]
    if around and not case.sending():
        return _info(f"no request that you send has {around}, so no default in it reaches you")
    return _info(f"{_sets(case)}, so no default of it reaches you")


def _default(case: Case) -> Weighed:
    relying = case.relying()
    if not relying:
        return _pinned(case)
    before, after = case.finding.expected, case.finding.observed
    head = f"{_leave(relying)} {case.field} out"
    bill = bill_words(case, relying, before, after)
    tail = f"; {bill}" if bill else ""
    if before is None:
        words = f"{head} and {_get(relying)} {shown(after)} by what is said now; before, nothing was said"
        return Weighed(severity=case.finding.severity, words=words + tail)
    if after is None:
        return _error(f"{head} and relied on {shown(before)}; no default is documented now{tail}")
    return _error(f"{head} and {_get(relying)} {shown(after)} instead of {shown(before)}{tail}")


def _get(sent: Sequence[Sent]) -> str:
    return "gets" if len(sent) == 1 else "get"


def _added_default(case: Case) -> Weighed:
    relying = case.relying()
    if not relying:
        return _pinned(case)
    after = _new_default(case)
    got = "its default" if after is None else shown(after)
    bill = bill_words(case, relying, None, after)
    return _error(
        f"{_leave(relying)} {case.field} out and {_get(relying)} {got}{f'; {bill}' if bill else ''}"
    )


def _new_default(case: Case) -> Any:
    request = case.spec.operations.get(case.finding.operation or "") if case.spec is not None else None
    schema: Any = request.request.schema if request is not None and request.request is not None else {}
    for name in case.field.split("/")[1:]:
        schema = schema.get("properties", {}).get(name, {})
    return schema.get("default")


def _required(case: Case) -> Weighed:
    missing = case.relying()
    if not missing:
        return _info(f"{_sets(case)} already")
    return _error(f"{_leave(missing)} {case.field} out and will be refused")


# ---- what is sent


def _gone(case: Case) -> Weighed:
    sending = case.sending()
    if not sending:
        return _info(f"no request that you send has {case.field}")
    return _error(f"{_have(sending)} {case.field}: refused from now on, or ignored")


def _renamed(case: Case) -> Weighed:
    sending = case.sending()
    if not sending:
        return _info(f"no request that you send has {case.field}")
    return _error(f"{_have(sending)} {case.field}, which is called {shown(case.finding.observed)} now")


def _touched(case: Case) -> Weighed:
    """What is sent means something else, or is billed otherwise."""
    sending = case.sending()
    if not sending:
        return _info(f"no request that you send has {case.field}")
    values = ", ".join(dict.fromkeys(shown(value) for _, value in _values(sending, case.field)))
    return Weighed(
        severity=case.finding.severity,
        words=f"{_have(sending)} {case.field} ({values}): it may do something else now",
    )


def _narrowed(case: Case) -> Weighed:
    allowed = _JUDGES.get(case.finding.facet or "")
    if allowed is None:
        return _touched(case)
    bound = case.finding.observed
    outside = [
        (sent, value) for sent, value in _values(case.sent or (), case.field) if not allowed(value, bound)
    ]
    if not outside:
        sending = case.sending()
        what = f"every value of {case.field} that you send is within it" if sending else None
        return _info(what or f"no request that you send has {case.field}")
    told = ", ".join(f"{sent.name} sends {shown(value)}" for sent, value in outside[:_MOST_VALUES])
    more = f" and {counted(len(outside) - _MOST_VALUES, 'more')}" if len(outside) > _MOST_VALUES else ""
    return _error(f"{told}{more}: refused from now on")


def _values(sent: Sequence[Sent], field: str) -> Iterator[tuple[Sent, Any]]:
    for one in sent:
        yield from ((one, value) for _, value in matches(one.body, field))


def _scale(case: Case) -> Weighed:
    """A value within both ranges means something else; one that falls out is refused besides."""
    narrowed = _narrowed(case)
    return (
        narrowed
        if Impact.BREAKS in case.finding.impact and narrowed.severity is Severity.ERROR
        else _touched(case)
    )


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _of_number(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, bound: not _number(value) or test(value, bound)


def _of_length(kind: type[Sized], test: Callable[[int, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, bound: not isinstance(value, kind) or test(len(value), bound)


def _one_of(value: Any, allowed: Any) -> bool:
    listed = allowed if isinstance(allowed, list) else [allowed]
    return form(value) in {form(each) for each in listed}


def _multiple(value: Any, of: Any) -> bool:
    quotient = value / of
    return bool(abs(quotient - round(quotient)) < 1e-9)


def _matches(value: Any, pattern: Any) -> bool:
    """Whether a text has the form; where Python cannot read the pattern, it cannot be said, so: no."""
    try:
        return not isinstance(value, str) or re.search(str(pattern), value) is not None
    except re.error:
        return False


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _number(value) and float(value).is_integer(),
    "number": _number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, Mapping),
}


def _has_type(value: Any, types: Any) -> bool:
    listed = types if isinstance(types, list) else [types]
    return any(_TYPES.get(str(name), lambda _: False)(value) for name in listed)


_JUDGES: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": _of_number(lambda value, bound: value >= bound),
    "maximum": _of_number(lambda value, bound: value <= bound),
    "exclusiveMinimum": _of_number(lambda value, bound: value > bound),
    "exclusiveMaximum": _of_number(lambda value, bound: value < bound),
    "multipleOf": _of_number(_multiple),
    "minLength": _of_length(str, lambda length, bound: length >= bound),
    "maxLength": _of_length(str, lambda length, bound: length <= bound),
    "minItems": _of_length(list, lambda length, bound: length >= bound),
    "maxItems": _of_length(list, lambda length, bound: length <= bound),
    "uniqueItems": lambda value, _: (
        not isinstance(value, list) or len({form(each) for each in value}) == len(value)
    ),
    "enum": _one_of,
    "const": _one_of,
    "pattern": _matches,
    "type": _has_type,
    "nullable": _has_type,
}
"""Whether a value that is sent keeps inside the new bound, by facet."""


def _validation(case: Case) -> Weighed:
    sent = case.sent or ()
    return Weighed(
        severity=case.finding.severity,
        words=f"you send {counted(len(sent), 'request')} there: check them before you send them",
    )


WEIGHERS: Mapping[str, Weigher] = {
    "diff.request-default": _of_sent(_default),
    "diff.request-property-added-default": _of_sent(_added_default),
    "diff.request-property-added-required": _of_sent(_required),
    "diff.request-required": _of_sent(_required),
    "diff.request-property-removed": _of_sent(_gone),
    "diff.request-property-renamed": _of_sent(_renamed),
    "diff.request-limit-narrowed": _of_sent(_narrowed),
    "diff.request-enum-narrowed": _of_sent(_narrowed),
    "diff.request-type": _of_sent(_narrowed),
    "diff.request-nullable": _of_sent(_narrowed),
    "diff.request-form": _of_sent(_narrowed),
    "diff.request-scale": _of_sent(_scale),
    "diff.request-billing": _of_sent(_touched),
    "diff.validation": _of_sent(_validation),
}
"""The judges of changes of a request, by rule."""
