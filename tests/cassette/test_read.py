"""Recordings out of files and directories."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cassette.read import read_recordings
from harness.errors import OperatorError, SourceError
from harness.finding import Location, Skipped
from harness.wire.message import Recording

CASSETTE = json.dumps(
    {
        "interactions": [
            {
                "request": {"method": "GET", "uri": "https://a.example", "body": "", "headers": {}},
                "response": {
                    "status": {"code": 200, "message": "OK"},
                    "headers": {},
                    "body": {"string": "x"},
                },
            }
        ]
    }
)
HAR = json.dumps({"log": {"entries": []}})
LINE = json.dumps({"request": {"method": "GET", "url": "https://a.example"}, "response": {"status": 200}})
KNOWN = ".har, .json, .jsonl, .ndjson, .yaml, .yml"


def write(directory: Path, **files: str | bytes) -> None:
    for name, content in files.items():
        path = directory / name.replace("__", "/").replace("DOT", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def refusal(path: Path) -> str:
    with pytest.raises(OperatorError) as caught:
        list(read_recordings(path, shown="given"))
    return str(caught.value)


def test_every_kind_is_read_by_its_name_and_content(tmp_path):
    """Directories are read to the bottom, by name; each message knows its file."""
    write(
        tmp_path,
        aDOTyaml=CASSETTE,
        bDOTYML=CASSETTE,
        c__dDOTjson=CASSETTE,
        c__eDOTjson=HAR,
        c__fDOThar=HAR,
        gDOTjsonl=LINE,
        hDOTndjson=LINE,
    )
    found = list(read_recordings(tmp_path, shown="traffic/"))
    assert [(r.file, len(r.exchanges)) for r in found if isinstance(r, Recording)] == [
        ("traffic/a.yaml", 1),
        ("traffic/b.YML", 1),
        ("traffic/c/d.json", 1),
        ("traffic/c/e.json", 0),
        ("traffic/c/f.har", 0),
        ("traffic/g.jsonl", 1),
        ("traffic/h.ndjson", 1),
    ]
    assert isinstance(found[0], Recording)
    assert found[0].exchanges[0].subject == Location(file="traffic/a.yaml", index=0)


def test_without_another_name_the_path_is_shown_as_given(tmp_path, monkeypatch):
    """Relative stays relative: an absolute path says something about the machine."""
    write(tmp_path, in__aDOTyaml=CASSETTE)
    monkeypatch.chdir(tmp_path)
    assert [r.file for r in read_recordings("in") if isinstance(r, Recording)] == ["in/a.yaml"]
    assert [r.file for r in read_recordings(Path("in/a.yaml")) if isinstance(r, Recording)] == ["in/a.yaml"]


def test_an_empty_directory_gives_nothing(tmp_path):
    """What to make of nothing is for the caller to say."""
    (tmp_path / "below").mkdir()
    assert list(read_recordings(tmp_path)) == []


def test_hidden_files_and_directories_are_passed_over(tmp_path):
    """Version control and editors keep their own there."""
    write(tmp_path, DOTgit__aDOTyaml=CASSETTE, DOTbDOTyaml=CASSETTE)
    assert list(read_recordings(tmp_path)) == []


def test_what_is_something_else_is_skipped_with_the_reason(tmp_path):
    """Files of another kind are named, not lost and not fatal."""
    write(
        tmp_path,
        composeDOTyaml="services: {}",
        packageDOTjson='{"name": "x"}',
        listDOTjson="[]",
        notesDOTmd="x",
        LICENSE="x",
    )
    neither = "it has neither 'log' nor 'interactions', so it is neither HAR nor cassette"
    assert list(read_recordings(tmp_path, shown="d")) == [
        Skipped(what="d/LICENSE", why=f"no recordings are known by the name 'LICENSE'; known: {KNOWN}"),
        Skipped(what="d/compose.yaml", why="it has no 'interactions', so it is no vcrpy cassette"),
        Skipped(what="d/list.json", why=neither),
        Skipped(what="d/notes.md", why=f"no recordings are known by the name '.md'; known: {KNOWN}"),
        Skipped(what="d/package.json", why=neither),
    ]


def test_a_file_given_by_name_is_expected_to_be_a_recording(tmp_path):
    """Of a known kind it must be one; of an unknown kind it is skipped, as among the files of a directory."""
    write(tmp_path, aDOTyaml="a: 1", bDOTtxt="x")
    assert refusal(tmp_path / "a.yaml") == "given: it has no 'interactions', so it is no vcrpy cassette"
    assert list(read_recordings(tmp_path / "b.txt", shown="given")) == [
        Skipped(what="given", why=f"no recordings are known by the name '.txt'; known: {KNOWN}")
    ]


def test_a_path_that_is_not_there_is_refused(tmp_path):
    """A wrong path is not an empty recording."""
    assert refusal(tmp_path / "gone") == "given: no such file or directory"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.yaml", b"", "d/a.yaml: the file is empty"),
        ("a.jsonl", b" \n", "d/a.jsonl: the file is empty"),
        ("a.yaml", b"\xff", "d/a.yaml:1:1: not UTF-8"),
        (
            "a.yaml",
            b"- [",
            "d/a.yaml:1:4: vcrpy cannot load this cassette: did not find expected node content",
        ),
        ("a.har", b"{,}", "d/a.har:1:2: not JSON: Expecting property name enclosed in double quotes"),
        ("a.jsonl", b"x", "d/a.jsonl:1:1: not JSON: Expecting value"),
        ("a.har", b'{"log": {"entries": [1]}}', "d/a.har: log.entries[0]: expected an object, got 1"),
    ],
)
def test_a_broken_file_is_refused_wherever_it_stands(tmp_path, name, content, expected):
    """A recording that cannot be read is never passed over: that would be a false green."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OperatorError) as caught:
        list(read_recordings(tmp_path, shown="d"))
    assert str(caught.value) == expected


@pytest.mark.parametrize("name", ["a.json", "a.har", "a.jsonl"])
@pytest.mark.parametrize("content", ["[" * 100_000, "9" * 5000])
def test_json_that_python_will_not_take_is_refused(tmp_path, name, content):
    """Nested too deep, or with a number of thousands of digits: refused, without a traceback."""
    (tmp_path / name).write_text(content)
    with pytest.raises(OperatorError, match=rf"^d/{name}(:1:1)?: not JSON that can be read: "):
        list(read_recordings(tmp_path, shown="d"))


def test_places_in_json_are_members_of_the_exception(tmp_path):
    """Editors and CI read them from there."""
    write(tmp_path, aDOTjson='{\n  "log": ]')
    with pytest.raises(SourceError) as caught:
        list(read_recordings(tmp_path / "a.json", shown="a.json"))
    assert (caught.value.file, caught.value.line, caught.value.column) == ("a.json", 2, 10)


def test_binary_bodies_survive_base64(tmp_path):
    """A video in a JSON Lines file comes out byte for byte."""
    video = bytes(range(256))
    line = {
        "request": {"method": "GET", "url": "https://a.example/v.mp4"},
        "response": {"status": 200, "body": base64.b64encode(video).decode(), "encoding": "base64"},
    }
    write(tmp_path, aDOTjsonl=json.dumps(line))
    (recording,) = read_recordings(tmp_path)
    assert isinstance(recording, Recording)
    assert recording.exchanges[0].response is not None
    assert recording.exchanges[0].response.body == video


def test_importing_the_readers_does_not_import_vcrpy():
    """It takes a quarter of a second, and most commands read no cassette."""
    code = "import sys, harness.cassette.read, harness.cassette.replay; sys.exit('vcr' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
