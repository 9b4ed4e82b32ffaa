"""How large the report is, and how soon it is painted: of 10,000 findings, as shipped, and an empty page.

    python perf/page_paint.py            # 15 rounds
    python perf/page_paint.py --quick    # 3 rounds

Debian's Chromium, headless, by Playwright; the three pages in turn, each in a page of its own. First paint is
the browser's own "first-contentful-paint", in milliseconds from the start of the navigation.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # what is measured is this checkout

from harness.report.files import write_report
from tests.decision.made import decision_of, run_record
from tests.report.choosing import decided
from tests.report.looking import ARGUMENTS, CHROMIUM
from tests.report.test_large import many

MOST_BYTES, MOST_MS = 3_000_000, 1000.0
PAINT = """() => performance.getEntriesByName("first-contentful-paint").map((one) => one.startTime)"""
EMPTY = "<!doctype html><html lang=en><title>empty</title><p>empty</p></html>"


def main() -> int:
    """Prints the table and the line that says whether the claim holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="3 rounds instead of 15")
    rounds = 3 if parser.parse_args().quick else 15
    with tempfile.TemporaryDirectory() as directory:
        pages = written(Path(directory))
        return report(pages, painted(pages, rounds))


def written(directory: Path) -> dict[str, Path]:
    """The pages by name."""
    write_report(many(), directory / "large", decided("ranked"))
    write_report(run_record(), directory / "shipped", decision_of())
    (directory / "empty.html").write_text(EMPTY, encoding="utf-8")
    return {
        "an empty page": directory / "empty.html",
        "the report as shipped": directory / "shipped" / "report.html",
        "five models, 10,000 findings": directory / "large" / "report.html",
    }


def painted(pages: dict[str, Path], rounds: int) -> dict[str, list[float]]:
    """First paints in milliseconds; the first round warms the disk and does not count."""
    from playwright.sync_api import sync_playwright

    times: dict[str, list[float]] = {name: [] for name in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        for number in range(rounds + 1):
            for name, path in pages.items():
                first = first_paint(browser, path)
                if number:
                    times[name].append(first)
        browser.close()
    return times


def first_paint(browser: Any, path: Path) -> float:
    """When the page was first painted."""
    page = browser.new_page()
    try:
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        (first,) = page.evaluate(PAINT)
        return float(first)
    finally:
        page.close()


def report(pages: dict[str, Path], times: dict[str, list[float]]) -> int:
    """The table, and the verdict."""
    base = statistics.median(times["an empty page"])
    print(f"{'page':30} {'bytes':>10} {'min ms':>7} {'median':>7} {'max ms':>7} {'x empty':>8}")
    faults = []
    for name, path in pages.items():
        size, own = path.stat().st_size, times[name]
        middle = statistics.median(own)
        row = f"{name:30} {size:10,} {min(own):7.0f} {middle:7.0f} {max(own):7.0f} {middle / base:8.1f}"
        print(row)
        if size >= MOST_BYTES or middle >= MOST_MS:
            faults.append(name)
    told = f"falls short: {', '.join(faults)}" if faults else "holds: under 3 MB, painted within a second"
    print(told)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
