"""The door through which text goes into a page."""

from __future__ import annotations

import base64
import hashlib

import jinja2
import pytest

from harness.report.template import asset, environment, markup, policy


def _written(source: str, **values: object) -> str:
    return environment({}).from_string(source).render(**values)


def test_text_is_made_visible_then_escaped():
    """In this order, so that nothing that is shown is a tag."""
    assert _written("<p>{{ text }}</p>", text="<b>\x1b[2J\u202e") == "<p>&lt;b&gt;\\x1b[2J\\u202e</p>"


def test_markup_goes_through_as_it_is():
    """It has come this way before, or is ours."""
    assert _written("{{ text }}", text=markup("<b>")) == "<b>"


def test_numbers_are_written_as_they_are():
    """Only text is looked at."""
    assert _written("{{ 1 }} {{ number }}", number=2.5) == "1 2.5"


def test_a_name_that_is_not_there_is_a_fault():
    """Rather than nothing on the page."""
    with pytest.raises(jinja2.UndefinedError):
        _written("{{ nothing }}")


def test_names_are_there_in_every_template():
    """Functions of a page."""
    assert environment({"twice": lambda n: 2 * n}).from_string("{{ twice(4) }}").render() == "8"


def test_a_style_is_written_as_it_stands_in_its_file():
    """So that its digest is that of what the browser sees."""
    css = asset(environment({}), "report.css")
    assert css.startswith(":root {")
    assert _written("<style>{{ css }}</style>", css=css) == f"<style>{css}</style>"


def test_the_policy_names_what_may_run_by_its_digest():
    """And a page without a script has no right to one."""
    digest = base64.b64encode(hashlib.sha256(b"a {}").digest()).decode()
    assert policy("a {}") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "; script-src 'sha256-" in policy("a {}", "x()")
