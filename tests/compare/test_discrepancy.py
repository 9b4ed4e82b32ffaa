"""Discrepancies as findings, and discrepancies.yaml against the specs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.compare.discrepancy import RULES, check_discrepancies, check_encoding
from harness.compare.encoded import Encoding, load_encoding, read_encoding
from harness.compare.matrix import matrix
from harness.finding import Direction, Finding, Impact, Kind, Severity, Verdict
from harness.spec.model import Spec
from harness.spec.store import SpecStore
from tests.compare.drift import CANCEL, SOUND, Edit
from tests.minimal import minimal
from tests.whole import read_record, whole

ID = "id: example/video-1-text-to-video\n"
NAME = "provider: {name: Example, credential: example}"
ONE, TWO = "one/video-1-text-to-video", "two/video-1-text-to-video"
MOVED = ("format: 1\n", "format: 1\n# Everything else stands one line further down.\n")
DEARER = (("            default: 5\n", "            default: 10\n"),)

ENCODED = """\
format: 1
groups:
  video 1 text-to-video:
    duration_s.default:
      impact: [bill, output]
      means: >-
        Twice the video.
      values:
        one/video-1-text-to-video: 5
        two/video-1-text-to-video: 10
"""
NOTHING_ENCODED = read_encoding("format: 1\ngroups: {}\n", "d.yaml")


@pytest.fixture
def encoding(store: SpecStore) -> Encoding:
    """The shipped file."""
    return load_encoding(store)


def seller(name: str, *edits: Edit) -> Spec:
    """The small spec under another provider."""
    provider = f"provider: {{name: {name.title()}, credential: {name}}}"
    return minimal((ID, f"id: {name}/video-1-text-to-video\n"), (NAME, provider), *edits)


def pair(*edits: Edit) -> tuple[Spec, Spec]:
    """Two sellers of which the second has the edits."""
    return seller("one"), seller("two", *edits)


def judged(specs: tuple[Spec, ...], text: str) -> list[Finding]:
    """The findings on an encoding, for a group of which all sellers are there."""
    return list(check_encoding(specs, specs, read_encoding(text, "d.yaml")))


def rule_ids(findings: Iterator[Finding]) -> set[str]:
    """The rules that fired."""
    return {finding.rule.id for finding in findings}


def test_every_discrepant_row_is_one_finding(specs: tuple[Spec, ...], encoding: Encoding) -> None:
    """No more findings than rows, each with a fingerprint of its own and at most a warning."""
    found = list(check_discrepancies(specs, encoding))
    assert [f.field for f in found] == [
        f"/{row.parameter}/{row.facet}" for row in matrix(specs) if row.discrepant
    ]
    assert len({finding.fingerprint for finding in found}) == len(found)
    for finding in found:
        assert finding.kind is Kind.DISCREPANCY
        assert finding.verdict is Verdict.CONFORMS
        silent = Impact.BILL in finding.impact or Impact.OUTPUT in finding.impact
        assert finding.severity is (Severity.WARNING if silent else Severity.INFO)


def test_finding_says_who_and_what_and_what_it_means(specs: tuple[Spec, ...], encoding: Encoding) -> None:
    """The message names values and sellers and ends with the encoded meaning; both places are given."""
    found = {f.field: f for f in check_discrepancies(specs, encoding)}
    finding = found["/guidance/maximum"]
    told = (
        "guidance maximum: 1 at AI/ML API, Eachlabs and Novita; 10 at Oxen.ai. The range is 0 to 1 at three "
    )
    assert finding.message.startswith(told)
    assert finding.message.endswith(encoding.entries["kling 2.6 pro text-to-video", "guidance.maximum"].means)
    assert (finding.facet, finding.expected, finding.direction) == ("maximum", None, Direction.REQUEST)
    assert finding.observed == {
        "aimlapi/klingai-video-v2-6-pro-text-to-video": 1,
        "eachlabs/kling-v2-6-pro-text-to-video": 1,
        "novita/kling-v2.6-pro-t2v": 1,
        "oxen/kling-video-v2-6-pro-text-to-video": 10,
    }
    assert finding.source is not None
    assert finding.subject is not None
    assert finding.source.file == "specs/aimlapi/klingai-video-v2-6-pro-text-to-video.yaml"
    assert finding.subject.file == "specs/oxen/kling-video-v2-6-pro-text-to-video.yaml"


def test_states_in_words(specs: tuple[Spec, ...]) -> None:
    """Absent and undocumented are told apart, features are documented or not, and silence comes last."""
    found = {f.field: f.message for f in check_discrepancies(specs, NOTHING_ENCODED)}
    assert found["/prompt/maxLength"] == (
        "prompt maxLength: 2500 at AI/ML API and Novita; documented as absent at Eachlabs; "
        "undocumented at Oxen.ai"
    )
    assert found["/completion/events"] == (
        "completion events: documented at Oxen.ai; undocumented at AI/ML API, Eachlabs and Novita"
    )


def test_what_a_seller_has_is_documented() -> None:
    """Whether there is such a thing is told by the state alone, never as a value."""
    found = {f.field: f.message for f in check_discrepancies(pair(*SOUND, CANCEL), NOTHING_ENCODED)}
    assert found["/audio/presence"] == "audio presence: documented at Two; undocumented at One"
    assert found["/job/cancel"] == "job cancel: documented at Two; undocumented at One"


def test_directions() -> None:
    """A discrepancy belongs to the message that it is about."""
    specs = pair(
        ("id: /id\n          status", "id: /key\n          status"),
        ("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth: undocumented"),
        ("amount: 0.35", "amount: 0.5"),
        ("answer_within_s: {value: 30,", "answer_within_s: {value: 60,"),
        ("error: [/error]", "error: [/reason]"),
    )
    found = {f.field: f.direction for f in check_discrepancies(specs, NOTHING_ENCODED)}
    assert found["/auth/scheme"] is Direction.REQUEST
    assert found["/job/error"] is Direction.RESPONSE
    assert found["/webhook/answer_within_s"] is Direction.WEBHOOK
    assert found["/price/price"] is Direction.SPEC


def test_two_specs_of_one_provider_are_told_apart() -> None:
    """Where a provider's name names both, their ids do."""
    specs = (minimal((ID, f"id: {ONE}\n")), minimal((ID, f"id: {TWO}\n"), *DEARER))
    (finding,) = check_discrepancies(specs, NOTHING_ENCODED)
    assert finding.message == f"duration_s default: 5 at {ONE}; 10 at {TWO}"


