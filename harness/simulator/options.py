"""What one simulator is asked to be, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from harness.errors import OperatorError

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of one simulator.

    `models` are references (`ID`, `ID@DATE`, `ID@latest`, or any unambiguous part; none: every baseline);
    `revision` is `latest` or a date for those that name none. `port` is the first port, 0 for any free ones.
    `time_scale` provider seconds pass in one real second. `faults` are orders as `parse_order` reads them.
    """

    models: tuple[str, ...] = ()
    revision: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 0
    time_scale: float = 1.0
    faults: tuple[str, ...] = ()
    full_resolution: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.time_scale < float("inf"):
            raise OperatorError(f"--time-scale: expected a number above 0, got {self.time_scale}")
        if not 0 <= self.port <= 65535:
            raise OperatorError(f"--port: expected 0 to 65535, got {self.port}")
