"""`harness conform`."""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cli.clock import system_clock
from harness.cli.exit_codes import ExitCode
from harness.cli.live import (
    budget_of,
    clock_of,
    journal_of,
    keyring_of,
    needs_live,
    network_of,
    use_of,
)
from harness.cli.output import deliver, note, read_input, store_of
from harness.cli.stdout import write_stdout
from harness.errors import OperatorError
from harness.finding import Judgement, Observed, Skipped
from harness.spec.model import Spec

if TYPE_CHECKING:
    from harness.client.budget import Budget
    from harness.client.calls import Endpoints
    from harness.client.journal import Journal
    from harness.client.keys import Keyring
    from harness.conform.judge import Online
    from harness.conform.offline import Offline
    from harness.conform.plan import Plan
    from harness.conform.run import Ran
    from harness.generate.case import Case
    from harness.probe.run import Prober

__all__ = ["run"]

_SIMULATOR = "simulator"
_SIMULATED_SCALE = 200.0


def run(arguments: argparse.Namespace) -> int:
    """Generates, judges in process, and sends what the budget covers."""
    needs_live("conform")
    if find_spec("hypothesis") is None:
        raise OperatorError("conform needs hypothesis: pip install 'video-api-harness[conform]'")
    spec = store_of(arguments).get(arguments.model)
    if arguments.time_scale is None:
        arguments.time_scale = _SIMULATED_SCALE if arguments.target == _SIMULATOR else 1.0
    with ExitStack() as stack:
        from harness.generate.cases import keeping_in

        stack.enter_context(keeping_in(Path(arguments.journal).parent / "hypothesis"))
        if arguments.dry_run:
            return _show(arguments, spec)
        reach = _reach(arguments, spec, stack)
        plan = _plan(arguments, spec, reach) if reach is not None else None
        _announce(arguments, spec, reach, plan)
        from harness.conform.offline import judge_offline

        offline = judge_offline(spec, count=arguments.examples, seed_number=arguments.seed)
        done = _Done(spec=spec, offline=offline, curl=_curl(spec, reach))
        if reach is not None:
            done = _sent(arguments, done, reach, plan)
    return _finish(arguments, done)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """Where the provider is, and the key to it."""

    endpoints: Endpoints
    keyring: Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What was done, tier by tier; None where a tier was not asked for."""

    spec: Spec
    offline: Offline
    curl: Callable[[Case], str]
    free: Judgement | None = None
    plan: Plan | None = None
    ran: Ran | None = None
    online: Online | None = None


def _reach(arguments: argparse.Namespace, spec: Spec, stack: ExitStack) -> _Reach | None:
    """The target, started if it is a simulator of our own; None where nothing is to be sent."""
    from harness.client.calls import Endpoints

    target = arguments.target
    if target is None:
        return None
    if target == _SIMULATOR:
        target = stack.enter_context(_simulator(arguments, spec))[spec.provider_id]
    elif "://" not in target:
        raise OperatorError(f"--target: expected simulator or a URL, got {target!r}")
    endpoints = Endpoints(overrides={spec.provider_id: target.rstrip("/")})
    keyring = keyring_of(endpoints, [(spec.provider_id, spec.provider.credential)], use_of(arguments))
    keyring.check_host(spec, endpoints.server(spec))
    return _Reach(endpoints=endpoints, keyring=keyring)


def _simulator(arguments: argparse.Namespace, spec: Spec) -> Any:
    from harness.simulator.process import running

    for library in ("av", "sse_starlette", "starlette", "uvicorn"):
        if find_spec(library) is None:
            raise OperatorError(
                f"--target simulator needs {library}: pip install 'video-api-harness[simulator]'"
            )
    specs = [word for directory in arguments.specs for word in ("--specs", directory)]
    scale, seed = f"{arguments.time_scale:g}", str(arguments.seed)
    return running(spec.ref, *specs, "--time-scale", scale, "--seed", seed)


# ---- the plan


def _budget(arguments: argparse.Namespace, spec: Spec) -> Budget | None:
    now = system_clock().utc_now()
    return budget_of(arguments, scope=f"conform {spec.ref} {now.isoformat()}")


def _plan(arguments: argparse.Namespace, spec: Spec, reach: _Reach) -> Plan | None:
    """What may be sent of T2 and T3; None without a budget, but where nothing costs anything."""
    from harness.client.keys import is_loopback, origin

    budget = _budget(arguments, spec)
    if budget is None and arguments.target != _SIMULATOR:
        if arguments.send_negatives:
            raise OperatorError("conform: --send-negatives needs a budget: --max-jobs N")
        return None
    host = origin(reach.endpoints.server(spec))[1]
    if not arguments.live and not is_loopback(host):
        raise OperatorError(f"{spec.ref}: jobs at {host} cost money; say that they may (--live)")
    return _planned(arguments, spec, budget)


def _planned(arguments: argparse.Namespace, spec: Spec, budget: Budget | None) -> Plan:
    from harness.conform.plan import plan_of

    given = None if arguments.body is None else _body(arguments.body)
    return plan_of(spec, budget=budget, send_negatives=arguments.send_negatives, given=given)


def _body(name: str) -> Mapping[str, Any]:
    content, shown = read_input(name)
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise OperatorError(f"{shown}: not JSON") from None
    if not isinstance(body, dict):
        raise OperatorError(f"{shown}: expected a JSON object")
    return body


def _announce(arguments: argparse.Namespace, spec: Spec, reach: _Reach | None, plan: Plan | None) -> None:
    """The tiers, before anything is sent."""
    note(f"T0, offline: {spec.ref}: every small request, and {arguments.examples} drawn of each kind")
    if reach is None:
        return
    server = reach.endpoints.server(spec)
    note(f"T1, free: {spec.ref} at {server}: probes with no key, a wrong key, and of an unknown job")
    if plan is None:
        return
    valid, invalid = len(plan.of_tier("T3")), len(plan.of_tier("T2"))
    note(f"T3, paid: {valid} valid requests, each a job; T2, may be billed: {invalid} invalid requests")
    bound = "the budget alone" if plan.most_created is None else f"{plan.most_created} jobs made"
    note(f"worst case: {plan.worst_jobs} jobs, if each invalid request is billed; it stops at {bound}")


def _show(arguments: argparse.Namespace, spec: Spec) -> int:
    """What would be sent."""
    plan = _planned(arguments, spec, _budget(arguments, spec))
    rows = [
        {"tier": each.tier, "why": each.case.why, "facet": each.case.facet, "body": each.case.body}
        for each in plan.sendings
    ]
    skipped = [{"what": each.what, "why": each.why} for each in plan.skipped]
    if arguments.format == "json":
        document = {"schema": "harness.conform-plan/1", "requests": rows, "skipped": skipped}
        write_stdout(json.dumps(document, indent=2))
        return ExitCode.DONE
    lines = [f"{row['tier']}  {row['why']}" for row in rows]
    lines += [f"not sent: {each['what']}: {each['why']}" for each in skipped]
    write_stdout(
        "\n".join([*lines, f"{len(rows)} requests, {plan.worst_jobs} jobs at worst; nothing was sent"])
    )
    return ExitCode.DONE


# ---- sending


def _sent(arguments: argparse.Namespace, done: _Done, reach: _Reach, plan: Plan | None) -> _Done:
    """T1, then T2 and T3."""
    from dataclasses import replace

    from harness.conform.judge import judge_run

    done = replace(done, free=asyncio.run(_free(arguments, done.spec, reach)))
    if plan is None:
        return done
    journal = journal_of(arguments, must_exist=False)
    if journal is None:
        raise AssertionError("it is made where there is none")
    try:
        ran = asyncio.run(_run(arguments, plan, reach, journal))
    finally:
        journal.close()
    return replace(done, plan=plan, ran=ran, online=judge_run(plan, ran, done.curl))


async def _free(arguments: argparse.Namespace, spec: Spec, reach: _Reach) -> Judgement:
    """What the free probes show; a request that may be billed is not among them."""
    from harness.client.keys import is_loopback, origin
    from harness.client.transport import Transport
    from harness.probe.plan import plan_of
    from harness.probe.run import Prober, judgement_of
    from harness.probe.sending import LIMITS, Sender

    transport = Transport(
        clock=clock_of(arguments),
        limits=LIMITS,
        keyring=reach.keyring,
        observer=_ignore,
        network=network_of(),
        name="conform",
    )
    local = is_loopback(origin(reach.endpoints.server(spec))[1])
    has_key = local or reach.keyring.has_key(spec.provider.credential)
    plan = plan_of(spec, has_key=has_key, allow_t2=False)
    try:
        sender = Sender(
            transport=transport, endpoints=reach.endpoints, keyring=reach.keyring, rng=random.SystemRandom()
        )
        prober: Prober = Prober(sender=sender)
        judgement = judgement_of([plan], await prober.run(plan))
    finally:
        await transport.close()
    skipped = tuple(each for each in judgement.observed.skipped if not each.what.endswith("invalid-request"))
    observed = Observed(exchanges=judgement.observed.exchanges, skipped=skipped)
    return Judgement(
        findings=judgement.findings,
        observed=observed,
        models=judgement.models,
        unobserved=judgement.unobserved,
    )


def _ignore(_message: object) -> None:
    """Probes are judged by who sends them."""


async def _run(arguments: argparse.Namespace, plan: Plan, reach: _Reach, journal: Journal) -> Ran:
    from harness.client.client import Client
    from harness.conform.run import Runner

    client = Client(
        [plan.spec],
        keyring=reach.keyring,
        journal=journal,
        clock=clock_of(arguments),
        budget=_budget(arguments, plan.spec),
        endpoints=reach.endpoints,
        network=network_of(),
        live=arguments.live,
        name="conform",
    )
    async with client:
        return await Runner(client=client, plan=plan, timeout_s=arguments.timeout).run()


# ---- what is said


def _curl(spec: Spec, reach: _Reach | None) -> Callable[[Case], str]:
    """Writes a case for a shell, at the server that is asked, else the documented one."""
    from harness.client.calls import Endpoints, build
    from harness.client.keys import Binding, Keyring, origin
    from harness.wire.curl import curl_line
    from harness.wire.message import HttpRequest

    endpoints = reach.endpoints if reach is not None else Endpoints()
    _, host, port = origin(endpoints.server(spec))
    slot = spec.provider.credential
    nobody = Keyring([Binding(slot=slot, variable="", hosts=(f"{host}:{port}",))], {slot: "nobody's"})

    def line(case: Case) -> str:
        call = build(spec, "submit", endpoints=endpoints, keyring=nobody, body=case.content)
        request = HttpRequest(method=call.method, url=call.url, headers=call.headers, body=call.body)
        return curl_line(spec, request, operation="submit")

    return line


def _finish(arguments: argparse.Namespace, done: _Done) -> int:
    judgement = Judgement(
        findings=done.offline.findings,
        observed=Observed(operations=1, facts=done.offline.facets, skipped=_not_sent(arguments, done)),
        models=(done.spec.ref,),
    )
    for more in (done.free, done.online.judgement if done.online is not None else None):
        judgement = judgement if more is None else judgement + more
    lines = _examples(done)
    if arguments.format != "json":
        for fingerprint, example in lines.items():
            note(f"{fingerprint}: {example['curl']}")
    extra = {"conform": {"seed": arguments.seed, "tiers": _tiers(done), "examples": lines}}
    return deliver(judgement, arguments, extra=extra)


def _not_sent(arguments: argparse.Namespace, done: _Done) -> tuple[Skipped, ...]:
    if arguments.target is None:
        return (Skipped(what=f"{done.spec.ref} T1, T2, T3", why="nothing is sent without --target"),)
    if done.online is None:
        return (Skipped(what=f"{done.spec.ref} T2, T3", why="they may be billed: they need a budget"),)
    return ()


def _examples(done: _Done) -> Mapping[str, Mapping[str, Any]]:
    """The smallest request for each finding, by fingerprint."""
    found = (*done.offline.examples, *(done.online.examples if done.online is not None else ()))
    return {
        fingerprint: {"body": case.content.decode("utf-8"), "curl": done.curl(case)}
        for fingerprint, case in found
    }


def _tiers(done: _Done) -> list[Mapping[str, Any]]:
    """What each tier rests on, and its verdict."""
    offline = done.offline
    rows: list[Mapping[str, Any]] = [
        {
            "tier": "T0",
            "verdict": "violates" if offline.findings else "conforms",
            "valid": offline.valid,
            "invalid": offline.invalid,
            "facets": offline.facets,
        }
    ]
    if done.free is not None:
        verdict = done.free.model_verdicts[done.spec.ref].value
        rows.append({"tier": "T1", "verdict": verdict, "answered": done.free.observed.exchanges})
    if done.online is not None and done.plan is not None and done.ran is not None:
        for tier, found in done.online.tiers:
            own = [each for each in done.ran.sent if each.sending.tier == tier]
            rows.append(
                {
                    "tier": tier,
                    "verdict": found.value,
                    "planned": len(done.plan.of_tier(tier)),
                    "sent": len(own),
                    "answered": sum(each.is_answered for each in own),
                    "refused": sum(each.is_refused for each in own),
                    "jobs": sum(each.jobs for each in own),
                }
            )
    return rows
