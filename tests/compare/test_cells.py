"""What one spec puts into the matrix."""

from __future__ import annotations

import pytest

from harness.compare.cells import FACET_ORDER, PARAMETERS, CellKey, cells, holder
from harness.spec.model import State
from harness.spec.store import SpecStore
from tests.compare.drift import ACCEPTED, CANCEL, NO_WEBHOOK, ONE_EVENT, WAITING
from tests.minimal import minimal
from tests.shipped import REFERENCES
from tests.whole import cells_in_full, read_record

EDITIONS = {
    "small": minimal(),
    "with a call to cancel": minimal(CANCEL),
    "with events": minimal(ONE_EVENT),
    "with another success": minimal(ACCEPTED),
    "without credentials": minimal(
        ("auth: {scheme: bearer, header: Authorization, source: page#Usage}", "auth: undocumented")
    ),
    "with an open end": minimal(("max_s: 300,", "max_s: 300, open_ended: true, scope: all_video_models,")),
    "without a webhook": minimal(NO_WEBHOOK),
    "with a call that waits": minimal(WAITING),
    "silent": minimal(
        (
            "latency:\n  page: {kind: estimate, mode: any, value_s: 170, source: page#Title}\n"
            "  queue: {kind: range, mode: poll, min_s: 60, max_s: 300, source: page#Read}\n",
            "latency: {absent: true, source: page#Title}\n",
        ),
        (
            'errors:\n  "404":\n    source: page#Errors\n'
            "    schema: {type: object, properties: {message: {type: string}}}\n"
            "    error_message: /message\n  5XX: {source: page#Errors, schema: undocumented}\n",
            "errors: undocumented\n",
        ),
        (
            "poll_interval:\n  sample: {min_s: 5, max_s: 5, source: page#Read}\n",
            "poll_interval: undocumented\n",
        ),
    ),
}
"""The small spec, and others next to it."""


@pytest.mark.parametrize("reference", REFERENCES)
def test_every_cell_has_a_row_to_stand_in(store: SpecStore, reference: str) -> None:
    """Parameters and facets are those of the tables, and each place is one of the spec or beside one."""
    spec = store.get(reference)
    for (parameter, facet), cell in cells(spec).items():
        assert parameter in PARAMETERS
        assert facet in FACET_ORDER
        assert spec.location_at(cell.at).file is not None
        if cell.state is State.DOCUMENTED:
            assert cell.sources, f"{reference}: {parameter}.{facet} names no source"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("prompt", "presence"), True),
        (("prompt", "name"), "prompt"),
        (("prompt", "required"), True),
        (("prompt", "maxLength"), 500),
        (("duration_s", "enum"), [5, 10]),
        (("guidance", "maximum"), 1),
        (("request", "nesting"), []),
        (("auth", "scheme"), "bearer"),
        (("auth", "header"), "Authorization"),
        (("validation", "time"), {"at_submit": ["*"], "at_run": ["/duration"]}),
        (("job", "id"), "/id"),
        (("job", "poll_id"), "path id"),
        (("job", "output"), "/videos/0/url"),
        (("job", "error"), ["/error"]),
        (("status", "running"), ["waiting"]),
        (("completion", "poll"), True),
        (("completion", "webhook"), True),
        (("webhook", "answer_within_s"), 30),
        (("webhook", "states"), {"ok": "succeeded", "failed": "failed"}),
        (("errors", "statuses"), ["404", "5XX"]),
        (("errors", "message"), ["/message"]),
        (("limits", "rate"), {"requests": 100, "per_s": 60, "operation": "submit", "scope": "key"}),
        (("poll_interval", "interval"), [{"value_s": 5}]),
        (("price", "price"), {"currency": "USD", "unit": "video", "amount": 0.35}),
        (("output", "url_lifetime_s"), 3600),
    ],
)
def test_cell_of_the_small_spec(key: CellKey, value: object) -> None:
    """Each kind of row takes its value from the part of the spec that states it."""
    assert cells(minimal())[key].value == value


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_is_the_one_on_record(edition: str) -> None:
    """Its state, its value, where it stands and what it rests on."""
    assert cells_in_full(EDITIONS[edition]) == read_record("compare/cells.json")[edition]


def test_states_are_kept() -> None:
    """An absence and a silence that is written down are cells, too."""
    found = cells(minimal())
    assert found["aspect_ratio", "default"].state is State.ABSENT
    assert found["output", "resolution"].state is State.ABSENT
    assert found["limits", "concurrency"].state is State.UNDOCUMENTED
    assert ("status", "queued") not in found
    assert ("job", "cancel") not in found


def test_the_webhook_has_one_row() -> None:
    """`completion.webhook` says whether there is one; the parameter that asks for it says no more."""
    assert not [key for key in cells(minimal()) if key[0] in ("webhook_url", "webhook_secret")]


def test_estimate_for_any_mode_stands_in_each_mode_there_is() -> None:
    """An estimate that names no mode is one of every way in which this seller gives results."""
    page, queue = {"kind": "estimate", "value_s": 170}, {"kind": "range", "min_s": 60, "max_s": 300}
    assert cells(minimal())["latency", "poll"].value == [page, queue]
    assert ("latency", "events") not in cells(minimal())
    assert cells(minimal(ONE_EVENT))["latency", "events"].value == [page]


def test_open_end_and_wider_scope_are_told() -> None:
    """What limits an estimate stands beside its figures."""
    spec = minimal(("max_s: 300,", "max_s: 300, open_ended: true, scope: all_video_models,"))
    told = cells(spec)["latency", "poll"].value[1]
    assert told == {
        "kind": "range",
        "min_s": 60,
        "max_s": 300,
        "open_ended": True,
        "scope": "all_video_models",
    }


def test_operations_are_features() -> None:
    """A call to cancel and a stream of events are rows of their own."""
    assert cells(minimal(CANCEL))["job", "cancel"].value is True
    assert cells(minimal(ONE_EVENT))["completion", "events"].value is True


def test_silence_on_errors_and_latency_is_a_cell() -> None:
    """Where a section is undocumented as a whole, its row says so."""
    found = cells(EDITIONS["silent"])
    assert found["latency", "poll"].state is State.ABSENT
    assert found["errors", "statuses"].state is State.UNDOCUMENTED
    assert found["poll_interval", "interval"].state is State.UNDOCUMENTED
    assert ("errors", "message") not in found


def test_mapping_that_leads_nowhere_fills_no_cell() -> None:
    """A word whose pointer the body does not have is not documented."""
    spec = minimal(("  prompt: /prompt\n", "  seed: /seed\n"))
    assert not [key for key in cells(spec) if key[0] in ("seed", "prompt")]
    assert ("request", "nesting") not in cells(spec)


def test_holders() -> None:
    """A facet needs its parameter and a term of the webhook needs a webhook; the rest stands by itself."""
    assert holder(("guidance", "maximum")) == ("guidance", "presence")
    assert holder(("guidance", "presence")) is None
    assert holder(("webhook", "retries")) == ("completion", "webhook")
    assert holder(("auth", "scheme")) is None
