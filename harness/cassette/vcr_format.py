"""vcrpy cassettes, through vcrpy's own serialiser, so that a file means here what it means in a replay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.cassette.bodies import Undecodable, without_coding
from harness.cassette.members import NotARecordingError, shorten
from harness.cassette.metadata import Metadata, read_metadata
from harness.errors import OperatorError, SourceError
from harness.finding import Location
from harness.wire.message import Cut, Exchange, HttpRequest, HttpResponse, Recording

__all__ = ["MAX_DEPTH", "is_cassette_name", "read_cassette", "serializer_name"]

MAX_DEPTH = 1000
_BRACKETS = re.compile(r"[\[\]{}]")
_DASHES = re.compile(rf"(?:[-?:][ \t]+){{{MAX_DEPTH}}}")
_CANNOT = "vcrpy cannot load this cassette"


def is_cassette_name(name: str) -> bool:
    """Whether a file of this name may be a cassette."""
    return name.lower().endswith((".yaml", ".yml", ".json"))


def serializer_name(file: str) -> str:
    """The serialiser that vcrpy needs for a file: `json` or `yaml`."""
    return "json" if file.lower().endswith(".json") else "yaml"


def read_cassette(text: str, file: str) -> Recording:
    """The recording in the text of a cassette.

    Raises NotARecordingError for YAML or JSON that is no cassette, and OperatorError for what vcrpy cannot
    load.
    """
    data = _parsed(text, file)
    old = isinstance(data, list) and data and isinstance(data[0], Mapping) and "request" in data[0]
    if not old and not (isinstance(data, Mapping) and "interactions" in data):
        raise NotARecordingError("it has no 'interactions', so it is no vcrpy cassette")
    requests, responses, raw_metadata = _deserialized(data, file)
    if not isinstance(raw_metadata, Mapping):
        raise OperatorError(f"{file}: metadata: expected an object, got {shorten(raw_metadata)}")
    metadata = read_metadata(raw_metadata, file=file, exchanges=len(requests))
    exchanges = _exchanges(requests, responses, metadata, file)
    return Recording(
        file=file,
        provenance=metadata.provenance,
        exchanges=_with_unanswered(tuple(exchanges), metadata),
        deliveries=metadata.deliveries,
        events=metadata.events,
        model=metadata.model,
        other_model=metadata.other_model,
        title=metadata.title,
        source=metadata.source,
        substituted=metadata.substituted,
        timeline=metadata.timeline,
        recorded_at=metadata.recorded_at,
        expires=metadata.expires,
        shows_outage=metadata.shows_outage,
        part=metadata.part,
        spec_digest=metadata.spec_digest,
        metadata=raw_metadata,
        videos=metadata.videos,
    )


def _parsed(text: str, file: str) -> Any:
    from vcr.serializers import jsonserializer, yamlserializer

    _refuse_depth(text, file)
    serializer = jsonserializer if serializer_name(file) == "json" else yamlserializer
    try:
        return serializer.deserialize(text)
    except Exception as error:  # whatever the parser below the serialiser raises
        raise _unparsable(error, text, file) from None


def _refuse_depth(text: str, file: str) -> None:
    """Refuses nesting that no cassette has: libyaml recurses in C, and would take the process with it.

    Brackets inside strings are counted as well; only where they open by the thousand does it matter.
    """
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        if depth > MAX_DEPTH:
            break
    if depth > MAX_DEPTH or _DASHES.search(text):
        raise OperatorError(f"{file}: nested more than {MAX_DEPTH} deep; no cassette is")


def _unparsable(error: Exception, text: str, file: str) -> OperatorError:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        what, line, column = getattr(error, "problem", None), mark.line + 1, mark.column + 1
    else:
        what, line, column = (
            getattr(error, "msg", None),
            getattr(error, "lineno", 0),
            getattr(error, "colno", 0),
        )
    if not line:
        return OperatorError(f"{file}: {_CANNOT}: {_words(error)}")
    lines = text.splitlines() or [""]
    if line > len(lines):  # the end of the text, which some parsers put on a line of its own
        line, column = len(lines), len(lines[-1]) + 1
    return SourceError(f"{_CANNOT}: {what or _words(error)}", file=file, line=line, column=column)


def _words(error: Exception) -> str:
    """What an exception says, in one line."""
    words = " ".join(str(error).split()) or type(error).__name__
    return f"missing member {words}" if isinstance(error, KeyError) else words


class _Parsed:
    """A serialiser for what has been parsed already."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def deserialize(self, _text: str) -> Any:
        return self._data


