"""SVG that may stand inside a page."""

from __future__ import annotations

import pytest

from harness.report.svg import PLATE, cleaned

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 8">'


def body(inner: str) -> list[str]:
    """The cleaned lines between the plate and the end."""
    text = cleaned(f"{HEAD}{inner}</svg>", prefix="p", title="T", description="D")
    lines = [line.strip() for line in text.splitlines()]
    return lines[4:-1]


def test_the_frame_names_the_figure_and_lays_a_plate() -> None:
    """Title and description are tied to the image; ink is the colour of the text around."""
    text = cleaned(f"<?xml version='1.0'?>{HEAD}</svg>", prefix="p", title="A <b>", description="D & E")
    assert text == (
        '<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="0 0 9 8" width="9" height="8"'
        " color=\"#1b1d21\" font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\""
        ' stroke-linejoin="round" role="img" aria-labelledby="p-title p-desc">\n'
        ' <title id="p-title">A &lt;b&gt;</title>\n'
        ' <desc id="p-desc">D &amp; E</desc>\n'
        f' <rect class="plate" width="9" height="8" fill="{PLATE}" />\n'
        "</svg>\n"
    )


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        ("<script>alert(1)</script>", []),
        ("<style>*{}</style><metadata/><foreignObject/>", []),
        ("<image href='http://x/y.png'/>", []),
        ("<a href='http://x/'><text>t</text></a>", []),
        ("<g onclick='x()'><g id='g'/></g>", []),
        ("<path d='M 0 1' fill='none'/>", []),
        ("<path d='M 0 1' onload='x()' style='stroke: #111'/>", ['<path d="M 0 1" stroke="#111" />']),
        (
            "<text x='1' style='font: bold 12px \"DejaVu Sans\"; fill: #010203'>a</text>",
            ['<text x="1" font-weight="bold" font-size="12px" fill="currentColor">a</text>'],
        ),
        ("<text style='font: 12px sans'>a</text>", ['<text font-size="12px">a</text>']),
        ("<path d='M 1.23456 -0.0001\nL 2 2'/>", ['<path d="M 1.23 -0 L 2 2" />']),
        (
            "<g transform='scale(2)'><text>a</text></g>",
            ['<g transform="scale(2)">', "<text>a</text>", "</g>"],
        ),
        ("<text transform='rotate(-0 1 2)'>a</text>", ["<text>a</text>"]),
    ],
)
def test_only_drawing_passes(inner: str, kept: list[str]) -> None:
    """No script, style, link, image or handler; styles are attributes; empty groups vanish."""
    assert body(inner) == kept


def test_ids_are_numbered_behind_the_prefix() -> None:
    """Definitions and their uses agree; nothing refers out of the figure."""
    inner = (
        "<defs><path id='m1' d='M 0 0'/></defs><use xlink:href='#m1'/><path d='M 1 1' clip-path='url(#c9)'/>"
    )
    assert body(inner) == [
        "<defs>",
        '<path id="p-1" d="M 0 0" />',
        "</defs>",
        '<use href="#p-1" />',
        '<path d="M 1 1" clip-path="url(#p-2)" />',
    ]
    assert body("<use xlink:href='http://x/#m'/>") == ['<use href="#p-1" />']


def test_what_is_not_svg_is_refused() -> None:
    """A broken text and another root are faults of the program."""
    with pytest.raises(ValueError, match=r"^not SVG: no element found"):
        cleaned("", prefix="p", title="", description="")
    with pytest.raises(ValueError, match=r"^not SVG: the root is 'html'$"):
        cleaned("<html/>", prefix="p", title="", description="")
