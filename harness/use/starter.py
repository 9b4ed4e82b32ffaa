"""The `harness.yaml` and the workflow that `harness init` writes for a user to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.spec import yaml
from harness.spec.model import Job, Operation, Spec

__all__ = ["WORKFLOW", "starter_config", "starter_workflow"]

WORKFLOW = ".github/workflows/harness.yml"
"""Where the workflow stands in the user's repository."""

_HEAD = """\
# What we use of video APIs: findings are weighed by it. Change what is not true of you, and delete what you
# do not want to say: where nothing is said, nothing is concluded and the general severity stands.
format: 1

# One entry for each model, by its id; `ID@latest` or `ID@DATE` follows a revision of its documents.
models:
"""
_TAIL = """\

# Which variable holds each key, and the hosts it may be sent to. Nothing else gets a key.
credentials:
{credentials}
# What one command may spend, where --max-jobs and --max-cost-usd do not say. It needs --live all the same.
# budget: {{max_jobs: 2, max_cost_usd: 3.00}}

# How loud what concerns us is, by impact: info, warning or error.
# policy: {{bill: error, output: warning, breaks: error}}

# Findings that we accepted, each with a reason and a last day: harness waive FINGERPRINT
waivers: waivers.yaml

# What monitors saw last, for --max-staleness; keep it between runs (a cache, or a commit).
state: .harness/state.json

# The baseline that we accepted: `harness drift accept` writes it, and no upgrade moves it unseen. Name it
# here once it is written, and a run without it is refused.
# lock: harness.lock
"""


def starter_config(specs: Sequence[Spec]) -> str:
    """The text of a `harness.yaml` for these models, with the least request that each allows."""
    models = "".join(line for spec in specs for line in _model(spec))
    slots = {spec.provider.credential: spec for spec in specs}
    credentials = "".join(_credential(slot, spec) for slot, spec in sorted(slots.items()))
    return _HEAD + models + _TAIL.format(credentials=credentials)


def _credential(slot: str, spec: Spec) -> str:
    host = spec.server.partition("://")[2].partition("/")[0]
    variable = f"{slot.upper().replace('-', '_')}_API_KEY"
    return f"  {slot}: {{variable: {variable}, hosts: [{host}]}}\n"


def _model(spec: Spec) -> Iterator[str]:
    yield f"  {spec.id}:\n"
    yield "    # Every request that we send, as body or as file; per_month makes figures of the bill.\n"
    yield "    # This is the least that the documents allow, with every default in force: put yours here.\n"
    yield "    requests:\n"
    request = {"name": "least", "body": _least(spec.operations["submit"])}
    yield from _indented(yaml.dump([request]), 6)
    yield "        # per_month: 1000\n"
    yield "    # Every field of an answer that we read, by operation; `errors` are answers that report one.\n"
    yield "    reads:\n"
    yield from _indented(yaml.dump(_reads(spec)), 6)
    words = _status_words(spec)
    if words:
        yield "    # The words of the job's status that our code knows.\n"
        yield f"    status_words: {_flow(words)}\n"
    yield "    # What we pay: per second or per video; `when` names values that a request must have.\n"
    yield "    # prices:\n"
    yield "    #   - {per: second, amount: 0.07, currency: USD}\n"


def _flow(words: Sequence[str]) -> str:
    return f"[{', '.join(yaml.dump([word]).strip().removeprefix('- ') for word in words)}]"


def _indented(text: str, indent: int) -> Iterator[str]:
    return (f"{' ' * indent}{line}\n" for line in text.splitlines())


def _least(operation: Operation) -> Any:
    """A body with what is required and nothing else: so every default is in force, and its change is loud."""
    return _value(operation.request.schema if operation.request is not None else {})


def _value(schema: Mapping[str, Any]) -> Any:
    for keyword in ("const", "enum"):
        if keyword in schema:
            return schema["const"] if keyword == "const" else schema["enum"][0]
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        properties = schema.get("properties", {})
        return {name: _value(properties.get(name, {})) for name in schema.get("required", ())}
    if kind in ("number", "integer"):
        return schema.get("minimum", 1)
    if kind == "array":
        return []
    return kind == "boolean" or "a paper boat on a lake"


def _reads(spec: Spec) -> dict[str, list[str]]:
    """Where the job stands in the successful answers of each operation that has one."""
    found: dict[str, list[str]] = {}
    for name in ("submit", "poll"):
        responses = spec.operations[name].responses.values()
        jobs = [response.job for response in responses if response.job and response.status[0] == "2"]
        found[name] = list(dict.fromkeys(pointer for job in jobs for pointer in _pointers(job)))
    told = [r.error_message for r in (spec.errors.value or {}).values() if r.error_message is not None]
    found["errors"] = list(dict.fromkeys(told))
    return found


def _pointers(job: Job) -> Iterator[str]:
    yield from (pointer for pointer in (job.id, job.status, job.output) if pointer is not None)


def _status_words(spec: Spec) -> tuple[str, ...]:
    responses = spec.operations["poll"].responses.values()
    jobs = [response.job for response in responses if response.job is not None]
    return tuple(dict.fromkeys(word for job in jobs for word in job.states))


def starter_workflow(version: str) -> str:
    """The text of a nightly workflow that opens or updates one issue and gates no pull request."""
    return _WORKFLOW.replace("@VERSION@", version)


_WORKFLOW = """\
# Did a provider change what we use? Runs at night; opens or updates one issue; gates no pull request.
name: video API drift

on:
  schedule:
    - cron: "17 3 * * *"
  workflow_dispatch:

permissions:
  contents: read
  issues: write

concurrency:
  group: video-api-drift

jobs:
  drift:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    env:
      # How the harness is installed: a name and version of your package index, a wheel, or a git+https URL.
      INSTALL: "video-api-harness[live]==@VERSION@"
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - name: Install
        run: python -m pip install --quiet "$INSTALL"
      - name: What was seen last
        uses: actions/cache@v4
        with:
          path: .harness
          key: harness-state-${{ github.run_id }}
          restore-keys: harness-state-
      - name: Drift
        id: drift
        run: |
          code=0
          harness drift docs --format github --inconclusive pass --max-staleness 7d \\
            --report markdown=drift.md --report json=drift.json || code=$?
          echo "code=$code" >> "$GITHUB_OUTPUT"
          if [ -f drift.md ]; then head -c 60000 drift.md >> "$GITHUB_STEP_SUMMARY"; fi
      - name: Open or update the issue
        if: steps.drift.outputs.code == '1' || steps.drift.outputs.code == '3'
        env:
          GH_TOKEN: ${{ github.token }}
          GH_REPO: ${{ github.repository }}
          RUN: ${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}
        run: |
          { echo "Found by $RUN"; echo; head -c 60000 drift.md; } > issue.md
          gh label create video-api-drift --force --description "A provider changed what we use"
          number=$(gh issue list --state open --label video-api-drift --limit 1 \\
            --json number --jq '.[0].number // empty')
          if [ -n "$number" ]; then
            gh issue edit "$number" --body-file issue.md
          else
            gh issue create --title "A video API changed what we use" --label video-api-drift \\
              --body-file issue.md
          fi
      - name: Refused or broken
        if: steps.drift.outputs.code == '2' || steps.drift.outputs.code == '4'
        env:
          CODE: ${{ steps.drift.outputs.code }}
        run: exit "$CODE"
"""
