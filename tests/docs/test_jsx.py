"""Tags of MDX pages."""

from __future__ import annotations

from harness.docs.jsx import blanked, tags


def test_attributes_have_values_of_three_kinds() -> None:
    """Text, a literal in braces, and none at all."""
    (tag,) = tags('<ParamField body="x" default={0.5} names={["a", "}"]} code={f(1)} required />')
    assert tag.attributes == {
        "body": "x",
        "default": 0.5,
        "names": ["a", "}"],
        "code": "f(1)",
        "required": True,
    }
    assert tag.is_empty


def test_code_holds_no_tags() -> None:
    """In a fence or between backticks."""
    text = "`<A>` <B>\n```\n<C>\n```\n</B> <prompt and 1 < 2"
    assert [(tag.name, tag.closes) for tag in tags(text)] == [("B", False), ("B", True)]


def test_tags_between_percent_signs() -> None:
    """As GitBook has them."""
    found = list(tags('{% tab title="Async" %}x{% endtab %}'))
    assert [(tag.name, tag.closes, dict(tag.attributes)) for tag in found] == [
        ("tab", False, {"title": "Async"}),
        ("tab", True, {}),
    ]


def test_blanking_keeps_every_offset() -> None:
    """And every line."""
    text = '<A\n b="c">words</A> <!-- gone -->'
    assert len(blanked(text)) == len(text)
    assert blanked(text).split() == ["words"]
    assert blanked(text).count("\n") == 1


def test_words_in_angle_brackets_are_no_tags() -> None:
    """Types and placeholders."""
    assert blanked("array<object> and <prompt><br/>") == "array<object> and <prompt>     "
