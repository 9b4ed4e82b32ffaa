"""Finding specs by reference: the shipped ones, revisions, and the user's own over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import OperatorError, SourceError
from harness.spec.files import SpecFile
from harness.spec.revision import load_patch
from harness.spec.store import SpecStore
from tests.minimal import MINIMAL, edited, overlay, revision, write_specs
from tests.shipped import REFERENCES

ID = "example/video-1-text-to-video"
OTHER = "example/video-2-text-to-video"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """Two baselines, the first with two revisions."""
    return write_specs(
        tmp_path / "shipped",
        {
            ID: MINIMAL,
            f"{ID}@2026-02-01": revision(ID, "2026-02-01", "{title: February}"),
            f"{ID}@2026-03-01": revision(ID, "2026-03-01", "{price: undocumented}"),
            OTHER: edited((f"id: {ID}", f"id: {OTHER}")),
            "discrepancies": "format: 1\ngroups: {}\n",
        },
    )


@pytest.fixture
def store(shipped: Path) -> SpecStore:
    return SpecStore(shipped=shipped)


class TestIds:
    def test_they_are_the_places_of_the_files(self, store: SpecStore):
        """Revisions and the file of discrepancies are no models."""
        assert store.ids == (ID, OTHER)

    def test_revisions_are_dates_oldest_first(self, store: SpecStore):
        """A model without revisions has none."""
        assert (store.revisions(ID), store.revisions(OTHER)) == (("2026-02-01", "2026-03-01"), ())

    def test_files_are_the_baseline_then_its_revisions(self, store: SpecStore, shipped: Path):
        """Shown as the project names them, wherever they lie."""
        assert store.files(ID) == tuple(
            SpecFile(
                path=shipped / "example" / f"video-1-text-to-video{at}.yaml", shown=f"specs/{ID}{at}.yaml"
            )
            for at in ("", "@2026-02-01", "@2026-03-01")
        )

    def test_the_file_of_discrepancies_is_found(self, store: SpecStore, shipped: Path):
        """It lies at the top of a directory of specs."""
        assert store.discrepancy_files == (
            SpecFile(path=shipped / "discrepancies.yaml", shown="specs/discrepancies.yaml"),
        )


class TestResolve:
    @pytest.mark.parametrize(
        ("reference", "expected"),
        [
            (ID, (ID, None)),
            ("video-1", (ID, None)),
            ("2-text", (OTHER, None)),
            (f"{ID}@2026-02-01", (ID, "2026-02-01")),
            ("video-1@latest", (ID, "2026-03-01")),
            ("video-2@latest", (OTHER, None)),
        ],
    )
    def test_an_unambiguous_part_is_enough(
        self, store: SpecStore, reference: str, expected: tuple[str, str | None]
    ):
        """`latest` is the newest revision, or the baseline where there is none."""
        assert store.resolve(reference) == expected

    @pytest.mark.parametrize(
        ("reference", "message"),
        [
            ("example", f"model 'example' is ambiguous: {ID}, {OTHER}"),
            ("video", f"model 'video' is ambiguous: {ID}, {OTHER}"),
            ("example/video-1-txt-to-video", f"no model 'example/video-1-txt-to-video'; did you mean {ID}?"),
            ("kling", f"no model 'kling'; known: {ID}, {OTHER}"),
            ("", f"no model ''; known: {ID}, {OTHER}"),
            ("video-1@2026-02-02", f"{ID} has no revision '2026-02-02'; it has: 2026-02-01, 2026-03-01"),
            ("video-1@", f"{ID} has no revision ''; it has: 2026-02-01, 2026-03-01"),
            ("video-2@2026-02-01", f"{OTHER} has no revision '2026-02-01'; it has: none"),
        ],
    )
    def test_nothing_or_more_than_one_is_refused(self, store: SpecStore, reference: str, message: str):
        """The message says what could have been meant."""
        with pytest.raises(OperatorError) as caught:
            store.resolve(reference)

        assert str(caught.value) == message

    def test_a_whole_id_wins_over_a_longer_one(self, tmp_path: Path):
        """An id that is part of another is not ambiguous."""
        write_specs(tmp_path, {"a/b": MINIMAL, "a/b-c": MINIMAL})

        assert SpecStore(shipped=tmp_path).resolve("a/b") == ("a/b", None)


class TestGet:
    def test_the_baseline_has_no_revision_applied(self, store: SpecStore):
        """A later page does not reach back."""
        spec = store.get(ID)

        assert (spec.ref, spec.title) == (ID, "Video 1 text to video, sold by Example")

    def test_a_revision_has_all_earlier_ones_applied(self, store: SpecStore):
        """Each file says only what it changes."""
        first, second = store.get(f"{ID}@2026-02-01"), store.get("video-1@latest")

        assert (first.ref, first.title, first.price.state) == (f"{ID}@2026-02-01", "February", "documented")
        assert (second.ref, second.title, second.price.state) == (
            f"{ID}@2026-03-01",
            "February",
            "undocumented",
        )

    def test_a_spec_is_built_once(self, store: SpecStore):
        """The same reference gives the same object."""
        assert store.get("video-1") is store.get(ID)

    def test_all_are_the_baselines(self, store: SpecStore):
        """One for each id."""
        assert [spec.ref for spec in store.all()] == [ID, OTHER]

    def test_a_broken_file_is_refused_when_it_is_asked_for(self, shipped: Path):
        """One broken spec does not keep the others from being read."""
        write_specs(shipped, {"example/broken": edited(("format: 1", "format: 2"))})
        store = SpecStore(shipped=shipped)

        assert store.get(ID).id == ID
        with pytest.raises(SourceError) as caught:
            store.get("broken")
        assert str(caught.value) == "specs/example/broken.yaml:1:9: /format: expected 1, got a number, 2"

    def test_later_revisions_are_those_after_a_spec(self, store: SpecStore):
        """Of a baseline all of them, of the newest none."""
        assert [spec.ref for spec in store.later_revisions(store.get(ID))] == [
            f"{ID}@2026-02-01",
            f"{ID}@2026-03-01",
        ]
        assert [s.revision for s in store.later_revisions(store.get(f"{ID}@2026-02-01"))] == ["2026-03-01"]
        assert store.later_revisions(store.get("video-1@latest")) == ()


class TestPatch:
    def test_it_is_what_one_file_changes(self, store: SpecStore):
        """Nothing of the revisions before it."""
        assert store.patch(ID, "2026-03-01").changes.plain() == {"price": "undocumented"}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (
                revision(OTHER, "2026-02-01", "{}"),
                f"2:10: /revises: expected {ID}, as the file is named, got {OTHER}",
            ),
            (
                revision(ID, "2026-02-02", "{}"),
                "3:7: /date: expected 2026-02-01, as the file is named, got 2026-02-02",
            ),
            (overlay(ID, "{}"), "1:1: /date: expected 2026-02-01, as the file is named, got None"),
        ],
    )
    def test_a_file_that_is_named_for_another_revision_is_refused(
        self, shipped: Path, text: str, message: str
    ):
        """A name that lies would apply the changes to the wrong model or day."""
        write_specs(shipped, {f"{ID}@2026-02-01": text})
        with pytest.raises(SourceError) as caught:
            SpecStore(shipped=shipped).get("video-1@latest")

        assert str(caught.value) == f"specs/{ID}@2026-02-01.yaml:{message}"

    def test_the_base_of_a_revision_has_the_earlier_ones_applied(self, store: SpecStore):
        """A revision between two others stands on the first."""
        patch = load_patch(revision(ID, "2026-02-15", "{}"), "r.yaml")

        assert store.base_of(patch).ref == f"{ID}@2026-02-01"

    @pytest.mark.parametrize(
        ("text", "ref"),
        [
            (revision(ID, "2026-01-15", "{}"), ID),
            (overlay(ID, "{}"), ID),
            (overlay(f"{ID}@2026-03-01", "{}"), f"{ID}@2026-03-01"),
        ],
    )
    def test_the_base_of_the_first_revision_is_the_baseline(self, store: SpecStore, text: str, ref: str):
        """And an overlay stands on just what it names."""
        assert store.base_of(load_patch(text, "r.yaml")).ref == ref

    def test_the_base_of_a_part_of_an_id_is_nothing(self, store: SpecStore):
        """What is enough on the command line is not enough in a file."""
        patch = load_patch(revision("example/video-1", "2026-02-15", "{}"), "r.yaml")
        with pytest.raises(OperatorError) as caught:
            store.base_of(patch)

        assert str(caught.value) == f"r.yaml: no model example/video-1; known: {ID}, {OTHER}"


class TestDirectoriesOfTheUser:
    def test_they_add_baselines_and_revisions(self, shipped: Path, tmp_path: Path):
        """In the same layout; shown by their own path."""
        mine = write_specs(
            tmp_path / "mine",
            {
                "mine/video": edited((f"id: {ID}", "id: mine/video")),
                f"{OTHER}@2026-05-01": revision(OTHER, "2026-05-01", "{title: May}"),
            },
        )
        store = SpecStore((mine,), shipped=shipped)

        assert store.ids == (ID, OTHER, "mine/video")
        assert store.get("video-2@latest").title == "May"
        assert store.get("mine").mark_at("/id").file == f"{mine}/mine/video.yaml"

    def test_they_replace_a_shipped_baseline(self, shipped: Path, tmp_path: Path):
        """The user's file of the same name goes before."""
        mine = write_specs(tmp_path / "mine", {ID: edited(("title: Video 1 text", "title: My text"))})

        assert SpecStore((mine,), shipped=shipped).get(ID).title == "My text to video, sold by Example"

    def test_an_overlay_patches_in_place(self, shipped: Path, tmp_path: Path):
        """One fact of a shipped spec, and of its revisions, without a copy of the file."""
        mine = write_specs(
            tmp_path / "mine", {"any-name": overlay(ID, "{server: {url: 'https://proxy.example.com'}}")}
        )
        store = SpecStore((mine,), shipped=shipped)

        assert [store.get(ref).server for ref in (ID, "video-1@latest", OTHER)] == [
            "https://proxy.example.com",
            "https://proxy.example.com",
            "https://api.example.com",
        ]
        assert store.get(ID).mark_at("/server/url").file == f"{mine}/any-name.yaml"
        assert store.get(ID).revision is None

    def test_an_overlay_of_one_revision_leaves_the_others(self, shipped: Path, tmp_path: Path):
        """It holds for the revision that it names."""
        mine = write_specs(tmp_path / "mine", {"deep/in/here": overlay(f"{ID}@2026-02-01", "{title: ours}")})
        store = SpecStore((mine,), shipped=shipped)

        assert [store.get(ref).title for ref in (ID, f"{ID}@2026-02-01", "video-1@latest")] == [
            "Video 1 text to video, sold by Example",
            "ours",
            "February",
        ]

    def test_their_file_of_discrepancies_is_found_after_the_shipped_one(self, shipped: Path, tmp_path: Path):
        """Each directory may encode its own."""
        mine = write_specs(tmp_path / "mine", {"discrepancies": "format: 1\ngroups: {}\n"})

        assert [file.shown for file in SpecStore((mine,), shipped=shipped).discrepancy_files] == [
            "specs/discrepancies.yaml",
            f"{mine}/discrepancies.yaml",
        ]


class TestShippedSpecs:
    @pytest.mark.parametrize("reference", REFERENCES)
    def test_every_baseline_and_revision_can_be_read(self, reference: str):
        """What is delivered loads, each id being its file's place."""
        assert SpecStore().get(reference).ref == reference
