"""Out of a refused request, the smallest one that is refused as well: halves of what it adds are tried."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.generate.case import Case, Kind
from harness.spec.pointer import MISSING, join, resolve

__all__ = ["Narrowed", "narrowed"]

_Assignment = tuple[tuple[str, ...], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """The smallest request that was refused, and what it has beyond the minimal one: (pointer, value)."""

    case: Case
    culprits: tuple[tuple[str, Any], ...]

    def explains(self, body: Any) -> bool:
        """Whether another request has all of it, too."""
        return all(_same(resolve(body, pointer), value) for pointer, value in self.culprits)


async def narrowed(
    refused: Case,
    base: Mapping[str, Any],
    accepted: Sequence[Any],
    is_refused: Callable[[Case], Awaitable[bool | None]],
) -> Narrowed:
    """What is left of a refused request. `is_refused` sends one more and says None where it may not.

    What stood in an accepted request is not suspected first. Each try may make a job.
    """
    added = [each for each in _leaves(refused.body, ()) if not _has(base, each)]
    suspects = [each for each in added if not any(_has(body, each) for body in accepted)]
    case, left = refused, added
    if suspects and len(suspects) < len(added):
        smaller = _case(base, suspects)
        if await is_refused(smaller):
            case, left = smaller, suspects
    while len(left) > 1:
        half = len(left) // 2
        for part in (left[:half], left[half:]):
            smaller = _case(base, part)
            if await is_refused(smaller):
                case, left = smaller, part
                break
        else:
            break  # it takes several of them together, or no more may be sent
    return Narrowed(case=case, culprits=tuple((join(path), value) for path, value in left))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[_Assignment]:
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from _leaves(member, (*path, name))
    else:
        yield path, value


def _case(base: Mapping[str, Any], assignments: Sequence[_Assignment]) -> Case:
    body: dict[str, Any] = copy.deepcopy(dict(base))
    for path, value in assignments:
        inside = body
        for step in path[:-1]:
            inside = inside.setdefault(step, {})
        inside[path[-1]] = value
    return Case(body=body, kind=Kind.VALID, why=", ".join(join(path) for path, _ in assignments))


def _has(body: Any, assignment: _Assignment) -> bool:
    return _same(resolve(body, join(assignment[0])), assignment[1])


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, and nothing is not null."""
    if one is MISSING or other is MISSING:
        return one is other
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
