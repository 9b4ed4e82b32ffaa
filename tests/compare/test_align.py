"""What speaks of the same thing gets the same address."""

from __future__ import annotations

from harness.compare.align import aligned
from harness.compare.change import side_of
from harness.finding import Direction
from harness.spec.facts import Fact
from harness.spec.model import Spec
from tests.compare.drift import TOO_MANY, between
from tests.minimal import minimal

AUTH = "auth: {scheme: bearer, header: Authorization, source: page#Usage}"
CREATED = '      "201":\n        meaning: created\n'
PAGE = "  page: {kind: estimate, mode: any, value_s: 170, source: page#Title}\n"
QUEUE = "  queue: {kind: range, mode: poll, min_s: 60, max_s: 300, source: page#Read}\n"


def both(old: Spec, new: Spec) -> tuple[list[Fact], list[Fact]]:
    """The aligned facts of two specs."""
    return aligned(side_of(old).facts, side_of(new).facts)


def latency(facts: list[Fact]) -> dict[str, object]:
    """The estimates by address."""
    return {f.address.field: f.value["min_s"] for f in facts if f.address.field.startswith("/latency/")}


def test_auth_of_an_operation_that_repeats_the_endpoints_says_nothing() -> None:
    """A change of the endpoint's auth is one finding, whoever repeats it."""
    repeated = ("    path: /v1/videos\n", f"    path: /v1/videos\n    {AUTH}\n")
    assert between((), (repeated,)) == ()
    other = AUTH.replace("bearer", "api_key")
    findings = between(
        (repeated,), ((f"\n{AUTH}", f"\n{other}"), (repeated[0], f"{repeated[0]}    {other}\n"))
    )
    assert [finding.field for finding in findings] == ["/auth"]


def test_own_auth_that_differs_is_a_fact() -> None:
    """An operation with a key of its own is judged by itself."""
    own = ("    path: /v1/videos\n", "    path: /v1/videos\n    auth: undocumented\n")
    header = (
        "    path: /v1/videos\n",
        f"    path: /v1/videos\n    {AUTH.replace('Authorization', 'X-Key')}\n",
    )
    (finding,) = between((own,), (header,))
    assert (finding.operation, finding.facet, finding.rule.id) == ("submit", "auth", "diff.auth")


def test_wildcard_stands_for_each_status() -> None:
    """201 on the one side and 2XX on the other is the same answer."""
    wildcard = (CREATED, CREATED.replace('"201"', "2XX"))
    assert between((), (wildcard,)) == ()
    assert between((wildcard,), ()) == ()


def test_content_under_a_wildcard_is_compared() -> None:
    """What the answer holds is held against what the wildcard holds."""
    wildcard = (CREATED, CREATED.replace('"201"', "2XX"))
    renamed = (
        "properties: {id: {type: string}}\n        job: {id: /id}",
        "properties: {id: {type: integer}}\n        job: {id: /id}",
    )
    (finding,) = between((), (wildcard, renamed))
    assert (finding.rule.id, finding.field) == ("diff.response-type", "/id")


def test_new_status_under_a_wildcard_is_not_new() -> None:
    """503 of one operation was 5XX of all before."""
    own = (CREATED, f'      "503": {{source: page#Create, schema: undocumented}}\n{CREATED}')
    assert between((), (own,)) == ()


def test_own_answer_that_stands_beside_a_common_one_is_compared_with_it() -> None:
    """An operation's own 404 was the common 404 before."""
    schema = "schema: {type: object, properties: {message: {type: integer}}}, error_message: /message"
    own = (CREATED, f'      "404": {{source: page#Create, {schema}}}\n{CREATED}')
    (finding,) = between((), (own,))
    assert (finding.operation, finding.field, finding.rule.id) == ("submit", "/message", "diff.response-type")


def test_common_status_is_no_operations_own() -> None:
    """A status that only the common answers get is new for all of them."""
    (finding,) = between((), (TOO_MANY,))
    assert (finding.operation, finding.observed) == (None, "429")


def test_webhook_has_one_address() -> None:
    """Whether there is a webhook is asked at one address, stated or not."""
    facts, _ = both(minimal(), minimal())
    assert [f.address.direction for f in facts if f.address.field == "/webhook"] == []
    presences = [f for f in facts if f.address.direction is Direction.WEBHOOK and not f.address.field]
    assert "presence" in {fact.address.facet for fact in presences}


def test_names_of_figures_are_ours() -> None:
    """The same estimate under another name is the same estimate."""
    assert between((), (("  page: {kind", "  title: {kind"),)) == ()


def test_swapped_names_are_seen_through() -> None:
    """Names that are exchanged change nothing."""
    swapped = ((PAGE, PAGE.replace("page:", "queue:", 1)), (QUEUE, QUEUE.replace("queue:", "page:", 1)))
    assert between((), swapped) == ()


def test_renamed_figure_of_the_same_mode_is_one_change() -> None:
    """Another figure under another name, of the same mode, is a change and not a loss and a gain."""
    edit = (QUEUE, "  waiting: {kind: range, mode: poll, min_s: 60, max_s: 600, source: page#Read}\n")
    old, new = both(minimal(), minimal(edit))
    assert latency(old) == {"/latency/page": 170, "/latency/waiting": 60}
    assert latency(new) == {"/latency/page": 170, "/latency/waiting": 60}
    (finding,) = between((), (edit,))
    assert finding.rule.id == "diff.estimate"


def test_same_name_for_another_thing_is_a_loss_and_a_gain() -> None:
    """A name that moves to a figure of another mode does not make the two comparable."""
    old = (PAGE + QUEUE, QUEUE)
    new = (PAGE + QUEUE, PAGE.replace("page:", "queue:", 1) + QUEUE.replace("queue:", "page:", 1))
    findings = between((old,), (new,))
    assert [(f.field, f.expected is None) for f in findings] == [("/latency/queue", True)]


def test_absence_gives_way_to_entries() -> None:
    """Where estimates are new, that there were none is not reported beside."""
    none = ("latency:\n" + PAGE + QUEUE, "latency: {absent: true, source: page#Title}\n")
    findings = between((none,), ())
    assert [f.field for f in findings] == ["/latency/page", "/latency/queue"]
    findings = between((), (none,))
    assert [f.field for f in findings] == ["/latency/page", "/latency/queue"]
    silent = ("latency:\n" + PAGE + QUEUE, "latency: undocumented\n")
    assert [f.rule.id for f in between((silent,), (none,))] == ["diff.absence"]
