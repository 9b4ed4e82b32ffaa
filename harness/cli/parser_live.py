"""The arguments of the commands that open sockets. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

__all__ = [
    "DOCTOR",
    "JOBS",
    "RECORD",
    "REPLAY",
    "RESUME",
    "SIMULATE",
    "add_budget",
    "add_doctor",
    "add_jobs",
    "add_journal",
    "add_reach",
    "add_record",
    "add_replay",
    "add_resume",
    "add_simulate",
]

SIMULATE = "all providers as real HTTP servers on loopback, driven by their specs, with faults by name"
JOBS = "what the journal knows: jobs that are open, paid, possibly billed, given up, and what to do"
RESUME = "finish what the journal has open; nothing is submitted again"
RECORD = "one job, recorded into a cassette: from the simulator, or with --live from the provider"
REPLAY = "a cassette played through the client, with the network blocked: the job's life and the verdict"
DOCTOR = "keys, hosts, extras, places to write, and what to run next"

Command = Callable[[Any, str, str], argparse.ArgumentParser]
"""Adds a parser: `(commands, name, summary)`."""


def add_simulate(commands: Any, command: Command) -> None:
    """`harness simulate`."""
    parser = command(commands, "simulate", SIMULATE)
    parser.add_argument(
        "models", metavar="MODEL", nargs="*", help="an id, ID@DATE, ID@latest, or part of an id; default: all"
    )
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )
    parser.add_argument(
        "--revision",
        metavar="DATE",
        help="of the models that name none: latest, or a date (default: baseline)",
    )
    parser.add_argument(
        "--port",
        metavar="N",
        type=_whole(0, 65535),
        default=0,
        help="of the first provider, by name; the others follow it (default: 0, any free ports)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=int,
        default=0,
        help="of job ids, job times and chance faults (default: 0)",
    )
    parser.add_argument(
        "--time-scale",
        metavar="K",
        type=_above_zero,
        default=1.0,
        help="K provider seconds pass in one (default: 1)",
    )
    _life_and_faults(parser)


def _life_and_faults(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    parser.add_argument(
        "--fault",
        metavar="NAME[.OPERATION][:MODEL][@RATE]",
        action="append",
        default=[],
        help="let something go wrong, for one operation or model, or for a share from 0 to 1; repeatable",
    )
    parser.add_argument("--list-faults", action="store_true", help="show every fault by name, and end")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="of --list-faults (default: text)"
    )
    parser.add_argument(
        "--full-resolution", action="store_true", help="videos in the documented size, not in a small one"
    )


def add_jobs(commands: Any, command: Command) -> None:
    """`harness jobs`."""
    parser = command(commands, "jobs", JOBS)
    add_journal(parser)
    parser.add_argument(
        "--abandon",
        metavar="ENTRY",
        action="append",
        default=[],
        help="give an entry up: it stays counted as spent, and is not resumed; repeatable",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def add_resume(commands: Any, command: Command) -> None:
    """`harness resume`."""
    parser = command(commands, "resume", RESUME)
    add_journal(parser)
    add_reach(parser)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_above_zero,
        default=3600.0,
        help="how long to wait for each job, in provider seconds (default: 3600)",
    )
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def add_record(commands: Any, command: Command, findings: Callable[[argparse.ArgumentParser], None]) -> None:
    """`harness record`. `findings` adds the options of a command that judges."""
    parser = command(commands, "record", RECORD)
    findings(parser)
    parser.add_argument(
        "model", metavar="MODEL", nargs="?", help="an id, ID@DATE, ID@latest, or part of an id"
    )
    parser.add_argument("--to", metavar="DIR", help="where the cassette goes: DIR/PROVIDER/SLUG.MODE.yaml")
    parser.add_argument(
        "--body", metavar="FILE", help="the request, or - for stdin (default: what is required, and a prompt)"
    )
    parser.add_argument(
        "--mode",
        choices=("poll", "blocking", "events", "webhook"),
        default="poll",
        help="how the end of the job is waited for (default: poll)",
    )
    add_reach(parser)
    add_journal(parser)
    _spending(parser)
    parser.add_argument(
        "--expires-days",
        metavar="N",
        type=_whole(1, 3650),
        help="when the cassette begins to fail (default: 90 for a live one, never for a simulated one)",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_above_zero,
        default=3600.0,
        help="how long to wait for the job, in provider seconds (default: 3600)",
    )
    parser.add_argument("--public-url", metavar="URL", help="of this machine, for webhooks")
    parser.add_argument("--title", metavar="TEXT", help="what the cassette is, for people")
    parser.add_argument("--overwrite", action="store_true", help="record anew what is there already")
    parser.add_argument("--recover", metavar="FILE", help="make a cassette of a recording that was cut short")


def _spending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--live", action="store_true", help="the job may cost money; needs a budget")
    add_budget(parser)


def add_budget(parser: argparse.ArgumentParser) -> None:
    """What may be spent."""
    parser.add_argument(
        "--max-jobs",
        metavar="N",
        type=_whole(0, 1_000_000),
        help="the budget, in jobs (default: that of harness.yaml)",
    )
    parser.add_argument(
        "--max-cost-usd",
        metavar="X",
        type=_above_zero,
        help="the budget, in US dollars; needs a known price (default: that of harness.yaml)",
    )


def add_replay(commands: Any, command: Command, findings: Callable[[argparse.ArgumentParser], None]) -> None:
    """`harness replay`. `findings` adds the options of a command that judges."""
    parser = command(commands, "replay", REPLAY)
    findings(parser)
    parser.add_argument("cassette", metavar="CASSETTE", help="a vcrpy cassette that names its model")
    parser.add_argument(
        "--rhythm",
        choices=("at-once", "recorded"),
        default="at-once",
        help="wait as long as it took then, or not at all (default: at-once)",
    )


def add_doctor(commands: Any, command: Command) -> None:
    """`harness doctor`."""
    parser = command(commands, "doctor", DOCTOR)
    parser.add_argument(
        "--specs", metavar="DIR", action="append", default=[], help="add or overlay specs; repeatable"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="what you use (default: ./harness.yaml if there is one)"
    )
    add_journal(parser)
    parser.add_argument("--online", action="store_true", help="also look the hosts up and connect to them")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def add_journal(parser: argparse.ArgumentParser) -> None:
    """Where the journal is."""
    parser.add_argument(
        "--journal",
        metavar="FILE",
        default=".harness/journal.sqlite",
        help="the journal (default: .harness/journal.sqlite in the working directory)",
    )


def add_reach(parser: argparse.ArgumentParser) -> None:
    """Where providers are, and how fast their time passes."""
    parser.add_argument(
        "--base-url",
        metavar="PROVIDER=URL",
        action="append",
        default=[],
        help="reach a provider there, its key included; repeatable",
    )
    parser.add_argument(
        "--time-scale",
        metavar="K",
        type=_above_zero,
        default=1.0,
        help="K provider seconds pass in one (default: 1)",
    )


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} to {most}, got {text!r}")
        return int(text)

    return parse


def _above_zero(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number
