"""Revisions and overlays: files that say only what is different."""

from __future__ import annotations

import pytest

from harness.errors import SourceError
from harness.spec.load import build
from harness.spec.node import Mark
from harness.spec.revision import apply, is_patch, load_patch, patched
from harness.spec.yaml import parse
from tests.minimal import minimal

REVISION = """\
format: 1
revises: example/video-1-text-to-video
date: "2026-02-01"
title: page of February 2026
changes:
  auth: {scheme: api_key, header: X-Key}
  price: undocumented
  mapping: {guidance: null}
"""


class TestIsPatch:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("revises: a/b", True), ("overlays: a/b", True), ("id: a/b", False), ("- revises", False)],
    )
    def test_it_is_told_by_its_keys(self, text: str, expected: bool):
        """A file that names what it changes is no spec of its own."""
        assert is_patch(parse(text, "p.yaml")) is expected


class TestLoadPatch:
    def test_a_revision(self):
        """What it revises, since when, and what changes."""
        patch = load_patch(REVISION, "r.yaml")

        assert (patch.target, patch.date, patch.title, patch.file) == (
            "example/video-1-text-to-video",
            "2026-02-01",
            "page of February 2026",
            "r.yaml",
        )
        assert patch.changes.plain() == {
            "auth": {"scheme": "api_key", "header": "X-Key"},
            "price": "undocumented",
            "mapping": {"guidance": None},
        }

    @pytest.mark.parametrize("target", ["example/video", "example/video@2026-02-01"])
    def test_an_overlay(self, target: str):
        """It patches a spec or one revision in place and has no date."""
        patch = load_patch(f"format: 1\noverlays: {target}\ntitle: ours\nchanges: {{}}\n", "o.yaml")

        assert (patch.target, patch.date) == (target, None)

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("format: 1", "format: 2", "1:9: /format: expected 1, got a number, 2"),
            (
                "revises: example/video-1-text-to-video",
                "revises: example",
                "2:10: /revises: expected PROVIDER/SLUG in lower case, got 'example'",
            ),
            (
                "revises: example/video-1-text-to-video\n",
                "",
                "1:1: the file: expected either revises or overlays",
            ),
            (
                'date: "2026-02-01"',
                "overlays: example/video",
                "1:1: the file: expected either revises or overlays",
            ),
            (
                "revises:",
                "overlays:",
                "3:1: the file: unknown key 'date'; known here: changes, format, overlays, revises, title",
            ),
            (
                "revises: example/video-1-text-to-video",
                "overlays: example/video@latest",
                "2:11: /overlays: expected PROVIDER/SLUG or PROVIDER/SLUG@DATE in lower case, "
                "got 'example/video@latest'",
            ),
            ('date: "2026-02-01"\n', "", "1:1: the file: missing key 'date'"),
            (
                '"2026-02-01"',
                '"February 2026"',
                "3:7: /date: expected a date such as 2026-01-08, got 'February 2026'",
            ),
            ("title: page of February 2026\n", "", "1:1: the file: missing key 'title'"),
            (
                REVISION[REVISION.index("changes:") :],
                "changes: [a]\n",
                "5:10: /changes: expected a mapping, got a list",
            ),
            (
                "changes:\n",
                "note: x\nchanges:\n",
                "5:1: the file: unknown key 'note'; known here: changes, date, format, overlays, "
                "revises, title",
            ),
        ],
    )
    def test_what_is_wrong_is_refused_at_its_place(self, before: str, after: str, expected: str):
        """A patch is read as strictly as a spec."""
        assert REVISION.count(before) == 1
        with pytest.raises(SourceError) as caught:
            load_patch(REVISION.replace(before, after), "r.yaml")

        assert str(caught.value) == f"r.yaml:{expected}"


class TestApply:
    def test_what_changes_is_located_in_the_patch(self):
        """A reader of the merged spec is sent to the file that says it."""
        root = apply(minimal().root, load_patch(REVISION, "r.yaml"))
        spec = build(root, revision="2026-02-01")

        assert spec.mark_at("/auth/scheme") == Mark("r.yaml", 6, 10)
        assert spec.mark_at("/auth") == Mark("minimal.yaml", 20, 1)
        assert spec.price.state == "undocumented"
        assert "guidance" not in spec.mapping
        assert [str(ref) for ref in spec.sources_at("/auth/scheme")] == ["page#Usage"]

    def test_a_fault_of_the_merged_spec_is_reported_where_it_came_from(self):
        """A revision that breaks the spec is itself pointed at."""
        patch = load_patch(REVISION.replace("api_key", "key"), "r.yaml")

        with pytest.raises(SourceError) as caught:
            build(apply(minimal().root, patch), revision="2026-02-01")

        assert str(caught.value) == ("r.yaml:6:18: /auth/scheme: expected one of bearer, api_key, got 'key'")

    def test_patched_builds_what_a_patch_file_makes(self):
        """The spec that a revision file stands for, on the base that it is given."""
        spec = patched(parse(REVISION, "r.yaml"), "r.yaml", lambda patch: minimal())

        assert (spec.ref, spec.price.state) == ("example/video-1-text-to-video@2026-02-01", "undocumented")
