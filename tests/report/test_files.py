"""Reports on disk."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.report.decision_json import decision_json
from harness.report.figures import all_pictures
from harness.report.files import write_report, write_text
from harness.report.html import record_html
from harness.report.json import record_json
from harness.report.markdown import record_markdown
from harness.report.page import page_of
from harness.report.since_read import read_report
from tests.decision.hostile import hostile_decision
from tests.report.example import example

NAMES = (
    "report.html",
    "report.md",
    "report.json",
    "figures/discrepancies-clip-2-pro-text-to-video.svg",
    "figures/estimates.svg",
    "figures/conformance.svg",
)


def test_a_report_is_three_documents_and_their_figures(tmp_path: Path) -> None:
    """Each holds what its renderer gives; directories are made; nothing else is left behind."""
    target = tmp_path / "new" / "reports"
    written = write_report(example(), target)
    assert written == tuple(target / name for name in NAMES)
    assert (target / "report.html").read_text(encoding="utf-8") == record_html(example())
    assert (target / "report.md").read_text(encoding="utf-8") == record_markdown(example())
    document = {**record_json(example()), "decision": None, "since": None}
    assert json.loads((target / "report.json").read_bytes()) == document
    assert {path.name for path in target.rglob("*") if path.is_file()} == {Path(name).name for name in NAMES}
    for name in NAMES[3:]:
        assert ElementTree.parse(target / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_pictures_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    """One beside each SVG, as it is drawn."""
    written = write_report(example(), tmp_path, pictures=True)
    pictures = tuple(name.replace(".svg", ".png") for name in NAMES[3:])
    assert written == tuple(tmp_path / name for name in (*NAMES, *pictures))
    for name, png in all_pictures(page_of(example())).items():
        assert (tmp_path / "figures" / f"{name}.png").read_bytes() == png


def test_no_picture_of_an_earlier_report_stands_beside_a_new_figure(tmp_path: Path) -> None:
    """Without pictures those of the same names go; what else lies there is nobody's business."""
    write_report(example(), tmp_path, pictures=True)
    others = [tmp_path / "figures" / "mine.png", tmp_path / "report.png"]
    for path in others:
        path.write_bytes(b"mine")
    write_report(example(), tmp_path)
    assert sorted(tmp_path.rglob("*.png")) == sorted(others)


def test_what_changed_stands_in_every_document(tmp_path: Path) -> None:
    """Held against itself, that is a sentence; the decision stands beside it."""
    decision = hostile_decision("Word")
    write_report(example(), tmp_path / "old", decision)
    old = read_report((tmp_path / "old" / "report.json").read_text(encoding="utf-8"), "report.json")
    write_report(example(), tmp_path / "new", decision, old=old)
    sentence = "Nothing changed since the report that was made 2026-11-20 12:00 UTC by harness 0.1.0."
    for name in ("report.html", "report.md"):
        assert sentence in (tmp_path / "new" / name).read_text(encoding="utf-8")
    document = json.loads((tmp_path / "new" / "report.json").read_bytes())
    assert document["since"]["unchanged"] is True
    assert document["decision"] == decision_json(decision)


def test_the_figures_that_markdown_shows_are_there(tmp_path: Path) -> None:
    """Every picture of report.md is a file that was written."""
    write_report(example(), tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    shown = [part.split(")")[0] for part in text.split("](")[1:]]
    assert shown
    assert not [name for name in shown if not (tmp_path / name).is_file()]


def test_two_runs_of_one_record_are_equal(tmp_path: Path) -> None:
    """Byte for byte."""
    first, second = (write_report(example(), tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_an_old_file_is_replaced_whole(tmp_path: Path) -> None:
    """The file is another one afterwards; who has the old one open keeps reading it."""
    path = tmp_path / "a.txt"
    write_text(path, "old\n")
    with path.open(encoding="utf-8") as reader:
        write_text(path, "né\n")
        assert reader.read() == "old\n"
    assert path.read_bytes() == "né\n".encode()
    assert [left.name for left in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the last moment changes nothing."""
    path = tmp_path / "a.txt"
    write_text(path, "old\n")

    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_text(path, "new\n")
    assert ([left.name for left in tmp_path.iterdir()], path.read_text()) == (["a.txt"], "old\n")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is replaced."""
    (tmp_path / "real.txt").write_text("old\n")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_text(tmp_path / "link.txt", "new\n")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new\n"


def test_a_new_file_has_ordinary_permissions(tmp_path: Path) -> None:
    """As the process's mask says, not those of a private temporary file."""
    (tmp_path / "plain").write_text("")
    write_text(tmp_path / "a.txt", "x")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "a.txt")}
    assert len(modes) == 1


def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    """`--report json=/dev/stdout` and named pipes work."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "through\n")
        assert os.read(reader, 100) == b"through\n"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_directory_in_the_way_is_an_error(tmp_path: Path) -> None:
    """The operator is told."""
    with pytest.raises(IsADirectoryError):
        write_text(tmp_path, "x")
