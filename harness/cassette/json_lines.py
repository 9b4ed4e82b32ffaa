"""JSON Lines of exchanges: the plainest form of a recording, one JSON object a line (here on three).

```json
{"request": {"method": "POST", "url": "https://…", "headers": {"Accept": "*/*"}, "body": "{…}"},
 "response": {"status": 200, "headers": {}, "body": "{…}"},
 "sent_s": 0.0, "received_s": 0.4}
```

- `headers` is an object, or an array of `[name, value]` where a name comes twice; it may be left out.
- `body` is a string; with `"encoding": "base64"` beside it, the base64 of the bytes; left out or null, empty.
- `response` is null where none came; `error` then says why.
- `sent_s` and `received_s` are seconds since the start of the recording; both may be left out.

Empty lines are allowed; members with other names are not.
"""

from __future__ import annotations

import json

from harness.cassette.bodies import Undecodable, from_base64, without_coding
from harness.cassette.members import Members
from harness.errors import SourceError
from harness.finding import Location
from harness.wire.message import Exchange, HttpRequest, HttpResponse, Provenance, Recording

__all__ = ["read_json_lines"]


def read_json_lines(text: str, file: str) -> Recording:
    """The recording in a JSON Lines text; `subject.line` is set. Raises OperatorError where it is broken."""
    exchanges: list[Exchange] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            subject = Location(file=file, line=number, index=len(exchanges))
            exchanges.append(_exchange(_parsed(line, file, number), subject))
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


def _exchange(line: Members, subject: Location) -> Exchange:
    answer = _response(line.object("response")) if line.has("response") else None
    exchange = Exchange(
        request=_request(line.object("request")),
        response=None if isinstance(answer, Undecodable) else answer,
        subject=subject,
        sent_s=line.maybe_seconds("sent_s"),
        received_s=line.maybe_seconds("received_s"),
        error=answer.why if isinstance(answer, Undecodable) else line.maybe_text("error"),
    )
    line.finish()
    return exchange


def _request(members: Members) -> HttpRequest:
    request = HttpRequest(
        method=members.text("method").upper(),
        url=members.text("url"),
        headers=_headers(members),
        body=_body(members),
    )
    members.finish()
    return request


def _response(members: Members) -> HttpResponse | Undecodable:
    status, headers = members.integer("status"), _headers(members)
    coded = HttpResponse(status=status, headers=headers, body=_body(members))
    members.finish()
    body = without_coding(coded.body, coded.header("content-encoding"))
    return body if isinstance(body, Undecodable) else HttpResponse(status=status, headers=headers, body=body)


def _headers(members: Members) -> tuple[tuple[str, str], ...]:
    if not isinstance(members.value.get("headers"), list):
        return members.pairs("headers")
    pairs = members.items("headers")
    for index, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise members.fault("headers", "[name, value]", index)
    return tuple((name, value) for name, value in pairs)


def _body(members: Members) -> bytes:
    text = members.text("body", "")
    if not members.has("encoding"):
        return text.encode()
    members.one_of("encoding", ("base64",))
    try:
        return from_base64(text)
    except ValueError:
        raise members.fault("body", "base64") from None
