"""Travellers: who is where on the way, one row per person or per party that moves as one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.world.towns import Bools, Ints

ON_THE_WAY, ARRIVED, BACK = 0, 1, 2
"""States of a row: still travelling, at the goal, or back where they set out from."""


@dataclass(frozen=True)
class Travellers:
    """Rows of people on the way; every array [row].

    Attributes:
        person: number of the person or party, int64; parts of a split party share it.
        count: persons in the row, int64; 1 for single persons.
        papers: number in `PAPERS`, int64.
        goal: number of the goal (see `plan.goal_towns`), int64.
        back: goal to turn back to when no way is left, int64.
        town: town where they are, or where the leg they are on ends, int64.
        ready: time when they are there, in days of the clock.
        gate: gate where they queue, -1 if nowhere, int64.
        joined: time of joining that queue, 0 if nowhere.
        spent: money spent on legs, per person.
        turned: whether they have turned back.
        state: ON_THE_WAY, ARRIVED or BACK, int64.
    """

    person: Ints
    count: Ints
    papers: Ints
    goal: Ints
    back: Ints
    town: Ints
    ready: Floats
    gate: Ints
    joined: Floats
    spent: Floats
    turned: Bools
    state: Ints

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.person)

    def copy(self) -> Travellers:
        """The same rows in arrays of their own."""
        return replace(self, **{f.name: getattr(self, f.name).copy() for f in fields(self)})

    def chosen(self, which: Bools | Ints) -> Travellers:
        """Some of the rows."""
        return replace(self, **{f.name: getattr(self, f.name)[which] for f in fields(self)})

    def with_more(self, other: Travellers) -> Travellers:
        """These rows, then the others."""
        return Travellers(
            **{
                f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
                for f in fields(self)
            }
        )


def set_out(
    person: Ints,
    papers: Ints,
    town: Ints,
    goal: Ints,
    back: Ints,
    when: Floats,
    count: Ints | None = None,
) -> Travellers:
    """Rows of people who set out; every argument [row].

    Args:
        person: numbers of the persons or parties, each once, none negative.
        papers: numbers in `PAPERS`.
        town: towns where they start.
        goal: numbers of their goals.
        back: goals to turn back to, as a rule the place where they start.
        when: times of setting out, in days of the clock.
        count: persons of each row; one each if left out.
    """
    n = len(person)
    whole = np.zeros(n, np.int64)
    return Travellers(
        person=np.asarray(person, np.int64),
        count=whole + 1 if count is None else np.asarray(count, np.int64),
        papers=np.asarray(papers, np.int64),
        goal=np.asarray(goal, np.int64),
        back=np.asarray(back, np.int64),
        town=np.asarray(town, np.int64),
        ready=np.asarray(when, np.float64),
        gate=whole - 1,
        joined=np.zeros(n),
        spent=np.zeros(n),
        turned=np.zeros(n, np.bool_),
        state=whole.copy(),
    )


def nobody() -> Travellers:
    """No rows."""
    none = np.zeros(0, np.int64)
    return set_out(none, none, none, none, none, np.zeros(0))
