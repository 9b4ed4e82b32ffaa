"""JSON Lines of exchanges: the plainest form of a recording, one JSON object a line (here on three).

```json
{"request": {"method": "POST", "url": "https://…", "headers": {"Accept": "*/*"}, "body": "{…}"},
 "response": {"status": 200, "headers": {}, "body": "{…}"},
 "sent_s": 0.0, "received_s": 0.4}
```

- `headers` is an object, or an array of `[name, value]` where a name comes twice; it may be left out.
- `body` is a string; with `"encoding": "base64"` beside it, the base64 of the bytes; left out or null, empty.
- `response` is null where none came; `error` then says why.
- `sent_s` and `received_s` are seconds since the start of the recording; both may be left out, and so may
  `sent_utc` and `received_utc`, the same moments in ISO 8601.
- `cut` beside a response's body says that it is not whole: `{"size_bytes": …, "sha256": …, "strings": 0}`, as
  in a cassette.

Empty lines are allowed; members with other names are not.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from typing import Any

from harness.cassette.bodies import Undecodable, from_base64, without_coding
from harness.cassette.members import Members, utc_at
from harness.errors import SourceError
from harness.finding import Location
from harness.wire.message import Cut, Exchange, HttpRequest, HttpResponse, Provenance, Recording

__all__ = ["as_body", "exchange_line", "read_body", "read_cut", "read_exchange", "read_json_lines"]


def read_json_lines(text: str, file: str) -> Recording:
    """The recording in a JSON Lines text; `subject.line` is set. Raises OperatorError where it is broken."""
    exchanges: list[Exchange] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            subject = Location(file=file, line=number, index=len(exchanges))
            exchanges.append(read_exchange(_parsed(line, file, number), subject))
    timed = bool(exchanges) and all(exchange.sent_s is not None for exchange in exchanges)
    return Recording(
        file=file,
        provenance=Provenance.UNKNOWN,
        exchanges=tuple(exchanges),
        timeline="recorded" if timed else None,
    )


def _parsed(line: str, file: str, number: int) -> Members:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise SourceError(f"not JSON: {error.msg}", file=file, line=number, column=error.colno) from None
    except (RecursionError, ValueError) as error:  # nested too deep, or an integer beyond all use
        message = f"not JSON that can be read: {error}"
        raise SourceError(message, file=file, line=number, column=1) from None
    return Members(value, f"{file}:{number}")


def read_exchange(line: Members, subject: Location) -> Exchange:
    """The exchange in one object of the form above. Raises OperatorError."""
    answer = _response(line.object("response")) if line.has("response") else None
    exchange = Exchange(
        request=_request(line.object("request")),
        response=None if isinstance(answer, Undecodable) else answer,
        subject=subject,
        sent_s=line.maybe_seconds("sent_s"),
        received_s=line.maybe_seconds("received_s"),
        error=answer.why if isinstance(answer, Undecodable) else line.maybe_text("error"),
        sent_utc=utc_at(line, "sent_utc"),
        received_utc=utc_at(line, "received_utc"),
    )
    line.finish()
    return exchange


def exchange_line(exchange: Exchange) -> dict[str, Any]:
    """The object that `read_exchange` reads. What is not known is left out."""
    request, response = exchange.request, exchange.response
    answer: dict[str, Any] | None = None
    if response is not None:
        headers = [list(pair) for pair in response.headers]
        answer = {"status": response.status, "headers": headers, **as_body(response.body)}
        if response.cut is not None:
            answer["cut"] = asdict(response.cut)
    line = {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": [list(pair) for pair in request.headers],
            **as_body(request.body),
        },
        "response": answer,
        "error": exchange.error,
        "sent_s": exchange.sent_s,
        "received_s": exchange.received_s,
        "sent_utc": exchange.sent_utc.isoformat() if exchange.sent_utc else None,
        "received_utc": exchange.received_utc.isoformat() if exchange.received_utc else None,
    }
    return {name: value for name, value in line.items() if value is not None}


def as_body(body: bytes) -> dict[str, str]:
    """A body as text, or in base64 where it is none."""
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(body).decode(), "encoding": "base64"}


def read_cut(members: Members) -> Cut:
    """What was cut. Raises OperatorError."""
    return Cut(
        size_bytes=members.integer("size_bytes"),
        sha256=members.text("sha256"),
        strings=members.integer("strings") if members.has("strings") else 0,
    )


def _request(members: Members) -> HttpRequest:
    request = HttpRequest(
        method=members.text("method").upper(),
        url=members.text("url"),
        headers=_headers(members),
        body=read_body(members),
    )
    members.finish()
    return request


def _response(members: Members) -> HttpResponse | Undecodable:
    status, headers = members.integer("status"), _headers(members)
    cut = read_cut(members.object("cut")) if members.has("cut") else None
    coded = HttpResponse(status=status, headers=headers, body=read_body(members), cut=cut)
    members.finish()
    body = coded.body if cut else without_coding(coded.body, coded.header("content-encoding"))
    return body if isinstance(body, Undecodable) else replace(coded, body=body)


def _headers(members: Members) -> tuple[tuple[str, str], ...]:
    if not isinstance(members.value.get("headers"), list):
        return members.pairs("headers")
    pairs = members.items("headers")
    for index, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise members.fault("headers", "[name, value]", index)
    return tuple((name, value) for name, value in pairs)


def read_body(members: Members, *, required: bool = False) -> bytes:
    """The bytes of a `body`, with the `encoding` beside it. Raises OperatorError."""
    text = members.text("body", None if required else "")
    if not members.has("encoding"):
        return text.encode()
    members.one_of("encoding", ("base64",))
    try:
        return from_base64(text)
    except ValueError:
        raise members.fault("body", "base64") from None
