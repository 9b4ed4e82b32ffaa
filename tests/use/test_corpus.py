"""Real changes of provider documents, to three users each.

The specs are built here out of the OpenAPI files themselves, by plain dereferencing, so that nothing of the
document readers is needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.compare.changes import changes
from harness.finding import Finding
from harness.spec import yaml
from harness.spec.load import load_text
from harness.spec.model import Spec
from harness.use.model import Usage
from tests.minimal import MINIMAL
from tests.shared import SHARED, needs_shared
from tests.use.users import EXAMPLE, price, sent, told, usage, use_of, weighed

PAIR = ("2026-01-16-805be25a", "2026-06-10-d5946cd0")
FOLDER = Path("corpus/aimlapi/video-v2-6-pro-motion-control")
KEPT = ("type", "enum", "default", "minimum", "maximum", "minLength", "maxLength", "required", "format")
OLD_NAME, NEW_NAME = "klingai/video-v2-6-pro-motion-control", "klingai/video-v2-6-motion-control"
BODY = {"model": NEW_NAME, "image_url": "https://a", "video_url": "https://b"}


def _schema(document: Mapping[str, Any]) -> dict[str, Any]:
    """The body of the POST operation of an OpenAPI file."""
    ((_, path),) = [(name, item) for name, item in document["paths"].items() if "post" in item]
    body: dict[str, Any] = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    return _plain(body, document)


def _plain(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    kept = {name: schema[name] for name in KEPT if name in schema}
    if "properties" in schema:
        kept["properties"] = {name: _plain(child, document) for name, child in schema["properties"].items()}
    if isinstance(schema.get("items"), Mapping):
        kept["items"] = _plain(schema["items"], document)
    return kept


def _spec(name: str) -> Spec:
    """The small spec with the request of a file of the corpus."""
    assert SHARED is not None
    document = json.loads((SHARED / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    root = yaml.parse(MINIMAL, "corpus.yaml").plain()
    schema = _schema(document)
    root["operations"]["submit"]["request"] = {
        "content_type": "application/json",
        "source": "page#Create",
        "schema": {**schema, "x-source": "page#Create"},
    }
    root["operations"]["submit"]["validation"] = "undocumented"
    words = {"prompt": "/prompt", "mode": "/mode"}
    root["mapping"] = {w: where for w, where in words.items() if where[1:] in schema["properties"]}
    root["webhook"], root["contradictions"] = "undocumented", {}
    return load_text(yaml.dump(root), "corpus.yaml")


def _found(user: Usage) -> dict[tuple[str, str], Finding]:
    old, new = (_spec(name) for name in PAIR)
    findings = weighed(changes(old, new), use_of(user), lambda _: new)
    return {(f.rule.id, f.field): f for f in findings}


SILENT = usage(silent=True)


@needs_shared
@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (
            usage(sent("dance", BODY)),
            (
                "error",
                'dance leaves /character_orientation out and gets "video" instead of "image" '
                "(warning in general)",
            ),
        ),
        (SILENT, ("warning", None)),
        (
            usage(sent("dance", {**BODY, "character_orientation": "image"})),
            (
                "info",
                "the one request that you send sets /character_orientation, so no default of it reaches you "
                "(warning in general)",
            ),
        ),
    ],
)
def test_a_changed_default(user: Usage, expected: tuple[str, str | None]) -> None:
    """`character_orientation` went from image to video: an error, a warning, information."""
    found = _found(user)["diff.request-default", "/character_orientation"]
    assert told(found) == expected
    assert found.message == (
        'request of submit, /character_orientation: default was "image", is "video"; requests without the '
        "parameter get another value"
    )


@needs_shared
def test_a_new_mode_and_its_price() -> None:
    """`mode` is new and standard by default: what it costs is said in the user's own prices."""
    lines = (price(0.5, per="video", when={"/mode": "pro"}), price(0.3, per="video", when={"/mode": "std"}))
    key = "diff.request-property-added-default", "/mode"
    relies = _found(usage(sent("dance", BODY), prices=lines))[key]
    assert told(relies) == (
        "error",
        'dance leaves /mode out and gets "std"; what it does to the bill cannot be said in figures',
    )
    pins = _found(usage(sent("dance", {**BODY, "mode": "pro"})))[key]
    assert told(pins) == (
        "info",
        "the one request that you send sets /mode, so no default of it reaches you (error in general)",
    )
    assert told(_found(SILENT)[key]) == ("error", None)


@needs_shared
def test_a_model_that_is_called_otherwise() -> None:
    """Whoever still asks for the old name is refused."""
    key = "diff.request-enum-narrowed", "/model"
    stays = _found(usage(sent("dance", {**BODY, "model": OLD_NAME})))[key]
    assert told(stays) == ("error", f'dance sends "{OLD_NAME}": refused from now on')
    moved = _found(usage(sent("dance", BODY)))[key]
    assert told(moved) == (
        "info",
        "every value of /model that you send is within it (error in general)",
    )


@needs_shared
def test_the_id_is_that_of_the_small_spec() -> None:
    """Else the users would use nothing of it."""
    assert {f.model for f in _found(SILENT).values()} == {EXAMPLE}