def _deserialized(data: Any, file: str) -> tuple[list[Any], list[Any], Any]:
    from vcr.serialize import deserialize

    try:
        requests, responses, *metadata = deserialize("", _Parsed(data))
    except Exception as error:  # vcrpy indexes into the data without looking
        raise OperatorError(f"{file}: {_broken_part(data)}{_CANNOT}: {_words(error)}") from None
    return requests, responses, metadata[0] if metadata else {}


def _broken_part(data: Any) -> str:
    """The first interaction that vcrpy cannot load, as the start of a message; nothing if it is not one."""
    from vcr.serialize import deserialize

    interactions = data["interactions"] if isinstance(data, Mapping) else ()
    for index, interaction in enumerate(interactions if isinstance(interactions, list) else ()):
        try:
            deserialize("", _Parsed({"interactions": [interaction]}))
        except Exception:  # the same one again
            return f"interactions[{index}]: "
    return ""


def _exchanges(
    requests: list[Any], responses: list[Any], metadata: Metadata, file: str
) -> Iterator[Exchange]:
    for index, (request, response) in enumerate(zip(requests, responses, strict=True)):
        sent_s, received_s = metadata.times[index] if metadata.times else (None, None)
        sent_utc, received_utc = metadata.moments[index] if metadata.moments else (None, None)
        cut = metadata.cuts.get(index)
        place = f"{file}: interactions[{index}]"
        answer = _response(response, f"{place}.response", cut)
        yield Exchange(
            request=_request(request, f"{place}.request"),
            response=None if isinstance(answer, Undecodable) else answer,
            subject=Location(file=file, index=index),
            sent_s=sent_s,
            received_s=received_s,
            error=answer.why if isinstance(answer, Undecodable) else metadata.errors.get(index),
            sent_utc=sent_utc,
            received_utc=received_utc,
            events_s=metadata.events_s.get(index, ()),
        )


def _with_unanswered(exchanges: tuple[Exchange, ...], metadata: Metadata) -> tuple[Exchange, ...]:
    """The exchanges with the requests that got no answer between them, where they were sent."""
    if not metadata.unanswered:
        return exchanges
    ordered = []
    for index in range(len(exchanges) + 1):
        ordered += [exchange for before, exchange in metadata.unanswered if before == index]
        ordered += exchanges[index : index + 1]
    return tuple(ordered)


def _request(request: Any, place: str) -> HttpRequest:
    from vcr.util import read_body

    if not isinstance(request.method, str) or not isinstance(request.uri, str):
        raise OperatorError(f"{place}: expected method and uri to be strings")
    return HttpRequest(
        method=request.method.upper(),
        url=request.uri,
        headers=tuple((str(name), _header_text(value)) for name, value in request.headers.items()),
        body=_bytes(read_body(request), f"{place}.body"),
    )


def _response(response: Any, place: str, cut: Cut | None) -> HttpResponse | Undecodable:
    try:
        if "status_code" in response:  # how vcrpy before 6 kept answers to httpx
            status, content = response["status_code"], response.get("content")
        else:
            status, content = response["status"]["code"], (response.get("body") or {}).get("string")
        headers = _headers(response.get("headers") or {})
    except (AttributeError, KeyError, TypeError):
        raise OperatorError(f"{place}: expected status, headers and body") from None
    if isinstance(status, bool) or not isinstance(status, int):
        raise OperatorError(f"{place}.status.code: expected a whole number, got {shorten(status)}")
    found = HttpResponse(status=status, headers=headers)
    body: bytes | Undecodable = _bytes(content, f"{place}.body.string")
    if isinstance(body, bytes) and cut is None:
        body = without_coding(body, found.header("content-encoding"))
    if isinstance(body, Undecodable):
        return body
    return HttpResponse(status=status, headers=headers, body=body, cut=cut)


def _headers(headers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, _header_text(value))
        for name, values in headers.items()
        for value in (values if isinstance(values, (list, tuple)) else [values])
    )


def _header_text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(content: Any, place: str) -> bytes:
    if content is None:
        return b""
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, (bytes, bytearray)):
        return bytes(content)
    raise OperatorError(f"{place}: expected a string, got {shorten(content)}; put quotes around it")
