"""A life: one synthetic person and the moves they made, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nostoi.engine.agents.columns import STATUS, People, no_people
from nostoi.engine.twin import Person, longest_rule
from nostoi.study.movelog import MOVES, Moves

MOVE_OF = {(STATUS[a], STATUS[b]): move for (a, b), move in MOVES.items()}
"""Name of each change of status, by the words of the plain twin."""

STATUS_AFTER = {move: after for (_, after), move in MOVE_OF.items()}


@dataclass(frozen=True)
class Step:
    """One move.

    Attributes:
        day: day number.
        move: leave, arrive, move_on, go_home, come_back, leave_again or call_up.
        place: position of the host where the person then is or goes; -1 is home.
    """

    day: int
    move: str
    place: int


@dataclass(frozen=True)
class Life:
    """One synthetic person and what they did.

    Attributes:
        id: key of the person's random numbers; with the seed it names the life.
        group: position of the group.
        savings: months of living costs at home before any journey.
        steps: moves in order.
    """

    id: int
    group: int
    savings: float
    steps: tuple[Step, ...] = ()

    def person(self) -> Person:
        """The person on the morning of the first day."""
        return Person(self.id, self.group, self.savings)

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
    who.status, who.place = STATUS_AFTER[step.move], step.place
    if step.move != "call_up":
        who.since = step.day


def life_of(row: int, moves: Moves, people: People) -> Life:
    """The life of the person in a row of a run."""
    first, last = np.searchsorted(moves.row, [row, row + 1])
    kinds = zip(moves.before[first:last], moves.after[first:last], strict=True)
    names = (MOVES[int(before), int(after)] for before, after in kinds)
    days, places = moves.day[first:last].tolist(), moves.place[first:last].tolist()
    steps = tuple(Step(*step) for step in zip(days, names, places, strict=True))
    return Life(int(people.id[row]), int(people.group[row]), float(people.savings[row]), steps)


def as_run(lives: Sequence[Life]) -> tuple[Moves, People]:
    """Lives as the log and the people of a run, row = position in `lives`."""
    status = {move: (before, after) for (before, after), move in MOVES.items()}
    people = no_people(len(lives))
    rows = []
    for k, life in enumerate(lives):
        people.id[k], people.group[k], people.savings[k] = life.id, life.group, life.savings
        for before, step in life.standing():
            if step is None:
                people.status[k], people.place[k] = STATUS.index(before.status), before.place
                people.since[k], people.stay[k] = before.since, before.stay
                continue
            _, after = status[step.move]
            rows.append((k, step.day, STATUS.index(before.status), after, step.place))
    columns = np.array(rows, np.int32).reshape(-1, 5).T
    kinds = (np.int32, np.int16, np.int8, np.int8, np.int16)
    return Moves(*(c.astype(kind) for c, kind in zip(columns, kinds, strict=True))), people
