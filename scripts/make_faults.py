"""Writes docs/faults.md: plays every fault of the simulator against every model, in two to three minutes.

python scripts/make_faults.py            # write it
python scripts/make_faults.py --check    # exit 1 if it is not current
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the matrix is played by the tests' own code

from tests.integration.faults_page import page  # noqa: E402
from tests.integration.matrix import SECTIONS, Cell, play  # noqa: E402

PAGE = ROOT / "docs" / "faults.md"


def main() -> int:
    """Plays, then writes or compares. What must not be is printed, and is an error whatever the page says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    played: dict[str, list[Cell]] = {}
    with tempfile.TemporaryDirectory() as directory:
        for section in SECTIONS:
            played[section.title] = list(play(section, section.faults(), Path(directory)))
    problems = [
        f"{cell.order} {cell.model}: {problem}"
        for cells in played.values()
        for cell in cells
        for problem in cell.problems
    ]
    print(*problems, sep="\n", end="\n" if problems else "")
    text = page(played)
    if arguments.check:
        is_current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("" if is_current else "not current: docs/faults.md; run python scripts/make_faults.py", end="")
        return 1 if problems or not is_current else 0
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.relative_to(ROOT)}: {sum(map(len, played.values()))} cells")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
