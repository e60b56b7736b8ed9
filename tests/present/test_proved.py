"""What every report says of the intervals is what the table of invented worlds shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from nostoi.present.strings import text

TABLE = Path(__file__).parents[2] / "verification" / "misspecified.md"
LEAST = 72.0
"""Percent of worlds that 80 % intervals should hold at least."""


def rows() -> dict[str, list[float]]:
    """Worlds, shares held by the three intervals and bias, of each quantity."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip(" *") for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[1].isdigit():
            found[cells[0]] = [float(cell) for cell in cells[1:] if cell]
    return found


@pytest.mark.parametrize("total", ["left", "abroad"])
def test_totals_are_held_too_seldom_and_lie_too_low(total: str) -> None:
    worlds, _, in_80, _, bias, _ = rows()[total]
    assert in_80 < LEAST and -0.1 < bias < 0
    assert worlds == 60 and "sixty" in text("notes.proved")


@pytest.mark.parametrize("group", ["returned, all rules", "stocks, all hosts"])
def test_the_returned_and_stocks_are_held_as_often_as_said(group: str) -> None:
    _, in_50, in_80, in_95 = rows()[group]
    assert 40 <= in_50 <= 60 and LEAST <= in_80 <= 88 and 90 <= in_95 <= 99
