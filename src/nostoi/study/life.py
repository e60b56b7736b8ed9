"""A life: one synthetic person and the moves they made, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nostoi.engine.agents.columns import STATUS, no_people
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.twin import Person, longest_rule
from nostoi.study.movelog import MOVES, Moves
from nostoi.study.rides import Log, Rides, begins, log_of

MOVE_OF = {(STATUS[a], STATUS[b]): move for (a, b), move in MOVES.items()}
"""Name of each change of status, by the words of the plain twin."""

STATUS_AFTER = {(move, before): after for (before, after), move in MOVE_OF.items()}
"""Status after a move, by where it began: who turns back may be at home or in a host."""


@dataclass(frozen=True)
class Ride:
    """A leg of the network (-1 where no road leads), and when it was begun, in days."""

    leg: int
    start: float


@dataclass(frozen=True)
class Step:
    """One move.

    Attributes:
        day: day number.
        move: leave, arrive, move_on, go_home, come_back, leave_again or call_up.
        place: position of the host where the person then is or goes; -1 is home.
        rides: legs of the journey that the move begins, where there are roads.
    """

    day: int
    move: str
    place: int
    rides: tuple[Ride, ...] = ()


@dataclass(frozen=True)
class Life:
    """One synthetic person and what they did.

    Attributes:
        id: key of the person's random numbers; with the seed it names the life.
        group: position of the group.
        savings: months of living costs at home before any journey.
        steps: moves in order.
        home: town where the person lives; -1 without roads.
        papers: best papers, a number in `world.legs.PAPERS`; -1 without roads.
    """

    id: int
    group: int
    savings: float
    steps: tuple[Step, ...] = ()
    home: int = -1
    papers: int = -1

    def person(self) -> Person:
        """The person on the morning of the first day."""
        who = Person(self.id, self.group, self.savings)
        who.home = who.town = self.home
        who.papers = self.papers
        return who

    @property
    def first(self) -> int:
        """Day of the first move; -1 without any."""
        return self.steps[0].day if self.steps else -1

    def standing(self) -> Iterator[tuple[Person, Step | None]]:
        """Where the person stood before each move, and the move; last where they stood at the end.

        Each `Person` is a copy of its own.
        """
        who = self.person()
        for step in self.steps:
            yield replace(who), step
            advance(who, step)
        yield replace(who), None


def advance(who: Person, step: Step) -> None:
    """Moves a person, who is changed by it."""
    if step.move == "go_home":
        who.stay = longest_rule(step.day - who.since)
    who.status, who.place = STATUS_AFTER[step.move, who.status], step.place
    if step.move != "call_up":
        who.since = step.day


def life_of(row: int, log: Log) -> Life:
    """The life of the person in a row of a run."""
    moves, people = log.moves, log.people
    first, last = np.searchsorted(moves.row, [row, row + 1])
    kinds = zip(moves.before[first:last], moves.after[first:last], strict=True)
    names = (MOVES[int(before), int(after)] for before, after in kinds)
    days, places = moves.day[first:last].tolist(), moves.place[first:last].tolist()
    rides = _rides(log, range(first, last))
    steps = tuple(Step(*step) for step in zip(days, names, places, rides, strict=True))
    home, papers = -1, -1
    if log.rides is not None:
        home, papers = int(log.rides.home[row]), int(log.rides.papers[row])
    own = float(people.savings[row])
    return Life(int(people.id[row]), int(people.group[row]), own, steps, home, papers)


def _rides(log: Log, moves: Iterable[int]) -> Iterator[tuple[Ride, ...]]:
    """Rides of each move, by its position in the log."""
    begun = begins(log.moves)
    for k in moves:
        j = int(np.searchsorted(begun, k))
        if log.rides is None or log.ways is None or j == len(begun) or begun[j] != k:
            yield ()
        else:
            part = slice(log.ways.first[j], log.ways.last[j] + 1)
            found = zip(log.rides.leg[part].tolist(), log.rides.start[part].tolist(), strict=True)
            yield tuple(Ride(*one) for one in found)


def as_run(lives: Sequence[Life], roads: Roads | None = None) -> Log:
    """Lives as the log of a run, row = position in `lives`."""
    people = no_people(len(lives))
    rows = []
    for k, life in enumerate(lives):
        people.id[k], people.group[k], people.savings[k] = life.id, life.group, life.savings
        for before, step in life.standing():
            if step is None:
                people.status[k], people.place[k] = STATUS.index(before.status), before.place
                people.since[k], people.stay[k] = before.since, before.stay
                continue
            after = STATUS.index(STATUS_AFTER[step.move, before.status])
            rows.append((k, step.day, STATUS.index(before.status), after, step.place))
    columns = np.array(rows, np.int32).reshape(-1, 5).T
    kinds = (np.int32, np.int16, np.int8, np.int8, np.int16)
    moves = Moves(*(c.astype(kind) for c, kind in zip(columns, kinds, strict=True)))
    return log_of(moves, people, _all_rides(lives), roads)


def _all_rides(lives: Sequence[Life]) -> Rides:
    """The rides of some lives."""
    found = [(k, ride.leg, ride.start) for k, life in enumerate(lives)
             for step in life.steps for ride in step.rides]  # fmt: skip
    row, leg, start = np.array(found, float).reshape(-1, 3).T
    return Rides(
        row=row.astype(np.int32),
        leg=leg.astype(np.int16),
        start=start,
        home=np.array([life.home for life in lives], np.int16),
        papers=np.array([life.papers for life in lives], np.int8),
    )
