"""What pytest collects: a node for each spec file and each place of traffic, a test for each rule family."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.errors import HarnessError
from harness.finding import Judgement, Observed
from harness.pytest_plugin.options import options_of, shown
from harness.pytest_plugin.project import SpecPlace, project_of
from harness.pytest_plugin.traffic import FAMILIES, Judged
from harness.pytest_plugin.words import findings_words

__all__ = ["directory_node", "file_node"]


def file_node(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The node of a spec file or of a file of traffic; None for any other file."""
    options = options_of(parent.config)
    if path.suffix == ".yaml" and any(path.is_relative_to(directory) for directory in options.specs):
        return SpecFile.from_parent(parent, path=path)
    if path in options.traffic:
        return TrafficFile.from_parent(parent, path=path)
    return None


def directory_node(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The node of a directory of traffic; None for any other, and for one that holds specs as well."""
    options = options_of(parent.config)
    if path not in options.traffic or any(place.is_relative_to(path) for place in options.specs):
        return None
    return TrafficDirectory.from_parent(parent, path=path)


class BrokenError(Exception):
    """What stands in the way of a test, as one message."""


class FailedError(Exception):
    """That a test failed, with what it failed of."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class FamilyItem(pytest.Item):
    """One test: one model, one family of rules."""

    def __init__(self, *, judge: Callable[[], Judged], title: str, **options: Any) -> None:
        super().__init__(**options)
        self._judge = judge
        self._title = title

    def runtest(self) -> None:
        """Fails of the findings that count; where nothing could be seen, skips or fails, as was asked for."""
        options = options_of(self.config)
        try:
            judged = self._judge()
        except HarnessError as error:
            raise BrokenError(str(error)) from None
        failing = judged.failing(options.fail_on)
        rest = [finding for finding in judged.findings if finding not in failing]
        if rest:
            self.add_report_section("call", "harness", findings_words(rest, self._curl))
        if failing:
            count = f"{len(failing)} finding{'s' if len(failing) > 1 else ''}"
            raise FailedError(f"{self._title}: {count}\n\n{findings_words(failing, self._curl)}")
        if judged.unseen:
            self._inconclusive("; ".join(judged.unseen), options.inconclusive)

    def _curl(self, finding: Any) -> str | None:
        return project_of(self.config).traffic.curl(finding) if options_of(self.config).traffic else None

    def _inconclusive(self, why: str, how: str) -> None:
        if how == "fail":
            raise FailedError(f"{self._title}: inconclusive: {why}")
        raise pytest.skip.Exception(f"inconclusive: {why}", _use_item_location=True)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Our own words in the place of a traceback, which would show our own lines."""
        if isinstance(excinfo.value, (FailedError, BrokenError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the test stands, and its name."""
        return self.path, 0, self._title


class _Node(pytest.Collector):
    """What all nodes share: a fault of a file is an error of the collection, without a traceback."""

    def collect(self) -> Iterator[pytest.Item]:
        """The tests."""
        try:
            yield from list(self._items())
        except HarnessError as error:
            raise self.CollectError(str(error)) from None

    def _items(self) -> Iterator[pytest.Item]:
        raise NotImplementedError

    def _traffic_items(self, model: str, prefix: str = "") -> Iterator[pytest.Item]:
        for family in FAMILIES:
            yield FamilyItem.from_parent(
                self,
                name=f"{prefix}{family}",
                judge=lambda family=family: _traffic_judged(self.config, model, family),
                title=f"{model}: {family}",
            )


def _traffic_judged(config: pytest.Config, model: str, family: str) -> Judged:
    if not options_of(config).traffic:
        nothing = f"nothing was observed: no recorded traffic was named for {model} (--harness-traffic)"
        return Judged(findings=(), observed=0, nothing=nothing)
    return project_of(config).traffic.of(model, family)


class SpecFile(_Node, pytest.File):
    """A spec file: the spec itself, and, on the first file of a model, its recorded traffic."""

    def _items(self) -> Iterator[pytest.Item]:
        place = project_of(self.config).places.get(self.path)
        if place is None:
            return
        yield FamilyItem.from_parent(
            self, name="spec", judge=lambda: self._linted(place), title=f"{place.reference}: spec"
        )
        if place.speaks:
            yield from self._traffic_items(place.model)

    def _linted(self, place: SpecPlace) -> Judged:
        from harness.pytest_plugin.use import of_one_spec
        from harness.spec.facts import facts
        from harness.spec.lint import lint_spec

        store = project_of(self.config).store
        spec = store.get(place.reference)
        stated = sum(1 for fact in facts(spec) if fact.is_stated)
        judgement = Judgement(
            findings=tuple(lint_spec(spec, expected_id=spec.id)),
            observed=Observed(facts=stated),
            models=(place.reference,),
        )
        found = of_one_spec(judgement, options_of(self.config), store).findings
        return Judged(findings=found, observed=stated, nothing=f"{place.reference} states no fact")


class _TrafficNode(_Node):
    """A place of traffic: the models that no spec file of the user's describes, and what is nobody's."""

    def _items(self) -> Iterator[pytest.Item]:
        if options_of(self.config).traffic[0] != self.path:
            return  # all places are judged together: the tests stand at the first
        for model in project_of(self.config).other_models:
            yield from self._traffic_items(model, f"{model}::")
        yield FamilyItem.from_parent(
            self,
            name="matched",
            judge=self._matched,
            title=f"{shown(self.path)}: every exchange is a model's",
        )

    def _matched(self) -> Judged:
        traffic = project_of(self.config).traffic
        observed = traffic.judgement.observed.exchanges if not traffic.strangers else 0
        where = ", ".join(shown(path) for path in options_of(self.config).traffic)
        nothing = "; ".join(traffic.strangers) or f"{where}: no recorded exchange of a known model"
        return Judged(findings=traffic.of_nobody, observed=observed, nothing=nothing)


class TrafficFile(_TrafficNode, pytest.File):
    """A file of traffic."""


class TrafficDirectory(_TrafficNode, pytest.Directory):
    """A directory of traffic."""
