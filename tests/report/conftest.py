"""Chromium for the tests of the pages: one for each module, as its driver keeps an event loop running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.looking import ARGUMENTS, CHROMIUM, Visit, missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, where it and its driver are installed."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing("the Python package playwright")
    if not CHROMIUM.is_file():
        missing(str(CHROMIUM))
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens pages in a window of a given width and theme that knows nothing of earlier ones."""
    contexts: list[BrowserContext] = []

    def look(width: int = 1280, theme: Any = "light", **options: Any) -> Visit:
        window: Any = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=window, color_scheme=theme, **options))
        return Visit(contexts[-1].new_page())

    yield look
    for context in contexts:
        context.close()
