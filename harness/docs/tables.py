"""Tables of a page by what they list: parameters, HTTP statuses, status words, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harness.docs.blocks import Block, Cell
from harness.docs.fields import Shown
from harness.docs.phrases import literal, required_of

__all__ = ["columns", "http_status", "is_parameters", "kind_of_table", "shown_rows"]

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("parameter", "field", "name", "input field", "property", "param", "key", "argument", "member"),
    "type": ("type", "data type"),
    "required": ("required", "required?", "always present", "mandatory"),
    "default": ("default", "default value", "defaults"),
    "constraints": ("constraints", "constraint", "range", "allowed values", "values", "limits"),
    "description": ("description", "notes", "details", "meaning", "error"),
    "status": ("status", "code", "http status", "status code"),
    "body": ("body", "response body", "example"),
    "condition": ("condition", "case"),
    "value": ("value",),
}
_STATUS = re.compile(r"([1-5])(\d\d|xx)", re.IGNORECASE)


def columns(table: Block) -> dict[str, int]:
    """What each column is -> its index."""
    found: dict[str, int] = {}
    for index, cell in enumerate(table.rows[0] if table.rows else ()):
        for role, names in _COLUMNS.items():
            if cell.plain.lower() in names:
                found.setdefault(role, index)
    return found


def kind_of_table(table: Block) -> str:
    """`parameters`, `properties` (name and value), `statuses` (HTTP), `words` (of a job), or empty."""
    roles = columns(table)
    if "status" in roles and "type" not in roles and "name" not in roles:
        return (
            "statuses" if any(http_status(row[roles["status"]].plain) for row in table.rows[1:]) else "words"
        )
    if "name" in roles and roles.keys() & {"type", "required", "default", "description"}:
        return "properties" if "value" in roles and "type" not in roles else "parameters"
    return "properties" if "name" in roles and "value" in roles else ""


def is_parameters(table: Block) -> bool:
    """Whether a table lists parameters or members."""
    return kind_of_table(table) == "parameters"


def http_status(text: str) -> str | None:
    """`404`, `5XX`, out of a cell or a heading that begins with one."""
    found = _STATUS.match(text.strip("` "))
    return f"{found[1]}{found[2].upper()}" if found is not None else None


def shown_rows(table: Block, *, required: bool | None = None) -> Iterator[Shown]:
    """Each row of a parameter table. `required` is what the heading says of all of them."""
    roles = columns(table)
    coded = any(_is_value(row[roles["default"]]) for row in table.rows[1:] if "default" in roles)
    for row in table.rows[1:]:
        cells = {role: row[index] for role, index in roles.items() if index < len(row)}
        name = cells["name"].plain
        if not name:
            continue
        default = cells["default"].text if "default" in cells else None
        own = required_of(cells["required"].text) if "required" in cells else required
        yield Shown(
            name=name,
            place=cells["name"].place,
            kind=cells["type"].text if "type" in cells else None,
            required=own,
            default=default,
            constraints=cells["constraints"].text if "constraints" in cells else None,
            description=cells["description"].text if "description" in cells else "",
            default_is_prose=coded and default is not None and _is_prose(default),
        )


def _is_value(cell: Cell) -> bool:
    return cell.text.startswith("`")


def _is_prose(text: str) -> bool:
    """Words without a mark of code, where other defaults of the table have one."""
    return not text.startswith("`") and isinstance(literal(text), str) and not text.startswith('"')
