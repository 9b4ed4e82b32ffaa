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
    timeline:
      kind: recorded                  # or derived: from a cadence that the document states
      exchanges: [{sent_s: 0, received_s: 0.4}, …]   # one for each exchange, null where unknown
    events: [{name: …, data: …, received_s: 3.2}]    # server-sent events of a stream that is no exchange here
    deliveries: [{headers: {…}, body: …, received_s: 3.2}]   # webhook calls
```

An entry of `substituted` is one of
`N/request` or `N/response` and a JSON Pointer into that body of exchange N (none: the body as a whole),
`N/url/NAME` (a path or query parameter), `N/status`,
`N/event/K` and a pointer (into the data of event K, from 0, of the stream in exchange N),
`delivery/N` and a pointer (into the body of that webhook call).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.cassette.members import Members
from harness.errors import OperatorError
from harness.finding import Location
from harness.wire.message import Delivery, Event, Provenance

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
    """What a cassette says of itself. `times` are `(sent_s, received_s)` of each exchange, () without any."""

    provenance: Provenance = Provenance.UNKNOWN
    model: str | None = None
    other_model: str | None = None
    title: str | None = None
    source: str | None = None
    substituted: tuple[str, ...] = ()
    timeline: str | None = None
    times: tuple[tuple[float | None, float | None], ...] = ()
    events: tuple[Event, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


def read_metadata(metadata: Mapping[str, Any], *, file: str, exchanges: int) -> Metadata:
    """What the `metadata` of a cassette with so many exchanges says; nothing, if it is someone else's.

    Raises OperatorError where it breaks the format above.
    """
    if "harness" not in metadata:
        return Metadata()
    members = Members(metadata["harness"], file, "metadata.harness")
    if members.integer("format") != FORMAT:
        raise members.fault("format", str(FORMAT))
    deliveries = tuple(
        _delivery(delivery, Location(file=file, index=index))
        for index, delivery in enumerate(members.objects("deliveries"))
    )
    timeline, times = _timeline(members, exchanges)
    found = Metadata(
        provenance=Provenance(members.one_of("provenance", _PROVENANCES)),
        model=members.maybe_text("model"),
        other_model=members.maybe_text("other_model"),
        title=members.maybe_text("title"),
        source=_source(members),
        substituted=_substituted(members, exchanges, len(deliveries)),
        timeline=timeline,
        times=times,
        events=tuple(
            _event(event, Location(file=file, index=index))
            for index, event in enumerate(members.objects("events"))
        ),
        deliveries=deliveries,
    )
    members.finish()
    if found.other_model is not None and found.model is None:
        raise OperatorError(f"{members.place}: other_model is given without model")
    return found


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


def _timeline(
    members: Members, exchanges: int
) -> tuple[str | None, tuple[tuple[float | None, float | None], ...]]:
    if not members.has("timeline"):
        return None, ()
    timeline = members.object("timeline")
    kind = timeline.one_of("kind", ("recorded", "derived"))
    times = tuple(_times(entry) for entry in timeline.objects("exchanges"))
    timeline.finish()
    if len(times) != exchanges:
        raise OperatorError(f"{timeline.place}: expected {exchanges} exchanges, got {len(times)}")
    return kind, times


def _times(entry: Members) -> tuple[float | None, float | None]:
    sent_s, received_s = entry.maybe_seconds("sent_s"), entry.maybe_seconds("received_s")
    entry.finish()
    if sent_s is not None and received_s is not None and received_s < sent_s:
        raise OperatorError(f"{entry.place}: received at {received_s} s, before it was sent at {sent_s} s")
    return sent_s, received_s


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
        body=members.text("body").encode(),
        subject=subject,
        received_s=members.maybe_seconds("received_s"),
    )
    members.finish()
    return delivery
