"""Changes of a provider, seeded through the spec that the simulator serves, by the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["EACHLABS", "OXEN", "SEEDS", "Seed", "overlay"]

EACHLABS = "eachlabs/kling-v2-6-pro-text-to-video"
OXEN = "oxen/kling-video-v2-6-pro-text-to-video"
_BODY = (
    "{type: object, required: [error], properties: "
    "{status: null, message: null, details: null, error: {type: string}}}"
)
_SUBMIT = "operations: {submit: {request: {schema: {properties: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One change: the model, and the merge patch of its spec as YAML; or the price that is told."""

    model: str
    changes: str = "{}"
    price: float | None = None


def _oxen(properties: str) -> Seed:
    return Seed(model=OXEN, changes=f"{{{_SUBMIT}{properties}}}}}}}}}}}")


def _input(properties: str) -> Seed:
    return Seed(model=EACHLABS, changes=f"{{{_SUBMIT}{{input: {{properties: {properties}}}}}}}}}}}}}}}")


def _each(changes: str) -> Seed:
    return Seed(model=EACHLABS, changes=changes)


SEEDS: Mapping[str, Seed] = {
    "path of the call that creates": _each("{operations: {submit: {path: /v2/prediction/}}}"),
    "path of the call that polls": _each('{operations: {poll: {path: "/v2/prediction/{id}"}}}'),
    "method of the call that creates": _each("{operations: {submit: {method: PUT}}}"),
    "where the key travels": _each("{auth: {scheme: bearer, header: Authorization}}"),
    "that a key is needed": _each("{auth: undocumented}"),
    "error body of a refused key": _each(
        f'{{errors: {{"401": {{error_message: /error, schema: {_BODY}}}}}}}'
    ),
    "error body of an unknown job": _each(
        f'{{errors: {{"404": {{error_message: /error, schema: {_BODY}}}}}}}'
    ),
    "default, where metadata has the schema": _oxen("{duration: {default: 10}}"),
    "values, where metadata has the schema": _oxen("{duration: {enum: [5, 10, 15]}}"),
    "range, where metadata has the schema": _oxen("{cfg_scale: {maximum: 1}}"),
    "new parameter, where metadata has the schema": _oxen("{camera: {type: string}}"),
    "parameter gone, where metadata has the schema": Seed(
        model=OXEN,
        changes="{operations: {submit: {request: {schema: {properties: {cfg_scale: null}}, "
        "examples: {full: null}}}}, contradictions: {python-false: null}}",
    ),
    "newly required, where metadata has the schema": Seed(
        model=OXEN,
        changes="{operations: {submit: {request: {schema: {required: [model, prompt, duration]}, "
        "examples: {minimal: null}}}}}",
    ),
    "metadata's own form": Seed(
        model=OXEN,
        changes="{operations: {model: {responses: {2XX: {schema: {required: [id], "
        "properties: {display_name: {type: integer}}}, examples: null}}}}, contradictions: "
        "{request-schema-name: null}}",
    ),
    "what the price counts": Seed(
        model=OXEN,
        changes="{operations: {model: {responses: {2XX: {schema: {properties: {pricing: {properties: "
        "{method: {enum: [per_video_output_frame]}, cost_per_frame: {type: number}}}}}, examples: null}}}}, "
        "contradictions: {request-schema-name: null}}",
    ),
    "default, where there is no metadata": _input('{duration: {default: "5"}}'),
    "values, where they are judged at submit": _input("{duration: {enum: null}}"),
    "name of the id in the answer that creates": _each(
        "{operations: {submit: {responses: {2XX: {schema: {required: [status, message, id], properties: "
        "{predictionID: null, id: {type: string}}}, job: {id: /id}, examples: null}}}}}"
    ),
    "a new status word": _each(
        "{operations: {poll: {responses: {2XX: {schema: {properties: {status: {enum: "
        "[waiting, success, error]}}}, job: {"
        "states: {processing: null, waiting: running}}, examples: null}}}}}"
    ),
    "where the output stands": _each(
        "{operations: {poll: {responses: {2XX: {schema: {required: [status], properties: {output: null, "
        "video: {type: string}}}, job: {output: /video}, examples: null}}}}}"
    ),
    "amount of the price": Seed(model=OXEN, price=0.14),
    "how many requests are allowed": _each("{limits: {rate: {requests: 10}}}"),
    "how long a job takes": _each("{latency: {page: {value_s: 340}}}"),
    "terms of the webhook": _each("{webhook: {answer_within_s: {value: 10}}}"),
    "path of the events": Seed(
        model=OXEN,
        changes="{operations: {events: {path: /api/notifications}}}",
    ),
}


def overlay(seed: Seed, directory: Path) -> Path:
    """Writes the overlay file of a change and gives its directory."""
    directory.mkdir(parents=True, exist_ok=True)
    text = f"format: 1\noverlays: {seed.model}\ntitle: a seeded change\nchanges: {seed.changes}\n"
    (directory / "overlay.yaml").write_text(text, encoding="utf-8")
    return directory
