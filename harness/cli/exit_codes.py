"""Exit codes, and how a judgement becomes one. Other teams' scripts depend on these numbers."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.finding import Judgement

__all__ = ["ExitCode", "exit_code"]


class ExitCode(IntEnum):
    """What a command ends with. Precedence: 130, 2, 4, 1, 3, 0."""

    DONE = 0
    FINDINGS = 1
    BAD_INPUT = 2
    INCONCLUSIVE = 3
    REFUSED = 4
    INTERRUPTED = 130


def exit_code(judgement: Judgement, *, fail_on: str, inconclusive: str, is_stale: bool = False) -> ExitCode:
    """Findings at or above `fail_on` go before inconclusive; `inconclusive` is `fail` or `pass`.

    A monitor that has seen nothing for too long (`is_stale`) is inconclusive whatever `inconclusive` says.
    """
    from harness.finding import Severity, Verdict

    worst = judgement.worst()
    if worst is not None and worst.rank >= Severity(fail_on).rank:
        return ExitCode.FINDINGS
    if is_stale or (judgement.verdict is Verdict.INCONCLUSIVE and inconclusive == "fail"):
        return ExitCode.INCONCLUSIVE
    return ExitCode.DONE
