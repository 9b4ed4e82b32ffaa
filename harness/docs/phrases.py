"""Facets out of the words of one cell or one description: types, defaults, ranges, lists of values.

Each function takes the few words that stand beside one parameter, never a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from harness.docs.blocks import plain_text

__all__ = ["default_of", "facets_of", "is_dash", "literal", "required_of", "type_of", "typed", "values_of"]

_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("string", "str", "text", "url", "uri", "file", "uuid"), "string"),
    **dict.fromkeys(("integer", "int", "int32", "int64", "long"), "integer"),
    **dict.fromkeys(("number", "float", "double", "decimal"), "number"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("object", "dict", "map", "json"), "object"),
    **dict.fromkeys(("array", "list"), "array"),
    "null": "null",
}
_NUMBER = r"-?\d+(?:,\d{3})*(?:\.\d+)?"
_DASH = "\u2013\u2014-"
_RANGE = re.compile(rf"\b[Rr]ange:?\s*`?\[?\s*({_NUMBER})\s*(?:,|[{_DASH}]|to|~)\s*({_NUMBER})")
_INEQUALITY = re.compile(rf"({_NUMBER})\s*(?:<=|≤)\s*\w+\s*(?:<=|≤)\s*({_NUMBER})")
_BARE_RANGE = re.compile(rf"\[?\s*({_NUMBER})\s*(?:[{_DASH}]|to|~)\s*({_NUMBER})\s*\]?")
_LIST = re.compile(
    r"(?:One of|(?:[Oo]ptional|[Pp]ossible|[Aa]llowed|[Aa]ccepted|[Ss]upported) values"
    r"|[Ss]upports|[Oo]ptions|[Ee]num):\s*(?P<list>[^\n]*)"
)
_DEFAULT = re.compile(r"\b[Dd]efault(?:\s+value)?(?:\s+is|:)\s*(?P<value>`[^`]*`|\"[^\"]*\"|[^\s,;)]+)")
_LONGEST = re.compile(
    rf"(?:[Mm]ax(?:imum)?(?: length)?(?: of)?|[Uu]p to|at most|no more than)[: ]+({_NUMBER})"
    r" (?:characters|chars)"
)
_LENGTH = re.compile(rf"({_NUMBER})\s*(?:[{_DASH}]|to)\s*({_NUMBER}) characters")
_FORMAT = re.compile(r"\bFormat: `?([a-z][\w-]*)`?")
_CODE = re.compile(r"`([^`]+)`")


def is_dash(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return plain_text(text) in ("-", "--", "\u2014", "\u2013", "none", "None", "N/A", "n/a")


def type_of(text: str) -> tuple[Any, str | None, str | None]:
    """`(type, format, type of the elements)` of a type's cell; `(None, None, None)` where it names none."""
    words = plain_text(text).strip()
    inner = re.fullmatch(r"(?:array|list)\s*(?:<|of |\[)\s*(.*?)s?\s*[>\]]?", words, re.IGNORECASE)
    inner = inner or re.fullmatch(r"(\w+)\[\]", words)
    if inner is not None and inner[1]:
        return "array", None, _TYPES.get(inner[1].lower())
    found, form = [], None
    for part in re.split(r"\s*(?:\||/|\bor\b|,)\s*", re.sub(r"\(.*?\)", "", words)):
        name = part.strip().lower().removesuffix("| null")
        if name not in _TYPES:
            continue
        found.append(_TYPES[name])
        form = {"url": "uri", "uri": "uri", "uuid": "uuid"}.get(name, form)
    if found == ["string"] and re.search(r"\((?:url|uri)\)", words, re.IGNORECASE):
        form = "uri"
    if found == ["string"] and re.search(r"\(uuid\)", words, re.IGNORECASE):
        form = "uuid"
    unique = list(dict.fromkeys(found))
    if not unique:
        return None, None, None
    return unique[0] if len(unique) == 1 else unique, form, None


def required_of(text: str) -> bool | None:
    """What a cell of the column Required says; None for "one of"."""
    word = plain_text(text).lower()
    if word in ("yes", "true", "required", "y", "✓", "✅", "always"):
        return True
    if word in ("no", "false", "optional", "n", "✗", "❌") or word.startswith("if "):
        return False
    return None


