"""A look at a page in headless Chromium, and what is asked of every page there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

__all__ = [
    "ARGUMENTS",
    "CHROMIUM",
    "CONTRAST",
    "LOOKS",
    "OPEN_ALL",
    "OVERFLOW",
    "Visit",
    "missing",
]

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOKS = [(width, theme) for width in (1280, 400) for theme in ("light", "dark")]


def missing(what: str) -> None:
    """Skips, or fails where the environment demands that nothing is skipped."""
    if os.environ.get("HARNESS_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what} is missing, and HARNESS_REQUIRE_BROWSER=1 demands it")
    pytest.skip(f"{what} is missing; the page is not looked at in a browser")


class Visit:
    """One look at a page, with everything that it said and asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self.asked.append(request.url))

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def open(self, path: Path, fragment: str = "") -> Any:
        """Opens the file and waits for it to be still."""
        self.page.goto(path.as_uri() + fragment)
        self.page.wait_for_load_state("networkidle")
        return self.page


OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const inBox = (node) => node.closest(".box, .skip, thead, nav ol") !== null;
  return {
    page: document.documentElement.scrollWidth - width,
    wide: [...document.querySelectorAll("body *")]
      .filter((node) => !inBox(node) && node.getBoundingClientRect().right > width + 1)
      .map((node) => node.tagName + "." + node.className).slice(0, 5),
  };
}"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach((part) => { part.open = true; })"
CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let part = node; part; part = part.parentElement) {
      const colour = parse(getComputedStyle(part).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const node of document.querySelectorAll("body *:not(script):not(svg *)")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push(node.tagName + "." + node.className);
  }
  return low;
}"""
