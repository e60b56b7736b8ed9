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


SAID = {
    "returned, all rules": "of the numbers of the returned",
    "stocks, all hosts": "of the stocks by host",
    "abroad": "of all who are abroad",
    "left": "of all who left",
}
WIDE = ("abroad", "left")
"""Held more often than asked, which the report says; no range is asked of them."""


@pytest.mark.parametrize("name", SAID)
def test_the_report_says_what_the_table_says(name: str) -> None:
    _, *shares = rows()[name]
    low, middle, high = (f"{share:.0f}" for share in shares[:3])
    assert f"{low}, {middle} and {high} % {SAID[name]}" in text("notes.proved")


TOGETHER = ["left", "abroad", "returned, all rules", "stocks, all hosts"]
MISSED = {
    "left": "72 and 92 % where at most 70 and 90 are allowed",
    "abroad": "93 % where at most 90 is allowed",
    "returned, all rules": "49.7 and 93.3 % where at least 50 and 95 are allowed",
}
"""Bounds that sixty worlds of edition 4 kept and those of edition 5 do not: the report does not say
any more that all are held as often as said or more often."""


def as_said_or_more(row: list[float]) -> bool:
    """Whether intervals are held as often as they say or somewhat more often."""
    _, in_50, in_80, in_95, *_ = row
    return 50 <= in_50 <= 70 and 80 <= in_80 <= 90 and 95 <= in_95 <= 99


@pytest.mark.parametrize("name", TOGETHER)
def test_what_is_taken_together_is_held_as_often_as_said_or_more(name: str) -> None:
    if name in MISSED:
        assert not as_said_or_more(rows()[name]), "say so in the report again"
        pytest.xfail(MISSED[name])
    assert as_said_or_more(rows()[name])


@pytest.mark.parametrize("name", ["returned, all rules", "stocks, all hosts"])
def test_in_all_worlds_together_it_is_held_as_often_as_said_or_more(name: str) -> None:
    assert as_said_or_more(rows(of_all=True)[name])


@pytest.mark.parametrize("of_all", [False, True], ids=["these worlds", "all worlds"])
def test_the_returned_and_the_stocks_are_held_as_often_as_asked(of_all: bool) -> None:
    """The ranges of issue 5, for each rule of residence and for all hosts together."""
    table = rows(of_all)
    for name in ("back any", "back 3m", "back 6m", "returned, all rules", "stocks, all hosts"):
        _, in_50, in_80, in_95, *_ = table[name]
        assert 40 <= in_50 <= 60 and 72 <= in_80 <= 88 and 90 <= in_95 <= 99, name


def test_what_is_held_too_often_is_said_to_be_wide() -> None:
    assert all(rows()[name][2] > 88 for name in WIDE)
    assert "the last two are wider than they need be" in text("notes.proved")


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
