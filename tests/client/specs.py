"""The small spec with all that a client can use: blocking calls, events, cancelling, a secret, a bill."""

from __future__ import annotations

from harness.spec.load import load_text
from harness.spec.model import Spec
from tests.minimal import edited

__all__ = ["FULL", "full"]

_OPERATIONS = """\
  generate:
    method: POST
    path: /v1/videos/now
    source: page#Create at once
    request:
      content_type: application/json
      schema:
        type: object
        required: [prompt]
        properties: {prompt: {type: string}, duration: {type: integer}}
    responses:
      "200":
        content_type: application/json
        schema: {type: object, properties: {url: {type: string}, data: {type: string}}}
        job: {state: succeeded, output: /url, output_inline: /data}
  events:
    method: GET
    path: /v1/events
    source: page#Events
    responses:
      "200":
        content_type: text/event-stream
        stream:
          keep_alive_s: 15
          buffered: false
          subscribe: before_submit
          other_events: true
          states_without_event: [cancelled]
          source: page#Events, terms
        events:
          job_ended:
            schema:
              type: object
              required: [id, state]
              properties: {id: {type: string}, state: {type: string, enum: [ok, failed]}, url: {type: string}}
            job: {id: /id, status: /state, states: {ok: succeeded, failed: failed}, output: /url}
  cancel:
    method: DELETE
    path: /v1/videos/{id}
    source: page#Cancel
    parameters:
      id: {in: path, required: true, schema: {type: string}, role: job_id}
    responses:
      "200":
        content_type: application/json
        schema: {type: object, properties: {id: {type: string}}}
        job: {id: /id}
"""

FULL: tuple[tuple[str, str], ...] = (
    ("\nwebhook:\n", f"{_OPERATIONS}\nwebhook:\n"),
    (
        "          callback_url: {type: string, format: uri}\n",
        "          callback_url: {type: string, format: uri}\n"
        "          callback_secret: {type: string}\n"
        "          count: {type: integer, minimum: 1, maximum: 4, default: 1, x-billing: multiplies}\n"
        "          payer: {type: string, x-billing: redirects}\n",
    ),
    (
        "  secret_field: undocumented\n",
        "  secret_field: {pointer: /callback_secret, source: page#Webhooks}\n",
    ),
    (
        "job: {id: /id, status: /state, states: {ok: succeeded, failed: failed}}\n",
        "job: {id: /id, status: /state, states: {ok: succeeded, failed: failed}, output: /url}\n",
    ),
    (
        "enum: [waiting, done, broken]",
        "enum: [queued, waiting, done, broken, stopped]",
    ),
    ("            waiting: running\n", "            queued: queued\n            waiting: running\n"),
    ("            broken: failed\n", "            broken: failed\n            stopped: cancelled\n"),
    (
        "properties: {id: {type: string}, state: {type: string, enum: [ok, failed]}}}",
        "properties: {id: {type: string}, state: {type: string, enum: [ok, failed]}, url: {type: string}}}",
    ),
    (
        '  "404":\n    source: page#Errors\n',
        '  "402":\n    source: page#Errors\n    schema: undocumented\n'
        '  "429":\n    billed: false\n    source: page#Errors\n    error_message: /message\n'
        "    schema: {type: object, properties: {message: {type: string}}}\n"
        '  "404":\n    source: page#Errors\n',
    ),
)


def full(*edits: tuple[str, str]) -> Spec:
    """That spec, with edits."""
    return load_text(edited(*edits, text=edited(*FULL)), "full.yaml")