def test_equal_sellers_differ_in_nothing() -> None:
    """No discrepancy and nothing to encode."""
    assert list(check_discrepancies(pair(), NOTHING_ENCODED)) == []
    assert judged(pair(), "format: 1\ngroups: {}\n") == []


def test_shipped_file_is_equal_to_the_computed_set(specs: tuple[Spec, ...], encoding: Encoding) -> None:
    """Every discrepancy is encoded with its values and impact, none is left over, and in the same order."""
    assert list(check_encoding(specs, specs, encoding)) == []
    assert list(encoding.entries) == [(row.group, row.key) for row in matrix(specs) if row.discrepant]


def test_current_entry_is_silent() -> None:
    """Values as computed, impact as computed: nothing to say."""
    assert judged(pair(*DEARER), ENCODED) == []


def test_unencoded() -> None:
    """A difference without an entry is reported at its group, with what the specs say."""
    (finding,) = judged(pair(*DEARER), "format: 1\ngroups: {video 1 text-to-video: {}}\n")
    assert finding.rule.id == "compare.discrepancy-unencoded"
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "video 1 text-to-video: no entry duration_s.default, and the specs differ: 5 at One; 10 at Two"
    )
    assert finding.expected == {ONE: 5, TWO: 10}
    assert finding.field == "/groups/video 1 text-to-video/duration_s.default"
    assert (finding.direction, finding.facet) == (Direction.SPEC, "default")
    assert str(finding.subject) == "d.yaml:2:10"
    assert finding.source is not None
    assert finding.source.file == "minimal.yaml"


def test_gone() -> None:
    """An entry without a difference is reported where it stands."""
    (finding,) = judged(pair(), ENCODED)
    assert finding.rule.id == "compare.discrepancy-gone"
    assert finding.message == (
        "video 1 text-to-video: entry duration_s.default, and the specs do not differ there"
    )
    assert str(finding.subject) == "d.yaml:4:5"
    assert finding.field == "/groups/video 1 text-to-video/duration_s.default"
    assert (finding.direction, finding.facet) == (Direction.SPEC, "default")
    assert (finding.expected, finding.observed) == (None, {ONE: 5, TWO: 10})


