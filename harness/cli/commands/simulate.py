"""`harness simulate`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable
from importlib.util import find_spec

from harness.cli.clock import system_clock
from harness.cli.exit_codes import ExitCode
from harness.cli.output import note, store_of
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.simulator.options import Options
from harness.spec.store import SpecStore

__all__ = ["run"]

_LIBRARIES = ("av", "httpx", "sse_starlette", "starlette", "uvicorn")


def run(arguments: argparse.Namespace) -> int:
    """Serves until it is stopped, or lists the faults."""
    for library in _LIBRARIES:
        if find_spec(library) is None:
            raise OperatorError(f"simulate needs {library}: pip install 'video-api-harness[simulator]'")
    if arguments.list_faults:
        write_stdout(_fault_list(arguments.format))
        return ExitCode.DONE
    options = Options(
        models=tuple(arguments.models),
        revision=arguments.revision,
        port=arguments.port,
        seed=arguments.seed,
        time_scale=arguments.time_scale,
        faults=tuple(arguments.fault),
        full_resolution=arguments.full_resolution,
    )
    return asyncio.run(_serve(store_of(arguments), options, until_eof=arguments.until_eof))


async def _serve(store: SpecStore, options: Options, *, until_eof: bool) -> int:
    from harness.simulator.server import Simulator

    stopped, code = asyncio.Event(), [ExitCode.DONE]

    def interrupted() -> None:
        code[0] = ExitCode.INTERRUPTED
        stopped.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.add_signal_handler(signal.SIGINT, interrupted)
    async with Simulator(store, options, clock=system_clock()) as simulator:
        write_stdout(json.dumps({"base_urls": dict(simulator.base_urls)}))
        for words in simulator.notes:
            note(f"harness: {words}")
        if until_eof:
            _at_end_of_input(lambda: loop.call_soon_threadsafe(stopped.set))
        await stopped.wait()
    return code[0]


def _at_end_of_input(call: Callable[[], object]) -> None:
    """Calls once standard input has ended. Reads the descriptor itself: a thread that waits inside Python's
    buffered reader would hold its lock when the interpreter ends.
    """

    def read() -> None:
        try:
            while os.read(0, 65536):
                pass
        except OSError:
            pass  # closed is ended
        call()

    threading.Thread(target=read, daemon=True).start()


def _fault_list(form: str) -> str:
    from harness.simulator.faults.table import FAULTS

    if form == "json":
        rows = [
            {
                "name": fault.name,
                "stage": fault.stage,
                "does": fault.does,
                "sees": fault.sees,
                "operations": list(fault.operations),
                "nth": None if fault.nth is None else list(fault.nth),
            }
            for fault in FAULTS
        ]
        return json.dumps({"schema": "harness.faults/1", "faults": rows}, indent=2)
    lines = []
    for fault in FAULTS:
        lines.append(f"{fault.name}  ({fault.stage})")
        lines.append(f"    what happens: {fault.does}")
        lines.append(f"    what a correct client sees: {fault.sees}")
    return "\n".join(lines)
