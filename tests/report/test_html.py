"""A run as one page."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from harness.report.figures import all_figures
from harness.report.html import record_html
from harness.report.page import page_of
from tests.report.example import MEANING, example, judgement

VOID = {"meta", "link", "br", "img", "input"}


class Reader(HTMLParser):
    """What stands in a page: elements with their attributes, text, and whether tags are closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes another element"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        """All text outside style and script, spaces collapsed."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [attributes for name, attributes in self.elements if name == tag]


def read(page: str) -> Reader:
    """The page, read to its end with every element closed."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def page() -> str:
    """The example as a page."""
    return record_html(example())


def between(page: str, tag: str) -> str:
    """The text of the only element of that name."""
    (found,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    return str(found)


def test_the_first_words_are_the_evidence_and_the_verdict_follows(page: str) -> None:
    """Before any heading it is said what all of it rests on."""
    text = read(page).text
    assert text.startswith(
        "Video APIs side by side "  # the title
        "Rests on 0 live, 0 simulated and 14 documented exchanges: no API was measured. Skip to the content "
        "Video APIs side by side Violates. 1 error at 1 endpoint; 1 difference between sellers and "
        "1 contradiction inside one provider stand below. "
        "Made 2026-11-20 12:00 UTC by harness 0.1.0 from 3 endpoints of 2 providers: Acme and Bolt."
    )


def test_the_policy_allows_nothing_but_the_pages_own_style_and_script(page: str) -> None:
    """The digests are those of the texts that stand in the page; nothing may be loaded."""

    def digest(tag: str) -> str:
        raw = hashlib.sha256(between(page, tag).encode()).digest()
        return base64.b64encode(raw).decode()

    policy = next(m["content"] for m in read(page).all("meta") if m.get("http-equiv"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest('style')}'; script-src 'sha256-{digest('script')}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_in_the_page_asks_for_anything(page: str) -> None:
    """No address in an attribute, no import in the style, no handler, no inline style."""
    for tag, attributes in read(page).elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")
        ]
        href = attributes.get("href")
        assert href is None or href.startswith("#") or (tag, href) == ("link", "data:,")
    assert "url(" not in between(page, "style")
    assert "@import" not in between(page, "style")


def test_every_link_leads_somewhere_and_every_id_is_one(page: str) -> None:
    """Anchors of the contents, of figures and of labels."""
    reader = read(page)
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {href[1:] for _, a in reader.elements if (href := a.get("href")) and href.startswith("#")}
    labels = {name for _, a in reader.elements for name in (a.get("aria-labelledby") or "").split()}
    assert targets | labels <= set(ids)


def test_headings_descend_one_at_a_time(page: str) -> None:
    """One first heading, then no level is skipped."""
    levels = [int(tag[1]) for tag, _ in read(page).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_tables_have_captions_and_scopes_and_boxes_can_be_reached(page: str) -> None:
    """What assistive technology needs to read a table aloud, and the keyboard to scroll a figure."""
    reader = read(page)
    assert len(reader.all("table")) == len(reader.all("caption")) > 6
    assert {attributes.get("scope") for attributes in reader.all("th")} == {"col", "row", "rowgroup"}
    boxes = [a for a in reader.all("div") if a.get("class") == "box"]
    assert len(boxes) == 3
    assert all((a.get("tabindex"), a.get("role")) == ("0", "region") and a.get("aria-label") for a in boxes)


def test_the_sections_stand_in_the_order_of_a_decision(page: str) -> None:
    """And each is in the contents."""
    reader = read(page)
    order = [a["id"] for a in reader.all("h2")]
    assert order == [
        *("unknown", "comparison", "times", "contradictions", "conformance"),
        *("endpoints", "findings", "method"),
    ]
    links = [href[1:] for a in reader.all("a") if (href := a["href"]) and href != "#main"]
    assert links[: len(order)] == order


def test_the_three_states_look_different_without_colour(page: str) -> None:
    """Different elements, different words."""
    assert '<span class="given">2500</span>' in page
    assert '<span class="absent">none</span>' in page
    assert '<span class="silent">undocumented</span>' in page


def test_rows_say_what_they_mean_to_a_buyer(page: str) -> None:
    """The meaning that is written down, or that none is."""
    assert f'<td role="cell" colspan="2">{MEANING} <a href="#finding-' in page
    assert page.count("What it means is not written down yet.") == 2


def test_a_group_of_one_seller_is_not_compared(page: str) -> None:
    """Another version never stands beside the others."""
    assert "clip 1 text-to-video 1 seller, Acme: there is nothing to compare." in read(page).text


def test_everything_that_was_recorded_is_labelled(page: str) -> None:
    """Recordings, jobs and times carry their provenance."""
    text = read(page).text
    dash = "\u2013"
    assert (
        f"Bolt 60{dash}600 s or more blocking call documented seed#Times 2: 135{dash}152 s, over 600 s"
        in text
    )
    assert "over 135 s, end not seen (6 jobs, 96.9%) live" in text
    assert "The printed run cassettes/documented/acme/run.yaml; seed#Response" in text
    assert "In place of placeholders: 0/response/id" in text
    assert "(shows another model, clip-3)" in text
    assert f"job-1:acme/clip acme/clip-2 documented succeeded 10 135{dash}152 s (derived)" in text


def test_facts_stand_with_their_state_source_and_line(page: str) -> None:
    """By subject; a line of the spec file that the caption names."""
    text = read(page).text
    assert "Lines are those of specs/acme/clip-2.yaml where no other file is named." in text
    assert "submit request /prompt maxLength2500defaultnone seed#Body, prompt 7" in text
    assert "price priceundocumented none 7" in text
    assert "Later revisions are known of 2026-07-01; this page shows the baseline." in text


def test_findings_are_listed_with_what_was_expected(page: str) -> None:
    """Each with rule, place and source; differences and contradictions too, so that each has an address."""
    text = read(page).text
    assert (
        "error request.enum /duration is 7, expected one of 5, 10 expected[5, 10]observed7 "
        "endpointacme/clip-2, submitat/durationinrequest.json:1:12"
        "byspecs/acme/clip-2.yaml:20:13 (seed#Body, duration)"
    ) in text
    assert "4 findings, loudest first" in text
    assert 'warning compare.contradiction Acme: duration is 5; but duration is "5". Send 5.' in text


def test_an_empty_run_is_a_page_too() -> None:
    """Every section says that there is nothing."""
    empty = example(
        messages={"live": 1}, models=(), matrix=(), recordings=(), jobs=(), estimates=(),
        judgement=judgement(models=()),
    )  # fmt: skip
    text = read(record_html(empty)).text
    for words in (
        "Nothing that was looked for is unknown.",
        "None is known.",
        "No message and no spec breaks a rule.",
    ):
        assert words in text


def test_figures_can_be_given_and_are_drawn_otherwise(page: str) -> None:
    """The caller who writes them to disk draws them once."""
    figures = all_figures(page_of(example()))
    assert record_html(example(), figures) == page
    assert page.count("<svg ") == 3
    assert "<svg " not in record_html(example(), {})


def test_the_same_record_gives_the_same_page(page: str) -> None:
    """Byte for byte."""
    assert record_html(example()) == page
