"""Stays: where each person who left was, for how long, and what came of it, in columns.

A stay is the unit that a description of a life speaks of: when somebody first left home, where they
then were, for how long, when they were home again, and whether they left once more. Only stays
before the first return are listed; what came after is in `again` and `home_at_end`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.engine.agents.columns import BACK, HOME, HOST, ROAD, WAY_BACK
from nostoi.study.rides import Log, begins

Array = Any

NEVER = -1
"""Day of what has not happened by the end."""


@dataclass(frozen=True)
class Stays:
    """One row per journey to a host before the first return; [stay].

    Who never arrives has a row without days.

    Attributes:
        row: row of the person in the run.
        group: position of the person's group.
        left: day of first leaving home (the same for all stays of a person).
        host: position of the host.
        arrived: day of arrival there.
        ended: day of setting out from there, for home or for another host.
        homeward: whether they then set out for home.
        returned: day of arrival at home.
        again: whether they left home again after that.
        home_at_end: whether the person is back home, and not called up, on the last evening.
        modes: when each mode was first used since leaving home, infinite if not, [stay, mode];
            None without roads, as the three that follow.
        town: town of the stay, -1 if unknown.
        home: town where the person lives.
        papers: best papers of the person.
    """

    row: Array
    group: Array
    left: Array
    host: Array
    arrived: Array
    ended: Array
    homeward: Array
    returned: Array
    again: Array
    home_at_end: Array
    modes: Array | None = None
    town: Array | None = None
    home: Array | None = None
    papers: Array | None = None

    def __len__(self) -> int:
        return len(self.row)


def stays_of(log: Log) -> Stays:
    """All stays of a run."""
    moves, people = log.moves, log.people
    row, day, after = moves.row, moves.day.astype(np.int32), moves.after
    departure = (after == ROAD) & ((moves.before == HOME) | (moves.before == BACK))
    trip = np.maximum.accumulate(np.where(departure, np.arange(len(row)), 0))
    first = np.flatnonzero((after == ROAD) & (moves.before[trip] == HOME))
    person = row[first]

    def then(steps: int, wanted: int) -> tuple[Array, Array]:
        """Whether the move `steps` later is of the same person and leads to a status; its day."""
        at = np.minimum(first + steps, len(row) - 1)
        there = (first + steps < len(row)) & (row[at] == person) & (after[at] == wanted)
        return there, np.where(there, day[at], NEVER)

    arrives, arrived = then(1, HOST)
    homeward, homeward_day = then(2, WAY_BACK)
    onward, onward_day = then(2, ROAD)
    back, returned = then(3, BACK)
    once_more, _ = then(4, ROAD)
    back &= arrives & homeward
    seen: dict[str, Array] = {}
    if log.rides is not None and log.ways is not None:
        journey = np.searchsorted(begins(moves), first)
        seen = {"modes": log.ways.modes[journey], "town": log.ways.town[journey]}
        seen |= {"home": log.rides.home[person], "papers": log.rides.papers[person]}
    return Stays(
        row=person,
        group=people.group[person],
        left=day[trip[first]],
        host=moves.place[first],
        arrived=arrived,
        ended=np.where(arrives & homeward, homeward_day, np.where(onward, onward_day, NEVER)),
        homeward=arrives & homeward,
        returned=np.where(back, returned, NEVER),
        again=back & once_more,
        home_at_end=people.status[person] == BACK,
        **seen,
    )
