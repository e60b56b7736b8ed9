"""What every report says of the intervals is what the table of invented worlds shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from nostoi.present.strings import text

TABLE = Path(__file__).parents[2] / "verification" / "misspecified.md"


def rows(of_all: bool = False) -> dict[str, list[float]]:
    """Worlds, shares held by the three intervals and bias, of each quantity.

    Of the first table, or of the one of all worlds together, which is the last.
    """
    found: dict[str, list[float]] = {}
    _, _, together = TABLE.read_text(encoding="utf-8").partition("## All together")
    for line in (together if of_all else TABLE.read_text(encoding="utf-8")).splitlines():
        cells = [cell.strip(" *") for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[1].isdigit():
            found.setdefault(cells[0], [float(cell) for cell in cells[1:] if cell])
    return found


TOGETHER = ["left", "abroad", "returned, all rules", "stocks, all hosts"]


@pytest.mark.parametrize("name", TOGETHER)
def test_what_is_taken_together_is_held_as_often_as_said_or_more(name: str) -> None:
    _, in_50, in_80, in_95, *_ = rows()[name]
    assert 50 <= in_50 <= 70 and 80 <= in_80 <= 90 and 95 <= in_95 <= 99


def test_the_number_of_worlds_is_that_of_the_table() -> None:
    worlds = rows()["left"][0]
    assert worlds >= 60 and f"asked of {worlds:.0f} invented worlds" in text("notes.proved")


def test_serbia_is_held_too_seldom_and_no_host_less_often() -> None:
    table = {name: row for name, row in rows(of_all=True).items() if name.startswith("stock ")}
    assert min(table, key=lambda name: table[name][2]) == "stock SRB"
    worlds, _, in_80, *_ = table["stock SRB"]
    assert 70 <= in_80 <= 80 and worlds >= 120
    assert f"in Serbia 80 % intervals held it in three of four of {worlds:.0f} worlds" in text(
        "notes.proved"
    )
