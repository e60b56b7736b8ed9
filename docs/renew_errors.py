"""Writes docs/errors.md from src/nostoi/base/errors.csv: `python docs/renew_errors.py`."""

from __future__ import annotations

import csv
from pathlib import Path

DOCS = Path(__file__).resolve().parent
CATALOGUE = DOCS.parent / "src" / "nostoi" / "base" / "errors.csv"
FLOORS = {
    "1": "The case folder",
    "2": "Rules",
    "3": "Engine",
    "4": "Evidence and observers",
    "5": "Inference",
    "6": "Study: explain, facts, what-if, doctor",
    "7": "Report",
    "8": "The shell",
    "9": "Privacy",
}
HEAD = """# Numbers of errors and warnings

Written by `python docs/renew_errors.py` from `src/nostoi/base/errors.csv`; do not edit this page.
The first digit is the part of Nostoi that speaks. A message says what is wrong, where
(file:line:column) and what to do; this page says the same in general.
"""


def page() -> str:
    """The page as text."""
    rows = list(csv.DictReader(CATALOGUE.read_text(encoding="utf-8").splitlines()))
    parts = [HEAD]
    for digit, title in FLOORS.items():
        lines = [
            f"| N{row['number']} | {row['title']} | {row['meaning']} | {row['remedy']} |"
            for row in rows
            if row["number"].startswith(digit)
        ]
        if lines:
            head = f"## N{digit}xx: {title}\n\n| number | title | meaning | what to do |"
            parts.append("\n".join([head, "|---|---|---|---|", *lines]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    (DOCS / "errors.md").write_text(page(), encoding="utf-8", newline="\n")
