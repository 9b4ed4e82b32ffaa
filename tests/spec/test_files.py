"""Finding and reading spec files: where they may lie, and what is refused before any is built."""

from __future__ import annotations

from pathlib import Path

import pytest

import harness
from harness.errors import OperatorError, SourceError
from harness.spec.files import SpecFile, SpecFiles, read_text, shipped_directory
from tests.minimal import MINIMAL, overlay, revision, write_specs

ID = "example/video-1-text-to-video"


class TestShippedDirectory:
    @pytest.mark.parametrize("name", ["specs", "cassettes"])
    def test_it_is_inside_the_package_or_beside_it(self, name: str):
        """Installed, the data is in the package; in a checkout, beside it."""
        package = Path(harness.__file__).resolve().parent

        assert shipped_directory(name) in (package / "data" / name, package.parent / name)


class TestReadText:
    @pytest.mark.parametrize(
        ("content", "line", "column"),
        [
            (b"\xff", 1, 1),
            (b"a: 1\nb: caf\xe9\n", 2, 7),
            ("é: é".encode() + b"\xc3", 1, 5),
            (b"\xef\xbb\xbfa: 1\nb: \x80", 2, 4),
            ("a: 1\n".encode("utf-16-le") + b"\x00\xd8", 2, 3),
        ],
    )
    def test_invalid_utf_8_is_refused_at_its_place(
        self, tmp_path: Path, content: bytes, line: int, column: int
    ):
        """Columns count characters, and a byte order mark is none."""
        path = tmp_path / "s.yaml"
        path.write_bytes(content)

        with pytest.raises(SourceError) as caught:
            read_text(path, "s.yaml")

        assert str(caught.value) == f"s.yaml:{line}:{column}: not UTF-8"

    def test_a_byte_order_mark_is_dropped(self, tmp_path: Path):
        """Windows editors write one; it is no part of the first key."""
        path = tmp_path / "s.yaml"
        path.write_bytes(b"\xef\xbb\xbfa: 1\n")

        assert read_text(path, "s.yaml") == "a: 1\n"

    def test_a_file_that_is_not_there(self, tmp_path: Path):
        """The message names the file as the operator does."""
        with pytest.raises(OperatorError, match=r"^x\.yaml: No such file or directory$"):
            read_text(tmp_path / "x.yaml", "x.yaml")

    def test_a_directory(self, tmp_path: Path):
        """What cannot be read is the operator's fault, not a crash."""
        with pytest.raises(OperatorError, match=r"^here: Is a directory$"):
            read_text(tmp_path, "here")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A baseline with a revision."""
    return write_specs(
        tmp_path / "shipped", {ID: MINIMAL, f"{ID}@2026-02-01": revision(ID, "2026-02-01", "{}")}
    )


class TestSpecFiles:
    def test_baselines_and_revisions_are_told_by_their_names(self, shipped: Path):
        """A date after an at sign makes a revision."""
        files = SpecFiles(shipped=shipped)

        assert files.baselines == {ID: SpecFile(path=shipped / f"{ID}.yaml", shown=f"specs/{ID}.yaml")}
        assert files.revisions == {
            ID: {
                "2026-02-01": SpecFile(
                    path=shipped / f"{ID}@2026-02-01.yaml", shown=f"specs/{ID}@2026-02-01.yaml"
                )
            }
        }

    def test_an_overlay_is_told_by_its_content(self, shipped: Path, tmp_path: Path):
        """It may have any name, at any depth."""
        mine = write_specs(tmp_path / "mine", {"a/b/c": overlay(ID, "{}")})

        (found,) = SpecFiles(shipped=shipped, directories=(mine,)).overlays
        assert (found.target, found.file) == (ID, f"{mine}/a/b/c.yaml")

    def test_a_document_is_read_once(self, shipped: Path):
        """Several specs share one baseline."""
        files = SpecFiles(shipped=shipped)
        file = files.baselines[ID]

        assert files.root(file) is files.root(file)

    def test_only_the_file_at_the_top_encodes_discrepancies(self, shipped: Path):
        """Below a provider, a file of that name is a spec like any other."""
        write_specs(shipped, {"discrepancies": "format: 1\n", "example/discrepancies": MINIMAL})
        files = SpecFiles(shipped=shipped)

        assert [file.shown for file in files.discrepancies] == ["specs/discrepancies.yaml"]
        assert sorted(files.baselines) == ["example/discrepancies", ID]

    def test_without_one_there_are_no_discrepancies(self, shipped: Path):
        """A directory need not have the file."""
        assert SpecFiles(shipped=shipped).discrepancies == ()

    @pytest.mark.parametrize("name", ["stray", "too/deep/down"])
    def test_a_file_elsewhere_is_refused(self, tmp_path: Path, name: str):
        """A spec must lie at PROVIDER/SLUG.yaml."""
        write_specs(tmp_path, {name: MINIMAL})
        with pytest.raises(OperatorError) as caught:
            SpecFiles(shipped=tmp_path)

        assert str(caught.value) == (
            f"specs/{name}.yaml: expected PROVIDER/SLUG.yaml below the specs directory"
        )

    def test_a_directory_that_is_not_there_is_refused(self, shipped: Path):
        """A typo in a path is no empty directory."""
        with pytest.raises(OperatorError, match=r"^nowhere: not a directory$"):
            SpecFiles(shipped=shipped, directories=(Path("nowhere"),))

    def test_a_file_of_the_user_that_is_not_yaml_is_refused_at_once(self, shipped: Path, tmp_path: Path):
        """Whether it is an overlay cannot be known without reading it."""
        mine = write_specs(tmp_path / "mine", {"ours": "a: on\n"})
        with pytest.raises(SourceError) as caught:
            SpecFiles(shipped=shipped, directories=(mine,))

        assert (caught.value.file, caught.value.line, caught.value.column) == (f"{mine}/ours.yaml", 1, 4)

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            (
                "example/video-9@2026-01-01",
                revision("example/video-9", "2026-01-01", "{}"),
                "example/video-9@2026-01-01.yaml: revises example/video-9, which has no baseline",
            ),
            (
                "ours",
                overlay("example/video-9", "{}"),
                "ours.yaml: overlays example/video-9, which is not known",
            ),
            (
                "ours",
                overlay(f"{ID}@2026-02-02", "{}"),
                f"ours.yaml: overlays {ID}@2026-02-02, which is not known",
            ),
        ],
    )
    def test_an_orphan_is_refused(self, shipped: Path, tmp_path: Path, name: str, text: str, message: str):
        """Changes to nothing would be dropped silently."""
        mine = write_specs(tmp_path / "mine", {name: text})
        with pytest.raises(OperatorError) as caught:
            SpecFiles(shipped=shipped, directories=(mine,))

        assert str(caught.value) == f"{mine}/{message}"