def literal(text: str) -> Any:
    """A value as it is written: JSON where it is JSON, else the bare words."""
    bare = text.strip()
    spans = _CODE.fullmatch(bare)
    bare = plain_text(bare) if spans is None else spans[1].strip()
    try:
        return json.loads(bare)
    except ValueError:
        return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "'" else bare


def typed(value: Any, kind: Any) -> Any:
    """A value as the declared type has it, where its written form leaves that open: "10" for a string 10."""
    if kind == "string" and isinstance(value, (int, float)):
        return str(value).lower() if isinstance(value, bool) else f"{value}"
    if kind in ("integer", "number") and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    if kind == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


def default_of(text: str, kind: Any) -> Any:
    """The value of a cell of the column Default, as its type has it."""
    return typed(literal(text), kind)


def values_of(text: str, kind: Any) -> list[Any]:
    """The values of a list such as "`5`, `10`" or "9:16, 16:9, or 1:1."."""
    spans = _CODE.findall(text)
    parts = spans or re.split(r",\s*(?:or\s+|and\s+)?|\s+or\s+", plain_text(text).rstrip(". "))
    found = [typed(literal(part.strip().rstrip(".")), kind) for part in parts if part.strip()]
    return list(dict.fromkeys(value for value in found if not isinstance(value, (list, dict))))


def facets_of(text: str, kind: Any, *, is_constraint: bool = False) -> dict[str, Any]:
    """The facets that a description states, or a cell of the column Constraints."""
    found: dict[str, Any] = {}
    found.update(_bounds(text, kind))
    found.update(_lengths(text, kind, found))
    listed = _LIST.search(text)
    if listed is not None and kind not in ("object", "array", "boolean"):
        found.update(_listed(text, listed["list"], kind))
    default = _DEFAULT.search(text)
    if default is not None:
        value = default["value"].rstrip(".") if default["value"][:1] not in '`"' else default["value"]
        found["default"] = typed(literal(value), kind)
    form = _FORMAT.search(text)
    if form is not None:
        found["format"] = form[1]
    if is_constraint and not found:
        found.update(_constraint(text, kind))
    return found


def _constraint(text: str, kind: Any) -> dict[str, Any]:
    """What a bare cell says: two numbers with a dash are a range, 5,10 a list."""
    bare = plain_text(text)
    span = _BARE_RANGE.fullmatch(bare)
    if span is not None and kind in ("integer", "number"):
        return {"minimum": _number(span[1]), "maximum": _number(span[2])}
    longest = re.fullmatch(rf"max(?:imum)?:? ?({_NUMBER})", bare)
    if longest is not None:
        return {"maxLength" if kind == "string" else "maximum": _number(longest[1])}
    if "," in bare and " " not in bare.replace(", ", ","):
        return {"enum": values_of(bare, kind)}
    return {}


def _bounds(text: str, kind: Any) -> dict[str, Any]:
    plain = plain_text(text)
    span = _RANGE.search(plain) or _INEQUALITY.search(plain)
    if span is None:
        return {}
    low, high = ("minLength", "maxLength") if kind == "string" else ("minimum", "maximum")
    if kind == "array":
        low, high = "minItems", "maxItems"
    return {low: _number(span[1]), high: _number(span[2])}


def _lengths(text: str, kind: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    if kind != "string" or "maxLength" in known:
        return {}
    plain = plain_text(text)
    span = _LENGTH.search(plain)
    if span is not None:
        return {"minLength": _number(span[1]), "maxLength": _number(span[2])}
    longest = _LONGEST.search(plain)
    return {"maxLength": _number(longest[1])} if longest is not None else {}


def _listed(text: str, words: str, kind: Any) -> dict[str, Any]:
    """The list after "One of:", as far as its sentence goes, or the items of the list below it."""
    if not words.strip():
        items = re.findall(r"^\s*[-*]\s+`([^`]+)`", text, re.MULTILINE)
        return {"enum": [typed(literal(item), kind) for item in items]} if items else {}
    spans = _CODE.findall(words)
    if not spans:
        words = re.split(r"\.(?:\s|$)|;", words)[0]
    values = values_of(words, kind)
    return {"enum": values} if values else {}


def _number(text: str) -> int | float:
    number = float(text.replace(",", ""))
    return int(number) if number.is_integer() and "." not in text else number