def test_entry_of_an_unknown_group_is_gone() -> None:
    """A group that no spec belongs to has no differences."""
    (finding,) = judged(pair(), ENCODED.replace("video 1 text", "video 2 text"))
    assert finding.rule.id == "compare.discrepancy-gone"


@pytest.mark.parametrize(
    ("before", "after", "message", "place", "model"),
    [
        (
            "video: 10",
            "video: 5",
            f"video 1 text-to-video: duration_s.default of {TWO} is 5 here and 10 by the specs",
            "d.yaml:10:36",
            TWO,
        ),
        (
            "video: 10",
            'video: "10"',
            f'video 1 text-to-video: duration_s.default of {TWO} is "10" here and 10 by the specs',
            "d.yaml:10:36",
            TWO,
        ),
        (
            "        two/video-1-text-to-video: 10\n",
            "",
            f"video 1 text-to-video: duration_s.default of {TWO} is null here and 10 by the specs",
            "d.yaml:4:5",
            TWO,
        ),
        (
            "video: 10\n",
            "video: 10\n        three/video: 1\n",
            "video 1 text-to-video: duration_s.default of three/video is 1 here and null by the specs",
            "d.yaml:11:22",
            None,
        ),
        (
            "impact: [bill, output]",
            "impact: [output]",
            'video 1 text-to-video: duration_s.default has impact ["output"] here and '
            '["bill", "output"] by the specs',
            "d.yaml:4:5",
            None,
        ),
    ],
)
def test_changed(before: str, after: str, message: str, place: str, model: str | None) -> None:
    """A value, a seller or an impact that is not as computed is reported at its own place."""
    (finding,) = judged(pair(*DEARER), ENCODED.replace(before, after))
    assert finding.rule.id == "compare.discrepancy-changed"
    assert finding.severity is Severity.ERROR
    assert finding.message == message
    assert str(finding.subject) == place
    assert finding.model == model
    assert finding.field.startswith("/groups/video 1 text-to-video/duration_s.default/")
    assert finding.expected != finding.observed


RECORD = read_record("compare/discrepancies.json")


def examples() -> dict[str, Finding]:
    """What each way of differing makes, for the record."""
    edits = {
        "value": ("video: 10", "video: 5"),
        "impact": ("impact: [bill, output]", "impact: [output]"),
        "seller left over": ("video: 10\n", "video: 10\n        three/video: 1\n"),
        "seller left out": ("        two/video-1-text-to-video: 10\n", ""),
    }
    changed = {name: judged(pair(*DEARER), ENCODED.replace(*edit))[0] for name, edit in edits.items()}
    return {
        **changed,
        "unencoded": judged(pair(*DEARER, MOVED), "format: 1\ngroups: {video 1 text-to-video: {}}\n")[0],
        "gone": judged(pair(), ENCODED)[0],
        "difference": next(check_discrepancies(pair(*DEARER, MOVED), read_encoding(ENCODED, "d.yaml"))),
    }


@pytest.mark.parametrize("name", RECORD)
def test_in_every_member(name: str) -> None:
    """As it is on record, with what it expected and where."""
    assert whole(examples()[name]) == RECORD[name]


def test_part_of_a_group_is_not_held_to_the_file() -> None:
    """Of two sellers out of three nothing can be said of what the three would show."""
    one, two = pair(*DEARER)
    third = seller("three", *SOUND)
    known = (one, two, third)
    for text in (ENCODED, "format: 1\ngroups: {}\n"):
        assert list(check_encoding((one, two), known, read_encoding(text, "d.yaml"))) == []
    assert rule_ids(check_encoding(known, known, NOTHING_ENCODED)) == {"compare.discrepancy-unencoded"}


def test_rules() -> None:
    """The differences are facts; only the encoding can be at fault."""
    assert [(rule.id, rule.kind) for rule in RULES] == [
        ("compare.discrepancy", Kind.DISCREPANCY),
        ("compare.discrepancy-unencoded", Kind.VIOLATION),
        ("compare.discrepancy-gone", Kind.VIOLATION),
        ("compare.discrepancy-changed", Kind.VIOLATION),
    ]
