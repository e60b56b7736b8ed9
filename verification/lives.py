"""The told life of the flagship among simulated ones, at length: writes verification/lives.md.

    python verification/lives.py [CASE] [NAME]

Searches several runs of the whole population of the case for the life NAME (trainer), lives the
nearest ones again, and measures what the logs of moves and rides take.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nostoi.base.numerics import prepare
from nostoi.case.asked import load_asked
from nostoi.present.lives import Page
from nostoi.study.lives import Played, Search, find_lives, play, search_of

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".md")
RUNS, NEAREST = 8, 3
HEAD = "Written by `python verification/lives.py`; what follows is the page of `nostoi lives`.\n"


def say(stage: str) -> None:
    """What is being done."""
    sys.stdout.write(f"{stage}\n")
    sys.stdout.flush()


def sizes(played: Played) -> str:
    """What the logs of one run take."""
    rides = played.log.rides
    parts = [("moves", vars(played.log.moves))]
    parts += [] if rides is None else [("rides", vars(rides))]
    people = len(played.log.people.id)
    told = []
    for name, columns in parts:
        rows, taken = len(columns["row"]), sum(column.nbytes for column in columns.values())
        told.append(f"{rows:,} {name} in {taken / 1e6:.0f} MB")
    return f"One run holds {people:,} people with a record, {' and '.join(told)}."


def main(folder: Path, name: str) -> int:
    """Writes the page."""
    case, told = load_asked(folder, name)
    prepare()
    seed = case.spec.seed
    one = search_of(case, None, seed, NEAREST)
    say("measuring the logs")
    measured = sizes(play(case, one))
    search = Search(one.people, seed, RUNS, NEAREST)
    found = find_lives(case, told, search, hear=say)
    page = Page(case, found, seed, "prior medians").text()
    title, rest = page.split("\n", 1)
    TABLE.write_text(f"{title}\n\n{HEAD}{measured}\n{rest}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    arguments = [*sys.argv[1:], *("cases/russia-2022", "trainer")[len(sys.argv) - 1 :]]
    chosen = Path(arguments[0])
    sys.exit(main(chosen if chosen.is_absolute() else ROOT / chosen, arguments[1]))
