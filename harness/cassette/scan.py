"""Looking through a finished file for values that must not be in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.cassette.forms import found_forms, usable

__all__ = ["Leak", "scan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """One secret in one form; it does not say which secret.

    `interaction` counts from 0, in a cassette; `line` from 1, None where the value runs over several lines.
    """

    form: str
    interaction: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [f"a secret in {self.form} form" if self.form != "raw" else "a secret as it is"]
        parts += [f"interaction {self.interaction}"] if self.interaction is not None else []
        parts += [f"line {self.line}"] if self.line is not None else []
        return ", ".join(parts)


def scan(content: bytes | Path, secrets: Iterable[str]) -> tuple[Leak, ...]:
    """Every form in which a file, or its content, holds one of the secrets; () where it holds none."""
    raw = content.read_bytes() if isinstance(content, Path) else content
    text = _text(raw)
    found = [(secret, form) for secret in usable(secrets) for form in found_forms(text, secret)]
    if not found:
        return ()
    interactions = list(_interactions(raw))
    return tuple(
        Leak(form=form, interaction=_first(interactions, secret), line=_line(text, secret))
        for secret, form in found
    )


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _first(interactions: list[str], secret: str) -> int | None:
    holding = (index for index, text in enumerate(interactions) if any(found_forms(text, secret)))
    return next(holding, None)


def _line(text: str, secret: str) -> int | None:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if any(found_forms(line, secret))), None)


def _interactions(raw: bytes) -> Iterator[str]:
    """All texts of each interaction of a cassette; nothing for any other file."""
    if b"interactions" not in raw:
        return
    from vcr.serializers import yamlserializer

    try:
        data = yamlserializer.deserialize(_text(raw))  # JSON is YAML, too
    except Exception:  # whatever its parser raises: then the line must do
        return
    found = data.get("interactions") if isinstance(data, Mapping) else None
    for interaction in found if isinstance(found, list) else ():
        yield "\n".join(_strings(interaction))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from (str(name), *_strings(member))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)
    else:
        yield _text(value) if isinstance(value, bytes) else str(value)
