"""A planted key never survives, wherever it stands and however it is written."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from harness.cassette.cut import cut_response
from harness.cassette.forms import PLACEHOLDER, found_forms, usable
from harness.cassette.scan import scan
from harness.cassette.scrub import Scrubber
from harness.cassette.unfinished import RecordingJournal
from harness.cassette.write import write_cassette
from harness.finding import Location
from harness.wire.message import Delivery, Event, Exchange, HttpRequest, HttpResponse, Provenance, Recording

KEYS = st.text(st.sampled_from("abcdefghXYZ0123456789-._~+/=:&%$!*'\"\\<>é"), min_size=6, max_size=48).filter(
    lambda key: len(set(key)) > 3 and usable([key]) == (key,)
)
TEXT = st.text(st.sampled_from("abc XYZ019{}[]\",:\\'%&=?#/\n-_+.é€"), max_size=30)
WRITERS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "upper": str.upper,
    "quoted": lambda key: quote(key, safe=""),
    "plus": quote_plus,
    "percent": lambda key: "".join(f"%{byte:02x}" for byte in key.encode()),
    "twice": lambda key: quote(quote(key, safe=""), safe=""),
    "json": json.dumps,
    "json-twice": lambda key: json.dumps(json.dumps(key)),
    "unicode": lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
    "html": html.escape,
    "base64": lambda key: base64.b64encode(key.encode()).decode(),
    "base64-1": lambda key: base64.b64encode(b"u" + key.encode() + b"xyz").decode(),
    "base64-2": lambda key: base64.b64encode(b"uv" + key.encode()).decode(),
    "urlsafe": lambda key: base64.urlsafe_b64encode(b"u" + key.encode()).decode(),
    "urlsafe-bare": lambda key: base64.urlsafe_b64encode(b"uv" + key.encode()).decode().rstrip("="),
    "basic": lambda key: "Basic " + base64.b64encode(f"user:{key}".encode()).decode(),
    "mime": lambda key: base64.encodebytes(b"u" * 60 + key.encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "bearer": lambda key: f"Bearer {key}",
}
HERE = Location(file="x")


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, str]:
    """`(a key, a text that holds it in one of its forms)`."""
    key = draw(KEYS)
    writer = draw(st.sampled_from(sorted(WRITERS)))
    text = draw(TEXT) + WRITERS[writer](key) + draw(TEXT)
    return key, text


@st.composite
def nested(draw: st.DrawFn, leaf: str) -> Any:
    """JSON with the leaf somewhere in it: as a value, as a name, or in JSON that is a string again."""
    value: Any = leaf
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(["a", "error", "token", "details", leaf]))
        value = draw(
            st.sampled_from(
                [{name: value, "n": 1}, [0, value], json.dumps(value), {"x": [value, None]}, {name: 5}]
            )
        )
    return value


def strings(exchange: Exchange) -> str:
    """Everything that is left of an exchange."""
    response = exchange.response
    parts = [exchange.request.url, repr(exchange.request.headers), exchange.error or ""]
    parts.append(exchange.request.body.decode("utf-8", "replace"))
    if response is not None:
        parts += [repr(response.headers), response.body.decode("utf-8", "replace")]
    return "\n".join(parts)


@given(planted())
def test_no_text_keeps_a_planted_key(case: tuple[str, str]):
    """Whatever stands around it; and scrubbing what was scrubbed changes nothing."""
    key, text = case
    scrubber = Scrubber.of((), [key])
    cleaned = scrubber.text(text)
    assert list(found_forms(cleaned, key)) == []
    assert scrubber.text(cleaned) == cleaned
    assert scrubber.body(cleaned.encode(), "application/json") == cleaned.encode()


@given(planted(), st.data())
def test_no_exchange_keeps_a_planted_key(case: tuple[str, str], data: st.DataObject):
    """In the address, the headers, nested bodies, the error; and what is left has the same shape."""
    key, text = case
    body = data.draw(nested(text))
    found = Exchange(
        request=HttpRequest(
            method="POST",
            url=f"https://a.example/{quote(text)}/x?q={quote_plus(text)}&token={quote(text)}#{quote(text)}",
            headers=(("Authorization", text), ("X-Other", text), ("Cookie", f"a={text}")),
            body=json.dumps(body).encode(),
        ),
        response=HttpResponse(
            status=401,
            headers=(("Location", text), ("Set-Cookie", f"s={quote(text)}; Path=/")),
            body=json.dumps(body, ensure_ascii=False).encode(),
        ),
        subject=HERE,
        error=text,
    )
    scrubber = Scrubber.of((), [key])
    scrubbed = scrubber.exchange(found)
    assert list(found_forms(strings(scrubbed), key)) == []
    assert scrubber.exchange(scrubbed) == scrubbed
    assert scrubbed.response is not None
    if scrubbed.response.body.decode() != PLACEHOLDER:
        json.loads(scrubbed.response.body)


@given(planted(), st.data())
def test_no_file_keeps_a_planted_key(case: tuple[str, str], data: st.DataObject):
    """Neither the journal nor the cassette, as the disk has them; the last scan finds nothing to refuse."""
    key, text = case
    scrubber = Scrubber.of((), [key])
    body = json.dumps(data.draw(nested(text))).encode() + data.draw(
        st.sampled_from([b"", b"\xff", b" " * 70_000])
    )
    response = HttpResponse(status=200, headers=(("X", text.replace("\n", " ")),), body=body)
    exchange = Exchange(
        request=HttpRequest(method="GET", url="https://a.example/", body=text.encode()),
        response=response,
        subject=HERE,
    )
    scrubbed = scrubber.exchange(exchange)
    assert scrubbed.response is not None
    kept = Exchange(
        request=scrubbed.request, response=cut_response(scrubbed.response, body), subject=HERE, sent_s=0.0
    )
    delivery = scrubber.delivery(Delivery(body=body, headers=(("X", text),), subject=HERE))
    event = scrubber.event(Event(name=text, data=text, subject=HERE))
    start = Recording(file="x", provenance=Provenance.LIVE, timeline="recorded")
    with TemporaryDirectory() as directory:
        journal = RecordingJournal(Path(directory) / "j", start)
        for message in (kept, delivery, event):
            journal.append(message)
        journal.close()
        assert scan(journal.path, [key]) == ()
        recording = Recording(
            file="x",
            provenance=Provenance.LIVE,
            timeline="recorded",
            exchanges=(kept,),
            deliveries=(delivery,),
            events=(event,),
        )
        (path,) = write_cassette(recording, Path(directory) / "c.yaml", secrets=[key])
        assert scan(path, [key]) == ()


@given(st.binary(max_size=200))
def test_bytes_without_a_secret_come_out_as_they_went_in(body: bytes):
    """Where the key is not, nothing is changed by value."""
    scrubber = Scrubber.of((), ["q1w2e3r4t5-not-here"])
    once = scrubber.body(body)
    assert scrubber.body(once) == once


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "token", "b"]), inner),
        max_leaves=12,
    )
)
def test_types_stay_what_they_were(value: Any):
    """A secret text becomes a text, a secret number a number; the rest is the same."""
    scrubbed = json.loads(Scrubber.of().body(json.dumps(value).encode()))
    assert shape(scrubbed) == shape(value)


def shape(value: Any) -> Any:
    """The types of a JSON value."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value)
