"""`harness openapi`: a spec as OpenAPI, in JSON and in YAML."""

from __future__ import annotations

import pytest

from harness.spec import yaml
from harness.spec.openapi import openapi
from harness.spec.store import SpecStore
from tests.cli.calling import call
from tests.shipped import REFERENCES


@pytest.mark.parametrize("reference", REFERENCES)
def test_json_and_yaml_say_the_same(reference: str, store: SpecStore, capsys: pytest.CaptureFixture[str]):
    """And what they say is the document, of every revision."""
    document = openapi(store.get(reference))
    as_json = call(capsys, "openapi", reference)
    as_yaml = call(capsys, "openapi", reference, "--yaml")
    assert (as_json.code, as_json.err, as_yaml.code, as_yaml.err) == (0, "", 0, "")
    assert as_json.json == document
    assert yaml.parse(as_yaml.out, "openapi.yaml").plain() == document
