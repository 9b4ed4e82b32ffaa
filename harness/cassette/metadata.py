"""What a cassette of this project says of itself: the member `harness` of its top-level `metadata`.

vcrpy keeps that mapping when it saves a cassette (9.4 and later).

```yaml
metadata:
  harness:
    format: 1
    provenance: documented            # or simulated, live
    model: novita/kling-v1.6-t2v      # optional: the spec, ID or ID@DATE, that the exchanges belong to
    other_model: …                    # the document shows this other model of the provider
    title: …                          # what it is, for people
    source: seed#Example              # DOCUMENT#PLACE of that spec, or a list of such
    substituted: [0/response/task_id] # what the document does not show and had to be put in, see below
    spec_digest: sha256:…             # of the spec that it was recorded for, with all that changes it
    recorded_at: "2026-11-20T17:00:00Z"   # UTC
    expires: "2027-02-18T17:00:00Z"   # UTC; from then on `check traffic` and a replay fail
    expects: unavailable              # the provider was meant not to serve it: this shows an outage
    part: {index: 1, of: 2, first: job.yaml}         # where one recording fills several files
    timeline:
      kind: recorded                  # or derived: from a cadence that the document states
      exchanges: [{sent_s: 0, received_s: 0.4}, …]   # one for each exchange, null where unknown
    cut: [{at: 2/response, size_bytes: 99999, sha256: …, strings: 0}]      # bodies that are not kept whole
    unanswered: [{before: 1, request: {…}, error: …, sent_s: …}]           # otherwise as in JSON Lines
    events: [{name: …, data: …, received_s: 3.2}]    # server-sent events of a stream that is no exchange here
    deliveries: [{headers: {…}, body: …, received_s: 3.2}]   # webhook calls
    videos: [{job: …, size_bytes: 99999, container: mp4, duration_s: 5, …}]  # what was read of the files
```

An entry of `timeline.exchanges` may also have `sent_utc` and `received_utc`, `events_s` (when each event of a
stream came), and `error` where the body was not read to its end. A body of a delivery that is not UTF-8 has
`encoding: base64` beside it. Of a body in `cut`, the first bytes are kept (`strings: 0`), or all of a JSON
body but for so many long strings; its answer bears the header `X-Harness-Cut`. An entry of `videos` has the
members of `harness.wire.video.VideoFacts`, and the id of its job, if it has one. `unanswered` are requests
without an answer, for which vcrpy has no place; `before` is the number of the exchange that came next.

An entry of `substituted` is one of
`N/request` or `N/response` and a JSON Pointer into that body of exchange N (none: the body as a whole),
`N/url/NAME` (a path or query parameter), `N/status`,
`N/event/K` and a pointer (into the data of event K, from 0, of the stream in exchange N),
`delivery/N` and a pointer (into the body of that webhook call).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.cassette.json_lines import read_body, read_cut, read_exchange
from harness.cassette.members import Members, seconds_at, utc_at
from harness.errors import OperatorError
from harness.finding import Location
from harness.wire.message import Cut, Delivery, Event, Exchange, Provenance
from harness.wire.video import DeliveredVideo, read_facts

__all__ = ["Metadata", "read_metadata"]

FORMAT = 1
_PROVENANCES = tuple(p.value for p in Provenance if p is not Provenance.UNKNOWN)
_SUBSTITUTED = re.compile(
    r"(?P<exchange>[0-9]+)/(?:(?:request|response)(?:/.*)?|url/[^/]+|status|event/[0-9]+(?:/.*)?)"
    r"|delivery/(?P<delivery>[0-9]+)(?:/.*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a cassette says of itself.

    `times` are `(sent_s, received_s)` of each exchange, () without any, and `moments` the same in UTC.
    `errors`, `events_s` and `cuts` are by exchange; `unanswered` are `(number of the next one, exchange)`.
    """

    provenance: Provenance = Provenance.UNKNOWN
    model: str | None = None
    other_model: str | None = None
    title: str | None = None
    source: str | None = None
    substituted: tuple[str, ...] = ()
    timeline: str | None = None
    times: tuple[tuple[float | None, float | None], ...] = ()
    moments: tuple[tuple[datetime | None, datetime | None], ...] = ()
    errors: Mapping[int, str] = field(default_factory=dict)
    events_s: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    cuts: Mapping[int, Cut] = field(default_factory=dict)
    unanswered: tuple[tuple[int, Exchange], ...] = ()
    events: tuple[Event, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    spec_digest: str | None = None
    recorded_at: datetime | None = None
    expires: datetime | None = None
    shows_outage: bool = False
    part: tuple[int, int, str] | None = None
    videos: tuple[DeliveredVideo, ...] = ()


def read_metadata(metadata: Mapping[str, Any], *, file: str, exchanges: int) -> Metadata:
    """What the `metadata` of a cassette with so many exchanges says; nothing, if it is someone else's.

    Raises OperatorError where it breaks the format above.
    """
    if "harness" not in metadata:
        return Metadata()
    members = Members(metadata["harness"], file, "metadata.harness")
    if members.integer("format") != FORMAT:
        raise members.fault("format", str(FORMAT))
    found = _read(members, exchanges)
    members.finish()
    if found.other_model is not None and found.model is None:
        raise OperatorError(f"{members.place}: other_model is given without model")
    return found


def _read(members: Members, exchanges: int) -> Metadata:
    places = [Location(file=members.file, index=index) for index in range(_count(members))]
    deliveries = tuple(map(_delivery, members.objects("deliveries"), places))
    timeline, entries = _timeline(members, exchanges)
    return Metadata(
        provenance=Provenance(members.one_of("provenance", _PROVENANCES)),
        model=members.maybe_text("model"),
        other_model=members.maybe_text("other_model"),
        title=members.maybe_text("title"),
        source=_source(members),
        substituted=_substituted(members, exchanges, len(deliveries)),
        timeline=timeline,
        times=tuple(entry.times for entry in entries),
        moments=tuple(entry.moments for entry in entries) if any(any(e.moments) for e in entries) else (),
        errors={index: entry.error for index, entry in enumerate(entries) if entry.error is not None},
        events_s={index: entry.events_s for index, entry in enumerate(entries) if entry.events_s},
        cuts=dict(_cut(entry, exchanges) for entry in members.objects("cut")),
        unanswered=tuple(_unanswered(entry, exchanges) for entry in members.objects("unanswered")),
        events=tuple(map(_event, members.objects("events"), places)),
        deliveries=deliveries,
        spec_digest=members.maybe_text("spec_digest"),
        recorded_at=utc_at(members, "recorded_at"),
        expires=utc_at(members, "expires"),
        shows_outage=members.has("expects") and bool(members.one_of("expects", ("unavailable",))),
        part=_part(members.object("part")) if members.has("part") else None,
        videos=tuple(_video(entry) for entry in members.objects("videos")),
    )


def _count(members: Members) -> int:
    """How many places the longer list of what came unasked needs."""
    return max(len(members.items(name)) for name in ("deliveries", "events"))


def _source(members: Members) -> str | None:
    if not members.has("source"):
        return None
    single = isinstance(members.value["source"], str)
    sources = [members.text("source")] if single else members.items("source")
    for index, source in enumerate(sources):
        if not isinstance(source, str) or not re.fullmatch(r"[^#]+#.+", source):
            raise members.fault("source", "DOCUMENT#PLACE", None if single else index)
    return "; ".join(sources) or None


def _substituted(members: Members, exchanges: int, deliveries: int) -> tuple[str, ...]:
    found = []
    for index, entry in enumerate(members.items("substituted")):
        parts = _SUBSTITUTED.fullmatch(entry) if isinstance(entry, str) else None
        if parts is None:
            raise members.fault("substituted", "a place such as 0/response/id", index)
        number, count = (
            (parts["exchange"], exchanges) if parts["exchange"] else (parts["delivery"], deliveries)
        )
        if int(number) >= count:
            what = "exchanges" if parts["exchange"] else "deliveries"
            raise members.fault("substituted", f"one of the {count} {what} here", index)
        found.append(entry)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry of the timeline."""

    times: tuple[float | None, float | None]
    moments: tuple[datetime | None, datetime | None]
    error: str | None
    events_s: tuple[float, ...]


def _timeline(members: Members, exchanges: int) -> tuple[str | None, tuple[_Entry, ...]]:
    if not members.has("timeline"):
        return None, ()
    timeline = members.object("timeline")
    kind = timeline.one_of("kind", ("recorded", "derived"))
    entries = tuple(_entry(entry) for entry in timeline.objects("exchanges"))
    timeline.finish()
    if len(entries) != exchanges:
        raise OperatorError(f"{timeline.place}: expected {exchanges} exchanges, got {len(entries)}")
    return kind, entries


def _entry(members: Members) -> _Entry:
    sent_s, received_s = members.maybe_seconds("sent_s"), members.maybe_seconds("received_s")
    entry = _Entry(
        times=(sent_s, received_s),
        moments=(utc_at(members, "sent_utc"), utc_at(members, "received_utc")),
        error=members.maybe_text("error"),
        events_s=seconds_at(members, "events_s"),
    )
    members.finish()
    if sent_s is not None and received_s is not None and received_s < sent_s:
        raise OperatorError(f"{members.place}: received at {received_s} s, before it was sent at {sent_s} s")
    return entry


def _cut(members: Members, exchanges: int) -> tuple[int, Cut]:
    number, slash, part = members.text("at").partition("/")
    if (slash, part) != ("/", "response") or not number.isdecimal() or int(number) >= exchanges:
        raise members.fault("at", f"N/response of one of the {exchanges} exchanges here")
    cut = read_cut(members)
    members.finish()
    return int(number), cut


def _unanswered(members: Members, exchanges: int) -> tuple[int, Exchange]:
    before = members.integer("before")
    if not 0 <= before <= exchanges:
        raise members.fault("before", f"a number from 0 to {exchanges}")
    return before, read_exchange(members, Location(file=members.file))


def _video(members: Members) -> DeliveredVideo:
    value = dict(members.value)
    job = value.pop("job", None)
    if job is not None and not isinstance(job, str):
        raise members.fault("job", "a string")
    try:
        return DeliveredVideo(job=job, facts=read_facts(value))
    except ValueError as error:
        raise OperatorError(f"{members.place}: {error}") from None


def _part(members: Members) -> tuple[int, int, str]:
    part = (members.integer("index"), members.integer("of"), members.text("first"))
    members.finish()
    if not 1 <= part[0] <= part[1]:
        raise members.fault("index", f"a number from 1 to {part[1]}")
    return part


def _event(members: Members, subject: Location) -> Event:
    event = Event(
        name=members.text("name"),
        data=members.text("data"),
        subject=subject,
        received_s=members.maybe_seconds("received_s"),
    )
    members.finish()
    return event


def _delivery(members: Members, subject: Location) -> Delivery:
    delivery = Delivery(
        headers=members.pairs("headers"),
        body=read_body(members, required=True),
        subject=subject,
        received_s=members.maybe_seconds("received_s"),
    )
    members.finish()
    return delivery
