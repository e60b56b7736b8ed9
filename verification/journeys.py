"""The queue at Verkhny Lars in September 2022, recomputed from published counts.

No count of those who came to the queue exists. They are put together from three series that do not
know its length:

- the shape of the wave: entries into Finland by land, where no long queue stood, over those of
  the week before the decree;
- its level: entries into Georgia a day while the queue had not yet formed;
- the pace of the post: entries into Georgia on the days on which it stood.

The wait that follows is held against the reports of travellers, which are not used. Then the wave
is sent through the road network of the case, where people may go round. Run from the root:

    python verification/journeys.py

It writes `verification/journeys.md`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.case.network import network_of
from nostoi.engine.journeys.day import Evening, day_step
from nostoi.engine.journeys.manner import Manner
from nostoi.engine.journeys.plan import place_goal
from nostoi.engine.journeys.queue import Flow, fluid
from nostoi.engine.journeys.travellers import ARRIVED, nobody, set_out
from nostoi.world.network import Network

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "cases" / "russia-2022"
PAGE = Path(__file__).with_suffix(".md")
FIRST, LAST = date(2022, 9, 21), date(2022, 9, 29)
DAYS = (LAST - FIRST).days + 1
WEEK_GREW = 1.64
"""38,444 entries were 64 percent more than in the week before (RU22-0197)."""
PARTY = 10
"""Persons who move as one in the network run, to keep it short."""


@dataclass(frozen=True)
class Wave:
    """Persons who come to the queue and persons the post lets through, each [day]."""

    came: Floats
    capacity: Floats


def figures() -> dict[str, float]:
    """Values of the ledger by their id; of a range without a value, the middle."""
    with (CASE / "evidence" / "observations.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    ranges = {
        r["id"]: (float(r["low"]) + float(r["high"])) / 2 for r in rows if r["low"] and r["high"]
    }
    return ranges | {r["id"]: float(r["value"]) for r in rows if r["value"]}


def shape(ledger: dict[str, float]) -> Floats:
    """Entries into Finland by land over those of a day of the week before, [day]."""
    land_for_south_east = ledger["RU22-0200"] / ledger["RU22-0199"]
    usual = ledger["RU22-0197"] / WEEK_GREW / 7 * land_for_south_east
    known = {0: "RU22-0200", 3: "RU22-0205", 4: "RU22-0207", 5: "RU22-0208", 8: "RU22-0209"}
    daily = {day: ledger[row] for day, row in known.items()}
    daily[1] = ledger["RU22-0203"] * land_for_south_east
    # The 23rd is what is missing to the sum of 21 to 26 September.
    daily[2] = ledger["RU22-0201"] - sum(daily[day] for day in (0, 1, 3, 4, 5))
    days = sorted(daily)
    return np.interp(np.arange(DAYS), days, [daily[day] for day in days]) / usual


def wave(level: float, later: int = 0, steady: bool = False) -> Wave:
    """The wave to Georgia.

    Args:
        level: persons a day before the queue formed.
        later: days by which the wave comes later than in Finland.
        steady: one pace for all days instead of two.
    """
    ledger = figures()
    grown = np.concatenate([np.ones(later), shape(ledger)])[:DAYS]
    until_26 = (ledger["RU22-0246"] - 4 * ledger["RU22-0248"]) / 6
    since_27 = (ledger["RU22-0247"] - ledger["RU22-0246"]) / 3
    capacity = np.where(np.arange(DAYS) <= 5, until_26, since_27)
    if steady:
        capacity = np.full(DAYS, ledger["RU22-0249"] / 9)
    return Wave(level * grown, capacity)


def queue(found: Wave) -> Flow:
    """The queue of a wave; after the last day the post goes on at its last pace."""
    more = 60
    came = np.concatenate([found.came, np.zeros(more)])
    flow = fluid(came, np.concatenate([found.capacity, np.full(more, found.capacity[-1])]))
    return Flow(flow.served[:DAYS], flow.queue[:DAYS], flow.wait[:DAYS])


def the_roads() -> tuple[Case, Network]:
    """The case and its road network."""
    case = load(CASE)
    roads = network_of(case)
    if roads is None:
        raise ValueError("the case has no towns.csv")
    return case, roads


def network_run(day_value: float, rounds: int = 4) -> list[Evening]:
    """The same wave from the towns of the case, with all roads open to those with a passport."""
    case, roads = the_roads()
    start = (FIRST - case.spec.start).days
    came = wave(figures()["RU22-0248"]).came
    home, goal = place_goal(roads, case.spec.origin), place_goal(roads, "GEO")
    people, carry, evenings = nobody(), np.zeros(roads.gates.n), []
    for day in range(DAYS + 4):
        parties = came[min(day, DAYS - 1)] / PARTY if day < DAYS else 0.0
        size = np.floor(np.cumsum(roads.towns.weight) * parties).astype(np.int64)
        town = np.repeat(np.arange(roads.towns.n), np.diff(size, prepend=0))
        one = np.ones(len(town), np.int64)
        number = 10**6 * day + np.arange(len(town))
        people = people.with_more(
            set_out(
                number,
                one,
                town,
                one * goal,
                one * home,
                np.full(len(town), float(start + day)),
                one * PARTY,
            )
        )
        evening = day_step(roads, start + day, people, carry, Manner(day_value, rounds))
        people, carry = evening.people, evening.carry
        evenings.append(evening)
    return evenings


def page() -> str:
    """The page as text."""
    level = figures()["RU22-0248"]
    main = wave(level)
    flow = queue(main)
    lines = [
        "# The queue at Verkhny Lars",
        "",
        "Written by `python verification/journeys.py`, whose first lines say what is computed from",
        "what. Travellers reported 43 hours for the days from the 23rd (RU22-0295), 40 to 50 hours",
        "on 26 and 27 September (RU22-0299), and four to five days on the 28th (RU22-0295,",
        "RU22-0300); these reports are not used.",
        "",
        "| evening of | came | passed | wait in line | days of waiting for who joins |",
        "|---|---:|---:|---:|---:|",
    ]
    for day in range(DAYS):
        when = (FIRST + timedelta(days=day)).isoformat()
        row = (main.came[day], flow.served[day], flow.queue[day])
        cells = " | ".join(f"{x:,.0f}" for x in row)
        lines.append(f"| {when} | {cells} | {flow.wait[day]:.2f} |")
    return "\n".join([*lines, "", *spread(), *through_the_network()])


def spread() -> list[str]:
    """How the wait depends on what is not known."""
    lines = [
        "## What is not known",
        "",
        "Days of waiting for those who join on 28 and 29 September, for other levels before the",
        "queue, a wave that comes later than in Finland, and one pace for all days (RU22-0249).",
        "",
        "| level a day | days later | pace | 28 September | 29 September |",
        "|---:|---:|---|---:|---:|",
    ]
    for level in (5000.0, 5500.0, 6000.0):
        for later in (0, 1, 2):
            for steady in (False, True):
                wait = queue(wave(level, later, steady)).wait
                pace = "one" if steady else "two"
                row = f"| {level:,.0f} | {later} | {pace} | {wait[-2]:.2f} | {wait[-1]:.2f} |"
                lines.append(row)
    return [*lines, ""]


def through_the_network() -> list[str]:
    """The wave on the roads of the case, for some values of a day."""
    lines = [
        "## The wave on the roads of the case",
        "",
        f"The same persons set out from the towns of the case in parties of {PARTY}, all with a",
        "passport, and may go round, also on the way. The wait is the queue over the capacity of",
        "the day at its longest; the last column counts who reached Georgia by another way than",
        "Lars by 3 October. Nobody else is on the roads, so waits elsewhere are too short.",
        "",
        "| day's value, RUB | longest wait, days | on | set out | passed Lars | by another way |",
        "|---:|---:|---|---:|---:|---:|",
    ]
    _, roads = the_roads()
    lars = roads.gates.town.tolist().index(roads.towns.index("verkhny-lars"))
    for value in (1000.0, 3000.0, 10000.0):
        evenings = network_run(value)
        waits = [evening.waits[lars] for evening in evenings]
        worst = int(np.argmax(waits))
        passed = sum(int(evening.served[lars]) for evening in evenings)
        last = evenings[-1].people
        arrived = int(last.count[last.state == ARRIVED].sum())
        road = last.town == roads.towns.index("tbilisi")
        on_road = int(last.count[road & (last.state != ARRIVED)].sum())
        other = max(arrived + on_road - passed, 0)
        when = (FIRST + timedelta(days=worst)).isoformat()
        total = int(last.count.sum())
        cells = f"{waits[worst]:.2f} | {when} | {total:,} | {passed:,} | {other:,}"
        lines.append(f"| {value:,.0f} | {cells} |")
    return [*lines, ""]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
