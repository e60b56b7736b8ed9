"""Rides: the legs that people took on their journeys over the roads of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.engine.agents.columns import HOST, ROAD, WAY_BACK, People
from nostoi.engine.agents.whereabouts import Steps, Whereabouts
from nostoi.engine.journeys.roads import Roads
from nostoi.study.movelog import Moves
from nostoi.world.legs import MODES

Array = Any

NO_TOWN = -1


@dataclass(frozen=True)
class Rides:
    """All legs of all people with a record, person by person and in the order of time.

    Attributes:
        row: row of the person in the run, int32 [ride].
        leg: leg in the network; -1 where no road leads and a trip is drawn, int16 [ride].
        start: when they set out on it, in days of the clock, [ride].
        home: town where each person lives, int16 [person].
        papers: best papers of each person, int8 [person].
    """

    row: Array
    leg: Array
    start: Floats
    home: Array
    papers: Array


class RideLog:
    """Hears every evening of a run with roads (`run(..., follow=log.follow)`)."""

    def __init__(self) -> None:
        self._parts: list[tuple[Array, Array, Array]] = []
        self._people: list[tuple[Array, Array]] = []
        self._known = 0

    def follow(self, _: int, where: Whereabouts, steps: Steps) -> None:
        """An evening: legs begun today, home and papers of who is new."""
        self._parts.append((steps.row.astype(np.int32), steps.leg.copy(), steps.start.copy()))
        new = slice(self._known, len(where.home))
        self._people.append((where.home[new].copy(), where.papers[new].copy()))
        self._known = len(where.home)

    def rides(self) -> Rides:
        """Everything heard so far."""
        parts = self._parts or [(np.zeros(0, np.int32), np.zeros(0, np.int16), np.zeros(0))]
        people = self._people or [(np.zeros(0, np.int16), np.zeros(0, np.int8))]
        row, leg, start = (np.concatenate(part) for part in zip(*parts, strict=True))
        home, papers = (np.concatenate(part) for part in zip(*people, strict=True))
        order = np.argsort(row, kind="stable")
        return Rides(row[order], leg[order], start[order], home, papers)


@dataclass(frozen=True)
class Ways:
    """What the rides of each journey come to; [journey], in the order of `Moves`.

    Attributes:
        first, last: rides of the journey, as positions in `Rides`; first = last + 1 without any.
        modes: when each mode was first used on the way out since leaving home, infinite if it was
            not, [journey, mode].
        town: town where the last leg ends; -1 unknown.
    """

    first: Array
    last: Array
    modes: Floats
    town: Array


@dataclass(frozen=True)
class Log:
    """All that is known of the lives of a run; rides and ways only where there are roads."""

    moves: Moves
    people: People
    rides: Rides | None = None
    ways: Ways | None = None


def log_of(moves: Moves, people: People, rides: Rides | None, roads: Roads | None) -> Log:
    """The log of a run, with its rides sorted into journeys."""
    if rides is None or roads is None:
        return Log(moves, people)
    return Log(moves, people, rides, ways_of(moves, rides, roads))


def begins(moves: Moves) -> Array:
    """Positions in the log of the moves that begin a journey."""
    return np.flatnonzero((moves.after == ROAD) | (moves.after == WAY_BACK))


def ways_of(moves: Moves, rides: Rides, roads: Roads) -> Ways:
    """The rides of every journey. A journey takes all rides from its day to the next one's."""
    legs, begun = roads.network.legs, begins(moves)
    days = int(np.ceil(max(rides.start.max(initial=0.0), moves.day.max(initial=0)))) + 2
    key = moves.row[begun].astype(np.int64) * days + moves.day[begun]
    of_ride = rides.row.astype(np.int64) * days + np.floor(rides.start).astype(np.int64)
    first = np.searchsorted(of_ride, key)
    end = np.append(first[1:], len(of_ride))
    last = np.searchsorted(rides.row, moves.row[begun], side="right")
    last = np.minimum(last, np.maximum(end, first)) - 1
    journey = np.repeat(np.arange(len(begun)), last - first + 1)
    within = np.arange(len(journey)) - np.repeat(np.cumsum(last - first + 1), last - first + 1)
    ride = np.repeat(last + 1, last - first + 1) + within
    known = rides.leg[ride] >= 0
    journey, ride = journey[known], ride[known]
    modes = np.full((len(begun), len(MODES)), np.inf)
    np.minimum.at(modes, (journey, legs.mode[rides.leg[ride]]), rides.start[ride])
    town = np.full(len(begun), NO_TOWN, np.int64)
    ends = rides.leg[np.clip(last, 0, max(len(rides.leg) - 1, 0))] if len(rides.leg) else town
    driven = (last >= first) & (ends >= 0)
    town[driven] = legs.end[ends[driven]]
    return Ways(first, last, _since_home(moves, begun, modes), town)


def _since_home(moves: Moves, begun: Array, modes: Floats) -> Floats:
    """First use of each mode since leaving home: journeys between hosts take over what was."""
    onward = np.flatnonzero((moves.before[begun] == HOST) & (moves.after[begun] == ROAD))
    found = modes.copy()
    while True:
        more = np.minimum(found[onward], found[onward - 1])
        if np.array_equal(more, found[onward]):
            return found
        found[onward] = more
